"""The demonstration's venues: some of each kind, all invented and marked as schematic; no persons, no real firms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from linli.foundation.core.actors import SYSTEM
from linli.foundation.venues import services
from linli.foundation.venues.rules import hours as opening
from linli.foundation.venues.types import ItemData, ProjectData, VenueData
from linli.interfaces.cli.demo.geography import FINE, _degrees, _warped
from linli.interfaces.cli.demo.scenes import HUAYANG

OFFICE = ("08:30-11:30,13:30-17:00",) * 5 + ("", "")
LONG = ("07:00-21:00",) * 7
MEALS = ("06:30-08:30,10:30-12:30,16:30-18:30",) * 6 + ("10:30-12:30",)
SHOP = ("09:00-21:00",) * 7
WORKROOM = ("", "13:30-16:30", "", "13:30-16:30", "", "", "")
RIDERS = ("中山公园商圈", "愚园路", "武夷路", "江苏路")


def _hours(week: tuple[str, ...] = (), *, always: bool = False) -> dict[str, Any]:
    days = tuple(opening.parse_spans(text) for text in week) or ((),) * 7
    return opening.to_json(opening.Hours(days, (), always))


def _spot(home: str, n: int) -> tuple[float, float, str]:
    """Return (lat, lon, address) of the n-th invented door of a 居民区."""
    column, row = HUAYANG.layout[home][-1]
    lon, lat = _degrees(
        HUAYANG, *_warped(HUAYANG, column * FINE + 0.7 + (n * 1.13) % 2.7, row * FINE + 0.6 + (n * 0.87 + 0.4) % 2.8)
    )
    roads = [r for r in (HUAYANG.upright[column], HUAYANG.level[row]) if r] or ["长宁路"]
    return lat, lon, f"{roads[n % len(roads)]}{100 + (column * 211 + row * 97 + n * 31) % 880}号"


class _Street:
    """Hands out places one after the other, so that no two venues stand on one spot."""

    def __init__(self, units: Mapping[str, Any]) -> None:
        self.units, self.used = units, dict.fromkeys(HUAYANG.layout, 0)

    def venue(self, home: str, kind: str, name: str, **more: Any) -> VenueData:
        self.used[home] += 1
        lat, lon, address = _spot(home, self.used[home])
        keeper = self.units.get(f"@{home}")
        fields = {
            "keeper_id": keeper.pk if keeper else None,
            "phone": keeper.phone if keeper else "",
            "address": address,
            **more,
        }
        return VenueData(kind=kind, name=name, lat=lat, lon=lon, schematic=True, **fields)


def _stations(street: _Street) -> Iterator[VenueData]:
    rest = ("water", "microwave", "phone_charging", "rest", "toilet", "first_aid", "wifi")
    homes = list(HUAYANG.layout)
    for n, name in enumerate(RIDERS):
        yield street.venue(
            homes[3 + n * 4], "rider_station", f"{name}暖新巢驿站", hours=_hours(LONG), facilities=rest[: 7 - n],
            intro="给骑手和新就业朋友歇脚的地方。", district="中山公园商圈" if n == 0 else "",
        )  # fmt: skip
    yield street.venue("华二", "party_centre", "华阳街区党群服务中心", hours=_hours(LONG), facilities=(*rest, "books"))
    for n, home in enumerate(homes):
        yield street.venue(
            home, "practice_station", f"{home}新时代文明实践站", hours=_hours(OFFICE), facilities=("water", "books"),
            level="neighbourhood",
        )  # fmt: skip
        state = "preparing" if n % 7 == 3 else "open"
        yield street.venue(
            home, "joint_station", f"{home}联勤联动站", hours=_hours(OFFICE), level="neighbourhood", state=state
        )
        if n % 3 == 0:
            yield street.venue(home, "toilet", f"{home}公共厕所", hours=_hours(always=True), facilities=("accessible",))
        if n % 4 == 1:
            yield street.venue(
                home, "city_workroom", f"{home}城管社区工作室", hours=_hours(WORKROOM),
                answers={"duty_days": "每周二、周四下午"}, keeper_id=street.units["enforcement"].pk,
            )  # fmt: skip
    yield street.venue(
        "飞乐", "practice_centre", "华阳新时代文明实践分中心", hours=_hours(OFFICE), facilities=("books",)
    )


def _services(street: _Street) -> Iterator[VenueData]:
    homes = list(HUAYANG.layout)
    for n, home in enumerate(("华三", "潘中", "建宁")):
        yield street.venue(
            home, "canteen", ("华阳社区食堂", "潘中助餐点", "建宁助餐点")[n],
            hours=_hours(MEALS), facilities=("accessible",),
            answers={"elder_discount": "70 岁以上 9 折，80 岁以上 8 折", "lunch": "10:30—12:30", "delivery": n == 0},
        )  # fmt: skip
    yield street.venue(
        "秀水", "charity_station", "华阳慈善驿站", hours=_hours(SHOP), partner="慈善基金会代表处（示意）"
    )
    shops = ("面馆", "便利店", "水果店", "药房", "修车铺", "理发店", "奶茶店", "早餐店", "洗衣店", "五金店")
    gives = (("water", "rest"), ("charging",), ("discount",), ("water", "charging"))
    for n, shop in enumerate(shops):
        yield street.venue(
            homes[(n * 5 + 2) % 21], "friendly_shop", f"示范{shop}", hours=_hours(SHOP), plaque=f"HY-{n + 1:03}",
            keeper_id=None, phone="", offers="骑手免费饮水，可短时休息" if n % 2 else "骑手 9 折",
            answers={"gives": list(gives[n % 4])}, facilities=("water",),
        )  # fmt: skip
    for n, home in enumerate(homes):
        if n % 2 == 0:
            yield street.venue(
                home, "charging", f"{home}集中充电棚", hours=_hours(always=True), keeper_id=None, phone="",
                answers={"sockets": 12 + n * 3 % 20, "cabinets": 8 if n % 4 == 0 else 0, "price": "1 元 4 小时"},
            )  # fmt: skip
    for home in ("华一", "西一", "姚家角"):
        yield street.venue(home, "shelter", f"{home}应急避难点", hours=_hours(always=True), answers={"people": 300})
    yield street.venue("徐家宅", "store_room", "防汛物资点", hours=_hours(OFFICE))


def load_venues(units: Mapping[str, Any], areas: Mapping[str, Any], now: datetime) -> None:
    """Enter kinds and venues, a menu, an activity, counts of e-bikes, and one thing being built."""
    services.load_shipped(by=SYSTEM, now=now)
    street = _Street(units)
    made = {}
    for data in [*_stations(street), *_services(street)]:
        made[data.name] = services.add_venue(by=SYSTEM, now=now, data=data)
    today = timezone.localdate(now)
    _station(made["陶家宅联勤联动站"], units, now)
    for shop in (v for v in made.values() if v.plaque):
        services.review(by=SYSTEM, now=now, uuid=shop.uuid, passed=True, note="", expected=shop.version)
    for n, (home, area) in enumerate(areas.items()):
        if n % 3:
            services.count_bikes(
                by=SYSTEM, now=now, bikes=40 + n * 17 % 90, counted_on=today, source="居委清点（演示）", area_id=area.pk
            )
        if n == 4:
            project = ProjectData(f"{home}新建充电棚", "building", today, area.pk, 24, today + timedelta(days=120))
            services.save_project(by=SYSTEM, now=now, data=project)
    _this_week(made, now)


def _station(venue: Any, units: Mapping[str, Any], now: datetime) -> None:
    items = [("room", "调解室", None), ("room", "值班室", None), ("equipment", "对讲机", None)]
    items += [("partner", "社区民警", units["police"].pk), ("partner", "城管队员", units["enforcement"].pk)]
    for kind, name, unit in items:
        services.add_item(by=SYSTEM, now=now, uuid=venue.uuid, data=ItemData(kind, name, 1, unit))


def _this_week(made: Mapping[str, Any], now: datetime) -> None:
    """Enter what changes by the week, for the days around the present: a canteen's menu, an activity."""
    first: date = timezone.localdate(now)
    dishes = ("红烧肉、炒青菜、番茄蛋汤", "清蒸鲈鱼、麻婆豆腐、紫菜汤", "糖醋小排、凉拌黄瓜、罗宋汤")
    canteen, station = made["华阳社区食堂"], made["陶家宅新时代文明实践站"]
    menu = {(first + timedelta(days=n), "lunch"): dishes[n % 3] for n in range(6)}
    services.set_menu(by=SYSTEM, now=now, uuid=canteen.uuid, dishes=menu)
    start = timezone.localtime(now).replace(hour=9, minute=0, second=0, microsecond=0) + timedelta(days=2)
    services.add_activity(
        by=SYSTEM, now=now, uuid=station.uuid, title="免费理发、量血压", starts_at=start,
        ends_at=start + timedelta(hours=2), note="不用预约",
    )  # fmt: skip
