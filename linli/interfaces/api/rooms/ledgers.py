"""Ledgers of what is visited: each field with its value, its source and its time; out, and in again from elsewhere."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal
from uuid import UUID, uuid5

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Path, Router, Schema
from pydantic import AwareDatetime, Field

from linli.engines.fieldwork import selectors, services
from linli.engines.fieldwork.permissions import check_keep, readable
from linli.engines.fieldwork.types import TargetData, TargetFilter
from linli.foundation.accounts.types import TokenScope
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import DomainError, NotFoundError
from linli.foundation.core.faults import one
from linli.foundation.places import selectors as places
from linli.interfaces.api.door import Token, by_of, check_staff, now_of, tagged
from linli.interfaces.api.shapes import (
    INTAKE_REFUSALS,
    REFUSALS,
    Cursor,
    Id,
    In,
    Problem,
    Size,
    Text,
    answer,
)
from linli.interfaces.api.showing import problem_of

if TYPE_CHECKING:
    from linli.engines.fieldwork.models import Kind, Target
    from linli.engines.fieldwork.selectors import Known

router = Router(tags=["ledgers"])
_READ, _WRITE = Token(TokenScope.LEDGERS_READ), Token(TokenScope.LEDGERS_WRITE)
Code = Annotated[Text, Field(max_length=32)]
FieldCode = Annotated[Text, Field(max_length=64)]
SOURCE = "api"
MOST_ROWS = 200
_COLUMNS = ("number", "name", "address")


class LedgerField(Schema):
    """A field of a ledger's targets."""

    code: str
    label: str
    type: str


class LedgerOut(Schema):
    """A ledger, and what is known of its targets."""

    code: str
    name: str
    fields: list[LedgerField]


class LedgerList(Schema):
    """The ledgers that are not guarded."""

    results: list[LedgerOut]


class FactOut(Schema):
    """What a field says, since when, whence, and by whom."""

    value: Any
    at: datetime | None = Field(description="When it was seen; null where it is older than the history.")
    source: str = Field(description="hand, submission, import, api, case, merge …")
    by: str


class TargetOut(Schema):
    """A target; under `fields` name, number, address and what its ledger asks, each with source and time."""

    uuid: UUID
    ledger: str
    version: int
    area: str = Field(description="Code of the area.")
    point: dict[str, float] | None
    tags: list[str]
    changed_at: datetime
    visited_at: datetime | None
    fields: dict[str, FactOut]


class TargetPage(Schema):
    """A page of targets, by address."""

    results: list[TargetOut]
    next: str


class FactIn(In):
    """What a field says, and when that was seen; without a time: now. The newest time of a field holds."""

    value: Any = None
    at: AwareDatetime | None = None


class TargetIn(In):
    """A target as another system has it: known by its uuid, else by its number in this ledger, else it is new."""

    uuid: UUID | None = None
    area: Annotated[Text, Field(max_length=40, description="Code of the area; only of a new one.")] = ""
    fields: Annotated[dict[FieldCode, FactIn], Field(min_length=1, max_length=200)]


class TargetsIn(In):
    """Targets to bring in."""

    rows: Annotated[list[TargetIn], Field(min_length=1, max_length=MOST_ROWS)]


class TargetLine(Schema):
    """What became of one row: which fields were taken, were older than what is known, are not of this ledger."""

    row: int
    status: int
    outcome: Literal["created", "changed", "unchanged", "refused"]
    uuid: UUID | None = None
    taken: list[str] = []
    older: list[str] = []
    unknown: list[str] = []
    problem: Problem | None = None


class TargetLines(Schema):
    """What became of each row, in their order."""

    results: list[TargetLine]


def _ledger(code: str) -> Kind:
    found = next((k for k in selectors.kinds() if k.code == code and not k.guarded), None)
    if found is None:
        raise NotFoundError(_("没有这个台账。"), code="api.ledger")
    return found


def _open(kind: Kind) -> dict[str, Any]:
    """Return the questions whose answers may leave: nothing personal."""
    return {q.code: q for q in selectors.questions_of(kind).questions if not q.personal}


@router.get("/ledgers", auth=_READ, response={200: LedgerList, 304: None, **REFUSALS}, operation_id="listLedgers")
def list_ledgers(request: HttpRequest) -> HttpResponse:
    """List the ledgers with their fields; the guarded ones (households) are not for programs."""
    check_staff(by_of(request))
    rows = [
        {
            "code": kind.code, "name": kind.name,
            "fields": [
                {"code": q.code, "label": q.label.get("zh-hans", q.code), "type": q.type.value}
                for q in _open(kind).values()
            ],
        }
        for kind in selectors.kinds() if not kind.guarded
    ]  # fmt: skip
    return tagged(request, {"results": rows})


def _target(row: Target, kind: Kind, codes: Collection[str], known: dict[str, Known]) -> dict[str, Any]:
    said = {name: getattr(row, name) for name in _COLUMNS} | {c: row.facts.get(c) for c in codes}
    fields = {}
    for name, value in said.items():
        fact = known.get(name)
        if fact is None and value in (None, ""):
            continue
        fields[name] = {
            "value": value, "at": fact.at if fact else None, "source": fact.source_kind if fact else "",
            "by": fact.by_label if fact else "",
        }  # fmt: skip
    return {
        "uuid": row.uuid, "ledger": kind.code, "version": row.version, "area": row.area.code if row.area else "",
        "point": {"lat": row.lat, "lon": row.lon} if row.lat is not None and row.lon is not None else None,
        "tags": row.tags, "changed_at": row.changed_at, "visited_at": row.visited_at, "fields": fields,
    }  # fmt: skip


