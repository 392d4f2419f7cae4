"""What residents and staff do during a soak: report with a key of their own, and take some case a step on."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse

from linli.engines.cases import services
from linli.engines.cases.models import Case
from linli.engines.cases.permissions import get_case_for
from linli.engines.cases.types import Contact, FeedbackWay, Report
from linli.engines.cases.workflow import Outcome
from linli.foundation.accounts.models import User
from linli.foundation.core import clock
from linli.foundation.core.actors import Actor
from linli.foundation.core.coordinates import Point
from linli.foundation.core.errors import DomainError
from linli.foundation.people import selectors as people
from linli.foundation.people.models import Unit
from linli.interfaces.cli.demo.people import UNITS
from linli.interfaces.web.access import public


@public
def report(request: HttpRequest) -> HttpResponse:
    """Take a problem in; ``hours`` ago, so that its clocks have marks to tell."""
    form = request.POST
    now = clock.now() - timedelta(hours=int(form["hours"]))
    point = Point(float(form["lat"]), float(form["lon"]))
    contact = Contact(phone="13800001234", way=FeedbackWay.PHONE)
    given = Report(
        text=form["text"],
        category=form["category"],
        address=form["address"],
        contact=contact,
        uuid=UUID(form["uuid"]),
        point=point,
    )
    receipt = services.report(by=request.actor, now=now, report=given)  # type: ignore[attr-defined]
    return JsonResponse({"number": receipt.number, "seen": receipt.seen_before}, status=201)


def _actor(username: str, now: datetime) -> Actor:
    return people.actor_for(User.objects.get(username=username), now)


_STEPS: dict[str, tuple[str, Callable[..., Any]]] = {
    "reported": ("paidan", lambda **k: services.accept(**k, verify=False)),
    "to_dispatch": (
        "paidan",
        lambda **k: services.dispatch(**k, unit_id=Unit.objects.get(name=UNITS["property"][0]).pk),
    ),
    "to_sign": ("wuye", lambda **k: services.sign(**k)),
    "handling": ("wuye", lambda **k: services.hand_in(**k, text="已答复并说明情况。", outcome=Outcome.EXPLAINED)),
    "to_check": ("jiandu", lambda **k: services.check(**k, passed=True)),
    "to_reply": ("paidan", lambda **k: services.reply(**k, way="phone", text="已处理，谢谢您。")),
}


@public
def step(request: HttpRequest) -> HttpResponse:
    """Take some open case on its way, as whoever has to act; two at once may pick the same."""
    luck, now = random.Random(), clock.now()
    ids = list(Case.objects.filter(is_open=True, state__in=_STEPS).order_by("due_at").values_list("pk", flat=True)[:8])
    if not ids:
        return JsonResponse({"done": False})
    found = Case.objects.get(pk=luck.choice(ids))
    username, act = _STEPS[found.state]
    by = _actor(username, now)
    try:
        case = get_case_for(by, found.number)
        expected = case.version
        act(by=by, now=now, case=case, expected=expected)
        case.refresh_from_db()
        if found.state == "to_reply":
            services.close(by=by, now=now, case=case)
    except DomainError as error:
        return JsonResponse({"done": False, "why": error.code}, status=409)
    return JsonResponse({"done": True, "from": found.state})
