"""Which place a text speaks of, by what this installation knows: its areas, estates and buildings, venues, roads.

Each process keeps what it knows of a namespace; whether something changed is looked at every few seconds, with a
statement or two for each room that tells of places.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import combinations
from typing import Any

import shapely
from django.db.models import Count, Max
from shapely.geometry.base import BaseGeometry

from linli.foundation.core import namespaces
from linli.foundation.places import events
from linli.foundation.places.models import Area, Backdrop, Place
from linli.foundation.places.rules.gazetteer import CERTAIN, Gazetteer
from linli.foundation.places.rules.geometry import metres
from linli.foundation.places.rules.index import shape_of
from linli.foundation.places.selectors import store
from linli.foundation.places.types import Audience, Crossing, KnownPlace, PlaceSort, Reading
from linli.foundation.rulebook import selectors as rulebook
from linli.foundation.rulebook.exceptions import RuleMissingError

LOOK_EVERY = 10.0
BESIDE_ROAD = 15.0
AT_CROSSING = 30.0
WITHIN = 0.9
NEIGHBOURHOOD = "neighbourhood"


@dataclass
class _Kept:
    stamp: tuple[Hashable, ...]
    looked: float
    made: Gazetteer


_kept: dict[tuple[str, Audience], _Kept] = {}
_lock = threading.RLock()


def read_text(text: str, *, on: date, audience: Audience = Audience.STAFF) -> Reading:
    """Return which places ``text`` speaks of, as they are known on the day ``on``.

    Args:
        text: what somebody wrote or said; its first 5,000 characters are read.
        on: the local day.
        audience: whose knowledge counts: what everybody may know, what staff know, or also the ledgers of buildings.
    """
    return (
        gazetteer(on, audience).read(text, certain=float(_rule("places.from_text.certain", CERTAIN, on)))
        if text.strip()
        else Reading()
    )


def read_report(
    *, text: str, address: str = "", title: str = "", on: date, audience: Audience = Audience.STAFF
) -> Reading:
    """Return where a report is: by its address if that says so, else by title and text.

    An address that names a known place, certainly or to be asked, decides; what else is written counts only beside one
    that says nothing.
    """
    found = Reading()
    for words in (address, title, text):
        found = read_text(words, on=on, audience=audience)
        if found.certain is not None or (words is address and found.asked):
            return found
    return read_text(f"{title}\n{text}", on=on, audience=audience)


def known_place(ref: str, *, on: date, audience: Audience = Audience.STAFF) -> KnownPlace | None:
    """Return the place that ``ref`` of a candidate names, None if it is not known (any more) to that audience."""
    return gazetteer(on, audience).find(ref)


def gazetteer(on: date, audience: Audience = Audience.STAFF) -> Gazetteer:
    """Return what is known on a day; read anew when something changed."""
    key, now = (namespaces.current(), audience), time.monotonic()
    kept = _kept.get(key)
    if kept is not None and now - kept.looked < LOOK_EVERY and kept.stamp[0] == on:
        return kept.made
    with _lock:
        stamp = (on, *_stamp(on), *(source.stamp() for source in events.tellers(audience)))
        kept = _kept.get(key)
        if kept is None or kept.stamp != stamp:
            kept = _kept[key] = _Kept(stamp, now, _made(on, audience))
        kept.looked = now
        return kept.made


def forget(namespace: str | None = None) -> None:
    """Drop what is kept, so that the next read asks the database."""
    with _lock:
        for key in [k for k in _kept if namespace in (None, k[0])]:
            del _kept[key]


def _rule(code: str, default: Any, on: date) -> Any:
    try:
        return rulebook.value(code, on=on)
    except RuleMissingError:
        return default


def _stamp(on: date) -> tuple[Hashable, ...]:
    elsewhere = tuple(_rule("places.from_text.elsewhere", (), on))
    return (elsewhere, store.token(), *Place.objects.aggregate(n=Count("pk"), last=Max("pk")).values())


def _made(on: date, audience: Audience) -> Gazetteer:
    rows = list(Area.objects.on(on).filter(layer=None).select_related("kind").defer("geometry", "wkb"))
    near = _neighbourhoods(rows)
    places = [*_areas(rows, near), *_places(near)]
    for source in events.tellers(audience):
        places += [_put(p, near) for p in source.places(on)]
    shapes = _shapes(on)
    roads, crossings = _roads(shapes)
    elsewhere = _rule("places.from_text.elsewhere", (), on)
    return Gazetteer.of([*places, *_parks(shapes, near)], roads=roads, crossings=crossings, elsewhere=elsewhere)


def _neighbourhoods(rows: Sequence[Area]) -> dict[int, Area]:
    """Return for every area's id the 居民区 that it lies in or is; others are left out."""
    homes = {a.pk: a for a in rows if a.kind.code == NEIGHBOURHOOD}
    found = {}
    for area in rows:
        above = next((homes[i] for part in area.path.split("/") if part and (i := int(part)) in homes), None)
        if above is not None:
            found[area.pk] = above
    return found


