"""Reading cases: lists by keyset, the detail, what changed, the map, what is near."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _
from linli.engines.cases import search
from linli.engines.cases.models import (
    Case,
    CaseEvent,
    CaseFile,
    CaseHelper,
    CategoryVersion,
    Consultation,
    ConsultationCase,
    Order,
    Reporter,
    Request,
    ShiftNote,
)
from linli.engines.cases.permissions import buttons, may_read_contact, visible, working_units
from linli.engines.cases.selectors import catalogue
from linli.engines.cases.selectors.catalogue import spec_of
from linli.engines.cases.selectors.places import near, same_place
from linli.engines.cases.selectors.settings import number as rule_number
from linli.engines.cases.types import Button, Decision, FilePurpose
from linli.engines.cases.workflow import BEFORE_DISPATCH, UNIT_STAFF, VERBS, WITH_UNIT, Level, Outcome, State
from linli.foundation.core.actors import Actor
from linli.foundation.core.coordinates import Point
from linli.foundation.core.errors import NotFoundError
from linli.foundation.core.paging import Page, keyset
from linli.foundation.core.text import mask_personal
from linli.foundation.places import selectors as places

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
            (the viewer's units), ``overdue``; for those on foot ``today`` (all that waits).
        states: state codes; ``open`` true/false narrows to open or ended ones.
        overdue: due before now. due_by: due before that moment.
        late: was ever past a limit, finished ones included (with ``open=False``: closed late).
        text: words to search. order: ``due`` (soonest first, open ones) or ``new`` (newest first).
    """

    box: str = ""
    states: tuple[str, ...] = ()
    open: bool | None = None
    overdue: bool = False
    late: bool = False
    due_by: datetime | None = None
    categories: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    area_path: str = ""
    unit_id: int | None = None
    handler_id: int | None = None
    urgent: bool = False
    relapse: bool = False
    since: date | None = None
    until: date | None = None
    closed_since: date | None = None
    text: str = ""
    order: str = "due"


BOXES: dict[str, Q] = {
    "new": Q(state=State.REPORTED),
    "verify": Q(state=State.TO_VERIFY),
    "dispatch": Q(state__in=[State.TO_DISPATCH, State.FILED]),
    "unrouted": Q(state__in=[*BEFORE_DISPATCH], unrouted=True),
    "returns": Q(state=State.RETURN_PENDING),
    "check": Q(state=State.TO_CHECK),
    "reply": Q(state=State.TO_REPLY),
    "orders": Q(open_orders__gt=0),
    "review": Q(needs_review=True),
    "consult": Q(
        state__in=[s for s in WITH_UNIT if s != State.SHELVED], level__in=[Level.COMPREHENSIVE, Level.DIFFICULT]
    ),
    "guidance": Q(kind="guidance"),
}


def box_q(actor: Actor, box: str, now: datetime) -> Q:
    """Return the filter of the inbox ``box`` for ``actor``."""
    if box == "mine":
        return Q(handler=actor.user_id)
    in_unit = {
        "unit": Q(),
        "sign": Q(state=State.TO_SIGN),
        "hand": Q(state__in=[State.HANDLING, State.CONSULTING]),
    }
    if box in in_unit:
        return in_unit[box] & Q(unit__in=working_units(actor))
    if box == "overdue":
        return Q(is_open=True, due_at__lt=now)
    if box == "helping":
        return Q(
            pk__in=CaseHelper.objects.filter(unit__in=working_units(actor), result_at__isnull=True).values("case_id")
        )
    if box == "requests":
        return Q(pk__in=Request.objects.filter(decision=Decision.PENDING).values("case_id"))
    if box == "contact":
        return Q(dues__has_key="first_contact")
    if box == "today":
        return _today(actor, now)
    return BOXES.get(box, Q())


