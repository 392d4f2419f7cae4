"""How long work takes that rests on rain days: ends from starts and starts from ends."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import date

from linli.engines.projects.rules.scheduling.calendars import Axis
from linli.engines.projects.rules.scheduling.types import RainDays

_FULL = 100  # a dry day's work
_LEAST = 5  # a month is never without any work, else nothing would ever end


class Span:
    """Work of a fixed number of working days, whatever the weather; times are numbers of working days."""

    def __init__(self, length: int) -> None:
        """Take ``length`` working days."""
        self.length = length

    def settle(self, start: int) -> int:
        """Return the first possible start at or after ``start``."""
        return start

    def back(self, start: int) -> int:
        """Return the last possible start at or before ``start``."""
        return start

    def end(self, start: int) -> int:
        """Return the end (exclusive) of work that begins at ``start``."""
        return start + self.length

    def latest(self, end: int) -> int:
        """Return the latest start of work that is to end by ``end``."""
        return end - self.length

    def soonest(self, end: int) -> int:
        """Return the first start of work that is not to end before ``end``."""
        return end - self.length


class Wet(Span):
    """Work in the open: a day counts for what its weather lets be done.

    ``sums[t]`` is the work that can be done before day ``t``, in hundredths; days before the origin are dry.
    """

    def __init__(self, length: int, weather: Weather) -> None:
        """Take ``length`` dry days' work under ``weather``."""
        super().__init__(length)
        self._weather = weather

    def settle(self, start: int) -> int:
        """Return the first possible start: never a day that is wholly rained off."""
        before = self._weather.before(start)
        return self._weather.last(before) if start >= 0 else start

    def back(self, start: int) -> int:
        """Return the last possible start at or before ``start``."""
        return self._weather.first(self._weather.before(start + 1)) - 1

    def end(self, start: int) -> int:
        """Return the end (exclusive): the day after the one on which the last of the work is done."""
        return self._weather.first(self._weather.before(start) + _FULL * self.length)

    def latest(self, end: int) -> int:
        """Return the latest start from which the work is done by ``end``."""
        return self._weather.last(self._weather.before(end) - _FULL * self.length)

    def soonest(self, end: int) -> int:
        """Return the first start from which the work is not done before ``end``."""
        return self.settle(self._weather.last(self._weather.before(end - 1) - _FULL * self.length) + 1)


class Weather:
    """The work that can be done in the open, summed day by day along an axis."""

    def __init__(self, axis: Axis, rain: RainDays) -> None:
        """Sum up ``rain`` along ``axis``, as far as it is asked for."""
        self._axis = axis
        self._rain = rain
        self._sums = [0]

    def span(self, length: int, *, outdoor: bool) -> Span:
        """Return work of ``length`` working days, in the open or not."""
        wet = outdoor and length and (self._rain.days or self._rain.shares)
        return Wet(length, self) if wet else Span(length)

    def before(self, index: int) -> int:
        """Return the work that can be done before day ``index``."""
        if index <= 0:
            return index * _FULL
        while len(self._sums) <= index:
            self._grow()
        return self._sums[index]

    def first(self, work: int) -> int:
        """Return the first index before which ``work`` can be done."""
        if work <= 0:
            return -(-work // _FULL)
        while self._sums[-1] < work:
            self._grow()
        return bisect_left(self._sums, work)

    def last(self, work: int) -> int:
        """Return the last index before which no more than ``work`` can be done: on it some can."""
        if work < 0:
            return work // _FULL
        while self._sums[-1] <= work:
            self._grow()
        return bisect_right(self._sums, work) - 1

    def _grow(self) -> None:
        self._sums.append(self._sums[-1] + self._on(self._axis.day(len(self._sums) - 1)))

    def _on(self, day: date) -> int:
        rain = self._rain
        if day in rain.days:
            return 0
        if rain.known_until is not None and day <= rain.known_until:
            return _FULL
        return max(_LEAST, _FULL - rain.shares.get(day.month, 0))
