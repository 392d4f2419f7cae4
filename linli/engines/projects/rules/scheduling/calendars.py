"""Days numbered by the working calendar, and a calendar for years not yet announced."""

from __future__ import annotations

from bisect import bisect_left
from datetime import date, timedelta

from linli.engines.projects.rules.scheduling.errors import NoWorkdaysError
from linli.engines.projects.rules.scheduling.types import Calendar
from linli.foundation.rulebook.exceptions import YearNotAnnouncedError

_ONE_DAY = timedelta(days=1)
_REST = 400  # days in a row without work after which there is none
_FAR = 12_000  # working days from the origin: about 48 years


class ProvisionalCalendar:
    """A working calendar that goes on past the last year announced: there Monday to Friday are worked.

    Attributes:
        guessed: the years for which that was done so far; a page says so.
    """

    def __init__(self, calendar: Calendar) -> None:
        """Stand before ``calendar``."""
        self._calendar = calendar
        self.guessed: set[int] = set()

    def is_workday(self, day: date) -> bool:
        """Return whether ``day`` is worked, by guess where its year is not announced."""
        try:
            return self._calendar.is_workday(day)
        except YearNotAnnouncedError:
            self.guessed.add(day.year)
            return day.weekday() < 5


class Axis:
    """Working days numbered from an origin: 0 is the first on or after it, -1 the last before it.

    A span of work is half open: ``[start, end)``. So the index of the day after a deadline is its latest end.
    """

    def __init__(self, calendar: Calendar, origin: date) -> None:
        """Number the days of ``calendar`` from ``origin`` on."""
        self._calendar = calendar
        self.origin = origin
        self._after: list[date] = []
        self._before: list[date] = []  # the nearest first

    def day(self, index: int) -> date:
        """Return the working day of that number.

        Raises:
            NoWorkdaysError: there is none within reach.
        """
        if index >= 0:
            while len(self._after) <= index:
                self._grow(self._after, self.origin - _ONE_DAY, _ONE_DAY)
            return self._after[index]
        while len(self._before) < -index:
            self._grow(self._before, self.origin, -_ONE_DAY)
        return self._before[-index - 1]

    def index(self, day: date) -> int:
        """Return the number of the first working day on or after ``day``: how many lie between it and the origin."""
        if day >= self.origin:
            while not self._after or self._after[-1] < day:
                self._grow(self._after, self.origin - _ONE_DAY, _ONE_DAY)
            return bisect_left(self._after, day)
        while not self._before or self._before[-1] >= day:
            self._grow(self._before, self.origin, -_ONE_DAY)
        return bisect_left(self._before, True, key=lambda known: known < day) * -1

    def end(self, day: date) -> int:
        """Return the end of a span whose last day is ``day`` or the last working day before it."""
        return self.index(day + _ONE_DAY)

    def _grow(self, known: list[date], origin: date, step: timedelta) -> None:
        if len(known) >= _FAR:
            raise NoWorkdaysError
        day = known[-1] if known else origin
        for _ in range(_REST):
            day += step
            if self._calendar.is_workday(day):
                known.append(day)
                return
        raise NoWorkdaysError


def worked_days(calendar: Calendar, first: date, last: date) -> int:
    """Return how many working days lie from ``first`` to ``last``, both included; 0 if they are the wrong way round."""
    days = (last - first).days + 1
    return sum(calendar.is_workday(first + timedelta(days=n)) for n in range(days))
