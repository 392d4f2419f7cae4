"""Values of the scheduling rules: what is asked, and what is answered; plain, frozen, without a database.

Durations, lags and slack count working days. A day given or returned is a whole day: an activity of three
days that starts on a Monday finishes on the Wednesday. A milestone has duration 0 and is reached at the end of
its day.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Protocol


class Calendar(Protocol):
    """What the rules need of a working calendar; the rulebook's ``WorkingCalendar`` fits."""

    def is_workday(self, day: date) -> bool:
        """Return whether ``day`` is worked."""
        ...


class Kind(StrEnum):
    """What a dependency ties together: the finish (F) or start (S) of the first to that of the second."""

    FS = "FS"
    SS = "SS"
    FF = "FF"
    SF = "SF"


@dataclass(frozen=True, slots=True)
class Activity:
    """One piece of work, or a milestone.

    Attributes:
        key: names it, unique in its network (a node's uuid as text).
        title: what people call it; only carried along.
        duration: working days, 0 for a milestone.
        demands: units taken of each resource on every day that it runs.
        outdoor: no work is done on a rain day; the team stays bound and the finish moves out.
        earliest: not to start before this day (of a milestone: not to be reached before it).
        latest: to be finished by the end of this day; a deadline of its own.
        started: the day on which it truly began.
        finished: the day on which it truly ended.
        percent: how much of it is done, 0 to 100; of what has begun the rest is planned from today on.
    """

    key: str
    title: str = ""
    duration: int = 0
    demands: Mapping[str, int] = field(default_factory=dict)
    outdoor: bool = False
    earliest: date | None = None
    latest: date | None = None
    started: date | None = None
    finished: date | None = None
    percent: int = 0


@dataclass(frozen=True, slots=True)
class Dependency:
    """``after`` is tied to ``before``: by default it starts when the other is finished.

    Attributes:
        lag: working days between (concrete sets); negative for a lead.
    """

    before: str
    after: str
    kind: Kind = Kind.FS
    lag: int = 0


