"""The demonstration's streets: shops warned and ordered, frontages, lanes, sign-boards, contractors; nobody real."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from linli.engines.fieldwork import selectors as fieldwork_read
from linli.engines.fieldwork import services as fieldwork
from linli.engines.fieldwork.types import Choice, Packet, RoundData, TargetData, TargetFilter
from linli.foundation.core.actors import SYSTEM, Actor
from linli.foundation.core.errors import NotFoundError
from linli.foundation.core.ids import uuid7
from linli.foundation.files import services as files
from linli.foundation.forms import selectors as forms_read
from linli.foundation.forms import services as forms
from linli.foundation.people import selectors as people
from linli.foundation.people.selectors import local_day
from linli.interfaces.cli.demo.pictures import draw_picture
from linli.programmes.streets import services
from linli.programmes.streets.types import (
    DutyData,
    LaneData,
    LogData,
    OrderData,
    QualityData,
    SpotData,
    WarnData,
)

if TYPE_CHECKING:
    from linli.engines.fieldwork.models import Target

SHOPS = (
    ("长宁路生煎铺", "food"), ("清晨豆浆店", "food"), ("百味水果店", "retail"), ("阿宝五金店", "retail"),
    ("南风理发店", "service"), ("一品干洗店", "service"), ("弄口便利店", "retail"), ("春分花店", "retail"),
    ("好邻居药房", "retail"), ("街角咖啡", "food"), ("老味道面馆", "food"), ("金手指配钥匙店", "service"),
)  # fmt: skip
LANES = (("长宁路 476 弄", 9, 210), ("长宁路 488 弄", 12, 286), ("华阳路 64 弄", 7, 98), ("安化路 200 弄", 15, 340))
PATROL: dict[str, Any] = {
    "questions": [
        {"code": "goods", "type": "yes_no", "label": {"zh-hans": "跨门经营"}},
        {"code": "clean", "type": "yes_no", "label": {"zh-hans": "门前整洁"}},
        {"code": "shot", "type": "photo", "label": {"zh-hans": "照片"}},
    ]
}


@dataclass
class _Streets:
    """What the scenes share: who acts, where, when."""

    users: Mapping[str, Any]
    units: Mapping[str, Any]
    area: Any
    now: datetime
    made: dict[str, list[Target]] = field(default_factory=dict)

    @property
    def today(self) -> date:
        """The present day."""
        return local_day(self.now)

    def at(self, days: int) -> datetime:
        """Return the moment so many days ago."""
        return self.now - timedelta(days=days)

    def actor(self, name: str) -> Actor:
        """Return the actor that a request of this login would have."""
        return people.actor_for(self.users[name], self.now)

    def photo(self, seed: int, kind: str = "report") -> int:
        """Return a drawn picture's number."""
        content = draw_picture(seed, kind)
        return files.store(by=SYSTEM, now=self.now, content=content, name=f"{seed}.jpg", purpose="streets").pk


def load_streets(users: Mapping[str, Any], units: Mapping[str, Any], areas: Mapping[str, Any], now: datetime) -> None:
    """Enter ledgers, a patrol and a month of the streets' work up to ``now``."""
    s = _Streets(users, units, areas["陶家宅"], now)
    fieldwork.load_shipped(now=s.at(60))
    _ledgers(s)
    _patrol(s)
    _matters(s)
    _places(s)
    _lanes(s)
    _together(s)
    _work(s)
    _officers(s, areas)


def _enter(s: _Streets, kind: str, name: str, address: str, **more: Any) -> None:
    data = TargetData(kind, name, address=address, area_id=s.area.pk, since=s.today - timedelta(days=60), **more)
    made = fieldwork.add_target(by=SYSTEM, now=s.at(60), double_ok=True, data=data)
    s.made.setdefault(kind, []).append(made)


def _ledgers(s: _Streets) -> None:
    for n, (name, trade) in enumerate(SHOPS, start=1):
        _enter(s, "shop", name, f"长宁路 {470 + 2 * n} 号", facts={"trade": trade})
    for name, doors, households in LANES:
        _enter(s, "lane", name, name, facts={"doors": doors, "households": households})
    for n, (name, _trade) in enumerate(SHOPS[:6], start=1):
        facts = {"kind": "wall", "metres": 4 + n, "permit": f"备 2025-{n:03}", "state": "good"}
        _enter(s, "sign_board", f"{name}店招", f"长宁路 {470 + 2 * n} 号", facts=facts)
    for name, work in (("长宁路清扫线", "sweep"), ("中山公园单车整理线", "bikes")):
        _enter(
            s, "contractor_route", name, "长宁路", unit_id=s.units["bikes"].pk, facts={"work": work, "times": "6–22 点"}
        )


