"""Asking a department upward (吹哨报到): the form, own tickets with the department's clock and answer."""

from __future__ import annotations

from collections import defaultdict

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from linli.engines.cases import selectors as cases
from linli.engines.cases import services
from linli.foundation.core import clock
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import DomainError, ForbiddenError, InvalidError
from linli.foundation.core.ids import uuid7
from linli.foundation.people import selectors as people
from linli.interfaces.desk.doors import actor_of, id_of, problem, staff, unit_options, uuid_of
from linli.interfaces.desk.menu import ASKERS

ASKED_KINDS = ("department", "enforcement", "police", "market", "housing", "operations_centre")


def _own_units(actor: Actor) -> list[dict[str, object]]:
    ids = {g.unit_id for g in actor.grants if g.role in ASKERS and g.unit_id is not None}
    return [{"value": u.pk, "label": u.name} for u in people.units(ids).values()]


def _page(request: HttpRequest, error: DomainError | None = None) -> HttpResponse:
    actor = actor_of(request)
    asked = request.GET.get("box") != "received"
    own = _own_units(actor)
    typed = defaultdict(str, request.POST.dict())
    typed["uuid"] = typed["uuid"] or str(uuid7())
    tabs = [
        {"label": _("我们吹的哨"), "url": "?", "count": None, "current": asked},
        {"label": _("向我们吹的哨"), "url": "?box=received", "count": None, "current": not asked},
    ]
    context = {
        "page": cases.guidance_tickets(actor, asked=asked, cursor=request.GET.get("cursor", "")),
        "own": own,
        "typed": typed,
        "tabs": tabs,
        "units": unit_options(ASKED_KINDS, empty=_("请选择科室或单位")) if own else [],
        "errors": defaultdict(list, error.fields if error else {}),
        "problem": problem(error) if error else None,
        "phrases": cases.phrases("guidance"),
        "base": "?" if asked else "?box=received&",
        "nav_here": "guidance",
        "asked": asked,
    }
    return render(request, "desk/intake/guidance.html", context, status=error.status if error else 200)


@require_http_methods(["GET", "POST"])
@staff
def guidance(request: HttpRequest) -> HttpResponse:
    """Show the tickets; ask a department."""
    if request.method == "GET":
        return _page(request)
    actor, data = actor_of(request), request.POST
    own = {o["value"] for o in _own_units(actor)}
    asking, asked = id_of(data.get("asking", "")), id_of(data.get("unit", ""))
    if asking not in own:
        raise ForbiddenError(_("吹哨由居民区或综合网格发起。"), code="cases.role")
    try:
        if asked is None:
            raise InvalidError(_("还有内容需要填写。"), fields={"unit": [_("请选择向谁吹哨。")]})
        services.guidance(
            by=actor,
            now=clock.now(),
            text=data.get("text", ""),
            asking_unit_id=asking or 0,
            unit_id=asked,
            address=data.get("address", ""),
            area_id=people.unit(asking or 0).area_id,
            uuid=uuid_of(data.get("uuid", "")),
        )
    except InvalidError as error:
        return _page(request, error)
    return HttpResponseRedirect(reverse("desk:guidance"))
