"""Cases: lists with the desk's filters, one with its history, and taking problems in, singly and in bulk."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Path, Query, Router, Schema
from pydantic import Field, ValidationError

from linli.engines.cases import permissions, selectors, services
from linli.engines.cases.rules.removals import Figure as RemovalFigure
from linli.engines.cases.selectors import Filters
from linli.engines.cases.types import Contact, FileRef, Report, Source
from linli.engines.cases.workflow import Level, State
from linli.foundation.accounts.types import TokenScope
from linli.foundation.core.actors import Actor
from linli.foundation.core.coordinates import to_wgs84
from linli.foundation.core.errors import DomainError, InvalidError
from linli.foundation.core.faults import one
from linli.foundation.places import selectors as places
from linli.foundation.places.types import Audience
from linli.interfaces.api import showing
from linli.interfaces.api.door import Token, by_of, check_staff, etag, now_of
from linli.interfaces.api.faults import wrong_fields
from linli.interfaces.api.shapes import (
    INTAKE_REFUSALS,
    REFUSALS,
    CaseDetail,
    CaseOut,
    CasePage,
    Cursor,
    Day,
    EventPage,
    FileIn,
    Id,
    LineOut,
    ReceiptOut,
    ReportIn,
    Size,
    Sparse,
    Text,
    answer,
    only,
)

router = Router(tags=["cases"])
MOST_LINES = 1_000
LONGEST_BULK = 8 * 1024 * 1024
Number = Annotated[Text, Field(max_length=40)]
# A source that says that a person stood or called somewhere is not for a program to claim.
SOURCES = frozenset(Source) - {Source.RESIDENT, Source.GUIDANCE}


Tab = Literal["", "new", "doing", "check", "closed", "overdue"]


class CaseQuery(Schema):
    """What a list is narrowed to, as on the desk."""

    q: Annotated[Text, Field(max_length=60)] = ""
    box: Annotated[Text, Field(max_length=20, description="An inbox of the desk: mine, unit, new, dispatch…")] = ""
    state: list[State] = []
    open: bool | None = None
    category: Annotated[Text, Field(max_length=48)] = ""
    level: Level | None = None
    source: Source | None = None
    area: Id | None = None
    unit: Id | None = None
    due: Literal["", "overdue", "today", "rest"] = ""
    urgent: bool = False
    relapse: bool = False
    late: Annotated[bool, Field(description="Was ever past a limit, finished ones included.")] = False
    figure: Annotated[RemovalFigure | None, Field(description="What a bike company's line counts.")] = None
    tab: Annotated[Tab, Field(description="A tab of the desk's list; `state` goes before it.")] = ""
    since: Day | None = None
    until: Day | None = None
    closed_since: Day | None = None
    order: Literal["", "due", "new"] = ""


def _midnight_after(now: datetime) -> datetime:
    zone = ZoneInfo(settings.TIME_ZONE)
    return datetime.combine(now.astimezone(zone).date() + timedelta(days=1), time.min, zone)


def _categories(code: str) -> tuple[str, ...]:
    found = selectors.category(code) if code else None
    if found is not None and not found.leaf:
        return tuple(n.spec.code for n in selectors.categories() if n.parent == code) or (code,)
    return (code,) if code else ()


def _path(area: int | None) -> str:
    if area is None:
        return ""
    found = places.areas_by_ids({area}).get(area)
    if found is None:
        raise one("api", "area", _("没有这个区域。"))
    return found.path


def _tab(tab: str) -> dict[str, Any]:
    if tab in selectors.TABS:
        return {"states": tuple(s.value for s in selectors.TABS[tab])}
    if tab == "overdue":
        return {"overdue": True, "open": True}
    return {"open": False} if tab == "closed" else {}


def filters_of(query: CaseQuery, now: datetime) -> Filters:
    """Return what a list is narrowed to."""
    newest = query.since or query.q or query.closed_since or query.tab == "closed"
    dues: dict[str, dict[str, Any]] = {
        "": {},
        "overdue": {"overdue": True, "open": True},
        "today": {"due_by": _midnight_after(now), "open": True},
        "rest": {"due_from": now, "due_by": _midnight_after(now), "open": True},
    }
    fields: dict[str, Any] = {
        "box": query.box,
        "states": tuple(s.value for s in query.state),
        "open": False if query.closed_since else query.open,
        "categories": _categories(query.category),
        "levels": (query.level.value,) if query.level else (),
        "sources": (query.source.value,) if query.source else (),
        "area_path": _path(query.area),
        "unit_id": query.unit,
        "urgent": query.urgent,
        "relapse": query.relapse,
        "late": query.late,
        "figure": query.figure.value if query.figure else "",
        "since": query.since,
        "until": query.until,
        "closed_since": query.closed_since,
        "text": query.q,
        "order": query.order or ("new" if newest else "due"),
    }
    tab = _tab(query.tab)
    if query.state:
        tab.pop("states", None)
    return Filters(**{**fields, **tab, **dues[query.due]})


@router.get("/cases", auth=Token(TokenScope.CASES_READ), response={200: CasePage, **REFUSALS}, operation_id="listCases")
def list_cases(
    request: HttpRequest, query: Query[CaseQuery], cursor: Cursor = "", size: Size = 50, fields: Sparse = ""
) -> HttpResponse:
    """List the cases that the caller may read, narrowed as on the desk. Ordered by due date, or newest first."""
    by, now = by_of(request), now_of(request)
    check_staff(by)
    page = selectors.case_rows(by, filters_of(query, now), now=now, cursor=cursor, size=size)
    rows = only([showing.row(c, now) for c in page.rows], fields, CaseOut, always="number")
    return answer({"results": rows, "next": page.next})


def shown(by: Actor, number: str, now: datetime, *, status: int = 200) -> HttpResponse:
    """Return one case as it is now."""
    case = permissions.get_case_for(by, number)
    found = showing.detail(by, selectors.case_detail(by, case), now)
    return answer(found, status=status, etag=etag(case.version))


@router.get(
    "/cases/{number}",
    auth=Token(TokenScope.CASES_READ),
    response={200: CaseDetail, 304: None, **REFUSALS},
    operation_id="getCase",
)
def get_case(request: HttpRequest, number: Path[Number]) -> HttpResponse:
    """Return a case with its history, files and the acts that its state allows. `ETag` is its version."""
    by, now = by_of(request), now_of(request)
    check_staff(by)
    case = permissions.get_case_for(by, number)
    if etag(case.version) in {t.strip() for t in request.headers.get("If-None-Match", "").split(",")}:
        answered = HttpResponse(status=304)
        answered["ETag"] = etag(case.version)
        return answered
    return answer(showing.detail(by, selectors.case_detail(by, case), now), etag=etag(case.version))


@router.get(
    "/cases/{number}/events",
    auth=Token(TokenScope.CASES_READ),
    response={200: EventPage, **REFUSALS},
    operation_id="listEvents",
)
def list_events(
    request: HttpRequest, number: Path[Number], below: Annotated[int, Field(ge=1, le=2**31 - 1)] = 2**31 - 1
) -> HttpResponse:
    """List the acts on a case below a number, newest first."""
    by = by_of(request)
    check_staff(by)
    found = selectors.events_before(permissions.get_case_for(by, number), below)
    lowest = found[-1].seq if found and found[-1].seq > 1 else 0
    return answer({"results": [showing.event(e) for e in found], "below": lowest})


def files_of(by: Actor, wanted: list[FileIn], now: datetime) -> list[FileRef]:
    """Return uploads as the services take them.

    Raises:
        InvalidError: one is not the caller's, is older than a day, or is attached somewhere.
    """
    own = selectors.own_uploads(by, [f.uuid for f in wanted], now=now) if wanted else {}
    if any(f.uuid not in own for f in wanted):
        raise one("api", "files", _("没有这个上传的文件，或已经用过。"))
    return [FileRef(own[f.uuid], f.purpose, f.caption) for f in {f.uuid: f for f in wanted}.values()]


def _said(sent: ReportIn, now: datetime) -> tuple[int | None, str]:
    """Return area and address of a report that gave neither point nor area, as far as its words are certain."""
    on = now.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    found = places.read_report(
        text=sent.text, address=sent.address, title=sent.title, on=on, audience=Audience.LEDGERS
    ).certain  # fmt: skip
    return (found.place.area_id, sent.address or found.place.address) if found else (None, sent.address)


def report_of(by: Actor, sent: ReportIn, now: datetime, uuid: UUID | None) -> Report:
    """Return what was sent as the engine takes it in."""
    if sent.source not in SOURCES:
        raise one("api", "source", _("接口不能登记这种来源。"))
    if sent.area is not None:
        _path(sent.area)
    point = to_wgs84(sent.point.lat, sent.point.lon, sent.point.system) if sent.point else None
    area, address = (sent.area, sent.address) if point is not None or sent.area is not None else _said(sent, now)
    return Report(
        text=sent.text, category=sent.category, title=sent.title, address=address, point=point,
        coordinate_source=sent.point.system.value if sent.point else "", area_id=area, source=sent.source,
        answers=sent.answers,
        contact=Contact(name=sent.contact.name, phone=sent.contact.phone, way=sent.contact.way),
        files=files_of(by, sent.files, now), urgent=sent.urgent, confidential=sent.confidential,
        external_number=sent.external_number or None, uuid=uuid,
    )  # fmt: skip


def _uuid(request: HttpRequest, key: str) -> UUID | None:
    """Return the identity of a report with a key: the same for the same token and key, whatever happens between."""
    token = request.caller.let_in.token  # type: ignore[attr-defined]
    return uuid5(token.uuid, key) if key else None


def _taken(request: HttpRequest, sent: ReportIn, key: str) -> dict[str, Any]:
    by, now = by_of(request), now_of(request)
    found = services.report(by=by, now=now, report=report_of(by, sent, now, _uuid(request, key)))
    return {
        "number": found.number, "uuid": found.uuid, "tracking_code": "" if found.seen_before else found.tracking_code,
        "danger": found.danger, "seen_before": found.seen_before,
    }  # fmt: skip


@router.post(
    "/cases",
    auth=Token(TokenScope.INTAKE_WRITE),
    response={201: ReceiptOut, **INTAKE_REFUSALS},
    operation_id="createCase",
)
def create_case(request: HttpRequest, body: ReportIn) -> HttpResponse:
    """Take a problem in, as the intake form does. With `Idempotency-Key` it is entered once."""
    key = request.headers.get("Idempotency-Key", "")
    check_staff(by_of(request))
    found = _taken(request, body, key)
    made = answer(found, status=201)
    made["Location"] = f"/api/v1/cases/{found['number']}"
    return made


_NDJSON = {
    "requestBody": {
        "required": True,
        "content": {"application/x-ndjson": {"schema": {"type": "string", "description": "One ReportIn per line."}}},
    },
}


@router.post(
    "/intake",
    auth=Token(TokenScope.INTAKE_WRITE),
    response={200: LineOut, **INTAKE_REFUSALS},
    openapi_extra=_NDJSON,
    operation_id="bulkIntake",
)
def bulk(request: HttpRequest) -> HttpResponse:
    """Take many problems in: a line of JSON for each, at most a thousand; answered by a line for each, in order.

    A line may hold `key`, which makes it safe to send again. A wrong line is answered with its problem and holds up
    no other.
    """
    check_staff(by_of(request))
    raw = request.body
    lines = raw.splitlines()
    if len(lines) > MOST_LINES or len(raw) > LONGEST_BULK:
        message = _("一次最多 %(most)s 行。") % {"most": MOST_LINES}
        raise InvalidError(message, code="api.bulk", hint=_("请分几次发送。"), fields={"body": [message]})
    if not any(line.strip() for line in lines):
        raise one("api", "body", _("没有内容。"))
    text = "".join(f"{json.dumps(found, ensure_ascii=False, default=str)}\n" for found in _each(request, lines))
    return HttpResponse(text, content_type="application/x-ndjson")


def _each(request: HttpRequest, lines: list[bytes]) -> Iterator[dict[str, Any]]:
    whole = request.headers.get("Idempotency-Key", "")
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            raw = json.loads(line)
            own = raw.pop("key", "") if isinstance(raw, dict) else ""
            key = str(own)[:255] or (f"{whole}:{number}" if whole else "")
            yield {"line": number, "status": 201, "receipt": _taken(request, ReportIn.model_validate(raw), key)}
        except (ValueError, RecursionError) as error:
            yield _refused(number, _unreadable(error))
        except DomainError as error:
            yield _refused(number, error)


def _unreadable(error: Exception) -> DomainError:
    """Return what is wrong with a line that is no JSON, or not of the shape."""
    fields = wrong_fields(error.errors()) if isinstance(error, ValidationError) else {}
    return InvalidError(_("这一行无法读取。"), code="api.line", fields=fields)


def _refused(number: int, error: DomainError) -> dict[str, Any]:
    return {"line": number, "status": error.status, "problem": showing.problem_of(error)}
