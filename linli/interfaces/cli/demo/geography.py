"""The demonstration's map: a schematic subdistrict (示意图，非测绘边界).

The 居民区 are real by name and code; every line is invented. All areas are made of the
quadrilaterals of one warped lattice, so that neighbours share their corners and tile
exactly. Nothing here is random: the same map comes out every time.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

import numpy as np
import shapely
from shapely.affinity import rotate
from shapely.geometry import LineString, Polygon, box, mapping
from shapely.geometry.base import BaseGeometry

from linli.foundation.core.actors import Actor
from linli.foundation.places import selectors, services
from linli.foundation.places.types import AreaData, PlaceData
from linli.interfaces.cli.demo.scenes import HUAYANG, NOTICE, NUMERALS, Scene

SINCE = date(2020, 1, 1)
FINE = 4  # quadrilaterals along each side of a cell
# How the 4 × 4 (or 8 × 4) fine quadrilaterals of a neighbourhood fall to its 微网格, as widths in quarters.
SPLITS = {3: ((4,), (2, 2)), 4: ((2, 2), (2, 2)), 5: ((2, 2), (1, 2, 1)), 6: ((1, 2, 1), (1, 2, 1))}


def _along(marks: tuple[float, ...], fine: float) -> float:
    whole = max(0, min(int(fine // FINE), len(marks) - 2))
    return marks[whole] + (marks[whole + 1] - marks[whole]) * (fine / FINE - whole)


def _warped(scene: Scene, i: float, j: float) -> tuple[float, float]:
    """Return the metres east and north of the centre of the fine lattice's point (i, j)."""
    u, v = _along(scene.widths, i), _along(scene.heights, j)
    x = (u - 0.5) * scene.wide + 70 * math.sin(2.2 * v + 0.6) - 95 * (v - 0.5) ** 2 + 16 * math.sin(7 * v + 5 * u)
    y = (v - 0.5) * scene.high + 46 * math.sin(2.6 * u + 0.9) - 60 * u + 13 * math.sin(8 * u + 3 * v)
    x += 34 * (u - 0.5) * math.sin(5 * v)
    return x - 52.0, y


def _degrees(scene: Scene, x: float, y: float) -> tuple[float, float]:
    east, north = scene.metres
    return round(scene.centre[0] + x / east, 7), round(scene.centre[1] + y / north, 7)


def _to_degrees(scene: Scene, shape: BaseGeometry) -> dict[str, Any]:
    turned = shapely.transform(shape, lambda xy: np.array([_degrees(scene, float(x), float(y)) for x, y in xy]))
    geometry: dict[str, Any] = mapping(turned)
    return geometry


def _ground(scene: Scene, quads: set[tuple[int, int]]) -> dict[str, Any]:
    """Return the GeoJSON of what ``quads`` cover."""
    return _to_degrees(scene, _outline(scene, quads))


def _quads(columns: Iterable[int], rows: Iterable[int]) -> set[tuple[int, int]]:
    rows = list(rows)
    return {(i, j) for i in columns for j in rows}


def _outline(scene: Scene, quads: set[tuple[int, int]]) -> Polygon:
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
    return Polygon([_warped(scene, *corner) for corner in ring])


def _cells(scene: Scene, name: str) -> set[tuple[int, int]]:
    found: set[tuple[int, int]] = set()
    for column, row in scene.layout[name]:
        found |= _quads(range(column * FINE, (column + 1) * FINE), range(row * FINE, (row + 1) * FINE))
    return found


def _microgrids(scene: Scene, name: str) -> list[set[tuple[int, int]]]:
    """Return the quadrilaterals of each 微网格, three to six of them."""
    cells = scene.layout[name]
    order = list(scene.layout).index(name)
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


def street(scene: Scene = HUAYANG) -> dict[str, Any]:
    """Return the outline of the street."""
    every = _quads(range(scene.columns * FINE), range(scene.rows * FINE))
    return _collection(
        [_feature(_to_degrees(scene, _outline(scene, every)), code=scene.code, name=scene.name, parent="")]
    )


