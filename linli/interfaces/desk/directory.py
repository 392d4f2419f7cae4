"""Names that every page of the desk shows and that change rarely: units, areas, who is on duty.

Kept per namespace for some seconds, so that a list does not ask for them again and again.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime

from linli.foundation.core.kept import Kept
from linli.foundation.people import selectors as people
from linli.foundation.places import selectors as places

_kept = Kept(20.0)


def forget() -> None:
    """Drop what this process knows."""
    _kept.clear()


@dataclass(frozen=True, slots=True)
class UnitName:
    """A unit as lists show it."""

    id: int
    name: str
    short: str
    kind: str
    uuid: str = ""


@dataclass(frozen=True, slots=True)
class AreaName:
    """An area as lists show it; ``depth`` below the subdistrict."""

    id: int
    name: str
    kind: str
    path: str
    depth: int


def units() -> dict[int, UnitName]:
    """Return the working units by id."""
    return _kept.get(
        lambda: {
            u.pk: UnitName(u.pk, u.name, u.short_name or u.name, u.kind, str(u.uuid)) for u in people.active_units()
        },
        "units",
    )


def unit_name(unit_id: int | None) -> str:
    """Return a unit's name, empty where there is none."""
    found = units().get(unit_id or 0)
    return found.name if found else ""


def unit_named(text: str) -> UnitName | None:
    """Return the unit whose name or short name is ``text``."""
    wanted = text.strip()
    return next((u for u in units().values() if wanted and wanted in {u.name, u.short}), None)


def _read_areas(on: date) -> list[AreaName]:
    rows = places.areas(on=on).filter(kind__code__in=("subdistrict", "grid", "neighbourhood"))
    return sorted(
        (AreaName(a.pk, a.name, a.kind.code, a.path, a.path.count("/") - 2) for a in rows), key=lambda a: a.path
    )


def areas(on: date) -> list[AreaName]:
    """Return subdistrict, grids and neighbourhoods in the order of the tree."""
    return _kept.get(lambda: _read_areas(on), f"areas {on}")


def neighbourhoods(day: date) -> dict[str, str]:
    """Return path → name of the 居民区 of a day, in the order of the tree."""
    return {a.path: a.name for a in areas(day) if a.kind == "neighbourhood"}


def _full_name(area_id: int) -> str:
    found = places.areas_by_ids({area_id}).get(area_id)
    if found is None:
        return ""
    above = [
        a.name
        for a in areas(found.valid_from)
        if a.kind == "neighbourhood" and a.id != area_id and found.path.startswith(a.path)
    ]
    return "".join([*above, found.name])


def area_name(area_id: int | None) -> str:
    """Return an area's name, with its neighbourhood before it where it is smaller."""
    return _kept.get(lambda: _full_name(area_id), f"area {area_id}") if area_id is not None else ""


def duty(now: datetime) -> str:
    """Return who of the operations centre is on duty, in words."""
    return _kept.get(lambda: "、".join(dict.fromkeys(d.name for d in people.on_duty(now))), "duty")


def ground(on: date) -> str:
    """Return the drawing under the pins as GeoJSON text: neighbourhoods over roads, water, parks and houses."""

    def read() -> str:
        shapes = json.loads(places.backdrop_geojson())["features"]
        found = json.loads(places.areas_geojson(on, "neighbourhood"))["features"]
        for feature in found:
            name = str(feature["properties"]["name"]).removesuffix("居民区")
            feature["properties"] = {"kind": "area", "name": name, "id": feature["properties"]["id"]}
        return json.dumps(
            {"type": "FeatureCollection", "features": [*shapes, *found]}, ensure_ascii=False, separators=(",", ":")
        )

    return _kept.get(read, f"ground {on}")
