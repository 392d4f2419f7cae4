"""The demonstration's map: a schematic 华阳路街道 (示意图，非测绘边界).

The 21 居民区 are real by name and code; every line is invented. All areas are made of the
quadrilaterals of one warped lattice, so that neighbours share their corners and tile
exactly. Nothing here is random: the same map comes out every time.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from importlib.resources import files
from typing import Any

import numpy as np
import shapely
from shapely.affinity import rotate
from shapely.geometry import LineString, Polygon, box, mapping
from shapely.geometry.base import BaseGeometry

from linli.foundation.core.actors import Actor
from linli.foundation.places import selectors, services
from linli.foundation.places.types import AreaData, PlaceData

STREET_CODE = "310105001"
STREET_NAME = "华阳路街道"
CENTRE = (121.4195, 31.2215)
SINCE = date(2020, 1, 1)
NOTICE = "示意图，非测绘边界"
FINE = 4  # quadrilaterals along each side of a cell
COLUMNS, ROWS = 5, 5
WIDTHS = (0.0, 0.19, 0.39, 0.60, 0.81, 1.0)
HEIGHTS = (0.0, 0.205, 0.40, 0.60, 0.79, 1.0)
WIDE, HIGH = 1570.0, 1400.0
_METRES_LAT = 111_195.08
_METRES_LON = _METRES_LAT * math.cos(math.radians(CENTRE[1]))

# Cells as (column, row from the south): one neighbourhood in one or two of them.
LAYOUT: dict[str, tuple[tuple[int, int], ...]] = {
    "建宁": ((0, 4), (1, 4)), "苏一": ((2, 4),), "秀水": ((3, 4),), "天诚": ((4, 4),),
    "长一": ((0, 3),), "陶家宅": ((1, 3),), "飞乐": ((2, 3),), "西一": ((3, 3), (4, 3)),
    "华一": ((0, 2),), "华二": ((1, 2),), "华三": ((2, 2),), "潘西": ((3, 2),), "潘中": ((4, 2),),
    "徐家宅": ((0, 1),), "华四": ((1, 1),), "华五": ((2, 1),), "潘东": ((3, 1), (4, 1)),
    "华院": ((0, 0), (1, 0)), "长支二": ((2, 0),), "长二": ((3, 0),), "姚家角": ((4, 0),),
}  # fmt: skip
GRIDS: dict[str, tuple[str, ...]] = {
    "第一综合网格": ("建宁", "苏一", "长一", "陶家宅"),
    "第二综合网格": ("秀水", "天诚", "飞乐", "西一"),
    "第三综合网格": ("华一", "华二", "华三", "徐家宅", "华四", "华院"),
    "第四综合网格": ("潘西", "潘中", "潘东", "华五", "长支二", "长二", "姚家角"),
}
# Free layer: ranges of fine columns and rows that cross the borders of neighbourhoods and grids.
BLOCKS = {"中山公园商圈街区": (2, 12, 10, 18), "愚园路街区": (0, 5, 16, 10), "武夷路街区": (6, 1, 20, 5)}
UPRIGHT = ("凯旋路", "安西路", "华阳路", "定西路", "江苏路", "")
LEVEL = ("", "武夷路", "愚园路", "汇川路", "长宁路", "")
# How the 4 × 4 (or 8 × 4) fine quadrilaterals of a neighbourhood fall to its 微网格, as widths in quarters.
SPLITS = {3: ((4,), (2, 2)), 4: ((2, 2), (2, 2)), 5: ((2, 2), (1, 2, 1)), 6: ((1, 2, 1), (1, 2, 1))}
ESTATES = ("长宁路488弄", "定西路1232弄", "安西路23弄", "凯旋路369弄", "长宁路712弄")
NUMERALS = "一二三四五六"


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """One 居民区 of the list: its statistical code and its name without 居委会."""

    code: str
    name: str


def neighbourhoods() -> list[Neighbourhood]:
    """Return the 21 居民区 of the street, by code."""
    path = files("linli.interfaces.cli.demo").joinpath("data/neighbourhoods.csv")
    rows = csv.DictReader(path.read_text(encoding="utf8").splitlines())
    return [Neighbourhood(r["code"], r["name"].removesuffix("居委会")) for r in rows]


def _along(marks: tuple[float, ...], fine: float) -> float:
    whole = max(0, min(int(fine // FINE), len(marks) - 2))
    return marks[whole] + (marks[whole + 1] - marks[whole]) * (fine / FINE - whole)


def _warped(i: float, j: float) -> tuple[float, float]:
    """Return the metres east and north of the centre of the fine lattice's point (i, j)."""
    u, v = _along(WIDTHS, i), _along(HEIGHTS, j)
    x = (u - 0.5) * WIDE + 70 * math.sin(2.2 * v + 0.6) - 95 * (v - 0.5) ** 2 + 16 * math.sin(7 * v + 5 * u)
    y = (v - 0.5) * HIGH + 46 * math.sin(2.6 * u + 0.9) - 60 * u + 13 * math.sin(8 * u + 3 * v)
    x += 34 * (u - 0.5) * math.sin(5 * v)
    return x - 52.0, y


