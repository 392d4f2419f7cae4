"""From what a visitor says of the place to a point and a 居民区, with an explanation where it cannot be."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from linli.foundation.core.coordinates import CoordinateSystem, Point, to_wgs84
from linli.foundation.places import selectors as places
from linli.foundation.places.types import Audience, KnownPlace, Reading
from linli.interfaces.portal.committee import today
from linli.interfaces.web.places_heard import offered

LATITUDES, LONGITUDES = (3.0, 54.0), (73.0, 136.0)
NEAR_METRES = 300.0


@dataclass
class Place:
    """Where it is: ``point`` in WGS-84, the area for a point just outside; errors by field and notes to be shown."""

    point: Point | None = None
    area_id: int | None = None
    system: str = ""
    errors: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _within(value: float, span: tuple[float, float]) -> bool:
    return span[0] <= value <= span[1]


def _pair(data: Mapping[str, str], found: Place) -> tuple[float, float] | None:
    """Return (lat, lon) as typed, turned round where they were swapped."""
    lat_text, lon_text = data.get("point_lat", "").strip(), data.get("point_lon", "").strip()
    if not lat_text and not lon_text:
        return None
    lat, lon = _number(lat_text), _number(lon_text)
    if lat is None or lon is None:
        found.errors.append(_("地图上的位置没有读懂，请重新定位或在地图上点选；也可以只写地址。"))
        return None
    if not _within(lat, LATITUDES) and _within(lat, LONGITUDES) and _within(lon, LATITUDES):
        lat, lon = lon, lat
        found.notes.append(_("经度和纬度写反了，已替您对调，请核对位置。"))
    if not _within(lat, LATITUDES) or not _within(lon, LONGITUDES):
        found.errors.append(_("这个位置不在国内，请重新定位或在地图上点选；也可以只写地址。"))
        return None
    return lat, lon


def read_point(data: Mapping[str, str]) -> Place:
    """Return the point of the fields ``point_lat``, ``point_lon`` and ``point_system``."""
    found = Place()
    pair = _pair(data, found)
    if pair is None:
        return found
    code = data.get("point_system") or CoordinateSystem.WGS84.value
    system = CoordinateSystem(code) if code in set(CoordinateSystem) else CoordinateSystem.WGS84
    point = to_wgs84(*pair, system)
    if system is not CoordinateSystem.WGS84:
        found.notes.append(_("手机给出的是国内加偏坐标，已换算成真实位置。"))
    where = places.locate(point, today(), near=NEAR_METRES)
    if where.area_id is None and not where.neighbours:
        found.errors.append(
            _("这个位置不在本街道范围内。请重新选点；如果问题确实在别处，请拨打 12345，会转给当地办理。")
        )
        return found
    found.point, found.system = point, system.value
    found.area_id = None if where.area_id is not None else where.neighbours[0].id
    return found


def heard_in(text: str) -> Reading:
    """Return which places ``text`` speaks of, as everybody may know them."""
    return places.read_text(text, on=today(), audience=Audience.PUBLIC)


def heard_place(text: str, ref: str) -> KnownPlace | None:
    """Return the place ``ref`` that was heard in ``text`` and chosen, with the door that was said; None if unknown."""
    said = next((c.place for c in offered(heard_in(text)) if c.place.ref == ref), None)
    return said or places.known_place(ref, on=today(), audience=Audience.PUBLIC)


def from_words(address: str) -> Place:
    """Return the place that ``address`` surely names, else the one known place that holds all its words."""
    certain = heard_in(address[:200]).certain
    if certain is not None:
        where = certain.place
        point = Point(where.lat, where.lon) if where.lat is not None and where.lon is not None else None
        return Place(point=point, area_id=where.area_id, system="place" if point else "")
    hits = places.search_places(address[:80], 2) if address.strip() else []
    if len(hits) != 1:
        return Place()
    hit = hits[0]
    point = Point(hit.lat, hit.lon) if hit.lat is not None and hit.lon is not None else None
    return Place(point=point, area_id=hit.area_id, system="place" if point else "")
