"""A schematic map for the gallery: real names of neighbourhoods, invented borders."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any

Pair = list[float]
TOP, HEIGHT, LEFT, WIDTH = 31.2310, 0.0225, 121.4080, 0.0205
COLUMNS = (
    ("秀水", "西一", "华一", "徐家宅", "华院"),
    ("苏一", "陶家宅", "华二", "长支二", "华三"),
    ("天诚", "飞乐", "潘东", "潘中", "长一", "华四"),
    ("姚家角", "建宁", "潘西", "长二", "华五"),
)
BORDERS = (0.07, 0.27, 0.51, 0.77, 1.0)
HOT = {"陶家宅": 1, "华一": 1, "华二": 1, "潘东": 1, "徐家宅": 1, "建宁": 1}
ROADS = ("安西路", "华阳路", "江苏路")


def _noise(*seed: int) -> float:
    """Return the same number between -1 and 1 for the same seed."""
    value = math.sin(sum(s * k for s, k in zip(seed, (12.9898, 78.233, 37.719, 4.581), strict=False))) * 43758.5453
    return (value - math.floor(value)) * 2 - 1


def _at(column: float, t: float) -> Pair:
    """Return the point at ``t`` (0 north, 1 south) on the border ``column`` (fractions lie between)."""
    low = min(int(column), 3)
    part = column - low
    lean = [
        -0.02 + 0.05 * math.sin(2.4 * t + b) + 0.012 * math.sin(9 * t + 2 * b) - 0.06 * t * (1 - b / 3)
        for b in (low, low + 1)
    ]
    x = (BORDERS[low] + lean[0]) * (1 - part) + (BORDERS[low + 1] + lean[1]) * part
    y = t + 0.035 * math.sin(column * 1.7) + 0.02 * column / 4
    return [round(LEFT + WIDTH * x, 6), round(TOP - HEIGHT * y, 6)]


def _feature(kind: str, geometry: dict[str, Any], **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": {"kind": kind, **properties}, "geometry": geometry}


def _polygon(points: list[Pair]) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": [[*points, points[0]]]}


def _splits(column: int) -> list[float]:
    count = len(COLUMNS[column])
    return [0.0, *(i / count + 0.028 * _noise(column, i) for i in range(1, count)), 1.0]


def centre(name: str) -> Pair:
    """Return the middle of the neighbourhood ``name``."""
    for c, names in enumerate(COLUMNS):
        if name in names:
            i, cuts = names.index(name), _splits(c)
            return _at(c + 0.5, (cuts[i] + cuts[i + 1]) / 2)
    raise KeyError(name)


def _area(column: int, index: int, name: str) -> list[dict[str, Any]]:
    cuts = _splits(column)
    top, bottom = cuts[index], cuts[index + 1]
    steps = [top + (bottom - top) * i / 4 for i in range(5)]
    ring = [_at(column, t) for t in steps] + [_at(column + 1, t) for t in reversed(steps)]
    label = _at(column + 0.5, (top + bottom) / 2)
    found = [_feature("area", _polygon(ring), name=name, hot=HOT.get(name, 0), label=label)]
    rows, across = 4, 4
    for r in range(rows):
        for a in range(across):
            n = _noise(column * 7 + index, r, a)
            if n < -0.72:
                continue
            x0, y0 = column + 0.14 + a * 0.185, top + (bottom - top) * (0.14 + r * 0.195)
            x1, y1 = x0 + 0.105 + 0.03 * n, y0 + (bottom - top) * (0.085 + 0.015 * n)
            found.append(_feature("building", _polygon([_at(x0, y0), _at(x1, y0), _at(x1, y1), _at(x0, y1)])))
    return found


@lru_cache(maxsize=1)
def geojson() -> dict[str, Any]:
    """Return the whole drawing."""
    found: list[dict[str, Any]] = []
    north = [[LEFT - 0.004 + 0.0032 * i, TOP + 0.0022 + 0.0005 * math.sin(i * 1.3)] for i in range(10)]
    south = [[x, y - 0.0014 - (0.0006 if x > LEFT + 0.016 else 0)] for x, y in north]
    found.append(_feature("water", _polygon(north + south[::-1]), name="苏州河", label=[LEFT + 0.0105, TOP + 0.0017]))
    for c, names in enumerate(COLUMNS):
        for i, name in enumerate(names):
            found.extend(_area(c, i, name))
    park = [_at(0.04, 0.015), _at(0.62, 0.012), _at(0.6, 0.07), _at(0.04, 0.085)]
    found.append(_feature("park", _polygon(park), name="中山公园", label=_at(0.33, 0.045)))
    for b, name in enumerate(ROADS, start=1):
        line = [_at(b, i / 12) for i in range(-1, 14)]
        found.append(_feature("road", {"type": "LineString", "coordinates": line}, name=name, label=_at(b, 1.1)))
    for t, name in ((0.385, "长宁路"), (0.79, "汇川路")):
        line = [_at(i / 4, t + 0.012 * math.sin(i)) for i in range(-1, 18)]
        found.append(_feature("road", {"type": "LineString", "coordinates": line}, name=name, label=_at(4.32, t)))
    return {"type": "FeatureCollection", "features": found}
