"""The wall's drawings as numbers for inline SVG: the map of the areas, the trend. Colours are classes."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from shapely.geometry import shape

from linli.engines.cases.selectors import DayTrend

Ring = Sequence[Sequence[float]]
WIDTH, HEIGHT = 600, 220
_LEFT, _BOTTOM, _TOP = 34, 24, 10
_TICKS = (1, 2, 5)


@dataclass(frozen=True, slots=True)
class Shape:
    """One area: its outline as an SVG path, and where its name stands."""

    id: int
    name: str
    path: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Map:
    """The areas in a box of ``width`` × ``height``."""

    width: int
    height: int
    shapes: Sequence[Shape]


def _rings(geometry: dict[str, Any]) -> Iterator[Ring]:
    many = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    for polygon in many:
        yield from polygon


@lru_cache(maxsize=16)
def area_map(text: str, width: int = 640) -> Map | None:
    """Return the areas of a GeoJSON text drawn flat, None where none has a border.

    A subdistrict is small: degrees are stretched by the cosine of its latitude, and that is all.
    """
    features = [f for f in json.loads(text)["features"] if f.get("geometry")]
    features = [f for f in features if f["geometry"]["type"] in {"Polygon", "MultiPolygon"}]
    points = [p for f in features for ring in _rings(f["geometry"]) for p in ring]
    if not points:
        return None
    west, east = min(p[0] for p in points), max(p[0] for p in points)
    south, north = min(p[1] for p in points), max(p[1] for p in points)
    squeeze = math.cos(math.radians((south + north) / 2))
    scale = width / max((east - west) * squeeze, 1e-9)
    height = max(1, round((north - south) * scale))

    def at(point: Sequence[float]) -> tuple[float, float]:
        return round((point[0] - west) * squeeze * scale, 1), round((north - point[1]) * scale, 1)

    found = []
    for feature in features:
        path = " ".join(
            "M" + "L".join(f"{x} {y}" for x, y in map(at, ring)) + "Z" for ring in _rings(feature["geometry"])
        )
        middle = shape(feature["geometry"]).representative_point()
        x, y = at((middle.x, middle.y))
        name = str(feature["properties"]["name"]).removesuffix("居民区")
        found.append(Shape(int(feature["properties"]["id"]), name, path, x, y))
    return Map(width, height, found)


@dataclass(frozen=True, slots=True)
class Bar:
    """What came in on one day."""

    day: date
    x: float
    y: float
    width: float
    height: float
    label: bool

    @property
    def middle(self) -> float:
        """Where its day is written."""
        return round(self.x + self.width / 2, 1)


@dataclass(frozen=True, slots=True)
class Trend:
    """Bars of what came in, a line of what was closed, and the scale beside them."""

    bars: Sequence[Bar]
    line: str
    ticks: Sequence[tuple[int, float]]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = _LEFT
    base: int = HEIGHT - _BOTTOM


def step(most: int, lines: int = 4) -> int:
    """Return the round number by which a scale up to ``most`` is divided into at most ``lines`` parts."""
    wanted = max(1, math.ceil(most / lines))
    power = int(10 ** int(math.log10(wanted)))
    return next(s * p for p in (power, power * 10) for s in _TICKS if s * p >= wanted)


def trend(days: Sequence[DayTrend]) -> Trend:
    """Return the days as bars and a line; the scale begins at nought."""
    most = max([1, *(d.taken_in for d in days), *(d.closed for d in days)])
    by = step(most)
    top = by * math.ceil(most / by)
    base = HEIGHT - _BOTTOM
    each = (WIDTH - _LEFT) / max(1, len(days))

    def height(value: int) -> float:
        return round((base - _TOP) * value / top, 1)

    bars = []
    points = []
    for n, day in enumerate(days):
        tall = height(day.taken_in)
        x = round(_LEFT + n * each + each * 0.15, 1)
        bars.append(
            Bar(day.day, x, round(base - tall, 1), round(each * 0.7, 1), tall, label=(len(days) - 1 - n) % 7 == 0)
        )
        points.append(f"{round(_LEFT + (n + 0.5) * each, 1)},{round(base - height(day.closed), 1)}")
    ticks = [(value, round(base - height(value), 1)) for value in range(0, top + 1, by)]
    return Trend(bars, " ".join(points), ticks)
