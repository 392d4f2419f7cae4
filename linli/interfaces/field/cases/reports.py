"""Reporting a patrol's find in a few taps: photo, category, place, send."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from linli.engines.cases import permissions, selectors, services
from linli.engines.cases.types import FileRef, Report, Source
from linli.engines.cases.workflow import VERBS
from linli.foundation.core import clock
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import DomainError, ForbiddenError, InvalidError
from linli.foundation.core.ids import uuid7
from linli.interfaces.field import uploads
from linli.interfaces.field.access import actor_of, staff_only
from linli.interfaces.field.cases.acts import point_sent

# What a patrol finds most; the rest stands in the list behind.
OFTEN = (
    "garbage",
    "corridor_clutter",
    "flying_wires",
    "cross_door",
    "shared_bikes",
    "posters",
    "abandoned_vehicle",
    "road_damage",
)
_NEIGHBOURHOOD = frozenset({"community_worker", "microgrid_head", "stairwell_head", "neighbourhood_secretary"})


def may_dispatch(actor: Actor) -> bool:
    """Return whether ``actor`` may also accept and dispatch what they report."""
    return actor.has_role(*VERBS["dispatch"].roles)


def source_of(actor: Actor) -> Source:
    """Return as what a report of this person counts."""
    return Source.NEIGHBOURHOOD if actor.has_role(*_NEIGHBOURHOOD) else Source.PATROL


def often_first() -> list[selectors.CategoryNode]:
    """Return the categories of which something may be reported, those that a patrol finds most before the rest."""
    nodes = selectors.fileable()
    by_code = {n.spec.code: n for n in nodes}
    often = [by_code[c] for c in OFTEN if c in by_code]
    return [*often, *(n for n in nodes if n not in often)]


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def report(request: HttpRequest) -> HttpResponse:
    """Show the form, or take the report; sent twice with one uuid it is entered once."""
    if request.method != "POST":
        return _page(request, {"uuid": str(uuid7())})
    actor = actor_of(request)
    if not actor.has_role(*VERBS["report"].roles):
        raise ForbiddenError(_("您不能上报问题。"), code="cases.role")
    dispatch = request.POST.get("dispatch") == "1"
    if dispatch and not may_dispatch(actor):
        raise ForbiddenError(_("登记并派遣由派单员、值班长办理。"), code="cases.role")
    kept: list[str] = []
    try:
        uuid = _uuid(request)
        refs, kept = uploads.take(request, ("photos", "voice"))
        receipt = services.report(
            by=actor, now=clock.now(), report=_read(request, actor, uuid, refs), dispatch=dispatch
        )
    except DomainError as error:
        return _page(
            request, request.POST.dict(), errors=error.fields or {"": [str(error)]}, kept=kept, status=error.status
        )
    if receipt.seen_before:
        messages.info(request, _("这条上报此前已提交成功，没有重复登记。"))
    return HttpResponseRedirect(reverse("field:reported", args=[receipt.number]))


def _uuid(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("uuid", ""))
    except ValueError:
        return uuid7()


def _read(request: HttpRequest, actor: Actor, uuid: UUID, refs: list[FileRef]) -> Report:
    code = request.POST.get("often") or request.POST.get("category", "")
    node = selectors.category(code) if code else None
    if not code:
        raise InvalidError(_("还有内容需要填写。"), code="field.category", fields={"category": [_("请选择类别。")]})
    address = request.POST.get("address", "")
    point = point_sent(request, "point")
    if not address.strip() and point is None:
        raise InvalidError(_("还有内容需要填写。"), code="field.place", fields={"address": [_("请定位，或填写地址。")]})
    text = request.POST.get("text", "").strip()
    return Report(
        text=text or (_("巡查发现：%(what)s") % {"what": node.spec.name} if node else ""),
        category=code,
        address=address,
        point=point,
        coordinate_source="phone" if point else "",
        source=source_of(actor),
        files=refs,
        uuid=uuid,
        urgent=True if request.POST.get("urgent") else None,
    )


def _page(
    request: HttpRequest,
    typed: dict[str, Any],
    *,
    errors: dict[str, list[str]] | None = None,
    kept: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    nodes = selectors.fileable()
    by_code = {n.spec.code: n for n in nodes}
    often = [by_code[c] for c in OFTEN if c in by_code] or nodes[:8]
    beside = {"files", "category", "address", "text"}
    context = {
        "general": [m for name, found in (errors or {}).items() if name not in beside for m in found],
        "typed": typed,
        "errors": errors or {},
        "kept": kept or [],
        "nav_here": "field-report",
        "may_dispatch": may_dispatch(actor_of(request)),
        "often": [{"value": n.spec.code, "label": n.spec.name} for n in often],
        "categories": [
            {"value": "", "label": _("请选择")},
            *({"value": n.spec.code, "label": f"{n.group}・{n.spec.name}"} for n in nodes),
        ],
    }
    return render(request, "field/report.html", context, status=status)


@require_GET
@staff_only
def reported(request: HttpRequest, number: str) -> HttpResponse:
    """Say that a report arrived, its number, and what to do next."""
    case = permissions.get_case_for(actor_of(request), number)
    return render(
        request,
        "field/reported.html",
        {"case": case, "spec": selectors.spec_of(case.category_version), "nav_here": "field-report"},
    )
