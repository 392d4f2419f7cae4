"""Ledgers of the demonstration: shops, firms, houses with flats, lanes, flood points; invented, no person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from linli.engines.fieldwork import selectors, services
from linli.engines.fieldwork.types import TargetData
from linli.foundation.core.actors import SYSTEM
from linli.interfaces.cli.demo.venues import _spot

TRADES = ("food", "retail", "service", "other")
GOODS = ("便利店", "水果店", "理发店", "药房", "五金店", "小吃店", "咖啡馆", "服装店", "文具店", "洗衣店")
SIGNS = ("新华", "永安", "春风", "万家", "百味", "同心", "东方", "和平", "长征", "光明")
FIRMS = ("硅巷软件", "长宁设计", "同心物流", "春风文化", "和平医疗器械")
SHOPS_EACH = 6

# name, 居民区, depth, last depth, cause, plan, state
_POINTS = (
    ("凯旋路下立交", "西一", 38, 12, "管径小，泵站来水快", "扩管并增设强排泵", "doing"),
    ("定西路菜场门口", "潘西", 22, 16, "路面低于周边", "抬高路面，增设收水口", "planned"),
    ("武夷路弄口", "飞乐", 18, 6, "雨水口堵塞", "汛期每周疏通", "done"),
    ("安西路公交站", "华三", 16, 15, "排水管老化", "翻排管道", "open"),
)
# ledger, name, 居民区, facts
_FLOOD: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
    ("flood_estate", "江苏路小区", "姚家角", {"households": 64, "cause": "地势低洼", "state": "doing"}),
    (
        "flood_estate",
        "华阳小区",
        "华一",
        {"households": 38, "cause": "排水不畅", "state": "done"},
    ),
    ("pump", "1号强排泵", "西一", {"count": 2, "flow": 500, "keeper": "凯旋路泵房", "state": "good"}),
    ("pump", "2号强排泵", "姚家角", {"count": 1, "flow": 300, "keeper": "小区门卫室", "state": "old"}),
    ("enclosure", "江苏路小区小包围", "姚家角", {"gates": 3, "wall": "120", "height": "0.8", "pumps": 1}),
    ("flood_hazard", "地下车库出口", "潘东", {"hazard": "挡水板缺失", "level": "high", "state": "doing"}),
    ("flood_hazard", "工地围墙", "华五", {"hazard": "墙体开裂", "level": "low", "state": "open"}),
    ("flood_plan", "街道防汛防台专项预案", "", {"edition": "2026版", "adopted": "2026-05-10", "filed": "2026-05-18"}),
)


def _shops(units: Mapping[str, Any], areas: Mapping[str, Any]) -> Iterator[TargetData]:
    for place, (home, area) in enumerate(sorted(areas.items())):
        for n in range(SHOPS_EACH):
            lat, lon, address = _spot(home, n)
            number = place * SHOPS_EACH + n
            yield TargetData(
                "shop", f"{SIGNS[number % 10]}{GOODS[number // 3 % 10]}", number=f"SH{number + 1:04}",
                address=address, lat=lat, lon=lon, area_id=area.pk, unit_id=units["market"].pk,
                tags=("商户联盟",) if number % 4 == 0 else (),
                facts={"trade": TRADES[number % 4], "alliance": "yes" if number % 4 == 0 else "no", "manager": "店长"},
            )  # fmt: skip


def _others(areas: Mapping[str, Any]) -> Iterator[TargetData]:
    homes = sorted(areas)
    for n, name in enumerate(FIRMS):
        lat, lon, address = _spot(homes[n], n + 9)
        party = ("own", "joint", "none")[n % 3]
        yield TargetData("company", f"{name}有限公司", address=address, lat=lat, lon=lon,
                         facts={"staff": 20 + n * 35, "party": party})  # fmt: skip
    for n, home in enumerate(homes[:8]):
        lat, lon, address = _spot(home, n + 17)
        yield TargetData("lane", f"{address.removesuffix('号')}弄", lat=lat, lon=lon,
                         facts={"doors": 24 + n, "households": 180 + n * 20, "lane_head": "弄长"})  # fmt: skip
    for name, home, depth, last, cause, plan, state in _POINTS:
        lat, lon, address = _spot(home, 23)
        facts = {"depth": depth, "last_depth": last, "cause": cause, "plan": plan, "state": state}
        yield TargetData("waterlogging", name, address=address, lat=lat, lon=lon, facts=facts)
    for kind, name, home, facts in _FLOOD:
        yield TargetData(kind, name, area_id=areas[home].pk if home else None, facts=facts)


def _houses(areas: Mapping[str, Any], now: datetime) -> None:
    for n, home in enumerate(sorted(areas)[:3]):
        lat, lon, address = _spot(home, 31)
        door = f"{address.removesuffix('号')}弄{n + 1}号"
        facts = {"storeys": 6 + n * 5, "lift": "yes" if n else "no", "built": 1986 + n * 9}
        data = TargetData("building", f"{door}楼", address=door, lat=lat, lon=lon, facts=facts)
        house = services.add_target(by=SYSTEM, now=now, data=data)
        services.make_grid(by=SYSTEM, now=now, building=house.uuid, first=1, last=6 + n * 5, doors=4 + n)


def load_ledgers(units: Mapping[str, Any], areas: Mapping[str, Any], end: datetime) -> None:
    """Enter the ledgers that a street begins with; somebody was at most of them within a year.

    Args:
        areas: 居民区 by their short names.
    """
    services.load_shipped(by=SYSTEM, now=end)
    begun = end - timedelta(days=200)
    for data in (*_shops(units, areas), *_others(areas)):
        services.add_target(by=SYSTEM, now=begun, data=data, double_ok=True)
    _houses(areas, begun)
    there = selectors.of_kinds(SYSTEM, [k.code for k in selectors.kinds() if not k.guarded]).order_by("pk")
    for place, pk in enumerate(there.values_list("pk", flat=True)):
        if place % 4:
            services.seen(pk, end - timedelta(days=place * 17 % 150, hours=3))
    plan = selectors.of_kinds(SYSTEM, ["flood_plan"]).get()
    day = (end - timedelta(days=60)).date().isoformat()
    facts = {"day": day, "kind": "field", "people": 40}
    drill = TargetData("flood_drill", "关闸演练", parent=plan.uuid, facts=facts)
    services.add_target(by=SYSTEM, now=end, data=drill)
