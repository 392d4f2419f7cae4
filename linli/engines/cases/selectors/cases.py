"""Reading many cases: lists by keyset, counts, what changed, the map, the figures of the day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q, QuerySet

from linli.engines.cases import search
from linli.engines.cases.models import (
    Case,
)
from linli.engines.cases.permissions import visible
from linli.engines.cases.selectors import catalogue
from linli.engines.cases.selectors.boxes import TABS, box_condition, box_q, kept
from linli.engines.cases.selectors.companies import having
from linli.engines.cases.selectors.counting import (
    ALWAYS,
    OPEN,
    any_of,
    before,
    count_each,
    since,
    written,
)
from linli.engines.cases.workflow import State
from linli.foundation.core.actors import Actor
from linli.foundation.core.paging import Page, keyset

PAGE = 50
MAP_LIMIT = 2_000
BULK_LIMIT = 200


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list is narrowed to; empty fields narrow nothing.

    Attributes:
        box: an inbox: ``mine`` (handler is the viewer), ``unit``, ``new``, ``dispatch``, ``verify``, ``check``,
            ``reply``, ``returns``, ``requests``, ``orders``, ``review``, ``consult``, ``unrouted`` (no rule
            fitted), ``contact`` (first contact missing), ``guidance``, ``helping``, ``sign`` and ``hand``
            (the viewer's units), ``overdue``; for those on foot ``today`` (all that waits); for leaders
            ``shelving`` (挂账 asked for), ``returned`` (twice or more), ``reworked``, ``unsolved``.
        states: state codes; ``open`` true/false narrows to open or ended ones.
        overdue: due before now. due_by: due before that moment. due_from: due then or later.
        late: was ever past a limit, finished ones included (with ``open=False``: closed late).
        figure: what a bike company's line counts (:class:`~linli.engines.cases.rules.removals.Figure`).
        text: words to search. order: ``due`` (soonest first, open ones) or ``new`` (newest first).
    """

    box: str = ""
    states: tuple[str, ...] = ()
    open: bool | None = None
    overdue: bool = False
    late: bool = False
    due_by: datetime | None = None
    due_from: datetime | None = None
    categories: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    area_path: str = ""
    unit_id: int | None = None
    handler_id: int | None = None
    urgent: bool = False
    relapse: bool = False
    figure: str = ""
    since: date | None = None
    until: date | None = None
    closed_since: date | None = None
    text: str = ""
    order: str = "due"


def narrow(rows: QuerySet[Case], actor: Actor, f: Filters, now: datetime) -> QuerySet[Case]:
    """Return those of ``rows`` that ``f`` leaves."""
    if f.box:
        rows = rows.filter(box_q(actor, f.box, now))
    finished = f.box == "review" or f.states or f.late or f.figure
    is_open = True if f.order == "due" and f.open is None and not finished else f.open
    simple: dict[str, Any] = {
        "is_open": is_open,
        "state__in": f.states or None,
        "category__code__in": f.categories or None,
        "level__in": f.levels or None,
        "source__in": f.sources or None,
        "area_path__startswith": f.area_path or None,
        "unit": f.unit_id,
        "handler": f.handler_id,
        "urgent": f.urgent or None,
        "due_at__lt": now if f.overdue else f.due_by,
        "due_at__gte": f.due_from,
        "reported_at__gte": _midnight(f.since) if f.since else None,
        "reported_at__lt": _midnight(f.until + timedelta(days=1)) if f.until else None,
        "closed_at__gte": _midnight(f.closed_since) if f.closed_since else None,
    }
    rows = rows.filter(**{k: v for k, v in simple.items() if v is not None})
    if f.late:
        rows = rows.filter(Q(was_overdue=True) | Q(is_open=True, due_at__lt=now))
    if f.relapse:
        rows = rows.filter(relapse_of__isnull=False)
    if f.figure:
        rows = rows.filter(pk__in=having(rows, f.figure, now))
    if f.text.strip():
        rows = search.filter_text(rows, f.text)
    return rows


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(settings.TIME_ZONE))


# Of a unit and a handler a list shows the name: what else the rows hold costs more than the case itself.
_LEFT_OUT = (
    "text_sealed",
    "answers",
    "dues",
    "category__parent",
    "category__version",
    "unit__parent",
    "unit__starts_on",
    "unit__ends_on",
    "handler__password",
    "handler__last_login",
    "handler__phone_sealed",
    "handler__phone_hash",
    "handler__totp_sealed",
)


def listed(actor: Actor) -> QuerySet[Case]:
    """Return the cases that ``actor`` may read with what a list shows of each, and no more."""
    return visible(actor).select_related("category", "unit", "handler").defer(*_LEFT_OUT)


def case_list(actor: Actor, filters: Filters, *, now: datetime, cursor: str = "", size: int = PAGE) -> Page[Case]:
    """Return one page of the cases that ``actor`` may read, narrowed by ``filters``: one statement.

    Ordered by due date, soonest first, or by report, newest first.
    """
    rows = narrow(listed(actor), actor, filters, now)
    if filters.order == "new":
        return keyset(rows, keys=[("reported_at", datetime), ("id", int)], cursor=cursor, size=size, descending=True)
    return keyset(rows, keys=[("due_at", datetime), ("id", int)], cursor=cursor, size=size)


class CaseRow(NamedTuple):
    """What a list shows of a case, read without making the case: a fifth of what fifty cases cost as objects."""

    id: int
    number: str
    title: str
    urgent: bool
    state: str
    is_open: bool
    outcome: str
    category: str
    area_label: str
    address: str
    reported_at: datetime
    due_at: datetime

    @classmethod
    def of(cls, case: Case) -> CaseRow:
        """Return ``case`` as a list shows it."""
        own = {name: getattr(case, name) for name in cls._fields if name != "category"}
        return cls(**own, category=case.category.name)