def _degrees(x: float, y: float) -> tuple[float, float]:
    return round(CENTRE[0] + x / _METRES_LON, 7), round(CENTRE[1] + y / _METRES_LAT, 7)


def _to_degrees(shape: BaseGeometry) -> dict[str, Any]:
    turned = shapely.transform(shape, lambda xy: np.array([_degrees(float(x), float(y)) for x, y in xy]))
    geometry: dict[str, Any] = mapping(turned)
    return geometry


def _quads(columns: Iterable[int], rows: Iterable[int]) -> set[tuple[int, int]]:
    rows = list(rows)
    return {(i, j) for i in columns for j in rows}


def _outline(quads: set[tuple[int, int]]) -> Polygon:
    """Return the polygon (metres) around ``quads``, walked along the lattice so that no corner is lost."""
    edges: dict[tuple[int, int], tuple[int, int]] = {}
    for i, j in quads:
        sides = (
            ((i, j - 1), (i, j), (i + 1, j)),
            ((i + 1, j), (i + 1, j), (i + 1, j + 1)),
            ((i, j + 1), (i + 1, j + 1), (i, j + 1)),
            ((i - 1, j), (i, j + 1), (i, j)),
        )
        edges |= {a: b for there, a, b in sides if there not in quads}
    start = at = min(edges)
    ring = [start]
    while (at := edges[at]) != start:
        ring.append(at)
    return Polygon([_warped(*corner) for corner in ring])


def _cells(name: str) -> set[tuple[int, int]]:
    found: set[tuple[int, int]] = set()
    for column, row in LAYOUT[name]:
        found |= _quads(range(column * FINE, (column + 1) * FINE), range(row * FINE, (row + 1) * FINE))
    return found


def _microgrids(name: str) -> list[set[tuple[int, int]]]:
    """Return the quadrilaterals of each 微网格, three to six of them."""
    cells = LAYOUT[name]
    order = list(LAYOUT).index(name)
    count = 6 if len(cells) == 2 else 3 + order % 3
    scale = len(cells)
    left, bottom = cells[0][0] * FINE, cells[0][1] * FINE
    parts = []
    for k, widths in enumerate(SPLITS[count]):
        at = left
        for width in widths:
            rows = range(bottom + 2 - 2 * k, bottom + 4 - 2 * k)
            parts.append(_quads(range(at, at + width * scale), rows))
            at += width * scale
    return parts


def _feature(geometry: Mapping[str, Any], **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "geometry": geometry, "properties": {**properties, "schematic": True}}


