"""Values that cross the door of the fieldwork room: who visits, what is visited, when, and on which walk.

A moment of a day is given in whole minutes since midnight on the clock of the place (9:30 is 570); the day is a date.
So nothing here depends on a time zone, and no datetime is naive.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from linli.foundation.core.coordinates import Point

DAY_MINUTES = 24 * 60


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A part of one day.

    Attributes:
        day: the date.
        begin: minutes since midnight, from 0.
        end: minutes since midnight, after ``begin``, up to 1,440.
    """

    day: date
    begin: int
    end: int

    def __post_init__(self) -> None:
        """Refuse what is no part of a day (ValueError)."""
        if not 0 <= self.begin < self.end <= DAY_MINUTES:
            raise ValueError(f"no part of a day: {self.begin} to {self.end}")

    @property
    def minutes(self) -> int:
        """How long it is."""
        return self.end - self.begin


@dataclass(frozen=True, slots=True)
class Walking:
    """How fast people get about; the values are the rulebook's.

    Attributes:
        metres_per_minute: walking speed; 70 is an easy walk (4.2 km/h).
        detour: per cent that a way on foot is of the straight line, 100 or more; 130 is usual in a town of blocks.
        unknown_minutes: what a way counts of which one end has no place.
    """

    metres_per_minute: int = 70
    detour: int = 130
    unknown_minutes: int = 5

    def __post_init__(self) -> None:
        """Refuse what nobody can walk (ValueError)."""
        if self.metres_per_minute <= 0 or self.detour < 100 or self.unknown_minutes < 0:
            raise ValueError(
                "walking needs a speed above 0, a detour of 100 % or more, and minutes that are not negative"
            )


class Continuity(StrEnum):
    """Whether the person of the last time is wanted again."""

    NONE = "none"
    PREFER = "prefer"  # one knows the other
    AVOID = "avoid"  # another pair of eyes


@dataclass(frozen=True, slots=True)
class Visit:
    """One target to be visited once.

    Attributes:
        key: names it, unique among the visits.
        minutes: time spent there, 1 or more.
        point: where it lies; None where nobody knows.
        grid: only people of this grid come in question; empty: anybody.
        unit: the unit checked; of those who come not all may belong to it. Empty: none.
        people: 1, or 2 for a check by two differing persons.
        windows: it must begin and end within one of them; empty: at any time.
        last: keys of those who came the last time.
        only: keys of those who alone come in question; empty: no such limit.
    """

    key: str
    minutes: int
    point: Point | None = None
    grid: str = ""
    unit: str = ""
    people: int = 1
    windows: tuple[Span, ...] = ()
    last: frozenset[str] = frozenset()
    only: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        """Refuse no minutes and any other number of people than 1 or 2 (ValueError)."""
        if not 1 <= self.minutes <= DAY_MINUTES or self.people not in (1, 2):
            raise ValueError(f"visit {self.key}: {self.minutes} minutes with {self.people} people")


