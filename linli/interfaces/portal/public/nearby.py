"""Problems nearby, for everybody: of public space only, delayed, without doors, reporters and their words.

What is shown of a case: the kind in residents' words, the 居民区 and the road or estate without
numbers (only where at least the minimum cell of cases lies), its state, its dates, and how
many people raised it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from linli.engines.cases import selectors as cases
from linli.engines.cases import services
from linli.engines.cases.selectors.settings import number
from linli.engines.cases.workflow import STATES, State
from linli.foundation.core import clock
from linli.foundation.places import selectors as places
from linli.interfaces.portal import committee, limits
from linli.interfaces.portal.doors import when_open
from linli.interfaces.portal.report.draft import Draft
from linli.interfaces.portal.report.parts import ICONS
from linli.interfaces.portal.report.views import receipt_answer
from linli.interfaces.web.access import public

if TYPE_CHECKING:
    from linli.engines.cases.models import Case


@dataclass(frozen=True, slots=True)
class Shown:
    """One case as everybody may read it."""

    number: str
    kind: str
    icon: str
    place: str
    state: str
    tone: str
    is_open: bool
    people: int
    at: datetime
    closed_at: datetime | None


def shown(case: Case, names: dict[str, str], busy: set[str]) -> Shown:
    """Return what everybody may read of ``case``.

    Args:
        names: paths of the 居民区 → their names.
        busy: those with at least the minimum cell of cases; elsewhere only the 街道 is named.
    """
    where = cases.public_place(case, names, busy, committee.kept("place-names", places.public_names))
    facts = STATES[State(case.state)]
    icon = cases.icons().get(case.category_id, "alert")
    return Shown(
        number=case.number,
        kind=case.category.resident_name,
        icon=ICONS.get(icon, icon),
        place=where,
        state=str(facts.resident),
        tone=facts.tone,
        is_open=case.is_open,
        people=case.reporter_count,
        at=case.reported_at,
        closed_at=case.closed_at,
    )


def busy_areas(names: dict[str, str], now: datetime) -> set[str]:
    """Return the paths of the 居民区 with at least the minimum cell of public cases."""
    return cases.busy_areas(names, committee.kept("counts", lambda: cases.public_counts(now=now)), now)


@public
@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """Show the list, or the map with the same filters beside it."""
    now = clock.now()
    names = {a.path: a.name for a in committee.neighbourhoods()}
    busy = busy_areas(names, now)
    kind, state = request.GET.get("kind", "")[:32], request.GET.get("state", "")
    area = next((p for p in busy if names[p] == request.GET.get("area", "")), "")
    is_open = {"open": True, "ended": False}.get(state)
    page = cases.public_list(
        now=now, category=kind, area_path=area, is_open=is_open, cursor=request.GET.get("cursor", "")[:200]
    )
    kinds = [(n.spec.code, n.spec.resident_name) for n in cases.categories() if n.leaf and n.spec.public_space]
    context = {
        "rows": [shown(c, names, busy) for c in page.rows],
        "page": page,
        "base": _base(request),
        "now": now,
        "kinds": [{"value": "", "label": _("全部类别")}] + [{"value": c, "label": n} for c, n in kinds],
        "areas": [{"value": "", "label": _("全部居民区")}]
        + [{"value": names[p], "label": names[p]} for p in sorted(busy)],
        "states": [
            {"value": "", "label": _("全部")},
            {"value": "open", "label": _("正在办")},
            {"value": "ended", "label": _("已办结")},
        ],
        "kind": kind,
        "area": names.get(area, ""),
        "state": state,
        "map": request.GET.get("view") == "map",
        "hours": int(number("cases.public.delay_hours", 24, now)),
        "trap": limits.TRAP,
        "joining": Draft().seal(),
    }
    return render(request, "portal/nearby.html", context)


def _base(request: HttpRequest) -> str:
    query = request.GET.copy()
    query.pop("cursor", None)
    return f"?{query.urlencode()}&" if query else "?"


@public
@require_GET
def pins(request: HttpRequest) -> HttpResponse:
    """Answer the points of the map: rounded, only where enough cases lie; the same for everybody for half a minute."""
    text = committee.kept("pins", _pins)
    return HttpResponse(text, content_type="application/json", headers={"Cache-Control": "max-age=30"})


def _pins() -> str:
    found: list[dict[str, Any]] = []
    for i, pin in enumerate(cases.public_pins(now=clock.now())):
        tone = STATES[State(pin.state)].tone
        found.append(
            {
                "id": f"p{i}",
                "lat": pin.lat,
                "lon": pin.lon,
                "status": tone,
                "icon": ICONS.get(pin.icon, pin.icon),
                "title": pin.title,
            }
        )
    return json.dumps(found, ensure_ascii=False, separators=(",", ":"))


@public
@require_GET
def areas(request: HttpRequest) -> JsonResponse:
    """Answer the drawing under the map: the 居民区 and what lies between them."""
    ground = json.loads(places.areas_geojson(committee.today(), "neighbourhood"))
    for feature in ground["features"]:
        feature["properties"] = {"kind": "area", "name": feature["properties"]["name"].removesuffix("居民区")}
    ground["features"] += json.loads(places.backdrop_geojson())["features"]
    return JsonResponse(ground, headers={"Cache-Control": "max-age=300"})


@public
@never_cache
@require_POST
@when_open
def join(request: HttpRequest) -> HttpResponse:
    """Follow an open problem of the list, without a contact: one gets a tracking code."""
    now, by = clock.now(), request.actor  # type: ignore[attr-defined]
    limits.check_trap(request)
    case = cases.public_case(request.POST.get("number", "")[:24], now=now)
    draft = Draft.unseal(request.POST.get("state", ""))
    limits.report(request, "", now)
    contact = draft.contact(user_id=by.user_id, language=get_language() or settings.LANGUAGE_CODE)
    receipt = services.join(by=by, now=now, case=case, contact=contact, uuid=UUID(draft.joining), code=draft.code)
    return receipt_answer(receipt, draft)
