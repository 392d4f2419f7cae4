"""How long it takes on foot from each place to each other: great-circle metres × detour ÷ speed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from linli.engines.fieldwork.types import Walking
from linli.foundation.core.coordinates import Point

EARTH_METRES = 6_371_008.8  # mean radius, IUGG


def _matrix(points: Sequence[Point | None], walking: Walking) -> NDArray[np.int64]:
    known = np.array([p is not None for p in points], dtype=bool)
    lat = np.radians(np.array([p.lat if p else 0.0 for p in points], dtype=np.float64))
    lon = np.radians(np.array([p.lon if p else 0.0 for p in points], dtype=np.float64))
    half = np.sin((lat[:, None] - lat[None, :]) / 2) ** 2
    half += np.cos(lat)[:, None] * np.cos(lat)[None, :] * np.sin((lon[:, None] - lon[None, :]) / 2) ** 2
    metres = 2 * EARTH_METRES * np.arcsin(np.sqrt(np.clip(half, 0.0, 1.0)))
    seconds: NDArray[np.int64] = np.rint(metres * (walking.detour * 60 / (100 * walking.metres_per_minute))).astype(
        np.int64
    )
    seconds[~(known[:, None] & known[None, :])] = walking.unknown_minutes * 60
    np.fill_diagonal(seconds, 0)
    return seconds


def walk_seconds(points: Sequence[Point | None], walking: Walking) -> list[list[int]]:
    """Return whole seconds from each place to each other; symmetric, 0 from a place to itself.

    Distances are haversine on a sphere (error below 0.5 %, far below that of the detour). Where one of two places is
    not known, ``walking.unknown_minutes`` stand in.

    Args:
        points: places in WGS-84 degrees; None: not known.
        walking: speed and detour.
    """
    rows: list[list[int]] = _matrix(points, walking).tolist()
    return rows


def walks_and_nearest(
    points: Sequence[Point | None], walking: Walking, count: int, most: int
) -> tuple[list[list[int]], list[list[int]]]:
    """Return :func:`walk_seconds`, and for each of the first ``count`` places the nearest others among them.

    Args:
        most: how many others at most, the nearest first; of two as near the one with the smaller number.
    """
    seconds = _matrix(points, walking)
    most = min(most, count - 1)
    near: list[list[int]] = [[] for _ in range(count)]
    if most > 0:
        # Number and distance in one, so that none are equal and any way of picking picks the same.
        mixed = seconds[:count, :count] * count + np.arange(count)
        np.fill_diagonal(mixed, np.iinfo(np.int64).max)
        near = (np.sort(np.partition(mixed, most - 1, axis=1)[:, :most], axis=1) % count).tolist()
    rows: list[list[int]] = seconds.tolist()
    return rows, near
