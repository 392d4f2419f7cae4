"""Pure parts: the working calendar, and how values are kept as JSON."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import chinese_calendar
from chinese_calendar import constants

from linli.foundation.rulebook.exceptions import YearNotAnnouncedError
from linli.foundation.rulebook.types import SpecialDay

Hours = tuple[tuple[time, time], ...]
Span = tuple[datetime, datetime]

_ONE_DAY = timedelta(days=1)
_CODE = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)+")
DEFAULT_HOURS: Hours = ((time(9), time(12)), (time(13), time(17)))
SHANGHAI = ZoneInfo("Asia/Shanghai")


@lru_cache(maxsize=1)
def statutory() -> tuple[Mapping[date, SpecialDay], frozenset[int]]:
    """Return the State Council's special days that chinese-calendar knows, and the years it knows."""
    days = {
        day: SpecialDay(day, is_workday=False, name=str(constants.Holiday(name).chinese), source="chinese-calendar")
        for day, name in constants.holidays.items()
    }
    for day, name in constants.workdays.items():
        chinese = str(constants.Holiday(name).chinese)
        days[day] = SpecialDay(day, is_workday=True, name=f"{chinese}调休上班", source="chinese-calendar")
    return days, frozenset(year for year in range(min(days).year, max(days).year + 1) if _answers(year))


def _answers(year: int) -> bool:
    try:
        chinese_calendar.is_workday(date(year, 12, 31))
    except NotImplementedError:
        return False
    return True


@dataclass(frozen=True)
class WorkingCalendar:
    """Which days and hours are worked; a year whose holidays are not announced is refused.

    Attributes:
        days: special days by date, the installation's own over the statutory ones.
        years: years whose holidays are known in full.
        hours: working hours by the first day on which they hold, ascending.
        zone: where the clock on the wall hangs.
    """

    days: Mapping[date, SpecialDay]
    years: frozenset[int]
    hours: tuple[tuple[date, Hours], ...] = ((date.min, DEFAULT_HOURS),)
    zone: ZoneInfo = field(default=SHANGHAI)
    _spans: dict[date, tuple[Span, ...]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def is_workday(self, day: date) -> bool:
        """Return whether ``day`` is worked.

        Raises:
            YearNotAnnouncedError: the holidays of its year are not known.
        """
        special = self.days.get(day)
        if special is not None:
            return special.is_workday
        if day.year not in self.years:
            raise YearNotAnnouncedError(day.year)
        return day.weekday() < 5

    def name_of(self, day: date) -> str:
        """Return the name of a special day (“国庆节”), else an empty text."""
        special = self.days.get(day)
        return special.name if special else ""

    def hours_on(self, day: date) -> Hours:
        """Return the working hours that hold on ``day``, whether it is worked or not."""
        found: Hours = self.hours[0][1]
        for since, hours in self.hours:
            if since <= day:
                found = hours
        return found

    def local_day(self, moment: datetime) -> date:
        """Return the date on the wall at ``moment``."""
        return moment.astimezone(self.zone).date()

    def at(self, day: date, clock: time) -> datetime:
        """Return the moment, in UTC, when the clock on the wall shows ``clock`` on ``day``."""
        return datetime.combine(day, clock, tzinfo=self.zone).astimezone(UTC)

    def spans(self, day: date) -> tuple[Span, ...]:
        """Return the worked spans of ``day`` in UTC; none if it is not worked."""
        found = self._spans.get(day)
        if found is None:
            hours = self.hours_on(day) if self.is_workday(day) else ()
            # Every clock counts over the same days: they are worked out once.
            found = self._spans[day] = tuple((self.at(day, a), self.at(day, b)) for a, b in hours)
        return found

    def next_workday(self, day: date) -> date:
        """Return the first worked day after ``day``."""
        day += _ONE_DAY
        while not self.is_workday(day):
            day += _ONE_DAY
        return day

    def spans_from(self, moment: datetime) -> Iterator[Span]:
        """Yield the worked spans from ``moment`` on, the first cut to begin there."""
        day = self.local_day(moment)
        while True:
            for begin, end in self.spans(day):
                if end > moment:
                    yield max(begin, moment), end
            day += _ONE_DAY

    def close(self, day: date) -> datetime:
        """Return the close of business of ``day``."""
        return self.at(day, self.hours_on(day)[-1][1])

    def add(self, moment: datetime, worked: timedelta) -> datetime:
        """Return the moment at which ``worked`` of working time has passed since ``moment``."""
        if worked <= timedelta(0):
            return moment
        for begin, end in self.spans_from(moment):
            if end - begin >= worked:
                return begin + worked
            worked -= end - begin
        raise AssertionError  # pragma: no cover  spans_from never ends

    def between(self, begin: datetime, end: datetime) -> timedelta:
        """Return the working time between two moments."""
        total = timedelta(0)
        if end <= begin:
            return total
        for a, b in self.spans_from(begin):
            if a >= end:
                break
            total += min(b, end) - a
            if b >= end:
                break
        return total


def make_calendar(
    *,
    own: Sequence[SpecialDay] = (),
    announced: Sequence[int] = (),
    hours: Sequence[tuple[date, Hours]] = (),
    zone: ZoneInfo = SHANGHAI,
) -> WorkingCalendar:
    """Return the statutory calendar with the installation's own days, years and hours laid over it."""
    days, years = statutory()
    merged = {**days, **{d.day: d for d in own}}
    return WorkingCalendar(merged, years | frozenset(announced), tuple(hours) or ((date.min, DEFAULT_HOURS),), zone)


def parse_hours(texts: Sequence[str]) -> Hours:
    """Return ``["09:00-12:00", "13:00-17:00"]`` as hours.

    Raises:
        ValueError: they are not of that form, not ascending, or there are none.
    """
    hours = tuple(
        (time.fromisoformat(begin.strip()), time.fromisoformat(end.strip()))
        for begin, end in (text.split("-") for text in texts)
    )
    edges = [edge for span in hours for edge in span]
    ascending = all(a < b for a, b in hours) and all(a <= b for a, b in pairwise(edges))
    if not hours or not ascending:
        message = f"working hours {list(texts)!r} are empty or not ascending"
        raise ValueError(message)
    return hours


def to_json(value: Any) -> Any:
    """Return a rule's value as it is kept: decimals become ``{"$decimal": "0.8"}``."""
    if isinstance(value, Decimal):
        return {"$decimal": str(value)}
    if isinstance(value, list | tuple):
        return [to_json(v) for v in value]
    if isinstance(value, Mapping):
        return {str(k): to_json(v) for k, v in value.items()}
    if isinstance(value, bool | int | str):
        return value
    message = f"a rule cannot hold {type(value).__name__}"
    raise TypeError(message)


def from_json(value: Any) -> Any:
    """Return a kept value as it was given."""
    if isinstance(value, dict):
        return Decimal(value["$decimal"]) if set(value) == {"$decimal"} else {k: from_json(v) for k, v in value.items()}
    return [from_json(v) for v in value] if isinstance(value, list) else value


def is_code(text: str) -> bool:
    """Return whether ``text`` may name a rule: lower-case words joined by dots, two at least."""
    return _CODE.fullmatch(text) is not None and len(text) <= 120