def _patrol(s: _Streets) -> None:
    try:
        forms_read.version("street.patrol")
    except NotFoundError:
        forms.save_form(
            by=SYSTEM, now=s.at(30), code="street.patrol", title="街面巡查", questions=PATROL, kind="patrol"
        )
    data = RoundData(
        title="沿街商户晚高峰巡查", form="street.patrol", unit_id=s.units["enforcement"].pk, programme="streets",
        starts_on=s.today, ends_on=s.today + timedelta(days=30), area_id=s.area.pk,
        choice=Choice(filter=TargetFilter(("shop",), area_path=s.area.path)),
        rhythm={"unit": "days", "windows": [[n, 1020, 1200] for n in range(1, 8)]},
    )  # fmt: skip
    planned = fieldwork.plan_round(by=SYSTEM, now=s.now, data=data)
    opened = fieldwork.open_round(by=SYSTEM, now=s.now, uuid=planned.uuid, expected=planned.version)
    for visit in fieldwork_read.visits(SYSTEM, opened, occasion=s.today).rows[:7]:
        answers = {"goods": False, "clean": True}
        packet = Packet(
            uuid7(), "street.patrol", forms_read.version("street.patrol").number, answers, s.now, visit=visit.uuid
        )
        fieldwork.submit(by=s.actor("chengguan"), now=s.now, packet=packet)


def _matters(s: _Streets) -> None:
    walker, officer = s.actor("shegong"), s.actor("chengguan")
    shops = s.made["shop"]
    told = (
        (2, "cross_door", "水果筐摆到人行道中间，行人要绕行", (25, 9)),
        (0, "frontage", "门口油污没有清理", (4,)),
        (3, "dumping", "门外堆放管材和旧货架", (2,)),
        (6, "posters", "橱窗外贴了招租广告", (1,)),
    )
    made = {}
    for shop, fault, text, days in told:
        for day in days:
            made[shop, day] = services.warn(
                by=walker, now=s.at(day), data=WarnData(shops[shop].uuid, fault, text, files=(s.photo(shop + day),))
            )
    services.mend(
        by=walker, now=s.at(22), uuid=made[2, 25].uuid, text="水果筐已经收进店里", files=(s.photo(77, "after"),)
    )
    order = OrderData(
        "《上海市市容环境卫生管理条例》第二十一条", s.today - timedelta(days=1), "manager", "hand",
        s.today - timedelta(days=8), s.users["chengguan2"].pk, text="清空门外货筐，恢复人行道", files=(s.photo(78),),
    )  # fmt: skip
    services.order(by=officer, now=s.at(8), uuid=made[2, 9].uuid, data=order)


def _places(s: _Streets) -> None:
    walker, door = s.actor("shegong"), ("clean", "goods", "walls", "parking", "sign")
    for n, shop in enumerate(s.made["shop"][:8]):
        data = DutyData(shop.uuid, Decimal(3), Decimal(3), Decimal(4), "外至路缘石", door)
        row = services.make_duty(by=walker, now=s.at(40), data=data)
        if n < 6:
            services.serve_duty(by=walker, now=s.at(38 - n), uuid=row.uuid, served="owner", on=local_day(s.at(38 - n)))
    spot = SpotData(
        "corner", "长宁路 488 弄后墙夹缝", "建筑垃圾和旧家具堆了半个月，没有人认", s.area.pk, s.units["management"].pk,
        s.today + timedelta(days=3), files=(s.photo(5),),
    )  # fmt: skip
    services.find_spot(by=walker, now=s.at(4), data=spot)
    blind = SpotData(
        "blind", "安化路 200 弄与河浜交界处", "物业和绿化都说不归自己管", s.area.pk, s.units["management"].pk,
        s.today + timedelta(days=1),
    )  # fmt: skip
    services.find_spot(by=walker, now=s.at(6), data=blind)


