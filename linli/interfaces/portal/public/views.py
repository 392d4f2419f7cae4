"""Home, telephones, and the two notices."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from linli.foundation.core import clock
from linli.foundation.people import selectors as people
from linli.foundation.places import selectors as places
from linli.interfaces.portal import committee
from linli.interfaces.portal.report.parts import places_for
from linli.interfaces.portal.report.place import read_point
from linli.interfaces.web.access import public

COMMITTEE = "neighbourhood_committee"
SERVICE_KINDS = ("operations_centre", "enforcement", "housing", "police", "market", "property_company")


@public
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Show the few large cells."""
    actor = request.actor  # type: ignore[attr-defined]
    staff = actor.is_user and bool(actor.roles - {"resident"})
    return render(request, "portal/home.html", {"staff": staff, "chosen": committee.chosen(request)})


@public
@require_http_methods(["GET", "POST"])
def contacts(request: HttpRequest) -> HttpResponse:
    """Show whom to call; let a visitor choose their 居民区 by position, by address or from the list."""
    notes: list[str] = []
    if request.method == "POST":
        code, notes = _choose(request)
        if code:
            answer = HttpResponseRedirect(f"{reverse('portal:contacts')}#committee")
            committee.remember(answer, code)
            return answer
    units = people.units_of_kinds([COMMITTEE, *SERVICE_KINDS])
    chosen = committee.chosen(request)
    context = {
        "committees": sorted((u for u in units if u.kind == COMMITTEE), key=lambda u: u.area.code if u.area else ""),
        "services": [u for u in units if u.kind in SERVICE_KINDS and u.phone],
        "mine": next((u for u in units if u.kind == COMMITTEE and u.area and u.area.code == chosen), None)
        if chosen
        else None,
        "notes": notes,
        "duty": _duty(),
        "address": request.POST.get("address", "")[:200],
        "found": places_for(request.POST.get("address", "")) if notes else [],
    }
    return render(request, "portal/contacts.html", context, status=422 if notes else 200)


def _duty() -> list[dict[str, str]]:
    """Return which units are on duty now, with their number; no persons."""
    found = {d.unit_id: {"unit": d.unit, "phone": d.phone} for d in people.on_duty(clock.now())}
    return list(found.values())


def _choose(request: HttpRequest) -> tuple[str, list[str]]:
    """Return (code of the 居民区, what to say where it could not be found)."""
    code = request.POST.get("area", "")
    if code:
        return (code, []) if places.area_by_code(code[:20]) else ("", [_("没有这个居民区，请从列表中选择。")])
    if request.POST.get("point_lat") or request.POST.get("point_lon"):
        read = read_point(request.POST)
        area = committee.neighbourhood_at(read.point) if read.point else None
        return (area.code, []) if area else ("", read.errors or [_("没有找到您所在的居民区，请从列表中选择。")])
    chosen = request.POST.get("place", "")
    hits = (
        [places.place(int(chosen))]
        if chosen.isdigit() and len(chosen) < 12
        else places.search_places(request.POST.get("address", "")[:80], 6)
    )
    paths = {h.area.path for h in hits if h.area}
    areas = {a.code for a in committee.neighbourhoods() if any(p.startswith(a.path) for p in paths)}
    if len(areas) == 1:
        return areas.pop(), []
    return "", [
        _("有几处都像，请选择其中一个。") if areas else _("没有找到这个地址，请换个写法，或从列表中选择居民区。")
    ]


@public
@require_GET
def privacy(request: HttpRequest) -> HttpResponse:
    """Show who handles personal data, what for, how long, and the rights."""
    return render(request, "portal/privacy.html")


@public
@require_GET
def accessibility(request: HttpRequest) -> HttpResponse:
    """Show what was done so that everybody can use this site."""
    return render(request, "portal/accessibility.html")
