"""On which days a series is held."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from enum import StrEnum

_DAY = timedelta(days=1)
_FARTHEST = 31


class Move(StrEnum):
    """Where an occurrence goes that falls on a day off."""

    NEXT = "next"
    PREVIOUS = "previous"
    STAY = "stay"


def nominal(year: int, month: int, day: int) -> date:
    """Return the day of a month, the last of it where it is shorter (the 31st in April is the 30th)."""
    return date(year, month, min(day, monthrange(year, month)[1]))


def occurrences(first_on: date, day: int, *, every_months: int, until: date) -> Iterator[date]:
    """Yield the nominal days of a series from ``first_on`` to ``until``, both included, every so many months."""
    year, month = first_on.year, first_on.month
    while (found := nominal(year, month, day)) <= until:
        if found >= first_on:
            yield found
        index = year * 12 + month - 1 + every_months
        year, month = divmod(index, 12)
        month += 1


def moved(day: date, move: Move, is_workday: Callable[[date], bool]) -> date:
    """Return the day on which an occurrence is held: itself if worked, else the next or previous worked day."""
    if move is Move.STAY:
        return day
    step = _DAY if move is Move.NEXT else -_DAY
    found = day
    for _i in range(_FARTHEST):
        if is_workday(found):
            return found
        found += step
    return day
