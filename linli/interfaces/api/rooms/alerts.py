"""Warnings of the city's platform: as CAP 1.2 or as JSON, listed, one with its messages and who took note."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Router, Schema
from pydantic import AwareDatetime, Field

from linli.engines.alerts import permissions, selectors, services
from linli.engines.alerts.types import AlertState, Colour, Filters, Hazard, Message, MessageKind, Reference, Taken, Via
from linli.foundation.accounts.types import TokenScope
from linli.interfaces.api.door import Token, by_of, now_of
from linli.interfaces.api.shapes import INTAKE_REFUSALS, REFUSALS, Cursor, In, Size, Sparse, Text, answer, only

router = Router(tags=["alerts"])
_READ, _WRITE = Token(TokenScope.ALERTS_READ), Token(TokenScope.ALERTS_WRITE)
_NOTE = Token(TokenScope.ALERTS_NOTE)
Sender = Annotated[Text, Field(min_length=1, max_length=100)]
Identifier = Annotated[Text, Field(min_length=1, max_length=150)]


class ReferenceIn(In):
    """A message by its name: that which is updated or cancelled, or which somebody read."""

    sender: Sender
    identifier: Identifier


class AlertIn(In):
    """One message about a warning; `kind` says what it does. A cancellation needs no colour and no words."""

    sender: Sender
    identifier: Annotated[Identifier, Field(description="Once for each sender: sent again it is known.")]
    sent: Annotated[AwareDatetime, Field(description="With its time zone. Of several messages the last holds.")]
    kind: MessageKind = MessageKind.ALERT
    references: Annotated[list[ReferenceIn], Field(max_length=50)] = []
    hazard: Hazard | None = None
    colour: Colour | None = None
    headline: Annotated[Text, Field(max_length=200)] = ""
    text: Annotated[Text, Field(max_length=4_000)] = ""
    instruction: Annotated[Text, Field(max_length=4_000)] = ""
    issuer: Annotated[Text, Field(max_length=100)] = ""
    area_text: Annotated[Text, Field(max_length=300)] = ""
    area_codes: Annotated[
        list[Annotated[Text, Field(max_length=40)]],
        Field(max_length=200, description="Codes of /areas; none of ours: the whole subdistrict."),
    ] = []
    begins_at: AwareDatetime | None = None
    ends_at: AwareDatetime | None = None
    exercise: bool = False


class AlertTakenOut(Schema):
    """What became of a message.

    `taken`: a new warning; `changed`, `lifted`: what it did to one; `older`: a later one holds already; `waiting`: what
    it cancels has not come; `repeated`: known; `ignored`: a test or a draft, kept nowhere.
    """

    outcome: Literal["taken", "changed", "lifted", "older", "waiting", "repeated", "ignored"]
    alert: UUID | None


class ReferenceOut(Schema):
    """A message by its name."""

    sender: str
    identifier: str


class AlertOut(Schema):
    """A warning as it is now."""

    uuid: UUID
    hazard: Hazard | None = None
    colour: Colour | None = None
    state: AlertState | None = None
    headline: str | None = None
    issuer: str | None = None
    area_text: str | None = None
    exercise: bool | None = None
    begins_at: datetime | None = None
    ends_at: datetime | None = None
    sent_at: datetime | None = None
    lifted_at: datetime | None = None
    message: ReferenceOut | None = Field(None, description="The one whose words it says now: to be taken note of.")
    noted: int | None = Field(None, description="How many took note of what it says now.")
    mine: bool | None = Field(None, description="Whether the caller did.")


class AlertPage(Schema):
    """A page of warnings, the last sent first."""

    results: list[AlertOut]
    next: str


class MessageOut(Schema):
    """A message of a warning, as it came."""

    sender: str
    identifier: str
    kind: MessageKind
    via: Via
    sent_at: datetime
    came_at: datetime
    colour: str
    headline: str
    text: str


class NotedOut(Schema):
    """Somebody took note."""

    by: str
    at: datetime
    identifier: str = Field(description="Of the message that they read.")


class NoteOut(Schema):
    """That the caller took note, of which message, since when; sent again the same, `repeated`."""

    alert: UUID
    message: ReferenceOut
    by: str
    at: datetime
    repeated: bool


class AlertDetail(AlertOut):
    """A warning with its messages, the last sent first, and who took note of which."""

    text: str
    instruction: str
    messages: list[MessageOut]
    acknowledgements: list[NotedOut]


def _taken(found: Taken) -> HttpResponse:
    return answer({"outcome": found.outcome.value, "alert": found.alert}, status=202)


@router.post("/alerts", auth=_WRITE, response={202: AlertTakenOut, **INTAKE_REFUSALS}, operation_id="sendAlert")
def send_alert(request: HttpRequest, body: AlertIn) -> HttpResponse:
    """Take a message about a warning. Sent again it is known; in whatever order they come, the one sent last holds."""
    sent = body.dict(exclude={"sent", "references", "hazard", "colour", "area_codes", "kind"})
    message = Message(
        **sent, sent_at=body.sent, kind=body.kind, hazard=body.hazard.value if body.hazard else "",
        colour=body.colour.value if body.colour else "", area_codes=tuple(body.area_codes), via=Via.API,
        references=tuple(Reference(r.sender, r.identifier) for r in body.references),
    )  # fmt: skip
    return _taken(services.take(by=by_of(request), now=now_of(request), message=message))


_CAP: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {"application/cap+xml": {"schema": {"type": "string", "description": "CAP 1.2 (OASIS)."}}},
    },
}


@router.post(
    "/alerts/cap",
    auth=_WRITE,
    response={202: AlertTakenOut, **INTAKE_REFUSALS},
    openapi_extra=_CAP,
    operation_id="sendCap",
)
def send_cap(request: HttpRequest) -> HttpResponse:
    """Take a message of the Common Alerting Protocol 1.2, as it is. The colour is read from headline or severity."""
    return _taken(services.take_cap(by=by_of(request), now=now_of(request), raw=request.body))


def _alert(row: Any, now: datetime) -> dict[str, Any]:
    names = (
        "uuid", "hazard", "colour", "headline", "issuer", "area_text", "exercise", "begins_at", "ends_at", "sent_at",
        "lifted_at",
    )  # fmt: skip
    said = {"state": row.state(now).value, "message": _reference(row.current) if row.current is not None else None}
    return {name: getattr(row, name) for name in names} | said


def _reference(row: Any) -> dict[str, str]:
    return {"sender": row.sender, "identifier": row.identifier}


class AlertQuery(Schema):
    """What the list is narrowed to, as on the desk."""

    q: Annotated[Text, Field(max_length=60)] = ""
    hazard: Hazard | None = None
    colour: Colour | None = None
    state: AlertState | None = None


@router.get("/alerts", auth=_READ, response={200: AlertPage, **REFUSALS}, operation_id="listAlerts")
def list_alerts(
    request: HttpRequest, query: Query[AlertQuery], cursor: Cursor = "", size: Size = 50, fields: Sparse = ""
) -> HttpResponse:
    """List the warnings, the last sent first."""
    now = now_of(request)
    filters = Filters(
        text=query.q, hazard=query.hazard.value if query.hazard else "",
        colour=query.colour.value if query.colour else "", state=query.state.value if query.state else "",
    )  # fmt: skip
    page = selectors.page(by_of(request), filters, now=now, cursor=cursor, size=size)
    rows = [{**_alert(a, now), **{n: getattr(a, n) for n in ("noted", "mine")}} for a in page.rows]
    return answer({"results": only(rows, fields, AlertOut, always="uuid"), "next": page.next})


def _message(row: Any) -> dict[str, Any]:
    names = ("sender", "identifier", "kind", "via", "sent_at", "came_at")
    said = {name: row.content.get(name, "") for name in ("colour", "headline", "text")}
    return {name: getattr(row, name) for name in names} | said


@router.get("/alerts/{uuid}", auth=_READ, response={200: AlertDetail, **REFUSALS}, operation_id="getAlert")
def get_alert(request: HttpRequest, uuid: Path[UUID]) -> HttpResponse:
    """Return a warning with its messages and who took note of it, with name and time."""
    by, now = by_of(request), now_of(request)
    row = selectors.alert_for(by, uuid)
    noted = selectors.noted_by(row)
    here = [n for n in noted if n.message_id == row.current_id]
    data = {
        **_alert(row, now), "text": row.text, "instruction": row.instruction, "noted": len(here),
        "mine": any(n.user_id == by.user_id for n in here),
        "messages": [_message(m) for m in selectors.messages_of(row)],
        "acknowledgements": [{"by": n.by_label, "at": n.at, "identifier": n.message.identifier} for n in noted],
    }  # fmt: skip
    return answer(data)


@router.post(
    "/alerts/{uuid}/acknowledgements",
    auth=_NOTE,
    response={200: NoteOut, 201: NoteOut, **INTAKE_REFUSALS},
    operation_id="noteAlert",
)
def note_alert(request: HttpRequest, uuid: Path[UUID], body: ReferenceIn) -> HttpResponse:
    """Take note of what a warning says, in one's own name, by the message that was read: `message` of the warning.

    Sent again it is answered the same (200). Where another message came since, its words are to be read first (409).
    A connected program reads with nobody's eyes and is refused.
    """
    by, now = by_of(request), now_of(request)
    permissions.check_note(by)
    alert = selectors.alert_for(by, uuid)
    message = selectors.message_for(alert, Reference(body.sender, body.identifier))
    made = False
    if selectors.note_of(by, message) is None:
        made = services.acknowledge(by=by, now=now, alert=alert, expected=message.pk)
    noted = selectors.note_of(by, message)
    data = {
        "alert": alert.uuid, "message": _reference(message), "by": noted.by_label if noted else by.label,
        "at": noted.at if noted else now, "repeated": not made,
    }  # fmt: skip
    return answer(data, status=201 if made else 200)