def boxes_on_foot(actor: Actor) -> list[str]:
    """Return the inboxes that somebody on foot has by their roles, in the order of the loop."""
    found = ["sign", "hand", "helping"] if actor.roles & UNIT_STAFF else []
    return found + [box for box in ("verify", "check", "reply") if actor.roles & VERBS[box].roles]


def _today(actor: Actor, now: datetime) -> Q:
    q = Q(pk__in=[])
    for box in boxes_on_foot(actor):
        q |= box_q(actor, box, now)
    return q


def narrow(rows: QuerySet[Case], actor: Actor, f: Filters, now: datetime) -> QuerySet[Case]:
    """Return those of ``rows`` that ``f`` leaves."""
    if f.box:
        rows = rows.filter(box_q(actor, f.box, now))
    finished = f.box == "review" or f.states or f.late
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
        "reported_at__gte": _midnight(f.since) if f.since else None,
        "reported_at__lt": _midnight(f.until + timedelta(days=1)) if f.until else None,
        "closed_at__gte": _midnight(f.closed_since) if f.closed_since else None,
    }
    rows = rows.filter(**{k: v for k, v in simple.items() if v is not None})
    if f.late:
        rows = rows.filter(Q(was_overdue=True) | Q(is_open=True, due_at__lt=now))
    if f.relapse:
        rows = rows.filter(relapse_of__isnull=False)
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


def _rows(actor: Actor) -> QuerySet[Case]:
    return visible(actor).select_related("category", "unit", "handler").defer(*_LEFT_OUT)


def case_list(actor: Actor, filters: Filters, *, now: datetime, cursor: str = "", size: int = PAGE) -> Page[Case]:
    """Return one page of the cases that ``actor`` may read, narrowed by ``filters``: one statement.

    Ordered by due date, soonest first, or by report, newest first.
    """
    rows = narrow(_rows(actor), actor, filters, now)
    if filters.order == "new":
        return keyset(rows, keys=[("reported_at", datetime), ("id", int)], cursor=cursor, size=size, descending=True)
    return keyset(rows, keys=[("due_at", datetime), ("id", int)], cursor=cursor, size=size)


def counts(actor: Actor, filters: Filters, *, now: datetime) -> dict[str, int]:
    """Return how many open cases each tab holds for ``actor``: all, new, doing, check, overdue; one statement."""
    rows = narrow(
        visible(actor), actor, replace(filters, states=(), overdue=False, open=True, order="new", text=""), now
    )
    found = rows.aggregate(
        all=Count("pk"),
        new=Count("pk", filter=Q(state__in=[*BEFORE_DISPATCH, State.AWAITING_INFO, State.RETURN_PENDING])),
        doing=Count("pk", filter=Q(state__in=WITH_UNIT)),
        check=Count("pk", filter=Q(state__in=[State.TO_CHECK, State.TO_REPLY])),
        overdue=Count("pk", filter=Q(due_at__lt=now)),
    )
    return {k: int(v) for k, v in found.items()}


def box_counts(actor: Actor, boxes: Sequence[str], *, now: datetime) -> dict[str, int]:
    """Return how many cases wait in each inbox, in one statement."""
    found = (
        visible(actor)
        .filter(Q(is_open=True) | Q(needs_review=True))
        .aggregate(**{box: Count("pk", filter=box_q(actor, box, now)) for box in boxes})
    )
    return {k: int(v) for k, v in found.items()}


@dataclass(frozen=True, slots=True)
class Detail:
    """Everything the page of one case shows, within fifteen statements whatever the history."""

    case: Case
    events: list[CaseEvent]
    more_events: bool
    files: list[CaseFile]
    helpers: list[CaseHelper]
    requests: list[Request]
    orders: list[Order]
    consultations: list[ConsultationCase]
    merged: list[Case]
    reporters: list[Reporter]
    buttons: list[Button]
    may_read_contact: bool
    relapses: int = 0
    parts: list[Case] = field(default_factory=list)
    related: list[Case] = field(default_factory=list)


