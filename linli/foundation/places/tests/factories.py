# ruff: noqa: E501
"""Small maps for tests: squares of 100 m in rows, and a district with two streets."""

from datetime import UTC, date, datetime

from linli.foundation.core.actors import SYSTEM
from linli.foundation.places import services
from linli.foundation.places.types import AreaData

NOW = datetime(2026, 2, 10, 4, tzinfo=UTC)
SINCE = date(2026, 1, 1)
LON, LAT = 121.42, 31.22
STEP = 0.001


def square(west, south, east, north):
    """Return the rectangle between steps west, south, east and north of (121.42, 31.22)."""
    ring = [(west, south), (east, south), (east, north), (west, north), (west, south)]
    return {"type": "Polygon", "coordinates": [[[round(LON + x * STEP, 7), round(LAT + y * STEP, 7)] for x, y in ring]]}


def feature(code, geometry, *, name="", parent="", **more):
    return {
        "type": "Feature",
        "geometry": geometry,
        "properties": {"code": code, "name": name or code, "parent": parent, **more},
    }


def collection(*features, **more):
    return {"type": "FeatureCollection", "features": list(features), **more}


def small_street():
    """A street of 4 × 2 squares: grid G, neighbourhoods A (west) and B (east), microgrid A1 in A, stairwell without border."""
    services.load_pattern(by=SYSTEM, now=NOW)
    rows = [
        ("S", "街道", "subdistrict", "", square(0, 0, 4, 2)),
        ("G", "第一综合网格", "grid", "S", square(0, 0, 4, 2)),
        ("A", "甲居民区", "neighbourhood", "G", square(0, 0, 2, 2)),
        ("B", "乙居民区", "neighbourhood", "G", square(2, 0, 4, 2)),
        ("A1", "第一微网格", "microgrid", "A", square(0, 0, 2, 1)),
        ("A1-1", "1号楼组", "stairwell", "A1", None),
    ]
    return services.add_areas(
        by=SYSTEM, now=NOW, areas=[AreaData(c, n, k, p, geometry=g, valid_from=SINCE) for c, n, k, p, g in rows]
    )


def small_district():
    """The second pattern: a district as root, two streets, neighbourhoods directly below one of them, nothing drawn."""
    services.load_pattern(by=SYSTEM, now=NOW, pattern="district")
    rows = [
        ("D", "示范区", "district", ""),
        ("D1", "东街道", "subdistrict", "D"),
        ("D2", "西镇", "subdistrict", "D"),
        ("D1N", "东一居", "neighbourhood", "D1"),
        ("D1N1", "第一微网格", "microgrid", "D1N"),
    ]
    return services.add_areas(by=SYSTEM, now=NOW, areas=[AreaData(c, n, k, p, valid_from=SINCE) for c, n, k, p in rows])
