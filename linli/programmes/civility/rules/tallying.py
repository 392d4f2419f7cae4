"""Sums of marks: what one record adds, and the scores that the sums give.

The same as counting every observation anew, without reading them again: a standard with a veto that failed anywhere
makes its content count nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from linli.programmes.civility.types import Line, Mark, Score

Place = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Added:
    """What one observation adds to a tally."""

    observed: int
    perfect: int
    spared: int
    earned: Decimal
    full: Decimal
    vetoed: int


def added(mark: Mark, *, veto: bool) -> Added:
    """Return what a mark adds; one that does not apply adds to nothing but the count of those."""
    if mark.earned is None:
        return Added(0, 0, 1, Decimal(0), Decimal(0), 0)
    whole = mark.earned == mark.full
    return Added(1, int(whole), 0, mark.earned, mark.full, int(veto and not whole))


def score(lines: Iterable[Line], contents: Mapping[str, Place], vetoed: frozenset[Place] | None = None) -> Score:
    """Return the score of lines.

    Args:
        lines: what was counted.
        contents: standard → (project, content).
        vetoed: the contents that count nothing; None: those of which a standard with a veto failed in ``lines``.
    """
    rows = list(lines)
    against = fallen(rows, contents) if vetoed is None else vetoed
    earned = full = Fraction()
    observed = perfect = spared = 0
    failed: set[str] = set()
    for line in rows:
        observed, perfect, spared = observed + line.observed, perfect + line.perfect, spared + line.spared
        full += Fraction(line.full)
        if line.vetoed:
            failed.add(line.standard)
        if contents[line.standard] not in against:
            earned += Fraction(line.earned)
    return Score(earned, full, observed, perfect, spared, tuple(sorted(failed)))


def fallen(lines: Iterable[Line], contents: Mapping[str, Place]) -> frozenset[Place]:
    """Return the contents that count nothing, since a standard with a veto failed."""
    return frozenset(contents[line.standard] for line in lines if line.vetoed)


def grouped(lines: Iterable[Line], contents: Mapping[str, Place], name: Callable[[Line], str]) -> dict[str, Score]:
    """Return scores by what ``name`` says of a line; a veto counts wherever it failed, as in the whole."""
    rows = list(lines)
    against = fallen(rows, contents)
    groups: dict[str, list[Line]] = defaultdict(list)
    for line in rows:
        groups[name(line)].append(line)
    return {key: score(groups[key], contents, against) for key in sorted(groups)}