def case_detail(actor: Actor, case: Case, *, events: int = 50) -> Detail:
    """Return what the page of ``case`` shows to ``actor``; ``case`` comes from the door."""
    newest = list(CaseEvent.objects.filter(case=case).order_by("-seq")[: events + 1])
    kin = related(actor, case)
    return Detail(
        case=case,
        events=newest[:events],
        more_events=len(newest) > events,
        files=attached_files(case),
        helpers=list(CaseHelper.objects.filter(case=case).select_related("unit").order_by("id")),
        requests=list(Request.objects.filter(case=case).order_by("-id")[:20]),
        orders=list(Order.objects.filter(case=case).order_by("-id")[:20]),
        consultations=list(
            ConsultationCase.objects.filter(case=case).select_related("consultation").order_by("-id")[:20]
        ),
        merged=[c for c in kin if c.merged_into_id == case.pk],
        related=kin,
        reporters=list(Reporter.objects.filter(Q(case=case) | Q(case__merged_into=case)).order_by("id")[:BULK_LIMIT]),
        buttons=buttons(actor, case),
        may_read_contact=may_read_contact(actor, case),
        relapses=sum(c.relapse_of_id == case.pk for c in kin),
        parts=[c for c in kin if c.split_from_id == case.pk],
    )


def related(actor: Actor, case: Case) -> list[Case]:
    """Return in one statement what hangs together with ``case``: merged into it, split from it, relapses, origins.

    Only what ``actor`` may read: a guarded case does not show through one that hangs on it.
    """
    origins = [i for i in (case.relapse_of_id, case.merged_into_id, case.split_from_id) if i is not None]
    near = Q(merged_into=case.pk) | Q(split_from=case.pk) | Q(relapse_of=case.pk) | Q(pk__in=origins)
    return list(visible(actor).filter(near).order_by("id")[:BULK_LIMIT])


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


def nearby(point: Point, *, category: str = "", now: datetime, limit: int = 5) -> list[tuple[Case, float]]:
    """Return open problems near ``point`` with their distance in metres, nearest first; public-space ones only."""
    metres = float(rule_number("cases.nearby.radius", 250, now))
    since = now - timedelta(days=int(rule_number("cases.nearby.days", 30, now)))
    rows = public_q(now).filter(near(point, metres), is_open=True, reported_at__gte=since)
    if category:
        rows = rows.filter(category__code=category)
    found = [
        (c, point.metres_to(Point(c.lat, c.lon)))
        for c in rows.select_related("category").order_by("-reported_at")[:200]
        if c.lat is not None and c.lon is not None
    ]
    return sorted(((c, d) for c, d in found if d <= metres), key=lambda pair: pair[1])[:limit]


def same_matter(case: Case, *, now: datetime, limit: int = 8, actor: Actor | None = None) -> list[Case]:
    """Return other open cases of the same place or close by, of the same category: for a dispatcher who compares.

    With ``actor``, only those that this reader may see.
    """
    same = Q(pk__in=[])
    if case.address_key:
        same |= Q(address_key=case.address_key)
    if case.lat is not None and case.lon is not None:
        same |= near(Point(case.lat, case.lon), float(rule_number("cases.nearby.radius", 250, now))) & Q(
            category=case.category_id
        )
    rows = Case.objects.all() if actor is None else visible(actor)
    return list(
        rows.filter(same, is_open=True)
        .exclude(pk=case.pk)
        .select_related("category", "unit")
        .order_by("-reported_at")[:limit]
    )


def public_q(now: datetime) -> QuerySet[Case]:
    """Return the cases that anybody may see: public-space categories, delayed, nothing confidential or about a unit."""
    delay = timedelta(hours=float(rule_number("cases.public.delay_hours", 24, now)))
    return Case.objects.filter(
        guarded=False,
        confidential=False,
        subject_unit__isnull=True,
        kind="problem",
        reported_at__lte=now - delay,
        category_version__in=CategoryVersion.objects.filter(spec__public_space=True).values("pk"),
    ).exclude(state__in=[State.VOID, State.REFUSED, State.MERGED, State.SPLIT])


