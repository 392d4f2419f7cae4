"""Values of the drawings: what is to be drawn, in words and days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from linli.engines.projects.rules.scheduling.types import Dependency, Light, Spell


@dataclass(frozen=True, slots=True)
class GanttRow:
    """One row of a Gantt chart.

    Attributes:
        key: names it for the page's script; for activities, the key of the plan.
        depth: how far it is indented.
        group: it sums up the rows below it and is drawn as a bracket.
        milestone: it is drawn as a diamond on the last day of ``planned``.
        planned: the days planned; None: not planned yet.
        baseline: the days of the baseline, drawn thin below.
        actual: the days that it truly took so far, drawn as a line in the bar.
        late_finish: the last day to which it may slip; drawn as a dashed line from its end.
        due: a deadline of its own.
        movable: a person may drag it.
        light: as judged by rule; None: none is shown.
        owner: who answers for it.
    """

    key: str
    title: str
    planned: Spell | None = None
    baseline: Spell | None = None
    actual: Spell | None = None
    late_finish: date | None = None
    due: date | None = None
    percent: int = 0
    depth: int = 0
    group: bool = False
    milestone: bool = False
    critical: bool = False
    movable: bool = False
    light: Light | None = None
    owner: str = ""


@dataclass(frozen=True, slots=True)
class Gantt:
    """A Gantt chart.

    Attributes:
        title: what it shows, read by screen readers.
        links: dependencies between rows; those to rows not drawn are left out.
        today: where the line stands; None: none.
        deadline: of the whole.
        rest: days not worked within the chart, shaded; ``names``: of some of them, their name (国庆节).
    """

    title: str
    rows: tuple[GanttRow, ...]
    links: tuple[Dependency, ...] = ()
    today: date | None = None
    deadline: date | None = None
    rest: frozenset[date] = frozenset()
    names: Mapping[date, str] = field(default_factory=dict)


class Zoom(StrEnum):
    """How wide a day is drawn."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class WallStage:
    """A stage of a project on the wall chart."""

    title: str
    spell: Spell
    percent: int = 0
    late: bool = False


@dataclass(frozen=True, slots=True)
class WallMilestone:
    """A milestone of a project on the wall chart."""

    title: str
    on: date
    met: bool = False
    late: bool = False


@dataclass(frozen=True, slots=True)
class WallRow:
    """A project on the wall chart.

    Attributes:
        owner: the unit or the post that answers for it; never a private person's name.
        group: projects of one group stand together under its name (the caller sorts); empty: none.
    """

    title: str
    owner: str
    percent: int
    light: Light
    stages: tuple[WallStage, ...] = ()
    milestones: tuple[WallMilestone, ...] = ()
    due: date | None = None
    group: str = ""


@dataclass(frozen=True, slots=True)
class WallChart:
    """A wall chart (挂图作战).

    Attributes:
        title: in large letters on top.
        issuer: who puts it up.
        as_of: the day that it shows.
        first, last: the months across go from that of ``first`` to that of ``last``; None: as the rows need.
        note: a line at the foot.
    """

    title: str
    issuer: str
    as_of: date
    rows: tuple[WallRow, ...]
    first: date | None = None
    last: date | None = None
    note: str = ""


class Paper(StrEnum):
    """A sheet, landscape."""

    A1 = "A1"
    A3 = "A3"

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in millimetres."""
        return {"A1": (841, 594), "A3": (420, 297)}[self.value]
