"""Paper: the work order of a case, and every list as it is filtered."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_GET

from linli.engines.cases import selectors as cases
from linli.engines.cases.permissions import get_case_for
from linli.engines.cases.workflow import VERBS
from linli.foundation.core import clock
from linli.foundation.places import selectors as places
from linli.interfaces.desk.doors import actor_of, local, staff
from linli.interfaces.desk.prints.filters import filters_of

if TYPE_CHECKING:
    from linli.engines.cases.models import Case

PRINTED = 500


def case_url(request: HttpRequest, number: str) -> str:
    """Return the full address of a case's page; behind a login, so the QR code gives nothing away."""
    try:
        return request.build_absolute_uri(reverse("desk:case", args=[number]))
    except NoReverseMatch:
        return request.build_absolute_uri(f"/desk/cases/{number}/")


def sketch(case: Case) -> dict[str, Any] | None:
    """Return the outline of the case's smallest area with the point in it, scaled to a small drawing."""
    if case.lat is None or case.lon is None:
        return None
    on = local(clock.now()).date()
    found = json.loads(places.areas_geojson(on, "neighbourhood"))
    rings = [f for f in found["features"] if case.area_path.startswith(str(f["properties"]["path"]))]
    outline = _ring(rings[-1]["geometry"]) if rings else []
    lons, lats = [p[0] for p in outline] + [case.lon], [p[1] for p in outline] + [case.lat]
    west, north = min(lons), max(lats)
    scale = 360 / max(max(lons) - west, (north - min(lats)) * 4 / 3, 1e-5)
    points = " ".join(f"{20 + (x - west) * scale:.1f},{15 + (north - y) * scale:.1f}" for x, y in outline)
    return {
        "points": points,
        "x": f"{20 + (case.lon - west) * scale:.1f}",
        "y": f"{15 + (north - case.lat) * scale:.1f}",
    }


def _ring(geometry: dict[str, Any]) -> list[list[float]]:
    shape = geometry["coordinates"]
    ring: list[list[float]] = shape[0][0] if geometry["type"] == "MultiPolygon" else shape[0]
    return [p[:2] for p in ring]


@require_GET
@staff
def print_case(request: HttpRequest, number: str) -> HttpResponse:
    """Show the work order of a case."""
    actor = actor_of(request)
    case = get_case_for(actor, number)
    detail = cases.case_detail(actor, case, events=24)
    context = {
        "case": case,
        "detail": detail,
        "law": cases.law_words(cases.spec_of(case.category_version), local(clock.now()).date()),
        "answers": cases.answers_of(case, personal=detail.may_read_contact),
        "url": case_url(request, number),
        "sketch": sketch(case),
        "evidence": cases.spec_of(case.category_version).evidence,
        "events": [
            {"at": e.at, "who": e.by_label, "what": VERBS[e.verb].past, "text": e.text or e.reason}
            for e in reversed(detail.events)
            if e.verb != "escalate"
        ],
    }
    return render(request, "desk/prints/order.html", context)


@require_GET
@staff
def print_list(request: HttpRequest) -> HttpResponse:
    """Show a list as filtered, at most some hundred rows on paper, with a note where there are more."""
    now = clock.now()
    page = cases.case_list(actor_of(request), filters_of(request.GET, now), now=now, size=PRINTED)
    return render(
        request,
        "desk/prints/list.html",
        {"rows": page.rows, "more": bool(page.next), "limit": PRINTED, "words": request.GET.get("q", "")},
    )
