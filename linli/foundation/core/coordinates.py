"""Coordinate systems of maps used in China; Linli keeps WGS-84 and converts at the edge.

GCJ-02 (Amap, Tencent, WeChat) lies 100–700 m off WGS-84 inside China; BD-09 (Baidu) is
GCJ-02 shifted once more. The formulae are the published approximations of the obfuscation
(eviltransform); the inverse is iterated to about a centimetre.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

_A = 6_378_245.0
_EE = 0.006693421622965943
_X_PI = math.pi * 3000.0 / 180.0


class CoordinateSystem(StrEnum):
    """Where a pair of coordinates comes from."""

    WGS84 = "wgs84"
    GCJ02 = "gcj02"
    BD09 = "bd09"


@dataclass(frozen=True, slots=True)
class Point:
    """A place on earth in WGS-84 degrees."""

    lat: float
    lon: float

    def metres_to(self, other: Point) -> float:
        """Return the distance to ``other`` in metres (equirectangular; good within a city)."""
        mean = math.radians((self.lat + other.lat) / 2)
        dx = math.radians(other.lon - self.lon) * math.cos(mean)
        dy = math.radians(other.lat - self.lat)
        return 6_371_008.8 * math.hypot(dx, dy)


def _outside_china(lat: float, lon: float) -> bool:
    return not (0.8293 <= lat <= 55.8271 and 72.004 <= lon <= 137.8347)


def _offset(lat: float, lon: float) -> tuple[float, float]:
    x, y = lon - 105.0, lat - 35.0
    root = math.sqrt(abs(x))
    common = 20.0 * math.sin(6.0 * x * math.pi) + 20.0 * math.sin(2.0 * x * math.pi)
    d_lat = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    d_lat += (common + 20.0 * math.sin(y * math.pi) + 40.0 * math.sin(y / 3.0 * math.pi)) * 2.0 / 3.0
    d_lat += (160.0 * math.sin(y / 12.0 * math.pi) + 320.0 * math.sin(y * math.pi / 30.0)) * 2.0 / 3.0
    d_lon = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    d_lon += (common + 20.0 * math.sin(x * math.pi) + 40.0 * math.sin(x / 3.0 * math.pi)) * 2.0 / 3.0
    d_lon += (150.0 * math.sin(x / 12.0 * math.pi) + 300.0 * math.sin(x / 30.0 * math.pi)) * 2.0 / 3.0
    radians = math.radians(lat)
    magic = 1 - _EE * math.sin(radians) ** 2
    d_lat = d_lat * 180.0 / ((_A * (1 - _EE)) / (magic * math.sqrt(magic)) * math.pi)
    d_lon = d_lon * 180.0 / (_A / math.sqrt(magic) * math.cos(radians) * math.pi)
    return d_lat, d_lon


def wgs84_to_gcj02(lat: float, lon: float) -> tuple[float, float]:
    """Return (lat, lon) in GCJ-02 degrees of a WGS-84 pair; unchanged outside China."""
    if _outside_china(lat, lon):
        return lat, lon
    d_lat, d_lon = _offset(lat, lon)
    return lat + d_lat, lon + d_lon


def gcj02_to_wgs84(lat: float, lon: float) -> tuple[float, float]:
    """Return (lat, lon) in WGS-84 degrees of a GCJ-02 pair; unchanged outside China."""
    if _outside_china(lat, lon):
        return lat, lon
    guess_lat, guess_lon = lat, lon
    for _round in range(30):
        back_lat, back_lon = wgs84_to_gcj02(guess_lat, guess_lon)
        step_lat, step_lon = back_lat - lat, back_lon - lon
        if abs(step_lat) < 1e-9 and abs(step_lon) < 1e-9:
            break
        guess_lat, guess_lon = guess_lat - step_lat, guess_lon - step_lon
    return guess_lat, guess_lon


def gcj02_to_bd09(lat: float, lon: float) -> tuple[float, float]:
    """Return (lat, lon) in BD-09 degrees of a GCJ-02 pair."""
    z = math.hypot(lon, lat) + 0.00002 * math.sin(lat * _X_PI)
    theta = math.atan2(lat, lon) + 0.000003 * math.cos(lon * _X_PI)
    return z * math.sin(theta) + 0.006, z * math.cos(theta) + 0.0065


def bd09_to_gcj02(lat: float, lon: float) -> tuple[float, float]:
    """Return (lat, lon) in GCJ-02 degrees of a BD-09 pair."""
    x, y = lon - 0.0065, lat - 0.006
    z = math.hypot(x, y) - 0.00002 * math.sin(y * _X_PI)
    theta = math.atan2(y, x) - 0.000003 * math.cos(x * _X_PI)
    guess_lat, guess_lon = z * math.sin(theta), z * math.cos(theta)
    for _round in range(4):  # the published inverse is off by up to a metre; each round takes three digits
        back_lat, back_lon = gcj02_to_bd09(guess_lat, guess_lon)
        guess_lat, guess_lon = guess_lat - (back_lat - lat), guess_lon - (back_lon - lon)
    return guess_lat, guess_lon


def to_wgs84(lat: float, lon: float, system: CoordinateSystem) -> Point:
    """Return the point that a pair in ``system`` means.

    Raises:
        ValueError: not finite, or outside the range of latitudes and longitudes.
    """
    if not (math.isfinite(lat) and math.isfinite(lon) and -90 <= lat <= 90 and -180 <= lon <= 180):
        message = "coordinates out of range"
        raise ValueError(message)
    if system is CoordinateSystem.BD09:
        lat, lon = bd09_to_gcj02(lat, lon)
    if system is not CoordinateSystem.WGS84:
        lat, lon = gcj02_to_wgs84(lat, lon)
    return Point(round(lat, 7), round(lon, 7))