@router.get("/ledgers/{code}/targets", auth=_READ, response={200: TargetPage, **REFUSALS}, operation_id="listTargets")
def list_targets(
    request: HttpRequest, code: Path[Code], q: Annotated[Text, Field(max_length=60)] = "", area: Id | None = None,
    tag: Annotated[Text, Field(max_length=40)] = "", unit: Id | None = None, ended: bool = False, cursor: Cursor = "",
    size: Size = 50,
) -> HttpResponse:  # fmt: skip
    """List the targets of a ledger that the caller may read, each field with its source and its time."""
    by = by_of(request)
    check_staff(by)
    kind = _ledger(code)
    path = ""
    if area is not None:
        found = places.areas_by_ids({area}).get(area)
        if found is None:
            raise one("api", "area", _("没有这个区域。"))
        path = found.path
    filters = TargetFilter(kinds=(code,), area_path=path, tag=tag, text=q, unit_id=unit, ended=ended)
    page = selectors.page(by, filters, cursor=cursor, size=size)
    codes, known = _open(kind), selectors.newest_facts([t.pk for t in page.rows])
    return answer({"results": [_target(t, kind, codes, known[t.pk]) for t in page.rows], "next": page.next})


@router.get(
    "/ledgers/{code}/targets/{uuid}", auth=_READ, response={200: TargetOut, 304: None, **REFUSALS},
    operation_id="getTarget",
)  # fmt: skip
def get_target(request: HttpRequest, code: Path[Code], uuid: Path[UUID]) -> HttpResponse:
    """Return one target, each field with its source and its time."""
    check_staff(by_of(request))
    kind = _ledger(code)
    row = selectors.target_for(by_of(request), uuid)
    if row.kind_id != kind.pk:
        raise NotFoundError(_("没有这个对象。"), code="fieldwork.no_target")
    return tagged(request, _target(row, kind, _open(kind), selectors.newest_facts([row.pk])[row.pk]))


@router.post(
    "/ledgers/{code}/targets", auth=_WRITE, response={200: TargetLines, **INTAKE_REFUSALS}, operation_id="putTargets"
)
def put_targets(request: HttpRequest, code: Path[Code], body: TargetsIn) -> HttpResponse:
    """Bring targets in from another system, or back: of each field the newest time holds, and all of it is kept.

    Sent again nothing happens twice. A wrong row holds up no other.
    """
    by, now = by_of(request), now_of(request)
    check_staff(by)
    kind, results = _ledger(code), []
    for number, row in enumerate(body.rows, 1):
        try:
            results.append({"row": number, "status": 200, **_put(by, now, kind, row)})
        except DomainError as error:
            problem = problem_of(error)
            results.append({"row": number, "status": error.status, "outcome": "refused", "problem": problem})
    return answer({"results": results})


def _there(by: Actor, kind: Kind, row: TargetIn) -> Target | None:
    """Return the target that a row means; one of another ledger, or that this program may not read, is none."""
    rows = readable(by, guarded=False).filter(kind=kind.pk, until=None)
    number = str(row.fields["number"].value or "") if "number" in row.fields else ""
    if row.uuid is not None and (found := rows.filter(uuid=row.uuid).first()) is not None:
        return found
    return rows.filter(number=number).first() if number else None


def _put(by: Actor, now: datetime, kind: Kind, row: TargetIn) -> dict[str, Any]:
    known = {*_COLUMNS, *_open(kind)}
    unknown = sorted(set(row.fields) - known)
    told = {name: fact for name, fact in row.fields.items() if name in known}
    there = _there(by, kind, row)
    if there is None:
        return {**_new(by, now, kind, row, told), "unknown": unknown}
    check_keep(by, there)
    return {"uuid": there.uuid, **_learnt(by, now, there, told), "unknown": unknown}


def _new(by: Actor, now: datetime, kind: Kind, row: TargetIn, told: dict[str, FactIn]) -> dict[str, Any]:
    area = next((a for a in places.areas(on=now.date()) if row.area and a.code == row.area), None)
    if row.area and area is None:
        raise one("api", "area", _("没有这个区域。"))
    texts: dict[str, Any] = {name: str(told[name].value or "") for name in _COLUMNS if name in told}
    data = TargetData(
        kind=kind.code, area_id=area.pk if area else None, **{"name": "", **texts},
        facts={name: fact.value for name, fact in told.items() if name not in _COLUMNS and fact.value is not None},
    )  # fmt: skip
    times = {name: min(fact.at, now) for name, fact in told.items() if fact.at is not None}
    made = services.add_target(by=by, now=now, data=data, source=services.Source(SOURCE), uuid=row.uuid, times=times)
    return {"outcome": "created", "uuid": made.uuid, "taken": sorted(told), "older": []}


def _learnt(by: Actor, now: datetime, target: Target, told: dict[str, FactIn]) -> dict[str, Any]:
    """Let a target learn what is new to it: those told at one time together, each once."""
    newest = selectors.newest_facts([target.pk])[target.pk]
    by_time: dict[datetime, dict[str, Any]] = defaultdict(dict)
    taken: list[str] = []
    older: list[str] = []
    for name, fact in told.items():
        at, known = min(fact.at or now, now), newest.get(name)
        if known is not None and known.value == fact.value and (fact.at is None or at <= known.at):
            continue
        if known is not None and at < known.at:
            older.append(name)
        by_time[at][name] = fact.value
    for at in sorted(by_time):
        said = json.dumps(by_time[at], sort_keys=True, ensure_ascii=False, default=str)
        source = uuid5(target.uuid, f"{by.user_id}|{at.isoformat()}|{hashlib.sha256(said.encode()).hexdigest()}")
        found = services.learn(by, now, target, by_time[at], SOURCE, source, at=at)
        taken += found.taken
    outcome = "changed" if taken else "unchanged"
    return {"outcome": outcome, "taken": sorted(taken), "older": sorted(older)}
