"""Trying the rules out: one address with every rule looked at, and a dry run over the last year's cases."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.engines.cases.permissions import get_cases_for
from linli.engines.cases.rules.routing import RuleSpec
from linli.engines.cases.rules.routing_data import read_rules
from linli.engines.cases.selectors import routing as selectors
from linli.engines.cases.services import trials
from linli.engines.cases.workflow import Level
from linli.foundation.core import clock
from linli.foundation.core.coordinates import Point
from linli.foundation.places import selectors as places
from linli.interfaces.console.doors import actor_of, for_changers, for_readers, may_change, today
from linli.interfaces.console.routing import words
from linli.interfaces.console.routing.forms import TryForm
from linli.interfaces.console.routing.views import current, number_of


def unit_name(unit: int | None, known: words.Names) -> str:
    """Return what a unit is called, the inbox of those no rule fits for None."""
    if unit is None:
        return str(_("人工派遣"))
    return known.units.get(unit) or str(_("已停用的单位"))


def _areas() -> list[tuple[str, str]]:
    return [(str(a.pk), a.name) for a in places.areas(on=today(), kind="neighbourhood").order_by("name")]


def _spot(data: dict[str, Any]) -> tuple[Point | None, int | None, str]:
    """Return (point, area id, what it was taken from): the point picked, else the area, else the place typed."""
    if data["point_lat"] is not None and data["point_lon"] is not None:
        return Point(data["point_lat"], data["point_lon"]), None, str(_("地图上的点"))
    if data["area"]:
        return None, int(data["area"]), str(_("所选居民区"))
    found = places.search_places(data["address"], 1) if data["address"].strip() else []
    if found:
        place_ = found[0]
        point = Point(place_.lat, place_.lon) if place_.lat is not None and place_.lon is not None else None
        return point, place_.area_id, f"{place_.name} {place_.address}".strip()
    return None, None, ""


def _outcome(rules: list[RuleSpec], data: dict[str, Any], known: words.Names) -> dict[str, Any]:
    point, area_id, where = _spot(data)
    at = data["at"] or clock.now()
    answers = dict(_typed(key) for key in data["answers"])
    tried = trials.try_place(
        rules,
        category=data["category"],
        source=data["source"],
        at=at,
        point=point,
        area_id=area_id,
        answers=answers,
    )
    found = tried.found
    return {
        "unit": unit_name(found.unit_id, known),
        "sent": found.unit_id is not None,
        "helpers": "、".join(unit_name(h, known) for h in found.helper_ids),
        "level": Level(found.level).label if found.level else "",
        "rule": next((t.name for t in found.trace if t.fits), ""),
        "lines": words.trace(rules, found),
        "where": " · ".join(tried.where.names),
        "from": where,
        "layers": "、".join(layer.name for layer in tried.where.layers),
        "across": [{"area": name, "unit": unit_name(r.unit_id, known)} for name, r in tried.across],
        "differs": any(r.unit_id != found.unit_id for _name, r in tried.across),
        "at": localtime(at),
        "unknown": bool(data["address"].strip()) and not where,
    }


def _typed(key: str) -> tuple[str, Any]:
    code, _equals, value = key.partition("=")
    return code, {"true": True, "false": False}.get(value, value)


@require_http_methods(["GET", "POST"])
@for_readers
def place(request: HttpRequest) -> HttpResponse:
    """Try one place: a POST, since an address belongs in no log; nothing is written."""
    known = words.names(today())
    draft, rules = current()
    initial = {"source": "resident", "which": "draft"}
    form = TryForm(request.POST or None, known=known, areas=_areas(), initial=initial)
    outcome, status = None, 200
    if request.method == "POST":
        if form.is_valid():
            chosen = selectors.in_force() if form.cleaned_data["which"] == "force" else rules
            specs, broken = read_rules(chosen)
            outcome = _outcome(specs, form.cleaned_data, known) | {"broken": [b.name for b in broken]}
        else:
            status = 422
    context = {
        "nav_here": "console",
        "form": form,
        "value": {name: "" if (held := form[name].value()) is None else held for name in form.fields},
        "options": {
            name: [{"value": v, "label": label} for v, label in form.fields[name].choices]  # type: ignore[attr-defined]
            for name in ("category", "source", "area", "which")
        },
        "answers": [{"value": v, "label": label} for v, label in known.answers.items()],
        "outcome": outcome,
        "draft": draft,
    }
    return render(request, "console/routing/try.html", context, status=status)


def _trial_page(request: HttpRequest, found: Any, draft: Any) -> HttpResponse:
    known = words.names(today())
    pairs = selectors.pairs(found.pk) if found is not None else []
    url = reverse("console:routing_cases", args=[found.pk]) if found is not None else ""
    context = {
        "nav_here": "console",
        "trial": found,
        "draft": draft,
        "changer": may_change(request),
        "running": found is not None and found.finished_at is None,
        "percent": 100 * found.done // max(1, found.total) if found is not None else 0,
        "pairs": [
            {
                "from": unit_name(p.from_unit, known),
                "to": unit_name(p.to_unit, known),
                "lost": p.to_unit is None,
                "count": p.count,
                "url": f"{url}?from={p.from_unit or ''}&to={p.to_unit or ''}",
            }
            for p in pairs[:200]
        ],
        "more": max(0, len(pairs) - 200),
    }
    return render(request, "console/routing/trial.html", context)


@require_http_methods(["GET", "POST"])
@for_readers
def trial(request: HttpRequest) -> HttpResponse:
    """Show the dry run of the draft; a POST begins it."""
    if request.method == "POST":
        trials.start_trial(by=actor_of(request), now=clock.now())
        return HttpResponseRedirect(reverse("console:routing_trial"))
    draft = selectors.draft()
    found = selectors.trial_of(draft) if draft is not None else None
    return _trial_page(request, found, draft)


@require_POST
@for_changers
def step(request: HttpRequest, trial_id: int) -> HttpResponse:
    """Go on with the dry run for a stretch of cases."""
    trials.run_stretch(by=actor_of(request), now=clock.now(), trial_id=trial_id)
    return HttpResponseRedirect(reverse("console:routing_trial"))


@require_GET
@for_readers
def cases(request: HttpRequest, trial_id: int) -> HttpResponse:
    """Show the cases that would go from one unit to another: number, kind, place and time, nobody's words."""
    found = selectors.trial(trial_id)
    units = number_of(request.GET.get("from", "")), number_of(request.GET.get("to", ""))
    page = selectors.moved(found.pk, *units, cursor=request.GET.get("cursor", ""))
    readable = get_cases_for(actor_of(request), [m.case_id for m in page.rows])
    known = words.names(today())
    base = f"?from={units[0] or ''}&to={units[1] or ''}"
    context = {
        "nav_here": "console",
        "from_name": unit_name(units[0], known),
        "to_name": unit_name(units[1], known),
        "rows": [
            {
                "case": m.case,
                "readable": m.case_id in readable,
                # Where a guarded matter lies is for its few readers.
                "area": m.case.area_label if m.case_id in readable or not m.case.guarded else "",
            }
            for m in page.rows
        ],
        "page": page,
        "base": f"{base}&",
        "first": base,
    }
    return render(request, "console/routing/cases.html", context)