def _lanes(s: _Streets) -> None:
    keeper, lanes = s.actor("shuji"), s.made["lane"]
    unit, due = s.units["management"].pk, s.today + timedelta(days=40)
    data = LaneData(
        "12 个门牌，286 户，两个出入口，没有物业", "修补路面，后弄装灯，划非机动车停放线，商户轮流值守", unit, due
    )
    row = services.draft_lane(by=keeper, now=s.at(20), target=lanes[1].uuid, data=data)
    for text in ("后弄路面坑洼积水", "夜里没有路灯", "非机动车占满出入口"):
        services.add_problem(by=keeper, now=s.at(19), uuid=row.uuid, text=text)
    row.refresh_from_db()
    services.agree_lane(by=keeper, now=s.at(18), uuid=row.uuid)
    services.lane_photo(by=keeper, now=s.at(18), uuid=row.uuid, after=False, files=(s.photo(31, "before"),))
    services.lane_task(
        by=keeper, now=s.now, uuid=row.uuid, title="后弄路面修补", unit_id=unit, due_on=s.today + timedelta(days=20)
    )
    first = row.problems.order_by("id").first()
    if first is not None:
        services.solve_problem(by=keeper, now=s.at(3), uuid=row.uuid, problem=first.pk, files=(s.photo(32, "after"),))
    services.draft_lane(by=keeper, now=s.at(5), target=lanes[2].uuid, data=LaneData("7 个门牌，98 户", "", None, None))


def _together(s: _Streets) -> None:
    walker, shops, boards = s.actor("shegong"), s.made["shop"], s.made["sign_board"]
    pledge, since = "门前自己扫，货物不出店，店招定期查", local_day(s.at(50))
    joined = [services.join_alliance(by=walker, now=s.now, target=t.uuid, pledge=pledge, on=since) for t in shops[6:11]]
    day = local_day(s.at(6))
    services.peer_check(by=walker, now=s.now, uuid=joined[0].uuid, checker=joined[1].uuid, on=day, fine=True)
    services.peer_check(
        by=walker, now=s.now, uuid=joined[2].uuid, checker=joined[0].uuid, on=day, fine=False, text="门口纸箱没有及时收"
    )
    services.check_board(by=walker, now=s.now, target=boards[0].uuid, on=day, fine=True)
    services.check_board(
        by=walker, now=s.now, target=boards[1].uuid, on=day, fine=False, text="右下角螺栓松动，风大时晃",
        files=(s.photo(61),),
    )  # fmt: skip
    for n, (shop, offers) in enumerate(
        ((9, ("water", "rest", "charge")), (8, ("medicine", "water")), (6, ("charge",)))
    ):
        services.make_friend(
            by=walker, now=s.now, target=shops[shop].uuid, offers=offers, plaque=f"HY-{n + 1:03}",
            since=local_day(s.at(380 if n == 2 else 90)), public=n < 2,
        )  # fmt: skip


def _work(s: _Streets) -> None:
    firm, office, (sweep, bikes) = s.actor("danche"), s.actor("guanliban"), s.made["contractor_route"]
    for ago in range(6):
        day = s.today - timedelta(days=ago)
        services.log_work(
            by=firm, now=s.now, data=LogData(sweep.uuid, day, "early", "contractor", Decimal(6), Decimal(6), "公里")
        )
        services.log_work(
            by=firm, now=s.now,
            data=LogData(bikes.uuid, day, "late", "contractor", Decimal(300), Decimal(300 - 15 * ago), "辆",
                         told=20 + ago, removed=3 * ago),
        )  # fmt: skip
    volunteers = LogData(
        bikes.uuid, s.today, "middle", "volunteers", Decimal(50), Decimal(62), "辆", text="商圈两侧理齐"
    )
    services.log_work(by=s.actor("shegong"), now=s.now, data=volunteers)
    for off, text in ((Decimal("1.5"), "盲道上还停着十几辆"), (Decimal(0), "路面干净，果壳箱已清")):
        shot = (s.photo(91),) if off else ()
        route = bikes if off else sweep
        services.check_quality(by=office, now=s.now, data=QualityData(route.uuid, s.today, off, text, shot))


def _officers(s: _Streets, areas: Mapping[str, Any]) -> None:
    head, first = s.actor("zhongdui"), s.today.replace(day=1)
    officers = ("chengguan", "chengguan2")
    for n, name in enumerate(list(areas)[:6]):
        who = officers[n % 2]
        row = services.make_contact(
            by=head, now=s.now, user_id=s.users[who].pk, area_id=areas[name].pk, per_month=2, starts_on=first
        )
        if n < 4:
            services.visit_contact(
                by=head, now=s.now, uuid=row.uuid, on=s.today, text="看了沿街商户门责和后弄堆物",
                asked="希望后弄装隔离栏" if n == 1 else "",
            )  # fmt: skip
