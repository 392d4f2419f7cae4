"""The stations somebody works in, one station's pool, and the record of what was done together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from linli.engines.cases import selectors as cases
from linli.engines.cases import services
from linli.engines.cases.permissions import get_case_for, working_units
from linli.foundation.core import clock
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import ConflictError, DomainError, InvalidError, NotFoundError
from linli.foundation.core.paging import Page
from linli.interfaces.desk import directory
from linli.interfaces.desk.cases.rows import status_of
from linli.interfaces.desk.doors import actor_of, local, moment_of, problem, staff

if TYPE_CHECKING:
    from linli.engines.cases.models import Station


@require_GET
@staff
def listing(request: HttpRequest) -> HttpResponse:
    """Show the stations that this person works in or watches over."""
    found = cases.stations(actor_of(request))
    return render(request, "desk/stations/list.html", {"stations": found, "nav_here": "more"})


def _may_act(actor: Actor, station: Station) -> bool:
    return actor.has_role("dispatcher", "shift_leader") or bool(working_units(actor) & set(cases.partner_ids(station)))


@require_http_methods(["GET", "POST"])
@staff
def pool(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show the open cases that concern several partners; put one in, take one out."""
    actor = actor_of(request)
    station, error = cases.station_for(actor, uuid), None
    if request.method == "POST":
        try:
            _change(request, actor, station)
        except (InvalidError, ConflictError, NotFoundError) as refused:
            error = refused
        else:
            return HttpResponseRedirect(reverse("desk:station", args=[uuid]))
    return _pool_page(request, actor, station, error)


def _change(request: HttpRequest, actor: Actor, station: Station) -> None:
    number = request.POST.get("number", "").strip()
    if not number:
        raise InvalidError(_("请填写案件编号。"), fields={"number": [_("请填写案件编号。")]})
    case = get_case_for(actor, number)
    reason, now = request.POST.get("reason", ""), clock.now()
    if request.POST.get("act") == "take":
        services.take_from_pool(by=actor, now=now, station=station, case=case, reason=reason)
        messages.success(request, _("已移出共享池。"))
    else:
        services.put_into_pool(by=actor, now=now, station=station, case=case, reason=reason)
        messages.success(request, _("已放入共享池。"))


def pool_of(request: HttpRequest, station: Station, cursor: str, size: int) -> Page[dict[str, Any]]:
    """Return a page of a station's pool as the page shows it."""
    now = clock.now()
    page, shared = cases.pool(actor_of(request), station, cursor=cursor, size=size)
    rows = []
    for item in shared:
        kind, words = status_of(item.case, now)
        rows.append({"item": item, "case": item.case, "status": kind, "label": words})
    return Page(rows, page.next, page.previous, page.size)


def _pool_page(request: HttpRequest, actor: Actor, station: Station, error: DomainError | None) -> HttpResponse:
    page = pool_of(request, station, request.GET.get("cursor", ""), 50)
    context = {
        "station": station,
        "page": page,
        "rows": page.rows,
        "fixed": f"station={station.uuid}",
        "hidden": cases.hidden_count(actor, station),
        "records": [_record(e) for e in cases.joint_records(actor, station)],
        "may_act": station.active and _may_act(actor, station),
        "typed": request.POST,
        "problem": problem(error) if error else None,
        "nav_here": "more",
    }
    return render(request, "desk/stations/pool.html", context, status=error.status if error else 200)


def _record(event: Any) -> dict[str, Any]:
    did = [{"unit": directory.unit_name(unit), "words": words} for unit, words in event.data.get("did", [])]
    return {"event": event, "at": moment_of(event.data.get("at", "")) or event.at, "did": did}


@require_http_methods(["GET", "POST"])
@staff
def joint(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Record what the partners did together on one case."""
    actor, now = actor_of(request), clock.now()
    station, error = cases.station_for(actor, uuid), None
    number = (request.POST if request.method == "POST" else request.GET).get("number", "").strip()
    case = get_case_for(actor, number)
    there = request.POST.getlist("there")
    if request.method == "POST":
        did = {int(u): request.POST.get(f"did-{u}", "") for u in there if u.isdecimal() and len(u) < 18}
        try:
            at = moment_of(request.POST.get("at", ""))
            if at is None:
                raise InvalidError(_("还有内容需要填写。"), fields={"at": [_("请填写时间。")]})
            services.record_joint(
                by=actor, now=now, station=station, case=case, text=request.POST.get("text", ""), did=did, at=at
            )
        except (InvalidError, ConflictError) as refused:
            error = refused
        else:
            messages.success(request, _("已记录。"))
            return HttpResponseRedirect(reverse("desk:station", args=[uuid]))
    partners = [
        {
            "id": p.unit_id,
            "name": str(p.unit),
            "here": str(p.unit_id) in there,
            "did": request.POST.get(f"did-{p.unit_id}", ""),
        }
        for p in station.partners.all()
    ]
    context = {
        "station": station,
        "case": case,
        "partners": partners,
        "typed": request.POST,
        "at": request.POST.get("at") or f"{local(now):%Y-%m-%dT%H:%M}",
        "problem": problem(error) if error else None,
        "nav_here": "more",
    }
    return render(request, "desk/stations/joint.html", context, status=error.status if error else 200)
