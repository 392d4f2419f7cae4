"""The floor, and thin pages over the case room where no face has its page yet.

The floor is what nothing can go below: a bare view that writes two rows, and one that reads fifty.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from bench.setting import NOW
from linli.engines.cases import selectors, services
from linli.engines.cases.models import Case, NumberCounter
from linli.engines.cases.permissions import get_case_for
from linli.engines.cases.selectors import Filters
from linli.engines.cases.types import Contact, FeedbackWay, Report
from linli.engines.judgement.selectors import duplicates
from linli.foundation.core.coordinates import Point
from linli.foundation.core.ids import uuid7
from linli.foundation.journal.models import Entry
from linli.interfaces.web.access import public


@csrf_exempt
def floor_write(request: HttpRequest) -> HttpResponse:
    """Write two rows in one transaction."""
    text = request.POST["text"]
    with transaction.atomic():
        for verb in ("floor.one", "floor.two"):
            Entry.objects.create(
                at=NOW, actor_kind="guest", verb=verb, kind="floor", label="floor", after={"text": text}
            )
    return JsonResponse({"ok": True}, status=201)


def floor_list(request: HttpRequest) -> HttpResponse:
    """Read fifty rows of one table by its primary key."""
    rows = Case.objects.order_by("-pk").values(
        "number", "title", "address", "state", "level", "due_at", "reported_at", "area_label"
    )[:50]
    return JsonResponse({"rows": list(rows)})


def floor_one(request: HttpRequest) -> HttpResponse:
    """Read one row."""
    return JsonResponse({"row": NumberCounter.objects.order_by("pk").values("day", "value").first()})


@public
def intake(request: HttpRequest) -> HttpResponse:
    """Take a problem in from a form."""
    form = request.POST
    contact = Contact(
        name=form.get("name", ""),
        phone=form.get("phone", ""),
        way=FeedbackWay.PHONE if form.get("phone") else FeedbackWay.NONE,
    )
    report = Report(
        text=form["text"],
        category=form["category"],
        address=form["address"],
        contact=contact,
        uuid=uuid7(),
        point=Point(float(form["lat"]), float(form["lon"])),
    )
    receipt = services.report(by=request.actor, now=NOW, report=report, dispatch="dispatch" in form)  # type: ignore[attr-defined]
    return JsonResponse({"number": receipt.number, "code": receipt.tracking_code}, status=201)


def _row(case: Case) -> dict[str, Any]:
    return {
        "number": case.number,
        "title": case.title,
        "address": case.address,
        "area": case.area_label,
        "state": case.get_state_display(),
        "level": case.get_level_display(),
        "category": case.category.name,
        "unit": str(case.unit) if case.unit else "",
        "handler": str(case.handler) if case.handler else "",
        "due": case.due_at,
        "reported": case.reported_at,
        "urgent": case.urgent,
    }


def _filters(request: HttpRequest) -> Filters:
    given: dict[str, Any] = dict(request.GET.items())
    given.pop("cursor", None)
    for name in ("states", "categories", "levels"):
        if name in given:
            given[name] = tuple(given[name].split(","))
    if "unit_id" in given:
        given["unit_id"] = int(given["unit_id"])
    for name in ("since", "until"):
        if name in given:
            given[name] = date.fromisoformat(given[name])
    for name in ("overdue", "open"):
        if name in given:
            given[name] = given[name] == "1"
    return Filters(**given)


def case_list(request: HttpRequest) -> HttpResponse:
    """Show fifty cases."""
    page = selectors.case_rows(request.actor, _filters(request), now=NOW, cursor=request.GET.get("cursor", ""))  # type: ignore[attr-defined]
    return JsonResponse({"rows": [row._asdict() for row in page.rows], "next": page.next})


def detail(request: HttpRequest, number: str) -> HttpResponse:
    """Show one case with its history."""
    actor = request.actor  # type: ignore[attr-defined]
    found = selectors.case_detail(actor, get_case_for(actor, number))
    events = [{"verb": e.verb, "at": e.at, "by": e.by_label, "text": e.text, "reason": e.reason} for e in found.events]
    return JsonResponse(
        {**_row(found.case), "text": found.case.text, "events": events, "buttons": [b.verb for b in found.buttons]}
    )


def counts(request: HttpRequest) -> HttpResponse:
    """Show the tabs' numbers."""
    return JsonResponse(selectors.counts(request.actor, _filters(request), now=NOW))  # type: ignore[attr-defined]


def boxes(request: HttpRequest) -> HttpResponse:
    """Show the inboxes' numbers."""
    return JsonResponse(selectors.box_counts(request.actor, request.GET["boxes"].split(","), now=NOW))  # type: ignore[attr-defined]


def figures(request: HttpRequest) -> HttpResponse:
    """Show the day's figures."""
    midnight = NOW.replace(hour=16) - timedelta(days=1)
    found = selectors.day_figures(request.actor, now=NOW, midnight=midnight, month=midnight - timedelta(days=9))  # type: ignore[attr-defined]
    return JsonResponse(asdict(found))


def changed(request: HttpRequest) -> HttpResponse:
    """Say what changed."""
    since = datetime.fromisoformat(request.GET["since"])
    return JsonResponse({"changed": selectors.changed_since(request.actor, since)})  # type: ignore[attr-defined]


def pins(request: HttpRequest) -> HttpResponse:
    """Show the map."""
    found = selectors.map_pins(request.actor, _filters(request), now=NOW)  # type: ignore[attr-defined]
    return HttpResponse(
        json.dumps([[p.number, p.title, p.lat, p.lon, p.state, p.icon, p.overdue, p.urgent] for p in found])
    )


@public
def public_pins(request: HttpRequest) -> HttpResponse:
    """Show the residents' map."""
    return JsonResponse({"pins": [p.number for p in selectors.public_pins(now=NOW)]})


@public
def public_list(request: HttpRequest) -> HttpResponse:
    """Show the residents' list."""
    return JsonResponse({"rows": [c.number for c in selectors.public_list(now=NOW).rows]})


@public
def nearby(request: HttpRequest) -> HttpResponse:
    """Show open problems near a point."""
    point = Point(float(request.GET["lat"]), float(request.GET["lon"]))
    return JsonResponse(
        {
            "near": [
                [a.case.number, a.metres]
                for a in duplicates.alike_public(category="garbage", point=point, address="", now=NOW, limit=5)
            ]
        }
    )