def _areas(rows: Sequence[Area], near: Mapping[int, Area]) -> list[KnownPlace]:
    often = Counter(a.name for a in rows)
    return [
        KnownPlace(f"area:{a.pk}", PlaceSort.AREA, a.name, (), "", a.pk, a.path, a.name)
        for a in rows
        if a.pk in near and often[a.name] == 1
    ]


def _places(near: Mapping[int, Area]) -> list[KnownPlace]:
    columns = ("pk", "kind", "name", "aliases", "address", "area_id", "area__path", "area__name", "lat", "lon", "road")
    return [
        _put(
            KnownPlace(
                f"place:{pk}",
                PlaceSort(kind),
                name,
                tuple(aliases),
                address,
                area,
                path or "",
                called or "",
                lat,
                lon,
                road,
            ),
            near,
        )
        for pk, kind, name, aliases, address, area, path, called, lat, lon, road in Place.objects.order_by(
            "pk"
        ).values_list(*columns)
    ]


def _put(place: KnownPlace, near: Mapping[int, Area]) -> KnownPlace:
    """Return ``place`` with the 居民区 that it lies in as its area's name."""
    home = near.get(place.area_id or 0)
    return replace(place, area_name=home.name) if home is not None else place


def _shapes(on: date) -> dict[str, Any]:
    """Return the borders of the 居民区, the roads and the parks of a day, in metres on one plane."""
    areas = [
        (pk, shape_of(wkb))
        for pk, wkb in Area.objects.on(on).filter(kind__code=NEIGHBOURHOOD).values_list("pk", "wkb")
        if wkb
    ]
    latitude = areas[0][1].centroid.y if areas else 0.0
    drawn = Backdrop.objects.exclude(name="").filter(kind__in=[Backdrop.Kind.ROAD, Backdrop.Kind.PARK]).order_by("pk")
    lines: dict[str, dict[str, BaseGeometry]] = {Backdrop.Kind.ROAD.value: {}, Backdrop.Kind.PARK.value: {}}
    for row in drawn:
        shape = metres(shapely.geometry.shape(row.geometry), latitude)
        held = lines[row.kind].get(row.name)
        lines[row.kind][row.name] = shape if held is None else shapely.union(held, shape)
    return {
        "areas": [(pk, metres(s, latitude)) for pk, s in areas],
        "roads": lines[Backdrop.Kind.ROAD.value],
        "parks": lines[Backdrop.Kind.PARK.value],
        "latitude": latitude,
    }


def _roads(shapes: Mapping[str, Any]) -> tuple[dict[str, list[int]], list[Crossing]]:
    """Return for each road the areas that it runs through, most first; and where two roads cross."""
    areas, roads = shapes["areas"], shapes["roads"]
    along = {}
    for name, line in roads.items():
        beside = line.buffer(BESIDE_ROAD)
        shares = [(s.intersection(beside).area, pk) for pk, s in areas if s.intersects(beside)]
        along[name] = [pk for share, pk in sorted(shares, key=lambda p: (-p[0], p[1])) if share > 0]
    crossings = []
    for (one, a), (other, b) in combinations(sorted(roads.items()), 2):
        meeting = a.intersection(b) if a.distance(b) == 0 else None
        if meeting is not None and not meeting.is_empty:
            crossings.append(_crossing(one, other, meeting.centroid, areas, shapes["latitude"]))
    return along, crossings


def _crossing(
    one: str, other: str, spot: BaseGeometry, areas: Sequence[tuple[int, BaseGeometry]], latitude: float
) -> Crossing:
    shares = sorted((s.distance(spot), pk) for pk, s in areas)
    centre, plane = spot.centroid, metres(shapely.Point(1.0, 1.0), latitude).centroid
    return Crossing(
        one, other, round(centre.y / plane.y, 7), round(centre.x / plane.x, 7),
        tuple(pk for off, pk in shares if off <= AT_CROSSING),
    )  # fmt: skip


def _parks(shapes: Mapping[str, Any], near: Mapping[int, Area]) -> list[KnownPlace]:
    """Return the parks that lie in one 居民区 as good as wholly."""
    found = []
    for name, ground in shapes["parks"].items():
        homes = [pk for pk, s in shapes["areas"] if s.intersection(ground).area >= WITHIN * ground.area]
        if homes and (home := near.get(homes[0])) is not None:
            found.append(KnownPlace(f"park:{name}", PlaceSort.VENUE, name, (), name, home.pk, home.path, home.name))
    return found
