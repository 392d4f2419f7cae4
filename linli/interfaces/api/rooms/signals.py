"""What cameras and sensors send: events, heartbeats, sums of people passing. Nothing that says who somebody is."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Router, Schema
from pydantic import Field

from linli.engines.signals import selectors, services
from linli.engines.signals.types import Outcome, Signal, SignalKind
from linli.foundation.accounts.exceptions import RateError
from linli.foundation.accounts.types import TokenScope
from linli.foundation.core.errors import DomainError
from linli.interfaces.api.door import Token, by_of, now_of
from linli.interfaces.api.shapes import INTAKE_REFUSALS, In, Text, answer

router = Router(tags=["signals"])
LONGEST = 16 * 1024


class TooLargeError(DomainError):
    """More than any event or sum needs."""

    status = 413
    code = "signals.too_large"


class ScreenedToken(Token):
    """A token for devices. What was sent is screened for persons before anything of it is read."""

    def __call__(self, request: HttpRequest) -> Any:
        """Return who asks, once what they send is found harmless."""
        caller = super().__call__(request)
        if len(request.body) > LONGEST:
            raise TooLargeError(
                _("请求内容过大。"), hint=_("一次只报送一个事件，最多 %(most)s 字节。") % {"most": LONGEST}
            )
        try:
            payload = json.loads(request.body or b"null")
        except (ValueError, RecursionError):
            return caller  # no JSON: the shape refuses it
        services.check_harmless(payload)
        return caller


Number = Annotated[Text, Field(max_length=40, description="The device's number in the ledger.")]
_AUTH = ScreenedToken(TokenScope.SIGNALS_WRITE)


class SignalIn(In):
    """One event: what, when, and at most one measured number. There is no place for a person, a plate or a picture."""

    device: Number
    id: Annotated[Text, Field(max_length=64, description="The event's own id: sent again it is counted once.")]
    kind: SignalKind
    at: Annotated[datetime, Field(description="With its time zone.")]
    value: float | None = None
    unit: Annotated[Text, Field(max_length=12)] = ""


class SignalOut(Schema):
    """What became of the event: the first of its kind, folded into one that waits, or known already."""

    outcome: Literal["drafted", "folded", "repeated"]


class BeatIn(In):
    """A sign of life."""

    device: Number


class FlowIn(In):
    """How many people passed in one whole hour: a sum, sent when the hour is over; sent again, the last holds."""

    device: Number
    hour: Annotated[datetime, Field(description="When the hour began, with its time zone.")]
    count: Annotated[int, Field(ge=0, le=100_000)]


class TakenOut(Schema):
    """Taken."""

    taken: bool = True


@router.post("/signals/events", auth=_AUTH, response={202: SignalOut, **INTAKE_REFUSALS}, operation_id="sendSignal")
def send_signal(request: HttpRequest, body: SignalIn) -> HttpResponse:
    """Take one event as a draft for a person to judge; nothing becomes a case by itself.

    A request with anything that says who somebody is (names, numbers, plates, faces, pictures) is refused with
    `signals.personal` and nothing of it is kept. Beyond the device's rate events are shed with 429.
    """
    now = now_of(request)
    signal = Signal(body.id, body.kind.value, body.at, body.value, body.unit)
    outcome = services.take(by=by_of(request), now=now, device=body.device, signal=signal)
    if outcome is Outcome.SHED:
        most = selectors.numbers(now).flood_per_minute
        raise RateError(
            _("这台设备的信号过多：每分钟最多 %(most)s 次，超出的没有接收。") % {"most": most},
            code="signals.flooding", hint=_("请在 %(seconds)d 秒后重试。") % {"seconds": 60}, wait=60, most=most,
        )  # fmt: skip
    return answer({"outcome": outcome.value}, status=202)


@router.post(
    "/signals/heartbeats", auth=_AUTH, response={202: TakenOut, **INTAKE_REFUSALS}, operation_id="sendHeartbeat"
)
def send_heartbeat(request: HttpRequest, body: BeatIn) -> HttpResponse:
    """Say that a device lives. One that says nothing for long raises a notice to its keepers."""
    services.hear(by=by_of(request), now=now_of(request), device=body.device)
    return answer({"taken": True}, status=202)


@router.post("/signals/flows", auth=_AUTH, response={202: TakenOut, **INTAKE_REFUSALS}, operation_id="sendFlow")
def send_flow(request: HttpRequest, body: FlowIn) -> HttpResponse:
    """Keep how many people passed a device in an hour. Nothing finer than an hour is taken."""
    services.put_flow(by=by_of(request), now=now_of(request), device=body.device, hour=body.hour, count=body.count)
    return answer({"taken": True}, status=202)
