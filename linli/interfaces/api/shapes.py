"""What goes in and comes out, as the OpenAPI file documents it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from ninja import Schema
from pydantic import AfterValidator, ConfigDict, Field

from linli.engines.cases.types import FeedbackWay, FilePurpose, Source
from linli.engines.cases.workflow import Level, State
from linli.foundation.core.coordinates import CoordinateSystem
from linli.foundation.core.errors import InvalidError
from linli.foundation.core.faults import one

_FIRST, _LAST = date(1990, 1, 1), date(2200, 1, 1)


def _plain(text: str) -> str:
    if "\x00" in text:
        message = "must not contain U+0000"
        raise ValueError(message)
    return text


def _within(day: date) -> date:
    if not _FIRST <= day <= _LAST:
        message = f"must lie between {_FIRST} and {_LAST}"
        raise ValueError(message)
    return day


Text = Annotated[str, AfterValidator(_plain)]
Day = Annotated[date, AfterValidator(_within)]
Id = Annotated[int, Field(ge=1, le=2**62)]
Size = Annotated[int, Field(ge=1, le=200, description="Rows per page.")]
Cursor = Annotated[Text, Field(max_length=500, description="`next` of the page before.")]
Sparse = Annotated[Text, Field(max_length=500, description="Only these fields, comma between.")]


class In(Schema):
    """What a program sends: a field that is not known is refused, not passed over."""

    model_config = ConfigDict(extra="forbid")


class Problem(Schema):
    """What is wrong (RFC 9457), in the language of `Accept-Language`."""

    type: str
    title: str
    status: int
    code: str = Field(description="Stable; for programs.")
    detail: str | None = Field(None, description="What to do instead.")
    fields: dict[str, list[str]] | None = Field(None, description="Field → what is wrong there.")


class Named(Schema):
    """A unit or an area."""

    id: int
    name: str


class Coordinates(Schema):
    """A point in WGS-84."""

    lat: float
    lon: float


class CaseOut(Schema):
    """A case as a list shows it; with `fields` only those that were asked for, and the number."""

    number: str
    title: str | None = None
    state: State | None = None
    state_label: str | None = None
    open: bool | None = None
    outcome: str | None = None
    urgent: bool | None = None
    category: str | None = Field(None, description="The category's name.")
    area: str | None = None
    address: str | None = None
    reported_at: datetime | None = None
    due_at: datetime | None = Field(None, description="None where no clock runs.")
    overdue: bool | None = None


class CasePage(Schema):
    """A page of cases."""

    results: list[CaseOut]
    next: str = Field(description="Cursor of the next page, empty on the last.")


class ActOut(Schema):
    """A verb of the workflow table that fits the state: whether the caller may do it now and, if not, why."""

    verb: str
    label: str
    allowed: bool
    why: str


class EventOut(Schema):
    """One act in the history."""

    seq: int
    verb: str
    label: str
    at: datetime
    by: str
    from_state: str
    to_state: str
    text: str
    reason: str
    rule: str


class FileOut(Schema):
    """A file that is attached, or was just uploaded."""

    uuid: UUID
    kind: str | None = None
    purpose: str | None = None
    caption: str | None = None
    mime: str | None = None
    bytes: int | None = None
    sha256: str | None = None
    case: str | None = None


class AnswerOut(Schema):
    """A question of the category and what was answered, covered where it points to a person."""

    question: str
    answer: str


class ReporterOut(Schema):
    """Somebody who raised it: how they want to be answered; never who they are."""

    id: int
    way: str
    told: bool


class CaseDetail(Schema):
    """A case, its history and what the caller may do to it. `ETag` is its version, for `If-Match`."""

    number: str
    uuid: UUID
    version: int
    title: str
    text: str = Field(description="As it is shown: numbers and names of persons are covered.")
    kind: str
    source: str
    category: str
    category_name: str
    state: State
    state_label: str
    open: bool
    outcome: str
    level: Level
    urgent: bool
    confidential: bool
    external_number: str | None
    unit: Named | None
    handler: str
    area: str
    address: str
    point: Coordinates | None
    reported_at: datetime
    accepted_at: datetime | None
    dispatched_at: datetime | None
    handed_in_at: datetime | None
    closed_at: datetime | None
    due_at: datetime | None
    overdue: bool
    reporters: list[ReporterOut]
    answers: list[AnswerOut]
    files: list[FileOut]
    acts: list[ActOut]
    events: list[EventOut] = Field(description="The newest fifty, newest first.")
    more_events: bool


class EventPage(Schema):
    """A stretch of a history, newest first."""

    results: list[EventOut]
    below: int = Field(description="`below` of the next stretch, 0 at the beginning of the history.")


class PointIn(In):
    """A point, in the coordinates that the sender has."""

    lat: Annotated[float, Field(ge=-90, le=90)]
    lon: Annotated[float, Field(ge=-180, le=180)]
    system: CoordinateSystem = CoordinateSystem.WGS84


class ContactIn(In):
    """How to reach the person who raised it; all of it optional. It is kept encrypted and never given out here."""

    name: Annotated[Text, Field(max_length=64)] = ""
    phone: Annotated[Text, Field(max_length=32)] = ""
    way: FeedbackWay = FeedbackWay.NONE


class FileIn(In):
    """A file that the same person uploaded within a day, and what it shows."""

    uuid: UUID
    purpose: FilePurpose = FilePurpose.REPORT
    caption: Annotated[Text, Field(max_length=100)] = ""


class ReportIn(In):
    """A problem to take in."""

    text: Annotated[Text, Field(min_length=1, max_length=5000)]
    category: Annotated[Text, Field(max_length=48, description="A leaf of /categories; empty: other.")] = ""
    title: Annotated[Text, Field(max_length=60)] = ""
    address: Annotated[Text, Field(max_length=200)] = ""
    point: PointIn | None = None
    area: Id | None = None
    source: Source = Source.INTERNAL
    answers: dict[Text, Any] = {}
    contact: ContactIn = Field(default_factory=ContactIn)
    files: Annotated[list[FileIn], Field(max_length=20)] = []
    urgent: bool | None = None
    confidential: bool = False
    external_number: Annotated[Text, Field(max_length=64)] | None = None


class ReceiptOut(Schema):
    """What whoever reported gets back; the code follows the case without a login, and is given this once."""

    number: str
    uuid: UUID
    tracking_code: str
    danger: str = Field(description="Advice to give at once (110, 119, 120, gas), mostly empty.")
    seen_before: bool


class LineOut(Schema):
    """What became of one line of a bulk intake."""

    line: int
    status: int
    receipt: ReceiptOut | None = None
    problem: Problem | None = None


class AreaOut(Schema):
    """An area of the tree."""

    id: int
    code: str
    name: str
    kind: str
    parent: int | None
    path: str


class AreaPage(Schema):
    """A page of areas, by path."""

    results: list[AreaOut]
    next: str


class UnitOut(Schema):
    """A unit."""

    id: int
    uuid: UUID
    name: str
    short_name: str
    kind: str
    parent: int | None
    area: int | None
    active: bool


class UnitPage(Schema):
    """A page of units, by id."""

    results: list[UnitOut]
    next: str


class VenueOut(Schema):
    """A venue that the public is shown."""

    uuid: UUID
    kind: str
    name: str
    address: str
    point: Coordinates | None
    phone: str
    state: str
    facilities: list[str]
    hours: dict[str, Any]


class VenuePage(Schema):
    """A page of venues."""

    results: list[VenueOut]
    next: str


class CategoryOut(Schema):
    """A category: its place in the tree and, at a leaf, its questions as the forms room keeps them."""

    code: str
    name: str
    resident_name: str
    parent: str
    group: str
    leaf: bool
    urgent: bool
    level: Level
    words: list[str]
    questions: dict[str, Any]


class CategoryList(Schema):
    """Every category that is open."""

    results: list[CategoryOut]


class RuleOut(Schema):
    """A parameter as it holds on a day, with its source."""

    code: str
    title: str
    value: Any
    unit: str
    source: str
    mark: str
    valid_from: date
    valid_to: date | None
    why: str
    shipped: bool


class RuleList(Schema):
    """Rules."""

    results: list[RuleOut]


class EntryOut(Schema):
    """An entry of the journal; personal values are commitments."""

    uuid: UUID
    at: datetime
    actor: str
    verb: str
    kind: str
    object: UUID | None
    label: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    reason: str
    rule: str


class EntryPage(Schema):
    """A page of the journal, newest first."""

    results: list[EntryOut]
    next: str


class ConsultationOut(Schema):
    """A consultation of units about cases."""

    uuid: UUID
    title: str
    level: Level
    place: str
    held_at: datetime
    decided_at: datetime | None
    minutes: str | None = None
    cases: list[str] | None = None
    units: list[Named] | None = None


class ConsultationPage(Schema):
    """A page of consultations."""

    results: list[ConsultationOut]
    next: str


class MeOut(Schema):
    """Who the token acts for, and what it may be used for."""

    label: str
    kind: Literal["staff", "resident", "program"]
    scopes: list[str]
    roles: list[str]
    expires_at: datetime
    per_minute: int


def answer(data: Any, *, status: int = 200, etag: str = "") -> HttpResponse:
    """Return ``data`` as JSON, readable as it stands."""
    found = JsonResponse(data, status=status, json_dumps_params={"ensure_ascii": False})
    if etag:
        found["ETag"] = etag
    return found


def only(rows: list[dict[str, Any]], fields: str, shape: type[Schema], *, always: str) -> list[dict[str, Any]]:
    """Return ``rows`` with the ``fields`` that were asked for.

    Raises:
        InvalidError: there is no such field.
    """
    wanted = [f.strip() for f in fields.split(",") if f.strip()]
    if not wanted:
        return rows
    check_fields(wanted, shape)
    kept = {always, *wanted}
    return [{k: v for k, v in row.items() if k in kept} for row in rows]


def check_fields(wanted: list[str], shape: type[Schema]) -> None:
    """Raise InvalidError where ``shape`` has not all of the fields."""
    if unknown := sorted(set(wanted) - set(shape.model_fields)):
        raise _unknown(unknown)


def _unknown(names: list[str]) -> InvalidError:
    return one("api", "fields", "、".join(names)[:200])


# What every operation may be answered besides its own.
REFUSALS: dict[Any, Any] = dict.fromkeys((400, 401, 403, 404, 405, 422, 429), Problem)
ACT_REFUSALS: dict[Any, Any] = {**REFUSALS, **dict.fromkeys((409, 412, 413, 428), Problem)}
INTAKE_REFUSALS: dict[Any, Any] = {**REFUSALS, **dict.fromkeys((409, 413), Problem)}
