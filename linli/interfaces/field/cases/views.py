"""Today's list, the map, one case."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_GET

from linli.engines.cases import permissions, selectors
from linli.engines.cases.selectors import Filters
from linli.engines.cases.workflow import STATES, VERBS, Stage, State
from linli.foundation.core import clock
from linli.foundation.core.actors import Actor
from linli.foundation.places import selectors as places
from linli.interfaces.field.access import actor_of, staff_only
from linli.interfaces.field.cases import showing
from linli.interfaces.field.cases.acts import ACTS

BOXES = {
    "sign": gettext_lazy("待签收"),
    "hand": gettext_lazy("在手"),
    "helping": gettext_lazy("协办"),
    "verify": gettext_lazy("待核实"),
    "check": gettext_lazy("待核查"),
    "reply": gettext_lazy("待反馈"),
}
SIZE = 30


@require_GET
@staff_only
def today(request: HttpRequest) -> HttpResponse:
    """Show what waits for me, the least time left first."""
    actor, now = actor_of(request), clock.now()
    boxes = selectors.boxes_on_foot(actor)
    box = request.GET.get("box", "")
    box = box if box in boxes or box == "mine" else "today"
    cursor = request.GET.get("cursor", "")
    if box == "mine":
        page = selectors.own_reports(actor, cursor=cursor, size=SIZE)
    else:
        page = selectors.case_list(actor, Filters(box=box), now=now, cursor=cursor, size=SIZE)
    counts = selectors.box_counts(actor, ["today", *boxes], now=now)
    context = {
        "rows": [showing.row(c, now) for c in page.rows],
        "page": page,
        "base": f"?box={box}&",
        "tabs": _tabs(boxes, counts, box),
        "box": box,
        "waiting": counts["today"],
        "nav_here": "field",
    }
    return render(request, "field/today.html", context)


def _tabs(boxes: list[str], counts: dict[str, int], chosen: str) -> list[dict[str, Any]]:
    names = [("today", gettext_lazy("全部待办")), *((b, BOXES[b]) for b in boxes), ("mine", gettext_lazy("我上报的"))]
    at = reverse("field:today")
    return [
        {
            "label": label,
            "url": f"{at}?box={box}" if box != "today" else at,
            "count": counts.get(box),
            "current": box == chosen,
        }
        for box, label in names
    ]


@require_GET
@staff_only
def case_map(request: HttpRequest) -> HttpResponse:
    """Show what waits for me on the map."""
    actor, now = actor_of(request), clock.now()
    found = selectors.map_pins(actor, Filters(box="today"), now=now)
    pins = [
        {
            "id": p.number,
            "lat": p.lat,
            "lon": p.lon,
            "icon": p.icon,
            "title": p.title,
            "status": "late" if p.overdue else STATES[State(p.state)].tone,
            "url": reverse("field:case", args=[p.number]),
        }
        for p in found
    ]
    return render(request, "field/map.html", {"pins": pins, "nav_here": "field-map"})


@gzip_page
@require_GET
@staff_only
def areas(request: HttpRequest) -> HttpResponse:
    """Answer the ground of the map: the neighbourhoods and what is drawn behind them."""
    ground = json.loads(places.areas_geojson(localtime(clock.now()).date(), "neighbourhood"))
    for feature in ground["features"]:
        feature["properties"] = {"kind": "area", "name": feature["properties"]["name"].removesuffix("居民区")}
    ground["features"] += json.loads(places.backdrop_geojson())["features"]
    answer = HttpResponse(json.dumps(ground, ensure_ascii=False), content_type="application/geo+json")
    answer["Cache-Control"] = "private, max-age=300"
    return answer


def _acts(
    actor: Actor, detail: selectors.Detail
) -> tuple[list[dict[str, Any]], list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the big buttons, the others, and those that this person may not press with the reason."""
    main: list[dict[str, Any]] = []
    more: list[dict[str, Any]] = []
    closed: list[dict[str, Any]] = []
    here = {b.verb: b for b in detail.buttons}
    for verb, spec in ACTS.items():
        button = here.get(verb)
        if button is None or verb == "order_reply":
            continue
        shown = {
            "verb": verb,
            "label": spec.label or button.label,
            "icon": spec.icon,
            "why": button.why,
            "url": reverse("field:act", args=[detail.case.number, verb]),
        }
        if button.allowed:
            (main if spec.main else more).append(shown)
        elif spec.main and actor.roles & VERBS[verb].roles:
            closed.append(shown)
    if detail.case.arrived_at is not None:
        main.sort(key=lambda a: a["verb"] == "arrive")
    return main, more, closed


@require_GET
@staff_only
def detail(request: HttpRequest, number: str) -> HttpResponse:
    """Show one case with its big buttons."""
    actor = actor_of(request)
    case = permissions.get_case_for(actor, number)
    found = selectors.case_detail(actor, case)
    main, more, closed = _acts(actor, found)
    orders = [o for o in found.orders if o.concluded_at is None]
    spec = selectors.spec_of(case.category_version)
    may_answer = any(b.verb == "order_reply" and b.allowed for b in found.buttons)
    due = showing.due_of(case)
    context = {
        "case": case,
        "steps": showing.steps(case),
        "facts": showing.facts(case, found),
        "photos": showing.photos(case, found),
        "papers": showing.papers(case, found),
        "entries": showing.entries(case, found),
        "main": main,
        "more": more,
        "closed": closed,
        "status": "late" if case.is_open and due and due < clock.now() else STATES[State(case.state)].tone,
        "due": due,
        "due_label": _("%(stage)s时限") % {"stage": Stage(case.due_stage).label} if case.due_stage else _("时限"),
        "start": case.dispatched_at or case.reported_at,
        "may_reach": found.may_read_contact and case.is_open,
        "spec": spec,
        "law": selectors.law_words(spec, localtime(clock.now()).date()),
        "answers": selectors.answers_of(case, personal=found.may_read_contact),
        "orders": orders,
        "may_answer_order": may_answer,
        "more_events": found.more_events,
        "nav_here": "field",
    }
    return render(request, "field/case.html", context)
