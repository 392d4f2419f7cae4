"""How residents and their 居民区 deal with each other, with every part visible; a description, never a target.

Reads, likes and votes are no part of it: nobody is appraised by them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q

from linli.engines.cases.rules.figures import below
from linli.engines.cases.selectors import measures
from linli.engines.fieldwork import selectors as fieldwork
from linli.engines.indicators.models import Fact, OutsideFigure
from linli.engines.indicators.permissions import check_reader, reads_all
from linli.engines.indicators.selectors.choosing import NEIGHBOURHOOD, number
from linli.engines.indicators.selectors.days import Period, begins, ends, zone
from linli.engines.indicators.sources import VOICES
from linli.foundation.core.actors import Actor
from linli.foundation.places import selectors as places

PARTS = ("reports", "ratings", "visits")
_USUAL = {"reports": 1, "ratings": 1, "visits": 1}
_WEIGHTS = "indicators.interaction.weights"


@dataclass(frozen=True, slots=True)
class Interaction:
    """One 居民区: its parts, the index made of them, and what outside platforms say of it.

    Attributes:
        parts: what residents said by themselves, what they rated, doors that were opened to a visit.
        index: the weighted parts for a thousand households; None where nobody knows how many there are.
    """

    path: str
    name: str
    households: int | None
    parts: Mapping[str, int]
    index: float | None
    outside: tuple[OutsideFigure, ...] = ()


def interaction(actor: Actor, period: Period, *, now: datetime) -> list[Interaction]:
    """Return every 居民区 that ``actor`` answers for, in the order of the tree, unranked: some six statements.

    Raises:
        ForbiddenError: ``actor`` reads no figures.
    """
    check_reader(actor)
    on = min(period.until, now.astimezone(zone()).date())
    areas = list(places.areas(on=on, kind=NEIGHBOURHOOD))
    if not reads_all(actor):
        mine = [g.area_path for g in actor.grants if g.area_path]
        areas = [a for a in areas if any(a.path.startswith(path) for path in mine)]
    counts = _parts([a.path for a in areas], period)
    weights = number(_WEIGHTS, _USUAL, on)
    outside: dict[int, list[OutsideFigure]] = {}
    for row in outside_rows(period.since.replace(day=1), period.until):
        outside.setdefault(row.area_id, []).append(row)
    found = []
    for area in areas:
        parts = {part: counts[area.path, part] for part in PARTS}
        index = None
        if area.households:
            index = 1000 * sum(float(weights.get(p, 0)) * n for p, n in parts.items()) / area.households
        said = tuple(outside.get(area.pk, ()))
        found.append(Interaction(area.path, area.name, area.households, parts, index, said))
    return found


def _parts(paths: list[str], period: Period) -> Counter[tuple[str, str]]:
    since, until = begins(period.since), ends(period.until)
    found: Counter[tuple[str, str]] = Counter()
    came = Fact.objects.filter(measures.PROBLEM & measures.COUNTED & VOICES, reported_at__gte=since)
    rated = Fact.objects.filter(measures.PROBLEM & measures.CLOSED & measures.RATED, closed_at__gte=since)
    for part, rows in (("reports", came.filter(reported_at__lt=until)), ("ratings", rated.filter(closed_at__lt=until))):
        counted: Any = rows.order_by().values("area_path").annotate(n=Count("pk"))
        for row in counted:
            found[below(row["area_path"], paths) or "", part] += row["n"]
    for path, asked in fieldwork.visits_by_area(period.since, period.until).items():
        found[below(path, paths) or "", "visits"] += asked.done
    return found


def outside_rows(since: date, until: date) -> list[OutsideFigure]:
    """Return what outside platforms say of months in a period, by platform, figure and month: one statement."""
    rows = OutsideFigure.objects.filter(Q(month__gte=since) & Q(month__lte=until)).select_related("area")
    return list(rows.order_by("platform", "name", "month", "area__path")[:5_000])
