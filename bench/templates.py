"""Some hundred real cases, made through the services: what the bulk copies are taken from."""

from __future__ import annotations

import random
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from bench.setting import NOW
from linli.engines.cases import services
from linli.engines.cases.permissions import get_case_for
from linli.engines.cases.types import Contact, FeedbackWay, Report
from linli.engines.cases.workflow import Outcome
from linli.foundation.core.actors import GUEST
from linli.foundation.core.coordinates import Point
from linli.foundation.core.errors import DomainError

CATEGORIES = [
    "garbage",
    "corridor_clutter",
    "posters",
    "dumping",
    "cross_door",
    "shared_bikes",
    "car_parking",
    "abandoned_vehicle",
    "property_violation",
    "lift",
    "sewage",
    "pets",
    "flying_wires",
    "fire_exit",
    "well_cover",
    "road_damage",
    "street_lamp",
]
_WHAT = [
    "楼道里堆了纸箱和旧家具",
    "垃圾桶满了没人清运",
    "共享单车停满人行道",
    "电动车拉线到六楼充电",
    "店铺把货架摆到人行道上",
    "小广告贴了一墙",
    "下水道堵了污水外溢",
    "电梯停运老人下不了楼",
    "路灯不亮已有一周",
    "窨井盖松动有响声",
    "绿地被踩坏",
    "僵尸车占着车位",
    "有人在通道堆放建筑垃圾",
    "消防通道被私家车堵住",
    "遛狗不牵绳",
    "半夜施工噪声很大",
    "墙皮脱落怕砸到人",
    "快递柜占用了公共空间",
    "屋顶漏水多次报修",
    "树枝挡住了监控和路灯",
]
_WHEN = [
    "昨天晚上",
    "今天早上",
    "这几天",
    "上个月就反映过",
    "每逢周末",
    "下雨以后",
    "放学时间",
    "已经三天了",
    "从去年开始",
    "刚才路过",
]
_MORE = [
    "希望尽快派人处理",
    "影响老人和孩子出行",
    "邻居们都有意见",
    "物业说不归他们管",
    "请到现场看看",
    "处理好以后请告诉我结果",
    "之前处理过又出现了",
    "味道很重夏天更难受",
    "担心会着火",
    "拍了照片可以提供",
    "楼组长也知道这件事",
    "不知道该找哪个部门",
]
_ROADS = [
    "长宁路",
    "定西路",
    "华阳路",
    "安化路",
    "昭化路",
    "凯旋路",
    "武夷路",
    "江苏路",
    "宣化路",
    "中山西路",
    "汇川路",
    "万航渡路",
]


def wording(luck: random.Random) -> str:
    """Return what somebody might write, 40 to 120 characters."""
    parts = [
        f"{luck.choice(_WHEN)}，{luck.choice(_ROADS)}{luck.randint(1, 900)}弄{luck.randint(1, 60)}号{luck.choice(_WHAT)}"
    ]
    parts += luck.sample(_MORE, luck.randint(1, 5))
    return "，".join(parts) + "。"


def address(luck: random.Random) -> str:
    """Return an address."""
    return f"{luck.choice(_ROADS)} {luck.randint(1, 900)} 弄 {luck.randint(1, 60)} 号"


def middle(area: Any) -> Point | None:
    """Return a point about the middle of an area's border."""
    shape = area.geometry
    if not shape:
        return None
    ring = shape["coordinates"][0] if shape["type"] == "Polygon" else shape["coordinates"][0][0]
    return Point(sum(p[1] for p in ring) / len(ring), sum(p[0] for p in ring) / len(ring))


def a_report(world: Any, luck: random.Random, **more: Any) -> Report:
    """Return a problem somewhere in the subdistrict."""
    area = luck.choice(list(world.areas.values()))
    contact = (
        Contact(name="测试", phone=f"1380000{luck.randint(0, 9999):04d}", way=FeedbackWay.PHONE)
        if luck.random() < 0.5
        else Contact()
    )
    fields = {"category": luck.choice(CATEGORIES), "text": wording(luck), "address": address(luck), "area_id": area.pk}
    return Report(**{**fields, "point": middle(area), "contact": contact, **more})


def _steps(world: Any, cast: dict[str, Any], case: Any, at: datetime, stop: int) -> None:
    """Take a case ``stop`` steps on its way."""
    centre, handler, unit = cast["paidan"], cast["wuye"], world.units["property"].pk
    steps = [
        lambda t: services.accept(by=centre, now=t, case=case, verify=False),
        lambda t: services.dispatch(by=centre, now=t, case=case, unit_id=unit),
        lambda t: services.sign(by=handler, now=t, case=case),
        lambda t: services.note(by=handler, now=t, case=case, text="已到现场查看。"),
        lambda t: services.hand_in(by=handler, now=t, case=case, text="已答复并说明情况。", outcome=Outcome.EXPLAINED),
        lambda t: services.check(by=cast["jiandu"], now=t, case=case, passed=True),
        lambda t: services.reply(by=centre, now=t, case=case, way="phone", text="已处理，谢谢您。"),
        lambda t: services.close(by=centre, now=t, case=case),
    ]
    for hours, step in zip((1, 2, 3, 5, 7, 25, 26, 27), steps[:stop], strict=False):
        step(at + timedelta(hours=hours))


def make(world: Any, count: int) -> int:
    """Make about ``count`` cases in all stages through the services; return how many came to be."""
    luck = random.Random(1)
    cast = {name: world.actor(name) for name in ("paidan", "wuye", "jiandu")}
    made = 0
    for i in range(count):
        at = NOW - timedelta(days=3, minutes=i)
        receipt = services.report(by=GUEST, now=at, report=a_report(world, luck))
        case = get_case_for(cast["paidan"], receipt.number)
        with suppress(DomainError):  # a category that asks for more than this generator gives stays where it is
            _steps(world, cast, case, at, 8 if i % 2 else i // 2 % 8)
        made += 1
    return made
