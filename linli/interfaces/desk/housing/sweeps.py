"""Sweeps (逐楼、逐层、逐户): planned over a building or drawn with a seed; the building as a grid of flats."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from linli.engines.fieldwork import selectors as fieldwork
from linli.engines.fieldwork import services
from linli.engines.fieldwork.selectors import RoundFilter
from linli.engines.fieldwork.types import Choice, How, RoundData, TargetFilter
from linli.foundation.core import clock
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import InvalidError, NotFoundError
from linli.foundation.core.paging import Page
from linli.interfaces.desk import directory
from linli.interfaces.desk.doors import actor_of, today
from linli.interfaces.desk.housing.dossiers import inside
from linli.interfaces.desk.housing.forms import SweepForm
from linli.interfaces.desk.visits.common import NAV, form_page
from linli.programmes.housing import permissions, selectors
from linli.programmes.housing.types import CHECK, PROGRAMME

if TYPE_CHECKING:
    from linli.engines.fieldwork.models import Round

CHECKED = {"done": "done", "tried": "late", "unreached": "late", "due": "new", "dropped": "idle"}


def page_of(request: HttpRequest, cursor: str, size: int) -> Page[Round]:
    """Return a page of the sweeps, the newest first."""
    return fieldwork.rounds(actor_of(request), RoundFilter(programme=PROGRAMME), cursor=cursor, size=size)


def row_of(sweep: Round) -> dict[str, Any]:
    """Return a sweep as the list shows it."""
    return {
        "r": sweep, "url": reverse("desk:round", args=[sweep.uuid]), "seed": sweep.choice.get("seed", ""),
        "percent": round(100 * sweep.done / sweep.planned) if sweep.planned else 0,
    }  # fmt: skip


@require_GET
@inside
def listing(request: HttpRequest) -> HttpResponse:
    """Show the sweeps with how far they are, and the buildings that can be looked at as a grid."""
    by = actor_of(request)
    page = page_of(request, request.GET.get("cursor", ""), 50)
    where = TargetFilter(("building",), text=request.GET.get("q", "")[:40])
    buildings = fieldwork.page(permissions.reader(by), where, size=30)
    context = {
        "page": page,
        "rows": [row_of(r) for r in page.rows],
        "buildings": buildings.rows,
        "text": request.GET.get("q", ""),
        "nav_here": NAV,
    }  # fmt: skip
    return render(request, "desk/housing/sweeps.html", context)


@require_http_methods(["GET", "POST"])
@inside
def new(request: HttpRequest) -> HttpResponse:
    """Plan and open a sweep: every flat of a building, or a sample with its seed written down first."""
    by, status = actor_of(request), 200
    form = SweepForm(request.POST or None, by=by, initial={"building": request.GET.get("building", "")})
    if request.method == "POST":
        status = form.attempt(lambda: _open(by, clock.now(), form.cleaned_data))
        if not status:
            messages.success(request, _("已开始，共 %(n)s 户。") % {"n": form.made.planned})
            return HttpResponseRedirect(reverse("desk:housing_sweeps"))
    back = (reverse("desk:housing_sweeps"), _("排查"))
    return form_page(request, form, title=_("安排排查"), back=back, status=status, lacks=(CHECK,))


def _open(by: Actor, now: datetime, data: dict[str, Any]) -> Any:
    area = next((a for a in directory.areas(today()) if a.id == data["area_id"]), None)
    area_id = data["area_id"]
    if data["building"]:
        area_id = fieldwork.target_for(by, UUID(data["building"])).area_id
        grid = fieldwork.grid_of(by, UUID(data["building"]))
        flats = tuple(flat.uuid for floor in grid for flat in floor.flats)
        if not flats:
            raise InvalidError(
                _("这栋楼还没有登记房屋。"), code="housing.no_flats",
                fields={"building": [_("请先在台账中生成楼层和房屋。")]},
            )  # fmt: skip
        choice = Choice(How.LIST, TargetFilter(("flat",)), flats)
    else:
        if not data["wanted"] or not data["seed"]:
            raise InvalidError(
                _("抽样要写明户数和种子。"), code="housing.seed",
                fields={n: [_("请填写这一项。")] for n in ("wanted", "seed") if not data[n]},
            )  # fmt: skip
        where = TargetFilter(("flat",), area_path=area.path if area else "")
        choice = Choice(How.DRAW, where, seed=data["seed"], wanted=data["wanted"])
    wanted = RoundData(
        title=data["title"], form=data["form"], unit_id=data["unit_id"], starts_on=data["starts_on"],
        ends_on=data["ends_on"], choice=choice, area_id=area_id,
        programme=PROGRAMME,
    )  # fmt: skip
    planned = services.plan_round(by=by, now=now, data=wanted)
    return services.open_round(by=by, now=now, uuid=planned.uuid, expected=planned.version)


@require_GET
@inside
def building(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show a building floor by floor: which flats were looked at, and which are on their way."""
    by = actor_of(request)
    reader = permissions.reader(by)
    top = fieldwork.target_for(reader, uuid)
    if top.kind.code != "building":
        raise NotFoundError(_("没有这栋楼。"), code="housing.no_building")
    grid = fieldwork.grid_of(reader, uuid)
    flats = [flat for floor in grid for flat in floor.flats]
    states = fieldwork.visit_states(PROGRAMME, [f.pk for f in flats])
    known = selectors.dossiers_of(by, [f.pk for f in flats])
    done = sum(states.get(f.pk) == "done" for f in flats)
    context = {
        "top": top,
        "floors": [
            {"floor": floor.floor, "flats": [_flat(f, states.get(f.pk, ""), known.get(f.pk)) for f in floor.flats]}
            for floor in grid
        ],
        "count": len(flats),
        "done": done,
        "open": sum(d.ended_at is None for d in known.values()),
        "nav_here": NAV,
    }
    return render(request, "desk/housing/building.html", context)


def _flat(flat: Any, state: str, dossier: Any) -> dict[str, Any]:
    words = {
        "done": _("已查"), "tried": _("未遇"), "unreached": _("多次未遇"), "due": _("待查"), "dropped": _("不查"),
        "": _("未列入"),
    }  # fmt: skip
    on_way = dossier is not None and dossier.ended_at is None
    return {
        "flat": flat, "words": dossier.get_state_display() if on_way else words[state],
        "tone": "flat" if on_way else CHECKED.get(state, "idle"),
        "url": reverse("desk:housing_one", args=[dossier.uuid]) if dossier is not None else "",
    }  # fmt: skip
