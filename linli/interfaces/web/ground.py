"""The map on paper: areas, roads, water and numbered pins as SVG, in the proportions of the ground."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from linli.foundation.places import selectors as places

WIDTH = 1000.0
MARGIN = 26.0
APART = 27.0
ROUNDS = 14


@dataclass(frozen=True, slots=True)
class Pin:
    """A numbered mark at (x, y); ``at_x``, ``at_y`` is the point itself, from which it may have been moved."""

    number: int
    x: float
    y: float
    at_x: float
    at_y: float
    colour: str


@dataclass(frozen=True, slots=True)
class Shape:
    """A path to be drawn as ``kind``: area, road, water, park, building."""

    kind: str
    path: str


@dataclass(frozen=True, slots=True)
class Label:
    """A name at a place."""

    x: float
    y: float
    text: str
    kind: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """Everything that the template draws, in units of a view box."""

    width: float
    height: float
    shapes: tuple[Shape, ...]
    labels: tuple[Label, ...]
    pins: tuple[Pin, ...]


def _rings(geometry: dict[str, Any]) -> list[list[list[float]]]:
    kind, shape = geometry["type"], geometry["coordinates"]
    if kind == "Polygon":
        return list(shape)
    if kind == "MultiPolygon":
        return [ring for part in shape for ring in part]
    if kind == "LineString":
        return [shape]
    return list(shape) if kind == "MultiLineString" else []


class _Paper:
    """Turns degrees into units of the sheet."""

    def __init__(self, positions: Sequence[Sequence[float]]) -> None:
        west, east = min(p[0] for p in positions), max(p[0] for p in positions)
        south, north = min(p[1] for p in positions), max(p[1] for p in positions)
        self.west, self.north = west, north
        self.squeeze = math.cos(math.radians((south + north) / 2))
        self.scale = (WIDTH - 2 * MARGIN) / max((east - west) * self.squeeze, 1e-6)
        self.height = round(min(2 * WIDTH, (north - south) * self.scale + 2 * MARGIN), 1)

    def at(self, lon: float, lat: float) -> tuple[float, float]:
        return MARGIN + (lon - self.west) * self.squeeze * self.scale, MARGIN + (self.north - lat) * self.scale

    def path(self, geometry: dict[str, Any]) -> str:
        parts = []
        for ring in _rings(geometry):
            points = [self.at(p[0], p[1]) for p in ring]
            line = " L".join(f"{x:.1f} {y:.1f}" for x, y in points)
            parts.append(f"M{line}" + ("Z" if "Polygon" in geometry["type"] else ""))
        return "".join(parts)


def draw(on: date, points: Sequence[tuple[float, float, str]], *, kind: str = "neighbourhood") -> Drawing | None:
    """Return the drawing with a pin for each (lat, lon, colour), numbered from 1; None where no area has a border."""
    areas = json.loads(places.areas_geojson(on, kind))["features"]
    ground = json.loads(places.backdrop_geojson())["features"]
    positions = [p for f in areas for ring in _rings(f["geometry"]) for p in ring]
    if not positions:
        return None
    paper = _Paper(positions)
    order = ("water", "area", "park", "building", "road")
    shapes = [Shape("area", paper.path(f["geometry"])) for f in areas]
    shapes += [Shape(f["properties"]["kind"], paper.path(f["geometry"])) for f in ground]
    shapes.sort(key=lambda s: order.index(s.kind) if s.kind in order else 0)
    spots = [(*paper.at(lon, lat), colour) for lat, lon, colour in points]
    return Drawing(WIDTH, paper.height, tuple(shapes), tuple(_labels(areas, paper)), tuple(_pins(spots, paper.height)))


def _labels(areas: Sequence[dict[str, Any]], paper: _Paper) -> Iterator[Label]:
    for feature in areas:
        ring = max(_rings(feature["geometry"]), key=len)
        points = [paper.at(p[0], p[1]) for p in ring]
        x, y = (sum(values) / len(points) for values in zip(*points, strict=True))
        yield Label(round(x, 1), round(y, 1), str(feature["properties"]["name"]).removesuffix("居民区"), "area")


def _pins(spots: Sequence[tuple[float, float, str]], height: float) -> Iterator[Pin]:
    """Push marks that would cover each other apart, then keep them on the sheet."""
    moved = [[x, y + 0.01 * n] for n, (x, y, _c) in enumerate(spots)]
    for _round in range(ROUNDS):
        if not _push(moved):
            break
    for n, ((x, y), (at_x, at_y, colour)) in enumerate(zip(moved, spots, strict=True), 1):
        yield Pin(
            n,
            round(min(max(x, 14), WIDTH - 14), 1),
            round(min(max(y, 14), height - 14), 1),
            round(at_x, 1),
            round(at_y, 1),
            colour,
        )


def _push(moved: list[list[float]]) -> bool:
    touched = False
    for i, one in enumerate(moved):
        for other in moved[i + 1 :]:
            dx, dy = other[0] - one[0], other[1] - one[1]
            apart = math.hypot(dx, dy)
            if apart >= APART:
                continue
            touched = True
            if apart < 1e-6:
                dx, dy, apart = 1.0, 0.0, 1.0
            step = (APART - apart) / 2 + 0.2
            for spot, sign in ((one, -1), (other, 1)):
                spot[0] += sign * dx / apart * step
                spot[1] += sign * dy / apart * step
    return touched
