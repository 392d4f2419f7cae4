"""Values that cross the door of the room `places`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
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


class Audience(StrEnum):
    """Whose knowledge of places counts: everybody's, that of staff, or also the ledgers of buildings."""

    PUBLIC = "public"
    STAFF = "staff"
    LEDGERS = "ledgers"


class PlaceSort(StrEnum):
    """What sort of thing a text may mean, from a house to a road."""

    BUILDING = "building"
    ESTATE = "estate"
    VENUE = "venue"
    CROSSING = "crossing"
    AREA = "area"
    ROAD = "road"


class PlaceReason(StrEnum):
    """Why a text is taken to mean a place."""

    NAME = "name"
    ALIAS = "alias"
    AREA_NAME = "area_name"
    ADDRESS = "address"
    LANE = "lane"
    LANE_ALONE = "lane_alone"
    NUMBER = "number"
    RANGE = "range"
    CROSSING = "crossing"
    ROAD = "road"
    NEARBY = "nearby"
    SAID_TWICE = "said_twice"
    ONE_AREA = "one_area"


@dataclass(frozen=True, slots=True)
class KnownPlace:
    """Something that a text may mean: a building, an estate, a venue, an area, a crossing, a road.

    ``ref`` names it across rooms (``place:12``, ``venue:<uuid>``, ``area:5``); ``area_id`` is of the area that it lies
    in or is, ``road`` that of its address.
    """

    ref: str
    sort: PlaceSort
    name: str
    aliases: tuple[str, ...] = ()
    address: str = ""
    area_id: int | None = None
    area_path: str = ""
    area_name: str = ""
    lat: float | None = None
    lon: float | None = None
    road: str = ""

    @property
    def label(self) -> str:
        """How it is offered: 安西路789弄（陶家宅居民区）."""
        own = (
            self.name
            if self.sort in {PlaceSort.AREA, PlaceSort.CROSSING, PlaceSort.ROAD}
            else self.address or self.name
        )
        return f"{own}（{self.area_name}）" if self.area_name and self.area_name != own else own


@dataclass(frozen=True, slots=True)
class Crossing:
    """Where two roads meet, and the areas that come together there."""

    one: str
    other: str
    lat: float
    lon: float
    areas: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place that a text may mean, with the ``phrase`` (``start`` to ``end`` of the text) that speaks of it."""

    place: KnownPlace
    phrase: str
    start: int
    end: int
    confidence: float
    reasons: tuple[PlaceReason, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text says of places.

    Attributes:
        candidates: all that come into question, likeliest first.
        certain: the one that is meant, None where that is not sure; an area where only the place in it is open.
        asked: what a person is to choose from; empty where nothing is open.
    """

    candidates: tuple[Candidate, ...] = ()
    certain: Candidate | None = None
    asked: tuple[Candidate, ...] = ()
