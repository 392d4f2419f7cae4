"""The gap list of a trial: each item below its standard, at which point, whose it is, and where it stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from linli.engines.fieldwork import selectors as fieldwork
from linli.foundation.core.actors import Actor
from linli.foundation.core.paging import Page
from linli.foundation.people import selectors as people
from linli.programmes.civility.models import Standard, Trial
from linli.programmes.civility.selectors.trials import round_ids

if TYPE_CHECKING:
    from linli.engines.fieldwork.models import Finding, Target


@dataclass(frozen=True, slots=True)
class Asked:
    """Which gaps: of a standard, a type of point, a unit that answers, an area; open ones alone."""

    code: str = ""
    kind: str = ""
    unit_id: int | None = None
    area_path: str = ""
    open: bool | None = None


@dataclass(frozen=True, slots=True)
class Gap:
    """One item below its standard at one point."""

    finding: Finding
    standard: Standard | None
    unit: str


class Owners:
    """Who answers: the standard's unit, else the point's, else the committee of its 居民区."""

    def __init__(self) -> None:
        """Read the units once."""
        units = people.active_units()
        self.names = {u.pk: u.name for u in units}
        committees = people.units_of_kind("neighbourhood_committee")
        self.areas = sorted(((u.area.path, u.pk) for u in committees if u.area), reverse=True)

    def of(self, standard: Standard | None, target: Target | None) -> int | None:
        """Return the unit."""
        if standard is not None and standard.unit_id is not None:
            return standard.unit_id
        if target is None:
            return None
        if target.unit_id is not None:
            return target.unit_id
        return next((pk for path, pk in self.areas if target.area_path.startswith(path)), None)

    def path_of(self, unit_id: int) -> str:
        """Return the area of a committee, empty of other units."""
        return next((path for path, pk in self.areas if pk == unit_id), "")


def _filter(standards: Iterable[Standard], owners: Owners, asked: Asked) -> fieldwork.GapFilter:
    rows = list(standards)
    items: tuple[str, ...] = ()
    if asked.code or asked.kind:
        items = tuple(
            s.code for s in rows
            if (not asked.code or s.code == asked.code)
            and (not asked.kind or (s.point_type is not None and s.point_type.code == asked.kind))
        ) or ("-",)  # fmt: skip
    answering = None
    if asked.unit_id is not None:
        answering = fieldwork.Answering(
            tuple(s.code for s in rows if s.unit_id == asked.unit_id), tuple(s.code for s in rows if s.unit_id is None),
            asked.unit_id, owners.path_of(asked.unit_id),
        )  # fmt: skip
    return fieldwork.GapFilter(items, asked.area_path, asked.open, answering)


def _rows(findings: Iterable[Finding], standards: Iterable[Standard], owners: Owners) -> list[Gap]:
    by_code = {s.code: s for s in standards}
    found = []
    for finding in findings:
        standard = by_code.get(finding.item.rpartition("/")[2])
        unit = owners.of(standard, finding.target)
        found.append(Gap(finding, standard, owners.names.get(unit or 0, "")))
    return found


def gap_page(
    by: Actor, trial: Trial, standards: list[Standard], asked: Asked, *, cursor: str = "", size: int = 50
) -> tuple[Page[Finding], list[Gap]]:
    """Return a page of the gaps of a trial that ``by`` may read."""
    owners = Owners()
    page = fieldwork.gaps(by, round_ids(trial), _filter(standards, owners, asked), cursor=cursor, size=size)
    return page, _rows(page.rows, standards, owners)


def all_gaps(by: Actor, trial: Trial, standards: list[Standard]) -> list[Gap]:
    """Return the gaps of a trial for a sheet or a paper, by point."""
    return _rows(fieldwork.all_gaps(by, round_ids(trial)), standards, Owners())


def closing(trial: Trial) -> fieldwork.Closing:
    """Return how far the rectification of a trial is (整改率)."""
    return fieldwork.closing(round_ids(trial))
