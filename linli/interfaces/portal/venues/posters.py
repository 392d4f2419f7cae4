"""What a poster's code opens, and what it fills in: for everybody, counted without a trace of who it was."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from linli.foundation.core import clock
from linli.foundation.core.errors import NotFoundError
from linli.foundation.venues import selectors, services
from linli.foundation.venues.types import Purpose
from linli.interfaces.portal import committee
from linli.interfaces.web.access import public

if TYPE_CHECKING:
    from linli.foundation.places.models import Area
    from linli.foundation.venues.models import Poster


@public
@never_cache
@require_GET
def scan(request: HttpRequest, code: str) -> HttpResponse:
    """Count one opening and go where the poster leads; one that was taken down says so and offers the ordinary ways."""
    poster = selectors.poster_by_code(code[:20])
    if poster.withdrawn_at is not None:
        return render(request, "portal/venues/withdrawn.html", {"poster": poster})
    if request.seeing is None:  # type: ignore[attr-defined]  # who looks with another's grants changes nothing
        services.opened(poster=poster, now=clock.now())
    if poster.purpose == Purpose.CHANNEL:
        return render(request, "portal/venues/channel.html", {"poster": poster, "channel": poster.channel})
    return HttpResponseRedirect(_address(poster))


def _address(poster: Poster) -> str:
    if poster.purpose == Purpose.REPORT:
        return f"{reverse('portal:report')}?{urlencode({'q': poster.code})}"
    if poster.purpose == Purpose.VENUE and poster.venue is not None:
        return reverse("portal:venue", args=[poster.venue.uuid])
    area = poster.area or (poster.place.area if poster.place else None)
    home = _neighbourhood(area.path if area else poster.area_path)
    query = f"?{urlencode({'area': home.code})}" if home else ""
    return f"{_first_map()}{query}"


def _first_map() -> str:
    maps = selectors.public_maps()
    return reverse("portal:map", args=[maps[0].code]) if maps else reverse("portal:home")


def _neighbourhood(path: str) -> Area | None:
    return next((a for a in committee.neighbourhoods() if path.startswith(a.path)), None) if path else None


@dataclass(frozen=True, slots=True)
class Aim:
    """The place that a poster or a service's page fills into the report form."""

    address: str = ""
    area: str = ""
    lat: float | None = None
    lon: float | None = None

    def fields(self) -> dict[str, Any]:
        """Return the fields of the draft."""
        system = "place" if self.lat is not None else ""
        return {"address": self.address, "area": self.area, "lat": self.lat, "lon": self.lon, "system": system}


def aim(request: HttpRequest) -> Aim | None:
    """Return the place that the address of the form names (``q``: a poster's code, ``at``: a service), None without."""
    code, at = request.GET.get("q", "")[:20], request.GET.get("at", "")[:40]
    try:
        if code:
            return _of_poster(selectors.poster_by_code(code))
        if at:
            found = selectors.public_venue(UUID(at), committee.today())
            return Aim(f"{found.name} {found.address}".strip(), "", found.lat, found.lon)
    except (NotFoundError, ValueError):
        return None
    return None


def _of_poster(poster: Poster) -> Aim | None:
    if poster.withdrawn_at is not None:
        return None
    if poster.area is not None:
        home = _neighbourhood(poster.area.path)
        words = poster.spot if home and home.pk == poster.area.pk else f"{poster.area.name} {poster.spot}".strip()
        return Aim(words, home.code if home else "")
    target = poster.place or poster.venue
    if target is None:
        return None
    known = target.address if target.address not in target.name else ""
    home = _neighbourhood(poster.area_path)
    address = " ".join(part for part in (target.name, known, poster.spot) if part)
    return Aim(address, home.code if home and target.lat is None else "", target.lat, target.lon)


def place_of(poster: Poster) -> str:
    """Return where a poster hangs, in words for everybody."""
    target = poster.area or poster.place or poster.venue
    return str(target) if target else ""