def public_list(
    *,
    now: datetime,
    text: str = "",
    category: str = "",
    area_path: str = "",
    is_open: bool | None = None,
    cursor: str = "",
    size: int = 20,
) -> Page[Case]:
    """Return one page of what anybody may see, newest first; show addresses through ``public_address`` only.

    ``text`` searches reports as they were written: not for visitors, who could guess at them.
    """
    rows = public_q(now).select_related("category", "category_version").filter(area_path__startswith=area_path)
    if is_open is not None:
        rows = rows.filter(is_open=is_open)
    if category:
        rows = rows.filter(category__code=category)
    if text.strip():
        rows = search.filter_text(rows, text)
    return keyset(rows, keys=[("reported_at", datetime), ("id", int)], cursor=cursor, size=size, descending=True)


def public_counts(*, now: datetime) -> dict[str, int]:
    """Return how many cases of the last 90 days anybody may see, by area path: for the minimum cell."""
    rows = public_q(now).filter(reported_at__gte=now - timedelta(days=90)).order_by()
    return dict(rows.values("area_path").annotate(n=Count("pk")).values_list("area_path", "n"))


def public_case(number: str, *, now: datetime) -> Case:
    """Return the open case ``number``, if anybody may see it.

    Raises:
        NotFoundError: there is none, or it is not public.
    """
    found = public_q(now).select_related("category", "category_version").filter(number=number, is_open=True).first()
    if found is None:
        raise NotFoundError(
            _("没有找到这件事，它可能已经办结。"), code="cases.not_found", hint=_("请重新反映，我们会一并处理。")
        )
    return found


def own_files(reporter: Reporter, case: Case) -> list[CaseFile]:
    """Return the pictures that ``reporter`` may see: those of their own case if they alone raised it, and what staff made public."""
    seen = Q(case=case, public=True)
    if reporter.case_id == case.pk and case.reporter_count == 1:
        seen |= Q(case=case, purpose__in=[FilePurpose.REPORT, FilePurpose.VOICE])
    return list(CaseFile.objects.filter(seen).select_related("file").order_by("event_seq", "id")[:50])


def public_pins(*, now: datetime) -> list[Pin]:
    """Return public cases for the residents' map: points rounded to about a hundred metres, small areas left out."""
    digits = int(rule_number("cases.public.coordinate_digits", 3, now))
    least = int(rule_number("cases.public.minimum_cell", 5, now))
    rows = public_q(now).filter(lat__isnull=False, reported_at__gte=now - timedelta(days=90))
    busy = set(rows.values("area_id").annotate(n=Count("pk")).filter(n__gte=least).values_list("area_id", flat=True))
    columns: Any = (
        rows.filter(area_id__in=busy)
        .order_by("-reported_at")
        .values_list("number", "category__resident_name", "lat", "lon", "state", "category_id")[:MAP_LIMIT]
    )
    icons = catalogue.icons()
    return [
        Pin(n, t, round(lat or 0.0, digits), round(lon or 0.0, digits), s, icons.get(c, "alert"), False, False)
        for n, t, lat, lon, s, c in columns
    ]


@dataclass(frozen=True, slots=True)
class Recurrence:
    """How often the same matter came up at the same place within the days that count (返潮, 004-15)."""

    count: int
    days: int
    root_cause: bool


