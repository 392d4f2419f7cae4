"""Entering named places: 小区, buildings, venues, with their search tokens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from linli.foundation.core.actors import Actor
from linli.foundation.core.coordinates import Point
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import InvalidError
from linli.foundation.core.text import clean, tokens
from linli.foundation.journal import services as journal
from linli.foundation.places import selectors
from linli.foundation.places.models import Area, Backdrop, Place, PlaceToken
from linli.foundation.places.rules import normal_key, parse_address
from linli.foundation.places.services.areas import bump
from linli.foundation.places.types import PlaceData


@whole
def add_places(*, by: Actor, now: datetime, places: Sequence[PlaceData]) -> list[Place]:
    """Enter places; one already there (same name, same address) is left as it is.

    A place with a point but no area is put into the smallest area that holds it today.
    """
    areas = dict(Area.objects.filter(code__in={p.area for p in places}).values_list("code", "id"))
    today = timezone.localdate(now)
    rows = [_row(p, areas, today) for p in places]
    there = set(Place.objects.filter(name__in={r.name for r in rows}).values_list("name", "key"))
    fresh = list({(r.name, r.key): r for r in rows if (r.name, r.key) not in there}.values())
    made = Place.objects.bulk_create(fresh)
    bump()
    PlaceToken.objects.bulk_create([PlaceToken(place=p, token=t) for p in made for t in search_tokens(p)])
    journal.record(
        by=by,
        verb="places.add_places",
        kind="place",
        uuid=None,
        now=now,
        label=_("%(count)s 个地点") % {"count": len(made)},
        after={"names": [p.name for p in made][:100]},
    )
    return made


@whole
def set_backdrop(*, by: Actor, now: datetime, data: Mapping[str, Any]) -> int:
    """Replace what maps show behind the areas by the features of a FeatureCollection (kind, name, schematic)."""
    kinds = set(Backdrop.Kind.values)
    rows = []
    for feature in data.get("features", []):
        properties = feature.get("properties", {})
        if properties.get("kind") not in kinds or not feature.get("geometry"):
            raise InvalidError(
                _("底图要素须有类型（%(kinds)s）和图形。") % {"kinds": "、".join(sorted(kinds))}, code="places.backdrop"
            )
        rows.append(
            Backdrop(
                kind=properties["kind"],
                name=clean(str(properties.get("name") or ""))[:64],
                geometry=feature["geometry"],
                schematic=bool(properties.get("schematic")),
            )
        )
    Backdrop.objects.all().delete()
    Backdrop.objects.bulk_create(rows)
    bump()
    journal.record(
        by=by,
        verb="places.set_backdrop",
        kind="backdrop",
        uuid=None,
        label=_("底图"),
        now=now,
        after={"count": len(rows)},
    )
    return len(rows)


def search_tokens(place: Place) -> list[str]:
    """Return what a place is found by: its names and its address, once each."""
    text = "\n".join([place.name, *place.aliases, place.address])
    return sorted({t[:64] for t in tokens(text)})


def _row(data: PlaceData, areas: dict[str, int], today: date) -> Place:
    address = clean(data.address)
    parts = parse_address(address)
    area_id = areas.get(data.area)
    if area_id is None and data.lat is not None and data.lon is not None:
        area_id = selectors.locate(Point(data.lat, data.lon), today).area_id
    return Place(
        kind=data.kind,
        name=clean(data.name),
        aliases=[clean(a) for a in data.aliases],
        address=address,
        key=normal_key(address)[:200],
        road=parts.road[:64],
        lane=parts.lane[:32],
        number=parts.number[:32],
        lat=data.lat,
        lon=data.lon,
        area_id=area_id,
        schematic=data.schematic,
    )