@dataclass(frozen=True, slots=True)
class Resource:
    """A team, or anything of which only so much is there on a day.

    Attributes:
        capacity: units on an ordinary working day.
        exceptions: units on single days (a team on leave: 0).
    """

    key: str
    capacity: int
    title: str = ""
    exceptions: Mapping[date, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RainDays:
    """When work in the open rests: days known, and beyond them the share to expect.

    Attributes:
        days: days on which no outdoor work is done (forecast, or declared by hand).
        shares: month (1 to 12) → per cent of its working days expected to be lost, 0 to 95.
        known_until: up to this day only ``days`` count; after it the shares do. None: shares count everywhere.
    """

    days: frozenset[date] = frozenset()
    shares: Mapping[int, int] = field(default_factory=dict)
    known_until: date | None = None


@dataclass(frozen=True, slots=True)
class Network:
    """What is to be scheduled.

    Attributes:
        start: nothing that has not begun starts before this day.
        deadline: all is to be finished by the end of this day; None: as soon as it can be.
        today: the day of the question; plans lie on or after it. None: ``start``.
    """

    activities: tuple[Activity, ...]
    start: date
    dependencies: tuple[Dependency, ...] = ()
    resources: tuple[Resource, ...] = ()
    deadline: date | None = None
    today: date | None = None


class Towards(StrEnum):
    """Which way a plan leans."""

    EARLY = "early"  # everything as soon as it can be
    LATE = "late"  # 倒排工期: everything as late as the deadline allows, less the safety


@dataclass(frozen=True, slots=True)
class Options:
    """How a plan with resources is sought.

    Attributes:
        towards: which way it leans.
        safety: working days kept free before every deadline, where they can be.
        seconds: the longest time that one search of the solver may take (a plan that leans late may need two); 0: the
            heuristic alone.
        workers: search threads; one gives the same answer every time.
        seed: of every choice made by lot.
    """

    towards: Towards = Towards.EARLY
    safety: int = 0
    seconds: float = 5.0
    workers: int = 1
    seed: int = 1


class Proof(StrEnum):
    """How good an answer is known to be."""

    EXACT = "exact"  # critical path without resources: nothing to prove
    OPTIMAL = "optimal"  # the solver has shown that none finishes sooner
    FEASIBLE = "feasible"  # good, not shown to be best


class Because(StrEnum):
    """Why a link of a chain does not stand earlier."""

    START = "start"  # nothing holds it but the first day
    DATE = "date"  # its own earliest day
    AFTER = "after"  # the link before it
    TEAM = "team"  # the link before it holds the team
    CAPACITY = "capacity"  # the team is not there on the days before
    UNDERWAY = "underway"  # it has begun


@dataclass(frozen=True, slots=True)
class ChainLink:
    """One activity of a chain, with what holds it.

    Attributes:
        resource: of a wait for a team, the team's key.
        kind: of a dependency, its kind.
        lag: of a dependency, its lag in working days.
    """

    key: str
    title: str
    start: date
    finish: date
    because: Because
    resource: str = ""
    kind: Kind | None = None
    lag: int = 0


@dataclass(frozen=True, slots=True)
class Infeasible:
    """“Cannot be met”: by how much, and which chain of activities makes it so.

    Attributes:
        key: the activity that ends too late.
        due: the deadline that it breaks.
        by_days: working days too late in the plan given.
        at_least: working days too late in any plan, as far as shown; equals ``by_days`` where that is proven.
        own: the deadline is the activity's own, not the project's.
        chain: from the first activity that counts to the one that ends too late.
    """

    key: str
    due: date
    by_days: int
    at_least: int
    own: bool
    chain: tuple[ChainLink, ...]


@dataclass(frozen=True, slots=True)
class Placed:
    """Where one activity stands.

    Attributes:
        start: planned (or true) first day.
        finish: planned (or true) last day.
        early_start: the first day on which it can start, and so ``early_finish``.
        late_start: the last day on which it may start without breaking a deadline, and so ``late_finish``; in a plan
            with teams both bounds keep the order in which the teams go about.
        slack: working days by which it may slip from its early start before a deadline breaks; negative: too late.
        free: working days by which it may slip without moving another activity from its early start.
        critical: no activity has less slack, or it is a link of a critical chain.
        begun: it has started.
        done: it has finished.
    """

    key: str
    title: str
    start: date
    finish: date
    early_start: date
    early_finish: date
    late_start: date
    late_finish: date
    slack: int
    free: int
    critical: bool
    begun: bool = False
    done: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """An answer.

    Attributes:
        placed: by key, in the order asked.
        start: the first day of all.
        finish: the last day of all.
        deadline: as asked.
        margin: working days between the finish and the deadline; negative: too late; None without a deadline.
        chains: the critical chains, the one that ends last first (at most ten).
        must_start: keys of what has not begun and must start today or earlier.
        infeasible: None where every deadline is met.
        proof: how good it is known to be.
        bound: no plan ends sooner than this day, as far as shown.
    """

    placed: Mapping[str, Placed]
    start: date
    finish: date
    deadline: date | None
    margin: int | None
    chains: tuple[tuple[ChainLink, ...], ...]
    must_start: tuple[str, ...]
    infeasible: Infeasible | None
    proof: Proof
    bound: date

    @property
    def feasible(self) -> bool:
        """Whether every deadline is met."""
        return self.infeasible is None


@dataclass(frozen=True, slots=True)
class Spell:
    """The days of one activity in a plan already agreed, both included."""

    start: date
    finish: date


@dataclass(frozen=True, slots=True)
class Slip:
    """What has changed about one activity.

    Attributes:
        not_before: it cannot start before this day (delivered late; or a bar dragged there).
        duration: it takes so many working days in all.
    """

    not_before: date | None = None
    duration: int | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """One activity that a new plan moves.

    Attributes:
        was: its days before.
        now: its days after.
        days: working days that its start moves, positive to later.
        longer: working days by which it takes longer than before, or fewer (negative).
    """

    key: str
    title: str
    was: Spell
    now: Spell
    days: int
    longer: int


@dataclass(frozen=True, slots=True)
class Broken:
    """A deadline that a new plan breaks.

    Attributes:
        key: the activity; empty for the project's own deadline.
        by_days: working days too late.
        before: working days too late in the plan before (0: it was met).
    """

    key: str
    title: str
    due: date
    finish: date
    by_days: int
    before: int


@dataclass(frozen=True, slots=True)
class Moves:
    """What a slip changes: as little as can be.

    Attributes:
        moved: what moves, by its new start.
        kept: how many of those not yet finished stay where they were.
        broken: deadlines broken after it.
        plan: the new plan whole.
    """

    moved: tuple[Move, ...]
    kept: int
    broken: tuple[Broken, ...]
    plan: Plan


class Light(StrEnum):
    """How something stands, by rule and not by hand."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"
    DONE = "done"
    WAITING = "waiting"  # not yet due to start, nothing amiss


class Sign(StrEnum):
    """Why a light is not green."""

    TOO_LATE = "too_late"  # its deadline cannot be met as planned
    OVERDUE = "overdue"  # its planned finish has passed
    NOT_BEGUN = "not_begun"  # its planned start has passed
    BEHIND = "behind"  # less is done than time has passed
    LITTLE_SLACK = "little_slack"
    PART_RED = "part_red"  # too many of its parts are red
    PART_YELLOW = "part_yellow"
    MILESTONE = "milestone"  # a milestone has passed unmet


@dataclass(frozen=True, slots=True)
class Thresholds:
    """When a light changes; the values are the rulebook's.

    Attributes:
        yellow_slack: yellow at this slack or less (working days).
        red_slack: red at this slack or less; usually -1, "cannot be met".
        yellow_behind: yellow when the part done is this many points behind the part of time passed.
        red_behind: red at so many points.
        yellow_overdue: yellow when a finish or a milestone has passed by so many working days.
        red_overdue: red at so many working days.
        yellow_share: a project is yellow when this percentage of its weight is yellow or red.
        red_share: a project is red when this percentage of its weight is red.
    """

    yellow_slack: int
    red_slack: int
    yellow_behind: int
    red_behind: int
    yellow_overdue: int
    red_overdue: int
    yellow_share: int
    red_share: int


@dataclass(frozen=True, slots=True)
class Judged:
    """A light and its reasons, the heaviest first; green, done and waiting have none."""

    light: Light
    signs: tuple[Sign, ...] = ()