class CaseLine(NamedTuple):
    """What a file of a list has of a case: what a list shows and filters by, read without making the case."""

    id: int
    number: str
    title: str
    category: str
    level: str
    state: str
    urgent: bool
    address: str
    area_label: str
    unit: str | None
    source: str
    reporter_count: int
    reported_at: datetime
    due_at: datetime
    closed_at: datetime | None
    outcome: str
    relapse_of: int | None
    lat: float | None
    lon: float | None


_ELSEWHERE = {"category": "category__name", "unit": "unit__name"}


def _read(
    actor: Actor, filters: Filters, of: type[CaseRow | CaseLine], *, now: datetime, cursor: str, size: int
) -> Page[Any]:
    columns = [_ELSEWHERE.get(name, name) for name in of._fields]
    rows: Any = narrow(visible(actor), actor, filters, now).values_list(*columns)
    newest = filters.order == "new"
    keys = [("reported_at" if newest else "due_at", datetime), ("id", int)]
    return keyset(rows, keys=keys, cursor=cursor, size=size, descending=newest, row=of._make)


def case_lines(actor: Actor, filters: Filters, *, now: datetime, cursor: str = "", size: int = PAGE) -> Page[CaseLine]:
    """Return the page that :func:`case_list` would, as lines of a file: one statement."""
    return _read(actor, filters, CaseLine, now=now, cursor=cursor, size=size)


def case_rows(actor: Actor, filters: Filters, *, now: datetime, cursor: str = "", size: int = PAGE) -> Page[CaseRow]:
    """Return the page that :func:`case_list` would, as rows to be shown: one statement."""
    return _read(actor, filters, CaseRow, now=now, cursor=cursor, size=size)


def counts(actor: Actor, filters: Filters, *, now: datetime) -> dict[str, int]:
    """Return how many open cases each tab holds for ``actor``: all, new, doing, check, overdue; one statement."""
    rows = narrow(
        visible(actor), actor, replace(filters, states=(), overdue=False, open=True, order="new", text=""), now
    )
    wanted = {"all": ALWAYS, **{tab: kept(f"tab {tab}") for tab in TABS}, "overdue": before("due_at", now)}
    return count_each(rows, [(OPEN, wanted)])


def box_counts(actor: Actor, boxes: Sequence[str], *, now: datetime) -> dict[str, int]:
    """Return how many cases wait in each inbox, in one statement."""
    wanted = {box: box_condition(actor, box, now) for box in boxes}
    return count_each(visible(actor), [(any_of([OPEN, kept("review")]), wanted)])


def changed_since(actor: Actor, since: datetime, *, limit: int = 100) -> list[tuple[int, str]]:
    """Return (id, number) of the visible cases that changed after ``since``: one indexed statement."""
    return list(
        visible(actor).filter(changed_at__gt=since).order_by("changed_at", "id").values_list("pk", "number")[:limit]
    )


@dataclass(frozen=True, slots=True)
class Pin:
    """One case on the map."""

    number: str
    title: str
    lat: float
    lon: float
    state: str
    icon: str
    overdue: bool
    urgent: bool


def map_pins(actor: Actor, filters: Filters, *, now: datetime) -> list[Pin]:
    """Return the cases with a place, at most :data:`MAP_LIMIT`, soonest due first: one statement."""
    rows = narrow(visible(actor), actor, filters, now).filter(lat__isnull=False).order_by("due_at", "id")
    columns: Any = rows.values_list("number", "title", "lat", "lon", "state", "category_id", "due_at", "urgent")[
        :MAP_LIMIT
    ]
    icons = catalogue.icons()
    return [Pin(n, t, lat, lon, s, icons.get(c, "alert"), due < now, u) for n, t, lat, lon, s, c, due, u in columns]


@dataclass(frozen=True, slots=True)
class DayFigures:
    """The head of the workbench: today's reports, in hand, overdue, the month's on-time rate (None: nothing due)."""

    today: int
    yesterday: int
    doing: int
    overdue: int
    closed: int
    on_time: int

    @property
    def rate(self) -> float | None:
        """On-time closings over closings of the month, in percent."""
        return 100 * self.on_time / self.closed if self.closed else None


def day_figures(actor: Actor, *, now: datetime, midnight: datetime, month: datetime) -> DayFigures:
    """Return the figures of the day for what ``actor`` may read: one statement."""
    yesterday, today = midnight - timedelta(days=1), since("reported_at", midnight)
    ended = written(~Q(state=State.VOID))
    on_time = written(Q(was_overdue=False)) & ended
    found = count_each(
        visible(actor),
        [
            (since("reported_at", yesterday), {"today": today, "yesterday": before("reported_at", midnight)}),
            (OPEN, {"doing": ALWAYS, "overdue": before("due_at", now)}),
            (since("closed_at", month), {"closed": ended, "on_time": on_time}),
        ],
    )
    return DayFigures(**found)


def ids_of_category(code: str) -> QuerySet[Any, Any]:
    """Return the ids of the cases of a category, as a part of another statement."""
    return Case.objects.filter(category__code=code).values("pk")


def by_external_number(number: str) -> Case | None:
    """Return the case of a hotline order, None if it is not here."""
    return Case.objects.filter(external_number=number).first()


def by_ids(actor: Actor, ids: Sequence[int]) -> list[Case]:
    """Return those of ``ids`` (at most :data:`BULK_LIMIT`) that ``actor`` may read, for acts on many at once."""
    return list(
        visible(actor)
        .filter(pk__in=list(ids)[:BULK_LIMIT])
        .select_related("category", "category_version", "unit", "area")
    )