@dataclass(frozen=True, slots=True)
class Worker:
    """Somebody who can be sent.

    Attributes:
        key: names the person, unique among the workers.
        unit: the unit to which the person belongs; empty: none.
        grids: the grids in which the person may visit; empty: all.
        shifts: when the person is free, not overlapping.
        most: visits at most in one shift.
        start: where each shift begins and ends; None: with the first visit and the last.
    """

    key: str
    unit: str = ""
    grids: frozenset[str] = frozenset()
    shifts: tuple[Span, ...] = ()
    most: int = 40
    start: Point | None = None


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a good assignment is; the values are the rulebook's.

    Attributes:
        balance: how much an uneven load weighs; 0: not at all. A person whose minutes lie a share s off the even load
            of L minutes counts ``balance`` × s² × L walked minutes.
        continuity: whether the person of the last time is wanted again, or not wanted.
        continuity_minutes: walked minutes that a visit is worth in which this wish is met.
        unplaced_minutes: walked minutes that a visit is worth that finds somebody at all.
    """

    balance: int = 1
    continuity: Continuity = Continuity.NONE
    continuity_minutes: int = 10
    unplaced_minutes: int = 240


@dataclass(frozen=True, slots=True)
class Effort:
    """How long is sought: counted in steps, not in seconds, so that the same question has the same answer anywhere.

    Attributes:
        steps: steps of the search; 0: the first assignment as built. How long the default takes for 2,000 visits stands
            in docs/reference/assignment.md; fewer visits want fewer.
        seed: of every choice made by lot.
    """

    steps: int = 360_000
    seed: int = 1


class Unplaced(StrEnum):
    """Why a visit has nobody."""

    NOBODY = "nobody"  # nobody of the grid, the list or another unit is there
    NO_PAIR = "no_pair"  # one would be there, but no two together
    NO_TIME = "no_time"  # nobody who may come is there in its windows, even with nothing else to do
    FULL = "full"  # those who may come have too much to do


@dataclass(frozen=True, slots=True)
class Stop:
    """One visit in somebody's day.

    Attributes:
        visit: the visit's key.
        walk: minutes walked to it, rounded up.
        begin: minutes since midnight when the visit begins, rounded up.
        end: when it ends.
    """

    visit: str
    walk: int
    begin: int
    end: int


@dataclass(frozen=True, slots=True)
class Day:
    """What one person, or two together, do in one shift, in a proposed order.

    Attributes:
        people: keys, one or two.
        shift: the time in which they are there.
        stops: in order of time.
        walk_seconds: walked in all, from start to start.
    """

    people: tuple[str, ...]
    shift: Span
    stops: tuple[Stop, ...]
    walk_seconds: int


@dataclass(frozen=True, slots=True)
class Assignment:
    """Who visits what and when: a proposal.

    Attributes:
        days: every shift with something to do, by day and people.
        unplaced: visit key → why nobody comes.
        loads: worker key → minutes of visits; everybody is named, those without visits too.
        walk_seconds: walked in all; two who walk together count once.
        continuity_met: of the visits that have a last time, in how many the wish is met.
        continuity_asked: visits that have a last time, where there is such a wish.
        cost: what the search made small, in seconds of walking; see :class:`Wishes`.
    """

    days: tuple[Day, ...]
    unplaced: Mapping[str, Unplaced]
    loads: Mapping[str, int]
    walk_seconds: int
    continuity_met: int
    continuity_asked: int
    cost: int

    @property
    def of(self) -> dict[str, tuple[str, ...]]:
        """Visit key → the people who come."""
        return {stop.visit: day.people for day in self.days for stop in day.stops}


COLUMNS = ("number", "name", "address", "point", "area", "unit", "tags")
"""The fields of a target that stand in columns of its own; a kind's form has no question of these codes."""


@dataclass(frozen=True, slots=True)
class KindData:
    """A ledger to be entered.

    Attributes:
        code: its name for programs.
        questions: what is known of a target, as ``forms.save_form`` takes it; empty: nothing but the columns.
        same_by: fields by which two entries are taken for one: ``number``, ``name``, ``address``, ``parent``, or codes
            of questions that are not personal.
        parent: code of the kind to which what stands above a target belongs; empty: none.
        guarded: seen by those who work in the grid alone.
        entity: it is somebody to whom other targets belong.
    """

    code: str
    name: str
    icon: str = "map-pin"
    questions: Mapping[str, Any] = field(default_factory=dict)
    same_by: tuple[str, ...] = ("name", "address")
    parent: str = ""
    guarded: bool = False
    entity: bool = False
    order: int = 100