def _collection(features: list[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "FeatureCollection", "notice": NOTICE, "features": features}


def street() -> dict[str, Any]:
    """Return the outline of the street."""
    every = _quads(range(COLUMNS * FINE), range(ROWS * FINE))
    return _collection([_feature(_to_degrees(_outline(every)), code=STREET_CODE, name=STREET_NAME, parent="")])


def grids() -> dict[str, Any]:
    """Return the four 综合网格."""
    features = []
    for number, (name, members) in enumerate(GRIDS.items(), start=1):
        quads = set().union(*(_cells(m) for m in members))
        geometry = _to_degrees(_outline(quads))
        features.append(_feature(geometry, code=f"{STREET_CODE}-G{number}", name=name, parent=STREET_CODE))
    return _collection(features)


def _grid_of(name: str) -> str:
    number = next(n for n, members in enumerate(GRIDS.values(), start=1) if name in members)
    return f"{STREET_CODE}-G{number}"


def neighbourhood_areas() -> dict[str, Any]:
    """Return the 21 居民区."""
    return _collection(
        [
            _feature(
                _to_degrees(_outline(_cells(n.name))), code=n.code, name=f"{n.name}居民区", parent=_grid_of(n.name)
            )
            for n in neighbourhoods()
        ]
    )


def microgrids() -> dict[str, Any]:
    """Return the 微网格, three to six in each 居民区."""
    return _collection(
        [
            _feature(
                _to_degrees(_outline(quads)), code=f"{n.code}-{k}", name=f"第{NUMERALS[k - 1]}微网格", parent=n.code
            )
            for n in neighbourhoods()
            for k, quads in enumerate(_microgrids(n.name), start=1)
        ]
    )


def stairwells() -> list[AreaData]:
    """Return the 楼组, two to four in each 微网格, without borders."""
    codes = [f["properties"]["code"] for f in microgrids()["features"]]
    return [
        AreaData(f"{parent}-{k:02}", f"{k}号楼组", "stairwell", parent, schematic=True, valid_from=SINCE)
        for order, parent in enumerate(codes)
        for k in range(1, 3 + order % 3)
    ]


def blocks() -> dict[str, Any]:
    """Return the three 街区 that cross the borders of grids and neighbourhoods."""
    features = []
    for number, (name, (west, south, east, north)) in enumerate(BLOCKS.items(), start=1):
        geometry = _to_degrees(_outline(_quads(range(west, east), range(south, north))))
        features.append(_feature(geometry, code=f"{STREET_CODE}-B{number}", name=name))
    return _collection(features)


def _merged(a: tuple[int, int], b: tuple[int, int]) -> bool:
    return any(a in cells and b in cells for cells in LAYOUT.values())


def _road_runs(index: int, *, upright: bool) -> list[LineString]:
    """Return the stretches of one road of the lattice: it ends at a neighbourhood that lies across it."""
    runs: list[list[tuple[float, float]]] = [[]]
    cells = ROWS if upright else COLUMNS
    for k in range(cells):
        pair = ((index - 1, k), (index, k)) if upright else ((k, index - 1), (k, index))
        if _merged(*pair):
            runs.append([])
            continue
        for fine in range(k * FINE, (k + 1) * FINE + 1):
            corner = _warped(index * FINE, fine) if upright else _warped(fine, index * FINE)
            if not runs[-1] or runs[-1][-1] != corner:
                runs[-1].append(corner)
    return [LineString(run) for run in runs if run]


def _roads() -> list[tuple[str, BaseGeometry]]:
    named = [(n, True, k) for k, n in enumerate(UPRIGHT)] + [(n, False, k) for k, n in enumerate(LEVEL)]
    return [(name, shapely.MultiLineString(_road_runs(k, upright=upright))) for name, upright, k in named if name]


def _park() -> Polygon:
    inner = _outline(_quads(range(FINE), range(4 * FINE, 5 * FINE)))
    park: Polygon = inner.buffer(-14, join_style="mitre")
    return park


def _river() -> Polygon:
    bank = [_warped(i, ROWS * FINE) for i in range(-3, COLUMNS * FINE + 4)]
    wave = [18 * math.sin(k / 3.1) for k in range(len(bank))]
    near = [(x, y + 34 + w * 0.5) for (x, y), w in zip(bank, wave, strict=True)]
    far = [(x, y + 128 + w) for (x, y), w in zip(bank, wave, strict=True)]
    return Polygon(near + far[::-1])


def _buildings(name: str, roads: BaseGeometry) -> BaseGeometry:
    """Return rows of slabs that stay clear of the roads, of the borders and of the park."""
    ground = _outline(_cells(name)).buffer(-13).difference(roads)
    if name == "建宁":
        ground = ground.difference(_park().buffer(10))
    order = list(LAYOUT).index(name)
    turn = (order * 37 % 23) - 8
    centre = ground.centroid
    level = rotate(ground, -turn, origin=centre)
    west, south, east, north = level.bounds
    slabs, y, row = [], south + 6, 0
    while y < north:
        x, k = west + (row * 29 + order * 7) % 31, 0
        while x < east:
            long = 30 + (order * 11 + row * 17 + k * 23) % 20
            deep = 11 + (row + k + order) % 3
            slab = box(x, y, x + long, y + deep)
            if (row * 5 + k * 3 + order) % 11 and level.contains(slab):
                slabs.append(rotate(slab, turn, origin=centre))
            x, k = x + long + 13, k + 1
        y, row = y + 31 + (order + row) % 2 * 4, row + 1
    return shapely.MultiPolygon(slabs)


def backdrop() -> dict[str, Any]:
    """Return what the map shows behind the areas: 苏州河, 中山公园, roads, houses."""
    roads = _roads()
    ways = shapely.union_all([line for _name, line in roads]).buffer(15)
    features = [
        _feature(_to_degrees(_river()), kind="water", name="苏州河"),
        _feature(_to_degrees(_park()), kind="park", name="中山公园"),
    ]
    features += [_feature(_to_degrees(_buildings(name, ways)), kind="building", name="") for name in LAYOUT]
    features += [_feature(_to_degrees(line), kind="road", name=name) for name, line in roads]
    return _collection(features)


def estates() -> list[PlaceData]:
    """Return two 小区 for each 居民区, with invented lanes of the road next to them."""
    found = []
    lanes = {lane.split("路")[0] + "路": lane for lane in ESTATES}
    for order, n in enumerate(neighbourhoods()):
        column, row = LAYOUT[n.name][-1]
        for k, road in enumerate((UPRIGHT[column] or "江苏路", LEVEL[row] or "武夷路")):
            address = lanes.pop(road, f"{road}{100 + (order * 53 + k * 17) % 800}弄")
            spot = _warped(column * FINE + 1.2 + k * 1.6, row * FINE + 1.3 + k * 1.3)
            lon, lat = _degrees(*spot)
            name = f"{n.name}{('新村', '小区', '花苑', '公寓')[(order + k) % 4]}{('', '北区')[k]}"
            found.append(PlaceData(name, "estate", address, (address,), lat, lon, n.code, schematic=True))
    return found


def load_geography(*, by: Actor, now: datetime) -> dict[str, Any]:
    """Enter the map through the services of `places`.

    Returns the areas by code (``areas``), the 居民区 by name without suffix
    (``neighbourhoods``), the street, the grids in order and the places.
    """
    services.load_pattern(by=by, now=now, pattern="street")
    codes: dict[str, int] = {}
    for kind, data, layer in (
        ("subdistrict", street(), ""),
        ("grid", grids(), ""),
        ("neighbourhood", neighbourhood_areas(), ""),
        ("microgrid", microgrids(), ""),
        ("block", blocks(), "block"),
    ):
        report = services.import_geojson(by=by, now=now, data=data, kind=kind, layer=layer, since=SINCE)
        if not report.written:
            raise AssertionError(report.all_problems)
        codes |= report.codes
    codes |= {c: a.pk for c, a in services.add_areas(by=by, now=now, areas=stairwells()).items()}
    services.set_backdrop(by=by, now=now, data=backdrop())
    found = selectors.areas_by_ids(set(codes.values()))
    areas = {a.code: a for a in found.values()}
    return {
        "areas": areas,
        "street": areas[STREET_CODE],
        "grids": [areas[f"{STREET_CODE}-G{k}"] for k in range(1, len(GRIDS) + 1)],
        "neighbourhoods": {n.name: areas[n.code] for n in neighbourhoods()},
        "places": services.add_places(by=by, now=now, places=estates()),
    }
