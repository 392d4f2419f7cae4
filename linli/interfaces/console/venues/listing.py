"""The list of venues with its filters, and the same as pins."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from linli.foundation.core import clock
from linli.foundation.core.errors import NotFoundError
from linli.foundation.core.paging import Page
from linli.foundation.places import selectors as places
from linli.foundation.venues import permissions, selectors
from linli.foundation.venues.types import Filters, Level, State
from linli.interfaces.console.doors import actor_of, today
from linli.interfaces.console.venues.doors import area_options, id_of, readers
from linli.interfaces.web import opening
from linli.interfaces.web import pins as web_pins

PINS = 2000
SIZE = 50
DUE_WITHIN = timedelta(days=30)
_NAMES = ("q", "kind", "state", "level", "area", "facility", "due", "lacking")


def _filters(request: HttpRequest) -> Filters:
    data = request.GET
    area_id, path = id_of(data.get("area", "")), ""
    if area_id is not None:
        try:
            path = places.area(area_id).path
        except NotFoundError:
            path = "-"
    state, level = data.get("state", ""), data.get("level", "")
    return Filters(
        text=data.get("q", "")[:60],
        kinds=(data["kind"][:32],) if data.get("kind") else (),
        states=(state,) if state in State.values else (),
        area_path=path,
        level=level if level in Level.values else "",
        facility=data.get("facility", "")[:32],
        review_due=today() + DUE_WITHIN if data.get("due") else None,
        lacking=bool(data.get("lacking")),
    )


def _query(request: HttpRequest) -> str:
    return urlencode([(n, request.GET[n]) for n in _NAMES if request.GET.get(n)])


def _options(request: HttpRequest) -> dict[str, Any]:
    every = [{"value": "", "label": _("全部")}]
    return {
        "kinds": every + [{"value": k.code, "label": k.name} for k in selectors.kinds(active=False)],
        "states": every + [{"value": v, "label": label} for v, label in State.choices],
        "levels": every + [{"value": v, "label": label} for v, label in Level.choices if v],
        "areas": area_options(_("全部")),
        "chosen": {n: request.GET.get(n, "") for n in _NAMES},
    }


def page_of(request: HttpRequest, cursor: str, size: int = SIZE) -> Page[Any]:
    """Return the page of venues that an address asks for."""
    return selectors.page(_filters(request), cursor=cursor[:300], size=size)


def with_standing(venues: Sequence[Any], now: datetime) -> list[dict[str, Any]]:
    """Return venues with whether they are open now and whether they are to be reviewed."""
    return [{"venue": v, "standing": opening.standing(v, now), "due": _due(v)} for v in venues]


@require_GET
@readers
def listing(request: HttpRequest) -> HttpResponse:
    """Show the venues as filtered, by name, or on the map."""
    now, query = clock.now(), _query(request)
    page = page_of(request, request.GET.get("cursor", ""))
    as_map = request.GET.get("view") == "map"
    here = reverse("console:venues")
    context = {
        "nav_here": "console",
        "page": page,
        "rows": with_standing(page.rows, now),
        "map": as_map,
        "pins": f"{reverse('console:venue_pins')}?{query}",
        "tabs": [
            {"label": _("列表"), "url": f"{here}?{query}", "count": None, "current": not as_map},
            {"label": _("地图"), "url": f"{here}?{query}&view=map", "count": None, "current": as_map},
        ],
        "base": f"?{query}&" if query else "?",
        "first": f"?{query}" if query else here,
        "filtered": bool(query),
        "may": permissions.may_configure(actor_of(request)),
        "review_due": selectors.review_due(today() + DUE_WITHIN),
        **_options(request),
    }
    return render(request, "console/venues/list.html", context)


def _due(venue: Any) -> bool:
    day = today() + DUE_WITHIN
    return bool(venue.kind.reviewed and venue.state == State.OPEN and (not venue.review_on or venue.review_on <= day))


@require_GET
@readers
def pins(request: HttpRequest) -> HttpResponse:
    """Answer the pins of the list as filtered, kinds for staff included."""
    rows = selectors.matching(_filters(request)).filter(lat__isnull=False).order_by("id")
    address = reverse("console:venue", args=[web_pins.NONE])
    return web_pins.answer(rows[:PINS], address, "private, no-store")