def grids(scene: Scene = HUAYANG) -> dict[str, Any]:
    """Return the four 综合网格."""
    features = []
    for number, (name, members) in enumerate(scene.grids.items(), start=1):
        quads = set().union(*(_cells(scene, m) for m in members))
        geometry = _ground(scene, quads)
        features.append(_feature(geometry, code=f"{scene.code}-G{number}", name=name, parent=scene.code))
    return _collection(features)


def _grid_of(scene: Scene, name: str) -> str:
    number = next(n for n, members in enumerate(scene.grids.values(), start=1) if name in members)
    return f"{scene.code}-G{number}"


def _households(order: int, k: int) -> int:
    """Return how many households the k-th 微网格 of a 居民区 has: invented, within what the rulebook calls usual."""
    return 345 + (order * 41 + k * 67) % 150


def neighbourhood_areas(scene: Scene = HUAYANG) -> dict[str, Any]:
    """Return the 21 居民区."""
    return _collection(
        [
            _feature(
                _ground(scene, _cells(scene, n.name)),
                code=n.code,
                name=f"{n.name}居民区",
                parent=_grid_of(scene, n.name),
                households=sum(_households(order, k) for k, _q in enumerate(_microgrids(scene, n.name), start=1)),
            )
            for order, n in enumerate(scene.neighbourhoods)
        ],
    )


def microgrids(scene: Scene = HUAYANG) -> dict[str, Any]:
    """Return the 微网格, three to six in each 居民区."""
    return _collection(
        [
            _feature(
                _ground(scene, quads),
                code=f"{n.code}-{k}",
                name=f"第{NUMERALS[k - 1]}微网格",
                parent=n.code,
                households=_households(order, k),
            )
            for order, n in enumerate(scene.neighbourhoods)
            for k, quads in enumerate(_microgrids(scene, n.name), start=1)
        ],
    )


def stairwells(scene: Scene = HUAYANG) -> list[AreaData]:
    """Return the 楼组, two to four in each 微网格, without borders."""
    codes = [f["properties"]["code"] for f in microgrids(scene)["features"]]
    return [
        AreaData(f"{parent}-{k:02}", f"{k}号楼组", "stairwell", parent, schematic=True, valid_from=SINCE)
        for order, parent in enumerate(codes)
        for k in range(1, 3 + order % 3)
    ]


def blocks(scene: Scene = HUAYANG) -> dict[str, Any]:
    """Return the three 街区 that cross the borders of grids and neighbourhoods."""
    features = []
    for number, (name, (west, south, east, north)) in enumerate(scene.blocks.items(), start=1):
        geometry = _ground(scene, _quads(range(west, east), range(south, north)))
        features.append(_feature(geometry, code=f"{scene.code}-B{number}", name=name))
    return _collection(features)


def _merged(scene: Scene, a: tuple[int, int], b: tuple[int, int]) -> bool:
    return any(a in cells and b in cells for cells in scene.layout.values())


def _road_runs(scene: Scene, index: int, *, upright: bool) -> list[LineString]:
    """Return the stretches of one road of the lattice: it ends at a neighbourhood that lies across it."""
    runs: list[list[tuple[float, float]]] = [[]]
    cells = scene.rows if upright else scene.columns
    for k in range(cells):
        pair = ((index - 1, k), (index, k)) if upright else ((k, index - 1), (k, index))
        if _merged(scene, *pair):
            runs.append([])
            continue
        for fine in range(k * FINE, (k + 1) * FINE + 1):
            corner = _warped(scene, index * FINE, fine) if upright else _warped(scene, fine, index * FINE)
            if not runs[-1] or runs[-1][-1] != corner:
                runs[-1].append(corner)
    return [LineString(run) for run in runs if run]


def _roads(scene: Scene) -> list[tuple[str, BaseGeometry]]:
    named = [(n, True, k) for k, n in enumerate(scene.upright)] + [(n, False, k) for k, n in enumerate(scene.level)]
    return [
        (name, shapely.MultiLineString(_road_runs(scene, k, upright=upright))) for name, upright, k in named if name
    ]


def _park(scene: Scene) -> Polygon:
    inner = _outline(scene, _quads(range(FINE), range(4 * FINE, 5 * FINE)))
    park: Polygon = inner.buffer(-14, join_style="mitre")
    return park


