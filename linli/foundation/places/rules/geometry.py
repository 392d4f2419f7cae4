"""What a map file may say: shapes read, systems recognised, siblings compared. Pure; shapely only."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

import numpy as np
import shapely
from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from linli.foundation.core.coordinates import CoordinateSystem, to_wgs84

METRES_PER_DEGREE = 6_371_008.8 * math.pi / 180
MAX_POSITIONS = 200_000
T = TypeVar("T", bound=BaseGeometry)


class BadShapeError(ValueError):
    """A geometry that cannot be read; ``args[0]`` is a code: type, positions, range."""


def metres(shape: BaseGeometry, latitude: float) -> BaseGeometry:
    """Return ``shape`` (degrees) in metres on a plane true near ``latitude``."""
    factor = np.array([METRES_PER_DEGREE * math.cos(math.radians(latitude)), METRES_PER_DEGREE])
    projected: BaseGeometry = shapely.transform(shape, lambda xy: xy * factor)
    return projected


def area_m2(shape: BaseGeometry) -> float:
    """Return the area of ``shape`` (degrees) in square metres."""
    return 0.0 if shape.is_empty else float(metres(shape, shape.centroid.y).area)


def declared_system(data: Mapping[str, Any]) -> CoordinateSystem:
    """Return the coordinate system that a file names (``crs`` or ``coordinate_system``); WGS-84 if none."""
    named = f"{data.get('coordinate_system', '')} {data.get('crs', '')}".lower().replace("-", "").replace("_", "")
    if "gcj02" in named or "amap" in named or "火星" in named:
        return CoordinateSystem.GCJ02
    if "bd09" in named or "baidu" in named:
        return CoordinateSystem.BD09
    return CoordinateSystem.WGS84


def read_shape(geometry: Any) -> Polygon | MultiPolygon:
    """Return the polygon that a GeoJSON geometry describes, heights dropped.

    Raises:
        BadShapeError: no polygon, too many positions, or no finite numbers.
    """
    if not isinstance(geometry, Mapping) or geometry.get("type") not in {"Polygon", "MultiPolygon"}:
        raise BadShapeError("type")
    try:
        shape = shapely.force_2d(shapely.geometry.shape(dict(geometry)))
        positions = shapely.get_coordinates(shape)
    except Exception as error:  # shapely raises whatever numpy raises on ragged or textual input
        raise BadShapeError("positions") from error
    if not 3 < len(positions) <= MAX_POSITIONS:
        raise BadShapeError("positions")
    if not np.isfinite(positions).all() or np.abs(positions).max() > 180:
        raise BadShapeError("range")
    if not isinstance(shape, (Polygon, MultiPolygon)):
        raise BadShapeError("type")
    return shape


def is_swapped(shape: BaseGeometry) -> bool:
    """Return whether latitude and longitude stand the wrong way round (China's ranges do not overlap)."""
    west, south, east, north = shape.bounds
    return west >= 3 and east <= 54 and south >= 73 and north <= 136


def in_china(shape: BaseGeometry) -> bool:
    """Return whether ``shape`` lies within China's range of degrees."""
    west, south, east, north = shape.bounds
    return west >= 73 and east <= 136 and south >= 3 and north <= 54


def swap(shape: T) -> T:
    """Return ``shape`` with its two axes exchanged."""
    swapped: T = shapely.transform(shape, lambda xy: xy[:, ::-1])
    return swapped


def to_wgs(shape: T, system: CoordinateSystem) -> T:
    """Return ``shape`` with every position converted from ``system``."""

    def convert(xy: Any) -> Any:
        points = (to_wgs84(float(lat), float(lon), system) for lon, lat in xy)
        return np.array([(p.lon, p.lat) for p in points])

    converted: T = shape if system is CoordinateSystem.WGS84 else shapely.transform(shape, convert)
    return converted


def overlaps(shapes: Sequence[BaseGeometry], least: float) -> list[tuple[int, int, float]]:
    """Return each pair (by index) that shares more than ``least`` square metres, and how many."""
    if len(shapes) < 2:
        return []
    tree = shapely.STRtree(list(shapes))
    found = []
    first, second = tree.query(list(shapes), predicate="intersects")
    for i, j in zip(first.tolist(), second.tolist(), strict=True):
        if i < j:
            shared = area_m2(shapes[i].intersection(shapes[j]))
            if shared > least:
                found.append((i, j, shared))
    return found


def gap_m2(parent: BaseGeometry, children: Sequence[BaseGeometry]) -> float:
    """Return how much of ``parent`` none of ``children`` covers, in square metres."""
    return area_m2(parent.difference(shapely.union_all(list(children))))


def outside_m2(child: BaseGeometry, parent: BaseGeometry) -> float:
    """Return how much of ``child`` lies outside of ``parent``, in square metres."""
    return area_m2(child.difference(parent))


def positions_rounded(shape: BaseGeometry) -> BaseGeometry:
    """Return ``shape`` on the grid of 1e-7 degrees (a centimetre) that Linli keeps."""
    rounded: BaseGeometry = shapely.transform(shape, lambda xy: np.round(xy, 7))
    return rounded
