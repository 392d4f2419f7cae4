"""Venues as the pins of a map, which pages for staff and for everybody answer alike."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.http import HttpResponse

if TYPE_CHECKING:
    from linli.foundation.venues.models import Venue

NONE = "00000000-0000-0000-0000-000000000000"


def answer(venues: Iterable[Venue], address: str, cache: str) -> HttpResponse:
    """Answer the pins of ``venues`` as JSON.

    Args:
        venues: those with a point.
        address: the page of one venue, with :data:`NONE` where its uuid belongs (asked once: a map has two thousand).
        cache: what Cache-Control says.
    """
    found = [
        {
            "id": str(v.uuid),
            "lat": v.lat,
            "lon": v.lon,
            "icon": v.kind.icon,
            "colour": v.kind.colour,
            "layer": v.kind.code,
            "title": v.name,
            "url": address.replace(NONE, str(v.uuid)),
        }
        for v in venues
    ]
    text = json.dumps(found, ensure_ascii=False, separators=(",", ":"))
    return HttpResponse(text, content_type="application/json", headers={"Cache-Control": cache})
