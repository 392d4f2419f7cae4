"""The three shares of the new sectors: who has an organisation, who is worked with, who was visited.

组织覆盖率 = units with an own or a joint branch ÷ units that should have one; 工作覆盖率 counts an instructor as well
(domain.md §3). A unit of which nobody has said whether it should have one counts in no share of organisation, and is
told of as such.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

OWN = frozenset({"own", "joint"})


@dataclass(frozen=True, slots=True)
class SectorUnit:
    """One unit of the ledger.

    Attributes:
        should: it should have an organisation; None: nobody has said.
        party: ``own``, ``joint``, ``none`` or empty.
        instructor: an instructor works with it.
        visited: it was visited in the period.
    """

    key: str
    area: str = ""
    should: bool | None = None
    party: str = ""
    instructor: bool = False
    visited: bool = False


@dataclass(frozen=True, slots=True)
class Share:
    """A share with both its numbers; no share where there is nothing to count."""

    reached: int
    whole: int

    @property
    def share(self) -> Fraction | None:
        """Reached by whole."""
        return Fraction(self.reached, self.whole) if self.whole else None


@dataclass(frozen=True, slots=True)
class Shares:
    """The three shares of some units, and of how many it is not said whether they should have an organisation."""

    organisation: Share
    work: Share
    visit: Share
    unsaid: int


def has_organisation(unit: SectorUnit) -> bool:
    """Return whether a unit has an own or a joint branch."""
    return unit.party in OWN


def is_worked_with(unit: SectorUnit) -> bool:
    """Return whether a unit has a branch or an instructor."""
    return has_organisation(unit) or unit.instructor


def lacks(unit: SectorUnit) -> frozenset[str]:
    """Return what a unit lacks: ``organisation`` (where it should have one), ``work``, ``visit``."""
    found = set()
    if unit.should and not has_organisation(unit):
        found.add("organisation")
    if not is_worked_with(unit):
        found.add("work")
    if not unit.visited:
        found.add("visit")
    return frozenset(found)


def shares(units: Iterable[SectorUnit]) -> Shares:
    """Return the three shares of ``units``."""
    rows = list(units)
    should = [u for u in rows if u.should]
    return Shares(
        Share(sum(map(has_organisation, should)), len(should)),
        Share(sum(map(is_worked_with, rows)), len(rows)),
        Share(sum(u.visited for u in rows), len(rows)),
        sum(u.should is None for u in rows),
    )


def by_area(units: Iterable[SectorUnit]) -> dict[str, Shares]:
    """Return the shares by area, areas in order."""
    parts: dict[str, list[SectorUnit]] = {}
    for unit in units:
        parts.setdefault(unit.area, []).append(unit)
    return {area: shares(parts[area]) for area in sorted(parts)}
