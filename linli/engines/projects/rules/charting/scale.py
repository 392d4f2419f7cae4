"""Days across a drawing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

_ONE_DAY = timedelta(days=1)
_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Scale:
    """Days laid across a width; a day reaches from ``x(day)`` to ``x(day + 1)``.

    Attributes:
        first: the day at ``left``.
        last: the last day that is drawn.
        left: where the first day begins.
        day: how wide a day is.
    """

    first: date
    last: date
    left: float
    day: float

    def x(self, day: date) -> float:
        """Return where ``day`` begins, held within the drawing."""
        inside = min(max(day, self.first), self.last + _ONE_DAY)
        return self.left + (inside - self.first).days * self.day

    def end(self, day: date) -> float:
        """Return where ``day`` ends, held within the drawing."""
        return self.x(day + _ONE_DAY)

    @property
    def width(self) -> float:
        """How wide all days are together."""
        return ((self.last - self.first).days + 1) * self.day

    def shows(self, day: date) -> bool:
        """Return whether ``day`` is drawn."""
        return self.first <= day <= self.last

    def days(self) -> Iterator[date]:
        """Yield the days drawn."""
        for n in range((self.last - self.first).days + 1):
            yield self.first + timedelta(days=n)

    def months(self) -> Iterator[tuple[date, date]]:
        """Yield the first and last day drawn of every month."""
        day = self.first
        while day <= self.last:
            end = min(month_end(day), self.last)
            yield day, end
            day = end + _ONE_DAY


def month_start(day: date) -> date:
    """Return the first day of its month."""
    return day.replace(day=1)


def month_end(day: date) -> date:
    """Return the last day of its month."""
    year, month = divmod(day.year * _MONTHS + day.month, _MONTHS)
    return date(year, month + 1, 1) - _ONE_DAY