@dataclass(frozen=True, slots=True)
class TargetData:
    """A target as it is entered or changed.

    Attributes:
        kind: the ledger's code; of a target that is there it stays.
        lat, lon: WGS-84; where they are given they say in which area it lies.
        area_id: where it lies, where no point is given; of one that stands in another, as that one.
        parent: what it stands in (the flat's floor).
        facts: answers to the kind's form, by code; one with None is taken out, one not named stays.
        since: first day in the ledger; None: today.
    """

    kind: str
    name: str
    number: str = ""
    address: str = ""
    lat: float | None = None
    lon: float | None = None
    area_id: int | None = None
    parent: UUID | None = None
    venue_id: int | None = None
    unit_id: int | None = None
    tags: tuple[str, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    since: date | None = None


@dataclass(frozen=True, slots=True)
class TargetFilter:
    """Which targets of a ledger.

    Attributes:
        kinds: codes; of a guarded kind targets are listed only where it is named alone.
        area_path: an area with all below.
        tag: one tag.
        ended: None: those there are; True: those that went; False as None.
        text: words that name, number, address or facts hold, all of them.
        unit_id: the unit that answers for them.
        parent: below this one.
        facts: field → value, for plain fields.
        unvisited_since: those alone that nobody has been at since this day.
    """

    kinds: tuple[str, ...] = ()
    area_path: str = ""
    tag: str = ""
    ended: bool = False
    text: str = ""
    unit_id: int | None = None
    parent: UUID | None = None
    facts: Mapping[str, str] = field(default_factory=dict)
    unvisited_since: date | None = None


class How(StrEnum):
    """How a round's targets are chosen."""

    FILTER = "filter"  # all that match, looked up anew for each occasion
    LIST = "list"  # those named
    DRAW = "draw"  # by lot among those that match


@dataclass(frozen=True, slots=True)
class Choice:
    """Which targets a round visits.

    Attributes:
        filter: which ones match; its one kind is the round's.
        targets: for LIST.
        seed: for DRAW, written down before; each occasion's lot is drawn by ``seed/day``.
        wanted: for DRAW, how many; 0: so many as ``margin`` asks for.
        margin: for DRAW, half the width in points (5: ±5 points).
        stratum: for DRAW, spread over this: ``area``, a tag (``tags``), or a plain field (the point type); empty: not.
    """

    how: How = How.FILTER
    filter: TargetFilter = field(default_factory=TargetFilter)
    targets: tuple[UUID, ...] = ()
    seed: str = ""
    wanted: int = 0
    margin: int = 0
    stratum: str = ""


@dataclass(frozen=True, slots=True)
class RoundData:
    """A round as it is planned.

    Attributes:
        form: code of the form that is filled.
        unit_id: whose round it is.
        area_id: where; None: the whole subdistrict.
        rhythm: JSON of a rhythm without its days: ``unit``, ``every``, ``days``, ``before``, ``windows``; empty: once.
        pair: two go together.
        review: what is sent in is reviewed.
        joining: units that take part with the one whose round it is (联合行动).
    """

    title: str
    form: str
    unit_id: int
    starts_on: date
    ends_on: date
    choice: Choice
    area_id: int | None = None
    programme: str = ""
    rhythm: Mapping[str, Any] = field(default_factory=dict)
    pair: bool = False
    review: bool = False
    source_kind: str = ""
    source_uuid: UUID | None = None
    joining: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Given:
    """One visit given to somebody: at which version, to whom, when, and as which stop of the walk."""

    visit: UUID
    expected: int
    user_id: int | None
    second_id: int | None = None
    unit_id: int | None = None
    planned_on: date | None = None
    place: int | None = None


@dataclass(frozen=True, slots=True)
class Free:
    """Somebody who can be sent, for a proposal: when, and at most how many visits in a shift."""

    user_id: int
    shifts: tuple[Span, ...]
    most: int = 40
    start: Point | None = None


class Outcome(StrEnum):
    """What came of a knock."""

    NOBODY = "nobody"
    REFUSED = "refused"
    CLOSED = "closed"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class Learnt:
    """What :func:`services.learn` did: the fields that are now as told, and those that a newer source had said."""

    taken: tuple[str, ...]
    older: tuple[str, ...]
    unknown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Packet:
    """One filled form as a device sends it.

    Attributes:
        uuid: made on the device, once for each filled form.
        form: the form's code; ``version`` the one that was filled.
        answers: nested as the form is; uploads as the uuids of files that this person has stored.
        made_at: by the device's clock, aware; by ours as the device reckons it, where it knows how far its own is off.
        device_at: what the device's own clock showed then; None where that is ``made_at``.
        visit, round, target: what it is about; a visit says the other two.
        files: path → uuids of files, put into the answers there.
        lat, lon: where it was sent from, once, in WGS-84; kept to about a hundred metres.
        former: the record that this one corrects.
        second: who checked with them, where two go together.
    """

    uuid: UUID
    form: str
    version: int
    answers: Mapping[str, Any]
    made_at: datetime
    visit: UUID | None = None
    round: UUID | None = None
    target: UUID | None = None
    files: Mapping[str, Sequence[UUID]] = field(default_factory=dict)
    lat: float | None = None
    lon: float | None = None
    former: UUID | None = None
    second: UUID | None = None
    device_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """What whoever sent a record gets back, and can ask for again.

    Attributes:
        digest: of what was sent, by which a device knows that nothing was lost on the way.
        state: where it stands; ``returned`` why it was sent back or not used.
        rival: the record by which somebody else had done the same visit before; a person judges.
        noted: codes of what was odd, ``words`` the same for people.
        findings: how many things were found wrong.
        seen_before: it had come already.
    """

    uuid: UUID
    digest: str
    received_at: datetime
    state: str
    returned: str = ""
    rival: UUID | None = None
    noted: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    findings: int = 0
    seen_before: bool = False


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a deed, and whether it had been done before."""

    uuid: UUID
    digest: str
    at: datetime
    answer: Mapping[str, Any]
    seen_before: bool
