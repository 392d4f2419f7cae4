"""A town to read places against, without a database: the demonstration's estates and 居民区."""

from __future__ import annotations

from linli.foundation.places.rules import parse_address
from linli.foundation.places.rules.gazetteer import Gazetteer
from linli.foundation.places.types import Crossing, KnownPlace, PlaceSort
from linli.interfaces.cli.demo.geography import estates
from linli.interfaces.cli.demo.scenes import HUAYANG

AREAS = {
    n.code: KnownPlace(f"area:{i}", PlaceSort.AREA, f"{n.name}居民区", (), "", i, f"/1/{i}/", f"{n.name}居民区")
    for i, n in enumerate(HUAYANG.neighbourhoods, start=10)
}


def known() -> list[KnownPlace]:
    """Return the estates, each in its 居民区."""
    return [
        KnownPlace(
            f"place:{i}", PlaceSort.ESTATE, p.name, p.aliases, p.address, AREAS[p.area].area_id,
            f"{AREAS[p.area].area_path}{1000 + i}/", AREAS[p.area].name, p.lat, p.lon, parse_address(p.address).road,
        )
        for i, p in enumerate(estates())
    ]  # fmt: skip


def building(ref: str, address: str, estate: KnownPlace) -> KnownPlace:
    """Return a building of the ledger at ``address`` within an estate."""
    return KnownPlace(
        ref, PlaceSort.BUILDING, f"{address}楼", (), address, estate.area_id, estate.area_path, estate.area_name,
        road=estate.road,
    )  # fmt: skip


def town(*more: KnownPlace) -> Gazetteer:
    """Return the gazetteer of the demonstration's town, with ``more`` in it."""
    ids = [a.area_id or 0 for a in AREAS.values()]
    roads = {r: ids[:6] for r in (*HUAYANG.upright, *HUAYANG.level) if r}
    crossing = Crossing("安西路", "长宁路", 31.22, 121.41, (ids[0], ids[1]))
    return Gazetteer.of(
        [*AREAS.values(), *known(), *more], roads=roads, crossings=[crossing], elsewhere=["延安西路"]
    )  # fmt: skip
