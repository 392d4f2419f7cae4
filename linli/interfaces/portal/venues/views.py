"""The maps of services for everybody: a list that works without scripts, pins beside it, one service, paper."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from linli.foundation.core import clock
from linli.foundation.core.errors import NotFoundError
from linli.foundation.core.paging import keyset
from linli.foundation.files import selectors as files
from linli.foundation.places import selectors as places
from linli.foundation.venues import selectors
from linli.foundation.venues.types import Meal
from linli.interfaces.portal import committee
from linli.interfaces.web import ground
from linli.interfaces.web import opening as words
from linli.interfaces.web import pins as web_pins
from linli.interfaces.web.access import public
from linli.interfaces.web.sending import stream

if TYPE_CHECKING:
    from linli.foundation.places.models import Area
    from linli.foundation.venues.models import ThematicMap, Venue

SIZE, PRINTED, PINS = 100, 150, 2000
_KEYS: list[tuple[str, type]] = [("rank", int), ("sort_key", str), ("id", int)]


def _asked(request: HttpRequest) -> dict[str, Any]:
    """Return what the visitor narrows the map by; what nobody can have asked is left out."""
    data = request.GET
    area = places.area_by_code(data.get("area", "")[:48]) if data.get("area") else None
    return {
        "text": data.get("q", "").strip()[:60],
        "facility": data.get("facility", "")[:32],
        "kinds": [k[:32] for k in data.getlist("kind")][:40],
        "open": data.get("open") == "1",
        "area": area,
    }


def _rows(shown: ThematicMap, asked: dict[str, Any], now: datetime, *, narrowed: bool = True) -> QuerySet[Venue]:
    """Return the venues of a map that fit what was asked; ``narrowed``: those of the chosen kinds only."""
    kinds = list(shown.kinds)
    if narrowed and asked["kinds"]:
        kinds = [k for k in asked["kinds"] if not kinds or k in kinds] or ["-"]
    area: Area | None = asked["area"]
    rows = selectors.public_venues(
        committee.today(), kinds=kinds, text=asked["text"], facility=asked["facility"],
        area_path=area.path if area else "",
    )  # fmt: skip
    return selectors.open_now(rows, words.local(now)) if asked["open"] else rows


def _query(asked: dict[str, Any], *, kinds: bool = True) -> str:
    pairs = [("q", asked["text"]), ("facility", asked["facility"]), ("open", "1" if asked["open"] else "")]
    pairs += [("area", asked["area"].code if asked["area"] else "")]
    pairs += [("kind", k) for k in asked["kinds"]] if kinds else []
    return urlencode([p for p in pairs if p[1]])


def _line(venue: Venue, now: datetime) -> dict[str, Any]:
    return {
        "venue": venue,
        "where": venue.address or home_of(venue),
        "url": reverse("portal:venue", args=[venue.uuid]),
        "standing": words.standing(venue, now),
    }


def home_of(venue: Venue) -> str:
    """Return the name of the 居民区 (or what larger area) in which a venue lies."""
    homes = committee.neighbourhoods()
    found = next((a.name for a in homes if venue.area_path.startswith(a.path)), "")
    return found or (venue.area.name if venue.area else "")


@public
@require_GET
def first(_request: HttpRequest) -> HttpResponse:
    """Go to the first map."""
    maps = selectors.public_maps()
    if not maps:
        raise NotFoundError(_("还没有公开的地图。"))
    return HttpResponseRedirect(reverse("portal:map", args=[maps[0].code]))


@public
@require_GET
def listing(request: HttpRequest, code: str) -> HttpResponse:
    """Show a map with its list: by kind, then in the order of addresses; filters work without scripts."""
    shown, asked, now = selectors.public_map(code), _asked(request), clock.now()
    page = keyset(_rows(shown, asked, now), keys=_KEYS, cursor=request.GET.get("cursor", "")[:300], size=SIZE)
    every = _rows(shown, asked, now, narrowed=False)
    counts = dict(every.order_by().values_list("kind__code").annotate(n=Count("id")))
    query = _query(asked)
    groups = [
        {"kind": kind, "rows": [_line(v, now) for v in rows], "count": counts.get(kind.code, 0)}
        for kind, rows in groupby(page.rows, key=lambda v: v.kind)
    ]
    layers = [k for k in selectors.kinds() if k.public and counts.get(k.code)]
    context = {
        "shown": shown,
        "maps": selectors.public_maps(),
        "groups": groups,
        "page": page,
        "base": f"?{query}&" if query else "?",
        "first": f"?{query}" if query else reverse("portal:map", args=[code]),
        "pins": f"{reverse('portal:map_pins', args=[code])}?{_query(asked, kinds=False)}",
        "paper": f"{reverse('portal:map_print', args=[code])}?{query}",
        "layers": [{"kind": k, "count": counts[k.code], "on": _on(k.code, asked)} for k in layers],
        "asked": asked,
        "facilities": [{"value": "", "label": _("不限设施")}]
        + [{"value": f.code, "label": f.name} for f in selectors.facilities()],
        "filtered": bool(asked["text"] or asked["facility"] or asked["open"] or asked["area"]),
    }
    return render(request, "portal/venues/map.html", context)


def _on(code: str, asked: dict[str, Any]) -> bool:
    return not asked["kinds"] or code in asked["kinds"]


@public
@require_GET
def pins(request: HttpRequest, code: str) -> HttpResponse:
    """Answer the pins of a map as filtered, of every kind: the viewer switches kinds on the spot."""
    shown, asked = selectors.public_map(code), _asked(request)
    rows = _rows(shown, asked, clock.now(), narrowed=False).filter(lat__isnull=False)
    address = reverse("portal:venue", args=[web_pins.NONE])
    return web_pins.answer(rows[:PINS], address, "max-age=60")


@public
@require_GET
def paper(request: HttpRequest, code: str) -> HttpResponse:
    """Show a map for A4 or A3: numbered pins on the schematic ground and the same numbers in the list."""
    shown, asked, now = selectors.public_map(code), _asked(request), clock.now()
    rows = list(_rows(shown, asked, now)[: PRINTED + 1])
    more, rows = len(rows) > PRINTED, rows[:PRINTED]
    drawn = [v for v in rows if v.lat is not None and v.lon is not None]
    numbers = {v.pk: n for n, v in enumerate(drawn, 1)}
    points = [(v.lat or 0.0, v.lon or 0.0, v.kind.colour) for v in drawn]
    groups = [
        {"kind": kind, "rows": [{"venue": v, "number": numbers.get(v.pk), "hours": words.week(v, now)} for v in found]}
        for kind, found in groupby(rows, key=lambda v: v.kind)
    ]
    large = request.GET.get("size") == "a3"
    context = {
        "shown": shown,
        "drawing": ground.draw(committee.today(), points),
        "groups": groups,
        "more": more,
        "printed": PRINTED,
        "large": large,
        "other": f"?{_query(asked)}&size={'a4' if large else 'a3'}",
        "back": f"{reverse('portal:map', args=[code])}?{_query(asked)}",
        "address": request.build_absolute_uri(reverse("portal:map", args=[code])),
    }
    return render(request, "portal/venues/paper.html", context)


@public
@require_GET
def venue(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show one service: where, when, whom to call, what there is."""
    now, today = clock.now(), committee.today()
    found = selectors.public_venue(uuid, today)
    names = {f.code: f for f in selectors.facilities()}
    context = {
        "venue": found,
        "home": home_of(found),
        "standing": words.standing(found, now),
        "week": words.week(found, now),
        "facilities": [names[c] for c in found.facilities if c in names],
        "answers": words.answers(selectors.questions_of(found.kind.code), found.answers),
        "photos": _photos(found),
        "menu": _menu(found) if found.kind.canteen else [],
        "activities": selectors.activities(found, now),
        "pin": [_pin(found)] if found.lat is not None else [],
        "maps": [m for m in selectors.public_maps() if not m.kinds or found.kind.code in m.kinds],
    }
    return render(request, "portal/venues/venue.html", context)


