"""The days on which a recurring task falls due. Pure."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from linli.engines.projects.types import Every

_FARTHEST = 2_000  # looked-at days at most: no rhythm is that rare
QUARTER = 3


@dataclass(frozen=True, slots=True)
class Rhythm:
    """When something comes again.

    Attributes:
        day: of a week 1 (Monday) to 7; of a month, or of the quarter's first month, 1 to 31. In a shorter month
            its last day.
        ends_on: no day after it; ``times``: no more than so many, those left out counted.
        working_only: a day on which nobody works is none at all.
    """

    every: Every
    day: int
    starts_on: date
    ends_on: date | None = None
    times: int | None = None
    working_only: bool = False


def _in_month(year: int, month: int, day: int) -> date:
    return date(year, month, min(day, monthrange(year, month)[1]))


def _candidates(rhythm: Rhythm) -> Iterator[date]:
    """Yield every day of the rhythm from its start, without its end."""
    at = rhythm.starts_on
    if rhythm.every is Every.WEEK:
        at += timedelta(days=(rhythm.day - at.isoweekday()) % 7)
        while True:
            yield at
            at += timedelta(days=7)
    step = 1 if rhythm.every is Every.MONTH else QUARTER
    year, month = at.year, at.month if step == 1 else at.month - (at.month - 1) % QUARTER
    while True:
        found = _in_month(year, month, rhythm.day)
        if found >= rhythm.starts_on:
            yield found
        year, month = year + (month + step - 1) // 12, (month + step - 1) % 12 + 1


def days(rhythm: Rhythm, is_workday: Callable[[date], bool]) -> Iterator[date]:
    """Yield the days of a rhythm in order."""
    count = 0
    for looked, at in enumerate(_candidates(rhythm)):
        over = rhythm.ends_on is not None and at > rhythm.ends_on
        if over or looked >= _FARTHEST or (rhythm.times is not None and count >= rhythm.times):
            return
        if not rhythm.working_only or is_workday(at):
            count += 1
            yield at


def next_after(rhythm: Rhythm, after: date | None, is_workday: Callable[[date], bool]) -> date | None:
    """Return the first day of the rhythm after ``after`` (the first of all for None), None where none comes."""
    return next((d for d in days(rhythm, is_workday) if after is None or d > after), None)
