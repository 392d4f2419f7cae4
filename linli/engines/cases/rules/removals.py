"""Which bike company clears what it was told of, and how soon: pure counting.

上海市非机动车安全管理条例 (2024) Art 31: a company that is told clears within two hours. Companies are
compared on handling alone, never by how many cases there are of them, which would reward silence; and
only where there are enough cases for a rate to mean something.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from statistics import median


class Figure(StrEnum):
    """What is counted of a company's notices; each figure opens to its cases."""

    NOTIFIED = "notified"
    WITHIN = "within"
    LATE = "late"
    WAITING = "waiting"
    REMOVED = "removed"
    REWORK = "rework"
    REPEAT = "repeat"


@dataclass(frozen=True, slots=True)
class Notice:
    """One case that a company was told of.

    Attributes:
        notified_at: when it was dispatched to the company.
        due_at: until when the law gives it, pauses counted in; None where no clock ran.
        handed_in_at: when the proof of removal came, None before and after a failed check.
        checked: whether another unit has passed the proof.
        cleared: whether what was handed in says that the bikes are gone (not an explanation).
        repeat: whether the same spot was cleared before and has filled again (返潮).
        reworks: how often a check failed.
    """

    case_id: int
    company_id: int
    notified_at: datetime
    due_at: datetime | None
    handed_in_at: datetime | None = None
    checked: bool = False
    cleared: bool = False
    repeat: bool = False
    reworks: int = 0


def figures(notice: Notice, now: datetime) -> frozenset[Figure]:
    """Return what ``notice`` counts as at ``now``.

    Exactly one of within, late and waiting, or none where the case ended in an explanation. In time means:
    the proof came in time and was passed. Late is what came late, and what is still missing after the limit.
    """
    found = {Figure.NOTIFIED}
    if notice.repeat:
        found.add(Figure.REPEAT)
    if notice.reworks:
        found.add(Figure.REWORK)
    came = notice.handed_in_at
    if came is not None and notice.checked and not notice.cleared:
        return frozenset(found)
    if came is not None and notice.checked:
        found.add(Figure.REMOVED)
    limit = notice.due_at
    if limit is not None and (came or now) > limit:
        found.add(Figure.LATE)
    elif came is not None and notice.checked and limit is not None:
        found.add(Figure.WITHIN)
    elif Figure.REMOVED not in found:
        found.add(Figure.WAITING)
    return frozenset(found)


@dataclass(slots=True)
class Line:
    """One company's line: how often each figure applies, the median time to removal, and the rank.

    Attributes:
        rank: from 1, equal for equals; None where ``decided`` is below the minimum.
        lacking: how many decided cases are missing for a rank; 0 where there is one.
    """

    company_id: int
    counts: dict[Figure, int] = field(default_factory=lambda: dict.fromkeys(Figure, 0))
    median: timedelta | None = None
    rank: int | None = None
    lacking: int = 0

    @property
    def decided(self) -> int:
        """How many notices were cleared in time or not: what the rate is a part of."""
        return self.counts[Figure.WITHIN] + self.counts[Figure.LATE]

    @property
    def share(self) -> Fraction | None:
        """In time over decided; None, not 0 or 100 %, where nothing is decided."""
        return Fraction(self.counts[Figure.WITHIN], self.decided) if self.decided else None


def tally(notices: Iterable[Notice], *, minimum: int, now: datetime) -> list[Line]:
    """Return a line for each company: the ranked first, best share in time before the rest, then those without rank.

    Of equal shares the shorter median is better; equal in both means equal rank, and the next rank is left out.
    """
    lines: dict[int, Line] = {}
    taken: dict[int, list[timedelta]] = {}
    for notice in notices:
        line = lines.setdefault(notice.company_id, Line(notice.company_id))
        counted = figures(notice, now)
        for figure in counted:
            line.counts[figure] += 1
        if Figure.REMOVED in counted and notice.handed_in_at is not None:
            taken.setdefault(notice.company_id, []).append(notice.handed_in_at - notice.notified_at)
    for line in lines.values():
        if spans := taken.get(line.company_id):
            line.median = timedelta(seconds=median(s.total_seconds() for s in spans))
        line.lacking = max(0, max(1, minimum) - line.decided)
    return _ranked(list(lines.values()))


def _ranked(lines: Sequence[Line]) -> list[Line]:
    def merit(line: Line) -> tuple[Fraction, timedelta]:
        return -(line.share or Fraction(0)), line.median if line.median is not None else timedelta.max

    fit = sorted((x for x in lines if not x.lacking), key=lambda x: (*merit(x), x.company_id))
    for place, line in enumerate(fit, start=1):
        before = fit[place - 2] if place > 1 else None
        line.rank = before.rank if before is not None and merit(before) == merit(line) else place
    rest = sorted((x for x in lines if x.lacking), key=lambda x: (-x.decided, x.company_id))
    return [*fit, *rest]
