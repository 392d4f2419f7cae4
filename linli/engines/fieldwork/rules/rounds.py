"""When a round comes, which occasion a moment belongs to, what is due or missed, and when nobody opens the door.

Days are those of the place; moments carry a zone and are turned into the place's. Nothing here asks the clock.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from linli.engines.fieldwork.types import DAY_MINUTES

WEEK = 7
_FARTHEST = 4_000  # occasions looked at, at most: ten years of days


class Unit(StrEnum):
    """In what a rhythm counts."""

    ONCE = "once"
    DAYS = "days"
    WORKDAYS = "workdays"
    WEEKS = "weeks"
    MONTHS = "months"
    GIVEN = "given"  # by festival: on days given


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """A time of day on one weekday (重点时段).

    Attributes:
        weekday: 1 Monday to 7 Sunday.
        begin: minutes since midnight.
        end: minutes since midnight, after ``begin``, at most 1,440; a window over midnight is given as two.
    """

    weekday: int
    begin: int
    end: int

    def __post_init__(self) -> None:
        """Refuse what is no window (ValueError)."""
        if not (1 <= self.weekday <= WEEK and 0 <= self.begin < self.end <= DAY_MINUTES):
            raise ValueError("a window lies on one weekday and ends after it begins")


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often a round comes.

    Attributes:
        unit: in what it counts.
        first: first day of the first occasion; with a campaign, the campaign's first day.
        every: every so many units, 1 or more.
        last: no occasion begins after this day; a campaign's last day. An occasion under way then ends on it.
        days: for GIVEN, the days themselves.
        before: for GIVEN, how many days before the given day the occasion begins.
        windows: times of day that count; an occasion without one of them is none. Empty: the whole day.
    """

    unit: Unit
    first: date
    every: int = 1
    last: date | None = None
    days: tuple[date, ...] = ()
    before: int = 0
    windows: tuple[Window, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a rhythm that never goes on (ValueError)."""
        if self.every < 1 or self.before < 0 or (self.last is not None and self.last < self.first):
            raise ValueError("a rhythm goes forward, and does not end before it begins")


@dataclass(frozen=True, slots=True)
class Occasion:
    """One time that the round comes.

    Attributes:
        number: 1 for the first.
        begins: first day.
        ends: last day, on which it is due.
    """

    number: int
    begins: date
    ends: date


def _month(start: date, months: int) -> date:
    """Return the same day so many months on, the last day in a shorter month."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def _workdays(rhythm: Rhythm, is_workday: Callable[[date], bool]) -> Iterator[date]:
    day, count = rhythm.first, 0
    for _ in range(_FARTHEST):
        if is_workday(day):
            if count % rhythm.every == 0:
                yield day
            count += 1
        day += timedelta(days=1)


def _begins(rhythm: Rhythm, is_workday: Callable[[date], bool]) -> Iterator[date]:
    if rhythm.unit is Unit.ONCE:
        yield rhythm.first
    elif rhythm.unit is Unit.WORKDAYS:
        yield from _workdays(rhythm, is_workday)
    elif rhythm.unit is Unit.MONTHS:
        yield from (_month(rhythm.first, n * rhythm.every) for n in range(_FARTHEST))
    else:
        step = rhythm.every * (WEEK if rhythm.unit is Unit.WEEKS else 1)
        yield from (rhythm.first + timedelta(days=n * step) for n in range(_FARTHEST))


def _spells(rhythm: Rhythm, is_workday: Callable[[date], bool]) -> Iterator[tuple[date, date]]:
    """Yield first and last day of each occasion, not yet held against the windows."""
    one = timedelta(days=1)
    if rhythm.unit is Unit.GIVEN:
        for day in sorted(set(rhythm.days)):
            if rhythm.first <= day and (rhythm.last is None or day <= rhythm.last):
                yield max(rhythm.first, day - timedelta(days=rhythm.before)), day
        return
    if rhythm.unit is Unit.ONCE:
        yield rhythm.first, rhythm.last or rhythm.first
        return
    following = _begins(rhythm, is_workday)
    begin = next(following, None)
    for after in following:
        if begin is None or (rhythm.last is not None and begin > rhythm.last):
            return
        # On working days an occasion is over with its day where it comes daily; it never runs into the next.
        daily = rhythm.unit is Unit.WORKDAYS and rhythm.every == 1
        end = begin if daily else after - one
        yield begin, end if rhythm.last is None else min(end, rhythm.last)
        begin = after


def occasions(rhythm: Rhythm, until: date, is_workday: Callable[[date], bool] = lambda _: True) -> tuple[Occasion, ...]:
    """Return the occasions that begin no later than ``until``, in order.

    An occasion lasts until the day before the next. With windows, one in whose days no window lies is none, and those
    left are numbered without gap.

    Args:
        until: the last day on which an occasion of interest begins.
        is_workday: the rulebook's working calendar, asked for WORKDAYS only.
    """
    weekdays = {w.weekday for w in rhythm.windows}
    found: list[Occasion] = []
    for begins, ends in _spells(rhythm, is_workday):
        if begins > until:
            break
        length = min(WEEK, (ends - begins).days + 1)
        if not weekdays or any((begins + timedelta(days=n)).isoweekday() in weekdays for n in range(length)):
            found.append(Occasion(len(found) + 1, begins, ends))
    return tuple(found)


def local(moment: datetime, zone: ZoneInfo) -> datetime:
    """Return a moment on the clock of the place.

    Raises:
        ValueError: the moment has no zone.
    """
    if moment.tzinfo is None:
        raise ValueError("a moment needs a zone")
    return moment.astimezone(zone)


def within(rhythm: Rhythm, moment: datetime, zone: ZoneInfo) -> bool:
    """Return whether a moment lies in one of the rhythm's windows; the end no longer belongs to it."""
    here = local(moment, zone)
    minute = here.hour * 60 + here.minute
    return not rhythm.windows or any(
        w.weekday == here.isoweekday() and w.begin <= minute < w.end for w in rhythm.windows
    )


@dataclass(frozen=True, slots=True)
class Knocking:
    """When a closed door counts as not reachable; the values are the rulebook's.

    Attributes:
        tries: tries needed in all.
        parts: beginnings of the parts of the day in minutes, ascending, the first not before dawn: morning, afternoon,
            evening. A part lasts until the next, the last until ``until``.
        until: when the last part ends; nobody rings after it.
        differing: parts of the day that must have been tried, at least.
        apart: days that must lie between two tries for the second to count as a new one; 0: hours will do.
        weekend: one try must have been on a Saturday or Sunday.
    """

    tries: int = 3
    parts: tuple[int, ...] = (540, 780, 1080)
    until: int = 1230
    differing: int = 2
    apart: int = 1
    weekend: bool = True

    def __post_init__(self) -> None:
        """Refuse what can never be met (ValueError)."""
        rising = all(a < b for a, b in zip(self.parts, (*self.parts[1:], self.until), strict=True))
        if not self.parts or not rising or not 1 <= self.differing <= len(self.parts) or self.tries < self.differing:
            raise ValueError("parts of the day rise, and so many must be tried as there are and as there are tries")
        if self.parts[0] < 0 or self.until > DAY_MINUTES or self.apart < 0:
            raise ValueError("parts of the day lie within the day")


@dataclass(frozen=True, slots=True)
class Reached:
    """What the tries at one door amount to.

    Attributes:
        counted: tries that count.
        unreachable: enough was tried: it counts as not reachable, and never as covered.
        next_begin: from when to try again; None where enough was tried.
        next_end: until when, in that part of the day.
    """

    counted: int
    unreachable: bool
    next_begin: datetime | None
    next_end: datetime | None


def _part(rule: Knocking, minute: int) -> int:
    """Return the part of the day, 0 for the first; what lies before it or after the last counts to it."""
    return max(0, sum(minute >= p for p in rule.parts) - 1)


def _counted(rule: Knocking, tries: Sequence[datetime]) -> list[datetime]:
    counted: list[datetime] = []
    for at in sorted(tries):
        if not counted:
            counted.append(at)
            continue
        gap = (at.date() - counted[-1].date()).days
        other_part = gap > 0 or _part(rule, _minute(at)) != _part(rule, _minute(counted[-1]))
        if gap >= rule.apart and other_part:
            counted.append(at)
    return counted


def _minute(at: datetime) -> int:
    return at.hour * 60 + at.minute


def _enough(rule: Knocking, counted: Sequence[datetime]) -> bool:
    parts = {_part(rule, _minute(at)) for at in counted}
    weekend = not rule.weekend or any(at.isoweekday() > 5 for at in counted)
    return len(counted) >= rule.tries and len(parts) >= rule.differing and weekend


def knock(rule: Knocking, tries: Iterable[datetime], now: datetime, zone: ZoneInfo) -> Reached:
    """Return whether a door at which nobody opened is not reachable, or when to try next.

    The next try lies in a part of the day that has been tried least, on the first day on which it would count; where a
    weekend is still wanted and it would be the last try needed, on the next weekend.

    Args:
        tries: moments of tries at which nobody was met.
        now: no proposal lies before it.

    Raises:
        ValueError: a moment has no zone.
    """
    here = local(now, zone)
    counted = _counted(rule, [local(t, zone) for t in tries])
    if _enough(rule, counted):
        return Reached(len(counted), True, None, None)
    tried = [_part(rule, _minute(at)) for at in counted]
    part = min(range(len(rule.parts)), key=lambda p: (tried.count(p), p in tried[-1:], p))
    day = here.date()
    if counted:
        # In a part other than the last one's the same day will do where no day must lie between.
        same = rule.apart == 0 and part > tried[-1]
        day = max(day, counted[-1].date() + timedelta(days=0 if same else max(1, rule.apart)))
    end = rule.parts[part + 1] if part + 1 < len(rule.parts) else rule.until
    if day == here.date() and _minute(here) >= end:
        day += timedelta(days=1)
    weekend = any(at.isoweekday() > 5 for at in counted)
    if rule.weekend and not weekend and len(counted) + 1 >= rule.tries:
        day += timedelta(days=max(0, 6 - day.isoweekday()))
    begin = max(_at(day, rule.parts[part], zone), here)
    return Reached(len(counted), False, begin, _at(day, end, zone))


def _at(day: date, minute: int, zone: ZoneInfo) -> datetime:
    if minute == DAY_MINUTES:
        return datetime.combine(day + timedelta(days=1), time(), zone)
    return datetime.combine(day, time(minute // 60, minute % 60), zone)
