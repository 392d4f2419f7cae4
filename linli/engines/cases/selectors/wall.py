"""The figures of the day over the whole subdistrict, for the wall: numbers only, nothing of a person or a text.

Nothing here reads the whole table. What is open is read through partial indexes; what came in and
was closed through the indexes of those moments, a bounded number of days back. No tally is kept
beside the cases: it would be one row that every report and every closing must lock, and it would
have to follow reopened and corrected cases; the ranges cost milliseconds (docs/adr, "The wall").
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection
from django.db.models import Count, F, Q, Value
from django.db.models.functions import Concat

from linli.engines.cases.models import Case, Consultation, Request
from linli.engines.cases.rules.figures import Share, below, cells, days, satisfaction
from linli.engines.cases.rules.proof import RATINGS
from linli.engines.cases.selectors import catalogue, measures
from linli.engines.cases.selectors.boxes import CONSTANT, LEADERS
from linli.engines.cases.selectors.settings import number
from linli.engines.cases.types import Decision, RequestKind
from linli.engines.cases.workflow import Level, State
from linli.foundation.places import selectors as places
from linli.foundation.places.rules.addresses import parse_address

SHOWN = 5
_ADDRESSES = 4_000
# SQLite would read every case there ever was in the order of this column's index, so as not to sort: no index has this.
_WHERE = Concat(F("area_path"), Value(""))


@dataclass(frozen=True, slots=True)
class OpenFigures:
    """What is open now: by level, past its limit, and due before midnight."""

    levels: Mapping[str, int]
    overdue: int
    due_today: int

    @property
    def total(self) -> int:
        """How many are open."""
        return sum(self.levels.values())


@dataclass(frozen=True, slots=True)
class AreaFigures:
    """How the cases of one neighbourhood are handled; never ranked by how many there are.

    Attributes:
        on_time: closings in time over closings of the period; None where they are too few to say.
    """

    id: int
    name: str
    path: str
    open: int
    overdue: int
    on_time: Share | None


@dataclass(frozen=True, slots=True)
class DayTrend:
    """What came in and what was closed on one day."""

    day: date
    taken_in: int
    closed: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for leaders."""

    difficult: int
    orders: int
    shelving: int
    returned: int
    consultations: int


@dataclass(frozen=True, slots=True)
class Quality:
    """How the closed cases of the period were handled: the one rate never without the others."""

    on_time: Share
    satisfaction: Share
    rework: Share
    unsolved: Share


@dataclass(frozen=True, slots=True)
class Busy:
    """A kind of problem or a place that many reports name; at least the minimum cell of them."""

    code: str
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Wall:
    """One picture of the day."""

    at: datetime
    since: date
    open: OpenFigures
    areas: Sequence[AreaFigures]
    elsewhere: int
    trend: Sequence[DayTrend]
    waiting: Waiting
    quality: Quality
    categories: Sequence[Busy]
    places: Sequence[Busy]
    minimum: int


def zone() -> ZoneInfo:
    """Return the zone in which a day begins."""
    return ZoneInfo(settings.TIME_ZONE)


def wall(now: datetime) -> Wall:
    """Return the figures of the day: at most eight statements beside the rulebook's and the map's.

    Who may see them the caller decides: they are of the whole subdistrict and name nobody.
    """
    period = days(now, int(number("cases.wall.days", 30, now)), zone())
    open_rows = _open_rows(now, period[-1][2])
    closed = _closed_rows(period[0][1])
    areas, elsewhere = _areas(now, open_rows, closed)
    return Wall(
        at=now,
        since=period[0][0],
        open=OpenFigures(
            {level.value: sum(r["n"] for r in open_rows if r["level"] == level) for level in Level},
            sum(r["late"] for r in open_rows),
            sum(r["today"] for r in open_rows),
        ),
        areas=areas,
        elsewhere=elsewhere,
        trend=trend(period),
        waiting=_waiting(open_rows, period[-1][2]),
        quality=_quality(closed, now),
        categories=_categories(now, period[0][1]),
        places=_places(now, period[0][1]),
        minimum=_minimum(now),
    )


def _minimum(now: datetime) -> int:
    return int(number("cases.public.minimum_cell", 5, now))


def _open_rows(now: datetime, midnight: datetime) -> list[dict[str, Any]]:
    """Count what is open by area and level: one statement over the partial index of open cases."""
    rows: Any = Case.objects.filter(is_open=True).order_by().annotate(where=_WHERE).values("where", "level")
    return list(
        rows.annotate(
            n=Count("pk"),
            late=Count("pk", filter=Q(due_at__lt=now)),
            today=Count("pk", filter=Q(due_at__gte=now, due_at__lt=midnight)),
            ordered=Count("pk", filter=CONSTANT["orders"]),
            returned=Count("pk", filter=LEADERS["returned"]),
        )
    )


def _closed_rows(since: datetime) -> list[dict[str, Any]]:
    """Count the closings since then by area: one statement over the index of closings."""
    closed = Case.objects.filter(measures.CLOSED & measures.PROBLEM, closed_at__gte=since)
    rows: Any = closed.order_by().annotate(where=_WHERE).values("where")
    rated = {f"rated_{code}": Count("pk", filter=Q(rating=code)) for code in RATINGS}
    return list(
        rows.annotate(
            n=Count("pk"),
            on_time=Count("pk", filter=measures.ON_TIME),
            rework=Count("pk", filter=measures.REWORKED),
            unsolved=Count("pk", filter=measures.UNSOLVED),
            **rated,
        )
    )