def recurrence(case: Case, *, now: datetime) -> Recurrence:
    """Return how often the same kind of problem was reported at this place lately, this one included.

    From a number that the rulebook gives on, it asks for a cure of the cause (根源治理).
    """
    days = spec_of(case.category_version).relapse_days or int(rule_number("cases.relapse.days", 30, now))
    where = same_place(case, now)
    count = 1
    if where is not None:
        rows = Case.objects.filter(where, category=case.category_id, reported_at__gt=now - timedelta(days=days))
        left_out = Q(state__in=[State.VOID, State.REFUSED, State.MERGED, State.SPLIT]) | Q(outcome=Outcome.WITHDRAWN)
        count += rows.exclude(left_out).exclude(pk=case.pk).count()
    return Recurrence(count, days, count >= int(rule_number("cases.relapse.root_cause_count", 3, now)))


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
    found = (
        visible(actor)
        .filter(Q(is_open=True) | Q(reported_at__gte=midnight - timedelta(days=1)) | Q(closed_at__gte=month))
        .aggregate(
            today=Count("pk", filter=Q(reported_at__gte=midnight)),
            yesterday=Count("pk", filter=Q(reported_at__gte=midnight - timedelta(days=1), reported_at__lt=midnight)),
            doing=Count("pk", filter=Q(is_open=True)),
            overdue=Count("pk", filter=Q(is_open=True, due_at__lt=now)),
            closed=Count("pk", filter=Q(closed_at__gte=month) & ~Q(state=State.VOID)),
            on_time=Count("pk", filter=Q(closed_at__gte=month, was_overdue=False) & ~Q(state=State.VOID)),
        )
    )
    return DayFigures(**found)


def callers_earlier(reporter: Reporter, case: Case, *, limit: int = 10, actor: Actor | None = None) -> list[Case]:
    """Return the same caller's earlier cases of the same place and matter only (domain.md §13).

    With ``actor``, only those that this reader may see.
    """
    where = same_place(case, case.changed_at)
    if not reporter.phone_hash or where is None:
        return []
    same = Case.objects.filter(where, category=case.category_id, reporters__phone_hash=reporter.phone_hash)
    rows = Case.objects.all() if actor is None else visible(actor)
    return list(rows.filter(pk__in=same.values("pk")).exclude(pk=case.pk).order_by("-reported_at")[:limit])


def own_reports(actor: Actor, *, cursor: str = "", size: int = 20) -> Page[Case]:
    """Return the cases that the logged-in ``actor`` reported, newest first."""
    rows = Case.objects.filter(
        Q(reported_by=actor.user_id) | Q(pk__in=Reporter.objects.filter(user=actor.user_id).values("case_id"))
    )
    return keyset(
        rows.select_related("category"),
        keys=[("reported_at", datetime), ("id", int)],
        cursor=cursor,
        size=size,
        descending=True,
    )


def public_events(case: Case) -> list[CaseEvent]:
    """Return what a reporter sees of the history, newest first."""
    return list(CaseEvent.objects.filter(case=case, public=True).order_by("-seq")[:100])


def consultations(actor: Actor, *, undecided: bool = True, limit: int = 50) -> list[Consultation]:
    """Return the consultations that concern ``actor``, soonest first."""
    rows = Consultation.objects.filter(decided_at__isnull=undecided)
    if not actor.has_role("dispatcher", "shift_leader", "street_leader", "supervisor"):
        mine = Q(parties__unit__in=working_units(actor))
        for grant in actor.grants:
            if grant.role == "grid_head":
                mine |= Q(area_path__startswith=grant.area_path)
        rows = rows.filter(mine).distinct()
    return list(rows.order_by("held_at" if undecided else "-held_at")[:limit])


def consultation_for(actor: Actor, uuid: Any) -> Consultation:
    """Return the consultation with that uuid, if it concerns ``actor``.

    Raises:
        NotFoundError: there is none for this reader.
    """
    found = (
        Consultation.objects.filter(uuid=uuid)
        .prefetch_related("items__case__category", "items__case__unit", "parties__unit")
        .first()
    )
    if found is None or (
        not actor.has_role("dispatcher", "shift_leader", "street_leader", "supervisor")
        and not actor.holds({"grid_head"}, area_path=found.area_path)
        and not {p.unit_id for p in found.parties.all()} & working_units(actor)
    ):
        raise NotFoundError(_("没有找到这次会商。"), code="cases.consultation")
    return found


