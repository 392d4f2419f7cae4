"""Whether a flat is let as it may be (群租), and the watch over a flat that was cleared.

住房租赁条例 Art 15 and 居住房屋租赁管理办法 Art 9–11 (domain.md §7); the numbers come from the rulebook. What comes
out is what to verify, never a finding of law: two officers verify, and Linli sets no fine. The flat is looked at, not
the people: there is no name, origin or identity in what is asked here (domain.md §13).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction


class Use(StrEnum):
    """What a room was designed as."""

    BEDROOM = "bedroom"
    LIVING = "living"
    KITCHEN = "kitchen"
    BATHROOM = "bathroom"
    BALCONY = "balcony"
    STORAGE = "storage"
    BASEMENT = "basement"


@dataclass(frozen=True, slots=True)
class Room:
    """One room as found.

    Attributes:
        name: as the record calls it.
        use: what it was designed as.
        area: designed area in m²; None where nobody measured.
        persons: who lives in it; a number, never who.
        kin: all of them are legal kin, as they say: the limit of persons does not hold (the area does).
        slept_in: it is let or used to sleep in.
        parts: into how many it was divided; 1: as designed.
        beds_let: beds in it let one by one.
    """

    name: str
    use: Use
    area: Decimal | None = None
    persons: int = 0
    kin: bool = False
    slept_in: bool = False
    parts: int = 1
    beds_let: int = 0

    def __post_init__(self) -> None:
        """Refuse what no room can be (ValueError)."""
        if min(self.persons, self.beds_let) < 0 or self.parts < 1 or (self.area is not None and self.area <= 0):
            raise ValueError(f"room {self.name}: persons and beds are not negative, parts and area above 0")


@dataclass(frozen=True, slots=True)
class Limits:
    """The thresholds; every value is the rulebook's, none has a default.

    Attributes:
        persons: most persons in a room.
        area: least m² of designed living room for each person.
        unfit: what may not be lived in.
        registered_rooms: from so many let rooms on the letting must be registered.
        registered_persons: or from so many persons on.
    """

    persons: int
    area: Decimal
    unfit: frozenset[Use]
    registered_rooms: int
    registered_persons: int


class Rule(StrEnum):
    """A rule that may be broken."""

    PERSONS = "persons"
    AREA = "area"
    USE = "use"
    SPLIT = "split"
    BEDS = "beds"
    REGISTRATION = "registration"  # a duty, no fault of the flat
    UNMEASURED = "unmeasured"  # nothing broken: the area must be measured before it can be said


@dataclass(frozen=True, slots=True)
class Breach:
    """A rule and the figures that break it.

    Attributes:
        rule: which.
        room: the room's name; empty where the whole flat is meant.
        found: what was found: persons, m² a person, parts, beds, rooms; None where it is no figure.
        allowed: the limit it is held against.
        use: of USE, what the room was designed as.
    """

    rule: Rule
    room: str = ""
    found: Fraction | None = None
    allowed: Fraction | None = None
    use: Use | None = None


def _persons(room: Room, limits: Limits) -> Breach | None:
    if room.kin or room.persons <= limits.persons:
        return None
    return Breach(Rule.PERSONS, room.name, Fraction(room.persons), Fraction(limits.persons))


def _area(room: Room, limits: Limits) -> Breach | None:
    if not room.persons:
        return None
    if room.area is None:
        return Breach(Rule.UNMEASURED, room.name)
    each = Fraction(room.area) / room.persons
    return Breach(Rule.AREA, room.name, each, Fraction(limits.area)) if each < limits.area else None


def _use(room: Room, limits: Limits) -> Breach | None:
    lived = room.slept_in or room.persons or room.beds_let
    return Breach(Rule.USE, room.name, use=room.use) if lived and room.use in limits.unfit else None


def _split(room: Room, _limits: Limits) -> Breach | None:
    return Breach(Rule.SPLIT, room.name, Fraction(room.parts), Fraction(1)) if room.parts > 1 else None


def _beds(room: Room, _limits: Limits) -> Breach | None:
    return Breach(Rule.BEDS, room.name, Fraction(room.beds_let), Fraction(0)) if room.beds_let else None


def check(rooms: Sequence[Room], limits: Limits) -> tuple[Breach, ...]:
    """Return what is broken, room by room in the order given, then what the whole flat owes.

    A room that was divided is one room: its area and its persons are those of the room as designed, and being divided
    is a breach of its own.

    Args:
        rooms: every room of the flat.
        limits: thresholds of the day on which it was looked at.
    """
    found = [b for room in rooms for rule in (_use, _persons, _area, _split, _beds) if (b := rule(room, limits))]
    let = sum(room.parts for room in rooms if room.persons or room.slept_in or room.beds_let)
    persons = sum(room.persons for room in rooms)
    if let >= limits.registered_rooms:
        found.append(Breach(Rule.REGISTRATION, "", Fraction(let), Fraction(limits.registered_rooms)))
    elif persons >= limits.registered_persons:
        found.append(Breach(Rule.REGISTRATION, "", Fraction(persons), Fraction(limits.registered_persons)))
    return tuple(found)


def to_verify(breaches: Iterable[Breach]) -> bool:
    """Return whether two officers are to look: something is broken beyond a duty to register or to measure."""
    return any(b.rule not in {Rule.REGISTRATION, Rule.UNMEASURED} for b in breaches)


class Watch(StrEnum):
    """How a flat on the watch list stands."""

    QUIET = "quiet"  # all reports came and were zero
    AWAITED = "awaited"  # this month's report is not due yet
    MISSED = "missed"  # a report is missing: alarm
    RELAPSED = "relapsed"  # a report or a look says that it began again: alarm
    EXPIRED = "expired"  # the watch is over and everything about it goes


@dataclass(frozen=True, slots=True)
class Report:
    """One report of the property firm about a cleared flat.

    Attributes:
        day: when it came.
        again: it says that the letting began again; False: a zero report (零报告).
    """

    day: date
    again: bool = False


@dataclass(frozen=True, slots=True)
class Watched:
    """What a watch says on a day.

    Attributes:
        standing: how it stands.
        missing: due days by which no report had come in the month, ascending.
        relapsed: the day of the first relapse.
        next_due: by when the next report is to come; None where none is to come any more.
        until: last day of the watch.
    """

    standing: Watch
    missing: tuple[date, ...]
    relapsed: date | None
    next_due: date | None
    until: date

    @property
    def alarm(self) -> bool:
        """Whether somebody has to be told."""
        return self.standing in {Watch.MISSED, Watch.RELAPSED}


def due_days(cleared: date, until: date, by_day: int) -> tuple[date, ...]:
    """Return the days by which the monthly zero report is to come, from the month after clearing to the end.

    Args:
        cleared: the day on which the flat was cleared.
        until: last day of the watch.
        by_day: day of the month, 1 to 28 (沪房市场〔2025〕179号: by the 10th).

    Raises:
        ValueError: ``by_day`` is not in every month.
    """
    if not 1 <= by_day <= 28:
        raise ValueError("a report is due on a day that every month has")
    found: list[date] = []
    year, month = cleared.year, cleared.month
    while True:
        year, month = year + month // 12, month % 12 + 1
        due = date(year, month, by_day)
        if due > until:
            return tuple(found)
        found.append(due)


def watch(
    cleared: date, reports: Collection[Report], today: date, *, by_day: int, days: int, relapses: Collection[date] = ()
) -> Watched:
    """Return how a cleared flat stands.

    A report counts for the month in which it comes and is in time until the due day. One that comes after it, in the
    same month, is late but no longer missing. A relapse stays one until the flat is cleared anew, with a new watch.

    Args:
        cleared: the day on which the flat was cleared.
        reports: of the property firm; those before clearing or after ``today`` do not count.
        today: the day of the question.
        by_day: day of the month by which a report is due, 1 to 28.
        days: how long is watched; the watch ends so many days after clearing, whatever was reported.
        relapses: days on which others (a sweep, a case) found it begun again.

    Raises:
        ValueError: ``days`` is not above 0, or ``by_day`` is not in every month.
    """
    if days <= 0:
        raise ValueError("a watch lasts a day at least")
    until = cleared + timedelta(days=days)
    dues = due_days(cleared, until, by_day)
    known = [r for r in reports if cleared <= r.day <= min(today, until)]
    months = {(r.day.year, r.day.month) for r in known}
    missing = tuple(d for d in dues if d < today and (d.year, d.month) not in months)
    again = sorted([r.day for r in known if r.again] + [d for d in relapses if cleared <= d <= min(today, until)])
    open_ = [d for d in dues if d >= today and (d.year, d.month) not in months]
    if today > until:
        return Watched(Watch.EXPIRED, missing, again[0] if again else None, None, until)
    standing = (
        Watch.RELAPSED
        if again
        else Watch.MISSED
        if missing
        else Watch.AWAITED
        if open_ and (open_[0].year, open_[0].month) == (today.year, today.month)
        else Watch.QUIET
    )
    return Watched(standing, missing, again[0] if again else None, open_[0] if open_ else None, until)
