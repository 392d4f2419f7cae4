"""What is asked of each 居民区, beside its size: tasks, forms, visits and the hours they are reckoned at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from linli.engines.cases.rules.figures import below
from linli.engines.fieldwork import selectors as fieldwork
from linli.engines.indicators.permissions import check_reader, reads_all
from linli.engines.indicators.selectors.choosing import GROUND, NEIGHBOURHOOD, number
from linli.engines.indicators.selectors.days import Period, begins, ends, zone
from linli.engines.projects import selectors as projects
from linli.foundation.core.actors import Actor
from linli.foundation.people import selectors as people
from linli.foundation.places import selectors as places

_MINUTES = {"task": 120, "form": 60}


@dataclass(frozen=True, slots=True)
class Burden:
    """What was asked of one 居民区 in a period; never an order of 居民区.

    Attributes:
        unit: its 居民委员会, 0 where it has none.
        outside: of tasks and forms those beyond the list of what may be asked.
        repeated: forms that were asked for more than once: known already, to be reused.
        visits: visits due there. minutes: what all of it is reckoned at.
    """

    unit: int
    path: str
    name: str
    households: int | None
    tasks: int
    forms: int
    outside: int
    refused: int
    repeated: int
    visits: int
    minutes: int

    @property
    def hours(self) -> float:
        """The hours that all of it is reckoned at."""
        return self.minutes / 60

    @property
    def hours_each_thousand(self) -> float | None:
        """Hours for a thousand households; None where nobody knows how many there are."""
        return 1000 * self.hours / self.households if self.households else None


def burden(actor: Actor, period: Period, *, now: datetime) -> list[Burden]:
    """Return what was asked of each 居民区 that ``actor`` answers for, in the order of the tree: some six statements.

    Raises:
        ForbiddenError: ``actor`` reads no figures.
    """
    check_reader(actor)
    on = min(period.until, now.astimezone(zone()).date())
    areas = list(places.areas(on=on, kind=NEIGHBOURHOOD))
    if not reads_all(actor):
        mine = [g.area_path for g in actor.grants if g.area_path]
        areas = [a for a in areas if any(a.path.startswith(path) for path in mine)]
    units = {u.area.path: u.pk for u in people.active_units() if u.kind == GROUND and u.area}
    sent, outside, refused = Counter[tuple[int, str]](), Counter[int](), Counter[int]()
    since, until = begins(period.since), ends(period.until)
    for row in projects.sent_counts(actor, since, until):
        sent[row.unit_id, "task"] += row.tasks
        sent[row.unit_id, "form"] += row.forms
        outside[row.unit_id] += row.outside
        refused[row.unit_id] += row.refused
    again = projects.forms_asked_again(actor, since, until)
    visits = _visits([a.path for a in areas], period)
    minutes, each = number("indicators.burden.minutes", _MINUTES, on), fieldwork.visit_minutes(on)
    found = []
    for area in areas:
        unit = units.get(area.path, 0)
        tasks, forms, doors = sent[unit, "task"], sent[unit, "form"], visits[area.path]
        spent = int(tasks * minutes["task"] + forms * minutes["form"] + doors * each)
        size = (area.path, area.name, area.households)
        counts = (tasks, forms, outside[unit], refused[unit], again.get(unit, 0), doors, spent)
        found.append(Burden(unit, *size, *counts))
    return found


def _visits(paths: Sequence[str], period: Period) -> Counter[str]:
    found: Counter[str] = Counter()
    for path, asked in fieldwork.visits_by_area(period.since, period.until).items():
        found[below(path, paths) or ""] += asked.due
    return found