def consultable(actor: Actor, *, limit: int = 100) -> list[Case]:
    """Return the comprehensive and difficult cases that wait for a consultation in reach of ``actor``."""
    rows = _rows(actor).filter(BOXES["consult"]).exclude(state=State.CONSULTING)
    return list(rows.order_by("due_at", "id")[:limit])


def order_for(actor: Actor, order_id: int) -> Order:
    """Return the order (督办) with that id, if its case is for ``actor``.

    Raises:
        NotFoundError: there is none for this reader.
    """
    found = (
        Order.objects.select_related("case__category", "case__category_version", "case__unit")
        .filter(pk=order_id)
        .first()
    )
    if found is None or not visible(actor).filter(pk=found.case_id).exists():
        raise NotFoundError(_("没有找到这份督办。"), code="cases.order")
    return found


def shift_notes(*, limit: int = 20) -> list[ShiftNote]:
    """Return the newest hand-over notes."""
    return list(ShiftNote.objects.order_by("-at")[:limit])


def shift_note(note_id: int) -> ShiftNote:
    """Return one hand-over note.

    Raises:
        NotFoundError: there is none.
    """
    found = ShiftNote.objects.filter(pk=note_id).first()
    if found is None:
        raise NotFoundError(_("没有找到这份交接记录。"), code="cases.shift")
    return found


def by_external_number(number: str) -> Case | None:
    """Return the case of a hotline order, None if it is not here."""
    return Case.objects.filter(external_number=number).first()


def attached(case: Case, uuid: UUID) -> CaseFile:
    """Return the file with that uuid attached to ``case``, which comes from the door.

    Raises:
        NotFoundError: there is none.
    """
    found = CaseFile.objects.filter(case=case, file__uuid=uuid).select_related("file").first()
    if found is None:
        raise NotFoundError(_("没有找到这个文件。"), code="cases.file")
    return found


def attached_files(case: Case) -> list[CaseFile]:
    """Return the files of ``case``, which comes from the door, in the order they came."""
    return list(CaseFile.objects.filter(case=case).select_related("file").order_by("event_seq", "id"))


def done_already(actor: Actor, case: Case, verb: str, *, since: int, text: str = "") -> bool:
    """Return whether ``actor`` did ``verb`` with the same words after the version ``since``: a send whose answer was lost."""
    later = CaseEvent.objects.filter(case=case, seq__gt=since, verb=verb, by_uuid=actor.uuid)
    words = mask_personal(text)
    return later.filter(Q(text=words) | Q(reason=words)).exists() if actor.uuid is not None else False


def open_by_layer(on: date, *, limit: int = 20_000) -> dict[int, dict[str, int]]:
    """Return for each area of the free layers (街区) how many open cases lie in it, by the path of the area of the tree.

    One statement; the points are placed in process, since a 街区 crosses grids and no row keeps it.
    """
    found: dict[int, dict[str, int]] = {}
    points = Case.objects.filter(is_open=True, lat__isnull=False, lon__isnull=False).order_by("due_at", "id")
    for lat, lon in points.values_list("lat", "lon")[:limit]:
        where = places.locate(Point(lat or 0.0, lon or 0.0), on)
        for layer in where.layers:
            by_path = found.setdefault(layer.id, {})
            by_path[where.area_path] = by_path.get(where.area_path, 0) + 1
    return found


def by_ids(actor: Actor, ids: Sequence[int]) -> list[Case]:
    """Return those of ``ids`` (at most :data:`BULK_LIMIT`) that ``actor`` may read, for acts on many at once."""
    return list(
        visible(actor)
        .filter(pk__in=list(ids)[:BULK_LIMIT])
        .select_related("category", "category_version", "unit", "area")
    )
