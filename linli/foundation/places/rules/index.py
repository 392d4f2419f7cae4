"""Which areas hold a point, and how far the borders are: an immutable index over the areas of one day."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import shapely
from shapely.geometry.base import BaseGeometry

from linli.foundation.core.coordinates import Point
from linli.foundation.places.rules.geometry import METRES_PER_DEGREE, metres
from linli.foundation.places.types import NOWHERE, AreaRef, Location


@dataclass(frozen=True, slots=True)
class Entry:
    """An area with a border, as the index needs it."""

    ref: AreaRef
    level: int
    free: bool
    names: tuple[str, ...]
    shape: BaseGeometry


class AreaIndex:
    """Answers :meth:`locate` from memory; safe to be read by any number of threads."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        """Project the borders to metres and build the search tree."""
        self._entries = entries
        bounds = [e.shape.bounds for e in entries]
        self._latitude = sum(b[1] + b[3] for b in bounds) / (2 * len(bounds)) if bounds else 0.0
        self._shapes = [metres(e.shape, self._latitude) for e in entries]
        drawn = {e.ref.id for e in entries}
        self._above = [_above(e.ref) & drawn for e in entries]
        self._borders = [s.boundary for s in self._shapes]
        shapely.prepare(self._shapes)
        self._tree = shapely.STRtree(self._shapes)
        factor = METRES_PER_DEGREE
        self._scale = (factor * math.cos(math.radians(self._latitude)), factor)

    def locate(self, point: Point, near: float) -> Location:
        """Return where ``point`` lies, with the neighbours no further than ``near`` metres."""
        if not self._entries:
            return NOWHERE
        spot = shapely.Point(point.lon * self._scale[0], point.lat * self._scale[1])
        around = self._tree.query(spot, predicate="dwithin", distance=near).tolist()
        inside = [i for i in around if self._shapes[i].intersects(spot)]
        leaf = self._smallest(self._consistent(inside))
        layers = tuple(self._entries[i].ref for i in sorted(inside) if self._entries[i].free)
        if leaf is None:
            return Location(neighbours=self._outside(around, spot), layers=layers)
        entry = self._entries[leaf]
        others = [i for i in around if i != leaf and self._entries[i].ref.kind == entry.ref.kind]
        return Location(
            area_id=entry.ref.id,
            area_path=entry.ref.path,
            names=entry.names,
            border_metres=float(self._borders[leaf].distance(spot)),
            neighbours=self._by_distance([i for i in others if not self._entries[i].free], spot),
            layers=layers,
        )

    def _consistent(self, inside: Sequence[int]) -> Sequence[int]:
        """Return those whose areas above all hold the point too: a border moved higher up goes before old ones below.

        Where none is consistent (a child drawn a little beyond its parent), all of them.
        """
        held = {self._entries[i].ref.id for i in inside}
        found = [i for i in inside if not self._above[i] - held]
        tree = [i for i in inside if not self._entries[i].free]
        return found if any(i in found for i in tree) else inside

    def _smallest(self, inside: Sequence[int]) -> int | None:
        """Return the deepest area of the tree; of two that share a border, the one entered first."""
        tree = [i for i in inside if not self._entries[i].free]
        return min(tree, key=lambda i: (-self._entries[i].level, self._entries[i].ref.id), default=None)

    def _outside(self, around: Sequence[int], spot: BaseGeometry) -> tuple[AreaRef, ...]:
        tree = [i for i in around if not self._entries[i].free]
        deepest = max((self._entries[i].level for i in tree), default=0)
        return self._by_distance([i for i in tree if self._entries[i].level == deepest], spot)

    def _by_distance(self, found: Sequence[int], spot: BaseGeometry) -> tuple[AreaRef, ...]:
        pairs = sorted((float(self._shapes[i].distance(spot)), self._entries[i].ref.id, i) for i in found)
        return tuple(_at(self._entries[i].ref, round(d, 2)) for d, _id, i in pairs)


def _above(ref: AreaRef) -> set[int]:
    return {int(part) for part in ref.path.strip("/").split("/") if part} - {ref.id}


def _at(ref: AreaRef, distance: float) -> AreaRef:
    return AreaRef(ref.id, ref.uuid, ref.kind, ref.name, ref.path, distance)


def names_along(path: str, names: Mapping[int, str]) -> tuple[str, ...]:
    """Return the names of the ids in ``path``, from the root down."""
    return tuple(names[int(part)] for part in path.strip("/").split("/") if part and int(part) in names)


def shape_of(wkb: bytes | memoryview) -> BaseGeometry:
    """Return the shape kept as WKB."""
    shape: BaseGeometry = shapely.from_wkb(bytes(wkb))
    return shape