def _pin(found: Venue) -> dict[str, Any]:
    kind = found.kind
    at = {"lat": found.lat, "lon": found.lon}
    return {"id": "here", **at, "icon": kind.icon, "colour": kind.colour, "title": found.name}


def _photos(found: Venue) -> list[dict[str, str]]:
    return [
        {
            "url": reverse("portal:venue_photo", args=[p.file.uuid, 1600]),
            "thumb": reverse("portal:venue_photo", args=[p.file.uuid, 320]),
            "alt": p.alt or found.name,
            "caption": p.alt,
        }
        for p in found.photos.select_related("file")
    ]


def _menu(found: Venue) -> list[dict[str, Any]]:
    """Return this week's menu from today on, by day; days without one left out."""
    today = committee.today()
    days = [today + timedelta(days=n) for n in range(7)]
    kept = selectors.menus(found, days[0], days[-1])
    lines = []
    for day in days:
        meals = [(Meal(m).label, kept[day, m]) for m in Meal.values if (day, m) in kept]
        if meals:
            lines.append({"day": day, "name": words.weekdays()[day.weekday()], "today": day == today, "meals": meals})
    return lines


@public
@require_GET
def photo(_request: HttpRequest, file: UUID, size: int) -> HttpResponseBase:
    """Send a picture of a service that everybody may see."""
    if not selectors.is_public_photo(file, committee.today()):
        raise NotFoundError(_("没有找到这张照片。"))
    return stream(files.serve_shown(file, size), "max-age=3600")
