"""Values that cross the room's door."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID


class Unit(StrEnum):
    """What a limit counts: 自然时 runs always, 工作时 and 工作日 only while work is done."""

    NATURAL_MINUTES = "natural_minutes"
    NATURAL_HOURS = "natural_hours"
    NATURAL_DAYS = "natural_days"
    WORK_HOURS = "work_hours"
    WORK_DAYS = "work_days"

    @property
    def is_working(self) -> bool:
        """Whether only working time counts."""
        return self in {Unit.WORK_HOURS, Unit.WORK_DAYS}


@dataclass(frozen=True, slots=True)
class Duration:
    """A limit: so many of a unit."""

    amount: int
    unit: Unit

    def __post_init__(self) -> None:
        """Refuse a limit that is none."""
        if self.amount < 1:
            message = f"a limit of {self.amount} {self.unit} is none"
            raise ValueError(message)

    @classmethod
    def of(cls, value: Mapping[str, Any]) -> Duration:
        """Return the limit that a rule's value ``{amount, unit}`` or a kept extension says."""
        return cls(int(value["amount"]), Unit(value["unit"]))


@dataclass(frozen=True, slots=True)
class Pause:
    """A time during which a clock stood still."""

    begin: datetime
    end: datetime


class StepKind(StrEnum):
    """What one step of a calculation did."""

    START = "start"
    SKIPPED = "skipped"
    DAY = "day"
    WORKED = "worked"
    PASSED = "passed"
    EXTENDED = "extended"
    PAUSED = "paused"
    STANDING = "standing"
    DUE = "due"
    RECORDED = "recorded"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of how a due date came about.

    Attributes:
        kind: what was done: a day counted, days skipped, time worked or passed, a pause added.
        begin: where the step begins.
        end: where it ends; for a pause, the due date that it leads to.
        days: days counted (or skipped).
        time: time counted.
        names: names of the skipped holidays; an empty name is a weekend.
    """

    kind: StepKind
    begin: datetime
    end: datetime
    days: int = 0
    time: timedelta = timedelta(0)
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Due:
    """When a limit ends, and why then."""

    at: datetime
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """A share of the limit, in percent, and the moment it is reached.

    ``known`` is false where the moment lies in a year whose holidays are not announced;
    ``at`` is then the moment from which to look again.
    """

    percent: int
    at: datetime
    known: bool = True


@dataclass(frozen=True, slots=True)
class Plan:
    """A clock worked out: when it is due and when somebody is told."""

    due: Due
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class ClockStart:
    """A clock to be started.

    Attributes:
        duration: the limit; None reads it from the rule ``rule_code``.
        rule_code: the rule that the limit comes from.
        started_at: the moment it counts from; None is the ``now`` of the call.
        marks: percents at which to tell; None reads them from the rulebook.
    """

    subject_kind: str
    subject_id: int
    subject_uuid: UUID | None
    stage: str
    rule_code: str = ""
    duration: Duration | None = None
    started_at: datetime | None = None
    marks: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class Reached:
    """A mark that a clock has reached: handed to the subject's room, once.

    Attributes:
        percent: which mark.
        at: when it was reached, which may be long ago.
        round: how many extensions the clock has had; an extension sets marks ahead of it anew.
    """

    clock_id: int
    subject_kind: str
    subject_id: int
    subject_uuid: UUID | None
    stage: str
    percent: int
    at: datetime
    started_at: datetime
    due_at: datetime
    rule_code: str = field(default="")
    round: int = 0


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What another limit would mean.

    Attributes:
        running: clocks that run under the rule; they keep their limit.
        earlier, later: of those, how many the new limit would end sooner or later.
        over_now: of those, how many it would have ended before now.
        ended: clocks that ended under the rule in the days looked back on; ``seen`` how many were counted.
        late_before, late_after: of those, how many ended after their limit, and how many after the new one.
        unknown: clocks that run into a year whose holidays are not known.
    """

    running: int = 0
    earlier: int = 0
    later: int = 0
    over_now: int = 0
    ended: int = 0
    seen: int = 0
    late_before: int = 0
    late_after: int = 0
    unknown: int = 0
