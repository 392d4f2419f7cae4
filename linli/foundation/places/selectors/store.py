"""The index of areas that each process keeps: by namespace, version and day.

A read looks at the version row at most every two seconds, and at once after a write in the
same process; otherwise it asks the database nothing. Another process's change is seen
within those two seconds.
"""

from __future__ import annotations

import json
import threading
import time
from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from linli.foundation.core import namespaces
from linli.foundation.places.models import Area, Backdrop, FormerBorder, GeographyVersion
from linli.foundation.places.rules.index import AreaIndex, Entry, names_along, shape_of
from linli.foundation.places.types import AreaRef

LOOK_EVERY = 2.0
_MAX_ERAS = 8


@dataclass
class _Kept:
    """What is known of one namespace at one version: the days on which something changes, an index for each era."""

    token: UUID | None
    looked: float
    days: list[date]
    indexes: dict[int, AreaIndex] = field(default_factory=dict)
    maps: dict[tuple[int, str], str] = field(default_factory=dict)


_stores: dict[str, _Kept] = {}
_lock = threading.RLock()


def forget(namespace: str | None = None) -> None:
    """Drop what is kept of ``namespace`` (of all, if None), so that the next read asks the database."""
    with _lock:
        if namespace is None:
            _stores.clear()
        else:
            _stores.pop(namespace, None)


def _token() -> UUID | None:
    return GeographyVersion.objects.values_list("token", flat=True).first()


def _days() -> list[date]:
    own = Area.objects.values_list("valid_from", "valid_to", "border_from")
    former = FormerBorder.objects.values_list("valid_from", "valid_to")
    return sorted({day for row in [*own, *former] for day in row if day})


def _kept() -> _Kept:
    namespace = namespaces.current()
    kept = _stores.get(namespace)
    now = time.monotonic()
    if kept is not None and now - kept.looked < LOOK_EVERY:
        return kept
    with _lock:
        token = _token()
        kept = _stores.get(namespace)
        if kept is None or kept.token != token:
            kept = _stores[namespace] = _Kept(token, now, _days())
        kept.looked = now
        return kept


def token() -> UUID | None:
    """Return what changes with every write to areas and to what maps show behind them; looked at as the index is."""
    return _kept().token


def index(day: date) -> AreaIndex:
    """Return the index of the areas as they are on ``day``."""
    kept = _kept()
    era = bisect_right(kept.days, day)
    found = kept.indexes.get(era)
    if found is None:
        with _lock:
            found = kept.indexes.get(era)
            if found is None:
                found = AreaIndex(_entries(day))
                if len(kept.indexes) >= _MAX_ERAS:
                    kept.indexes.pop(next(iter(kept.indexes)))
                kept.indexes[era] = found
    return found


def geojson(day: date, kind: str) -> str:
    """Return the areas of ``kind`` (of all, if empty) on ``day`` as the text of a GeoJSON FeatureCollection."""
    kept = _kept()
    key = (bisect_right(kept.days, day), kind)
    text = kept.maps.get(key)
    if text is None:
        text = _collection(day, kind)
        if len(kept.maps) >= _MAX_ERAS * 8:
            kept.maps.clear()
        kept.maps[key] = text
    return text


def backdrop() -> str:
    """Return roads, water, parks and houses as the text of a GeoJSON FeatureCollection."""
    kept = _kept()
    text = kept.maps.get((-1, ""))
    if text is None:
        features = [
            {
                "type": "Feature",
                "geometry": b.geometry,
                "properties": {"kind": b.kind, "name": b.name, "schematic": b.schematic},
            }
            for b in Backdrop.objects.order_by("pk")
        ]
        text = kept.maps[(-1, "")] = _text(features)
    return text


def _text(features: list[dict[str, Any]]) -> str:
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False, separators=(",", ":"))


def _borders_before(day: date, wanted: str) -> dict[int, Any]:
    rows = FormerBorder.objects.filter(valid_from__lte=day, valid_to__gt=day)
    return dict(rows.values_list("area_id", wanted))


def _entries(day: date) -> list[Entry]:
    former = _borders_before(day, "wkb")
    rows = list(Area.objects.on(day).select_related("kind").defer("geometry"))
    names = {r.id: r.name for r in rows}
    shown = ((r, r.wkb if r.border_from <= day else former.get(r.id)) for r in rows)
    return [
        Entry(
            ref=AreaRef(r.id, r.uuid, r.kind.code, r.name, r.path),
            level=r.level,
            free=r.layer_id is not None,
            names=names_along(r.path, names),
            shape=shape_of(wkb),
        )
        for r, wkb in shown
        if wkb
    ]


def _collection(day: date, kind: str) -> str:
    rows = Area.objects.on(day).select_related("kind", "layer").defer("wkb")
    if kind:
        rows = rows.filter(kind__code=kind)
    former = _borders_before(day, "geometry")
    features = []
    for r in rows:
        geometry = r.geometry if r.border_from <= day else former.get(r.id)
        if geometry:
            features.append({"type": "Feature", "id": r.id, "geometry": geometry, "properties": _properties(r)})
    return _text(features)


def _properties(area: Area) -> dict[str, Any]:
    return {
        "id": area.id,
        "uuid": str(area.uuid),
        "name": area.name,
        "code": area.code,
        "kind": area.kind.code,
        "path": area.path,
        "level": area.level,
        "layer": area.layer.code if area.layer else "",
        "schematic": area.schematic,
    }