def _river(scene: Scene) -> Polygon:
    bank = [_warped(scene, i, scene.rows * FINE) for i in range(-3, scene.columns * FINE + 4)]
    wave = [18 * math.sin(k / 3.1) for k in range(len(bank))]
    near = [(x, y + 34 + w * 0.5) for (x, y), w in zip(bank, wave, strict=True)]
    far = [(x, y + 128 + w) for (x, y), w in zip(bank, wave, strict=True)]
    return Polygon(near + far[::-1])


def _buildings(scene: Scene, name: str, roads: BaseGeometry) -> BaseGeometry:
    """Return rows of slabs that stay clear of the roads, of the borders and of the park."""
    ground = _outline(scene, _cells(scene, name)).buffer(-13).difference(roads)
    if scene.park:
        ground = ground.difference(_park(scene).buffer(10))
    order = list(scene.layout).index(name)
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


def backdrop(scene: Scene = HUAYANG) -> dict[str, Any]:
    """Return what the map shows behind the areas: 苏州河, 中山公园, roads, houses."""
    roads = _roads(scene)
    ways = shapely.union_all([line for _name, line in roads]).buffer(15)
    features = []
    if scene.river:
        features.append(_feature(_to_degrees(scene, _river(scene)), kind="water", name=scene.river))
    if scene.park:
        features.append(_feature(_to_degrees(scene, _park(scene)), kind="park", name=scene.park))
    features += [
        _feature(_to_degrees(scene, _buildings(scene, name, ways)), kind="building", name="") for name in scene.layout
    ]
    features += [_feature(_to_degrees(scene, line), kind="road", name=name) for name, line in roads]
    return _collection(features)


def estates(scene: Scene = HUAYANG) -> list[PlaceData]:
    """Return two 小区 for each 居民区, with invented lanes of the road next to them."""
    found = []
    lanes = {lane.split("路")[0] + "路": lane for lane in scene.lanes}
    for order, n in enumerate(scene.neighbourhoods):
        column, row = scene.layout[n.name][-1]
        for k, road in enumerate((scene.upright[column], scene.level[row] or scene.level[1])):
            address = lanes.pop(road, f"{road}{100 + (order * 53 + k * 17) % 800}弄")
            spot = _warped(scene, column * FINE + 1.2 + k * 1.6, row * FINE + 1.3 + k * 1.3)
            lon, lat = _degrees(scene, *spot)
            sort = "小区" if n.name.endswith(("村", "园")) else ("新村", "小区", "花苑", "公寓")[(order + k) % 4]
            name = f"{n.name}{sort}{('', '北区')[k]}"
            found.append(PlaceData(name, "estate", address, (address,), lat, lon, n.code, schematic=True))
    return found


def load_geography(*, by: Actor, now: datetime, scene: Scene = HUAYANG) -> dict[str, Any]:
    """Enter the map through the services of `places`.

    Returns the areas by code (``areas``), the 居民区 by name without suffix
    (``neighbourhoods``), the street, the grids in order and the places.
    """
    services.load_pattern(by=by, now=now, pattern="street")
    codes: dict[str, int] = {}
    for kind, data, layer in (
        ("subdistrict", street(scene), ""),
        ("grid", grids(scene), ""),
        ("neighbourhood", neighbourhood_areas(scene), ""),
        ("microgrid", microgrids(scene), ""),
        ("block", blocks(scene), "block"),
    ):
        if not data["features"]:
            continue
        report = services.import_geojson(by=by, now=now, data=data, kind=kind, layer=layer, since=SINCE)
        if not report.written:
            raise AssertionError(report.all_problems)
        codes |= report.codes
    codes |= {c: a.pk for c, a in services.add_areas(by=by, now=now, areas=stairwells(scene)).items()}
    services.set_backdrop(by=by, now=now, data=backdrop(scene))
    found = selectors.areas_by_ids(set(codes.values()))
    areas = {a.code: a for a in found.values()}
    return {
        "areas": areas,
        "street": areas[scene.code],
        "grids": [areas[f"{scene.code}-G{k}"] for k in range(1, len(scene.grids) + 1)],
        "neighbourhoods": {n.name: areas[n.code] for n in scene.neighbourhoods},
        "places": services.add_places(by=by, now=now, places=estates(scene)),
    }