def _areas(
    now: datetime, open_rows: Sequence[Mapping[str, Any]], closed: Sequence[Mapping[str, Any]]
) -> tuple[list[AreaFigures], int]:
    """Return the neighbourhoods in the order of the tree, and how many open cases lie in none of them."""
    found = list(places.areas(on=now.astimezone(zone()).date(), kind="neighbourhood"))
    paths = [a.path for a in found]
    least = int(number("cases.rating.min_count", 5, now))
    opened, late, done, on_time = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    for row in open_rows:
        where = below(row["where"], paths) or ""
        opened[where] += row["n"]
        late[where] += row["late"]
    for row in closed:
        where = below(row["where"], paths) or ""
        done[where] += row["n"]
        on_time[where] += row["on_time"]
    return [
        AreaFigures(
            a.pk,
            a.name,
            a.path,
            opened[a.path],
            late[a.path],
            Share(on_time[a.path], done[a.path]) if done[a.path] >= least else None,
        )
        for a in found
    ], opened[""]


def trend(period: Sequence[tuple[date, datetime, datetime]]) -> list[DayTrend]:
    """Return what came in and was closed on each of the days: one statement, two index ranges for each day."""
    adapt = connection.ops.adapt_datetimefield_value
    parts, params = [], []
    for n, (_day, begins, ends) in enumerate(period):
        parts.append(
            f"SELECT {n}, (SELECT COUNT(*) FROM cases_case WHERE reported_at >= %s AND reported_at < %s),"  # noqa: S608
            " (SELECT COUNT(*) FROM cases_case WHERE closed_at >= %s AND closed_at < %s AND state <> %s)"
        )
        params += [adapt(begins), adapt(ends), adapt(begins), adapt(ends), State.VOID.value]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), params)
        found = {row[0]: row[1:] for row in cursor.fetchall()}
    return [DayTrend(day, *map(int, found[n])) for n, (day, _begins, _ends) in enumerate(period)]


def _waiting(open_rows: Sequence[Mapping[str, Any]], midnight: datetime) -> Waiting:
    shelving = Request.objects.filter(decision=Decision.PENDING, kind=RequestKind.SHELVING)
    meetings = Consultation.objects.filter(decided_at__isnull=True, held_at__lt=midnight)
    return Waiting(
        difficult=sum(r["n"] for r in open_rows if r["level"] == Level.DIFFICULT),
        orders=sum(r["ordered"] for r in open_rows),
        shelving=shelving.count(),
        returned=sum(r["returned"] for r in open_rows),
        consultations=meetings.count(),
    )


def _quality(closed: Sequence[Mapping[str, Any]], now: datetime) -> Quality:
    weights = number("cases.rating.weights", {"satisfied": 1, "mostly": 0.8, "fair": 0.6, "unsatisfied": 0}, now)
    total = sum(r["n"] for r in closed)
    return Quality(
        Share(sum(r["on_time"] for r in closed), total),
        satisfaction({code: sum(r[f"rated_{code}"] for r in closed) for code in RATINGS}, weights),
        Share(sum(r["rework"] for r in closed), total),
        Share(sum(r["unsolved"] for r in closed), total),
    )


def _in_public(since: datetime) -> Any:
    """Return the reports since then that may be counted by kind and place: nothing inside homes, nothing guarded."""
    return Case.objects.filter(
        measures.COUNTED & measures.PROBLEM,
        reported_at__gte=since,
        guarded=False,
        confidential=False,
        subject_unit__isnull=True,
        category_version__in=catalogue.public_versions(),
    )


def _categories(now: datetime, since: datetime) -> list[Busy]:
    known = {node.id: node for node in catalogue.categories()}
    rows = _in_public(since).order_by().annotate(kind_id=F("category_id") + 0).values("kind_id").annotate(n=Count("pk"))
    counts = {row["kind_id"]: row["n"] for row in rows if row["kind_id"] in known}
    return [Busy(known[pk].spec.code, known[pk].spec.name, count) for pk, count in cells(counts, _minimum(now), SHOWN)]


_CROSSING = re.compile(r"^([\u3400-\u9fff]{1,8}[路街道])[近与和]([\u3400-\u9fff]{1,8}?[路街道])")


@lru_cache(maxsize=8192)  # the same addresses are asked for every few seconds
def place_name(address: str) -> str:
    """Return the estate, lane or crossing of an address, empty where it names none: no door, building or room."""
    if crossing := _CROSSING.match(address):
        return f"{crossing[1]}近{crossing[2]}"
    parts = parse_address(address)
    if parts.estate:
        return parts.estate
    return f"{parts.road}{parts.lane}弄" if parts.road and parts.lane else ""


def _places(now: datetime, since: datetime) -> list[Busy]:
    rows = _in_public(since).exclude(address="").order_by().values("address").annotate(n=Count("pk"))
    counts = Counter[str]()
    for address, count in rows.order_by("-n", "address").values_list("address", "n")[:_ADDRESSES]:
        counts[place_name(address)] += count
    counts.pop("", None)
    return [Busy(name, name, count) for name, count in cells(counts, _minimum(now), SHOWN)]


def wall_bands(now: datetime) -> tuple[float, float]:
    """Return from which rate of closings in time an area is shaded good, and from which fair, in percent."""
    bands = number("cases.wall.on_time_bands", {"good": 95, "fair": 85}, now)
    return float(bands["good"]), float(bands["fair"])


def wall_freshness(now: datetime) -> tuple[timedelta, timedelta]:
    """Return after how long the wall asks again, and after how long its figures are too old to be believed."""
    poll = int(number("cases.wall.poll_seconds", 20, now))
    stale = int(number("cases.wall.stale_seconds", 120, now))
    return timedelta(seconds=max(5, poll)), timedelta(seconds=max(stale, 2 * poll))
