"""Values that cross the door of the room `places`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class AreaRef:
    """An area named in passing: ``path`` is the materialised path of ids, ``metres`` how far off it lies."""

    id: int
    uuid: UUID
    kind: str
    name: str
    path: str
    metres: float = 0.0


@dataclass(frozen=True, slots=True)
class Location:
    """Where a point lies.

    Attributes:
        area_id: the smallest area of the tree that holds the point; None outside all of them.
        area_path: its materialised path, empty outside.
        names: the names from the root down to it.
        border_metres: how far the nearest border of that area is; None outside.
        neighbours: areas of the same kind within the tolerance, nearest first; outside of all
            areas, the smallest areas within it.
        layers: areas of free layers (街区, 片区) that hold the point.
    """

    area_id: int | None = None
    area_path: str = ""
    names: tuple[str, ...] = ()
    border_metres: float | None = None
    neighbours: tuple[AreaRef, ...] = ()
    layers: tuple[AreaRef, ...] = ()


NOWHERE = Location()


@dataclass(frozen=True, slots=True)
class AreaData:
    """An area to be entered; ``parent`` and ``kind`` are codes, ``layer`` too (empty: in the tree)."""

    code: str
    name: str
    kind: str
    parent: str = ""
    layer: str = ""
    geometry: Mapping[str, Any] | None = None
    schematic: bool = False
    valid_from: date | None = None
    households: int | None = None


@dataclass(frozen=True, slots=True)
class PlaceData:
    """A named place to be entered (小区, building, venue); ``area`` is an area's code."""

    name: str
    kind: str = "estate"
    address: str = ""
    aliases: tuple[str, ...] = ()
    lat: float | None = None
    lon: float | None = None
    area: str = ""
    schematic: bool = False


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with a feature: ``blocking`` ones keep the whole file out; ``geometry`` shows where."""

    code: str
    message: str
    area_m2: float = 0.0
    blocking: bool = True
    geometry: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class FeatureReport:
    """What would become, or became, of one feature of a file."""

    index: int
    code: str
    name: str
    action: str
    area_m2: float = 0.0
    problems: tuple[Problem, ...] = ()
    households: int | None = None
    geometry: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did, or would do: feature by feature, and for the file as a whole."""

    features: tuple[FeatureReport, ...]
    notes: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    written: bool = False
    codes: Mapping[str, int] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Whether nothing keeps the file out."""
        return not any(p.blocking for p in self.all_problems)

    @property
    def all_problems(self) -> tuple[Problem, ...]:
        """The problems of the file and of all its features."""
        return self.problems + tuple(p for f in self.features for p in f.problems)


@dataclass(frozen=True, slots=True)
class Hanging:
    """Something that hangs on an area, in words and number."""

    what: str
    count: int
