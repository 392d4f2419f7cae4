"""The demonstration's visits: households, shops and new sectors, two rounds, needs, an enterprise, a festival list."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from linli.engines.fieldwork import services as fieldwork
from linli.engines.fieldwork.types import Choice as Chosen
from linli.engines.fieldwork.types import How, Packet, RoundData, TargetData, TargetFilter
from linli.foundation.core.actors import SYSTEM, Actor
from linli.foundation.core.errors import NotFoundError
from linli.foundation.core.ids import uuid7
from linli.foundation.forms import selectors as form_selectors
from linli.foundation.forms import services as forms
from linli.foundation.forms.types import Choice, Question, QuestionType, Settings, WholeForm
from linli.foundation.people import selectors as people
from linli.programmes.visits import services
from linli.programmes.visits.types import CompanyVisitData, Consoled, DemandData, Origin

_Q = QuestionType
FORM = "visit.demo"
_SHOPS = ("街角面馆", "转角花店", "春晓文具店", "阿福修鞋铺", "梧桐咖啡馆")
_UNITS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("青年设计工作室", {"sector": "enterprise", "should": True, "party": "own", "has_secretary": True}),
    ("远望科技公司", {"sector": "enterprise", "should": True, "party": "joint", "branch": "硅巷凝聚力党支部"}),
    ("社区公益发展中心", {"sector": "society", "should": True, "party": "none", "instructor": True}),
    ("外卖骑手驿站", {"sector": "workers", "should": False, "party": "none", "instructor": True}),
    ("汇海楼宇物业服务处", {"sector": "building", "should": True, "party": "none"}),
)
_NEEDS = ("想在门口装一个休息椅", "希望晚高峰有人疏导非机动车", "想了解小微企业补贴怎么申请")


def _zh(text: str) -> dict[str, str]:
    return {"zh-hans": text}


def _form() -> WholeForm:
    leaflets = (Choice("fire", _zh("消防宣传单")), Choice("fraud", _zh("反诈宣传单")))
    return WholeForm(
        Settings("走访记录（演示）", FORM),
        (
            Question(
                "leaflet",
                _Q.CHOICES,
                _zh("送宣传"),
                list="leaflets",
                extra={"given": "publicity", "quantity": "copies"},
            ),
            Question("copies", _Q.INTEGER, _zh("份数")),
            Question("service", _Q.TEXT, _zh("送服务"), extra={"given": "service"}),
            Question("need", _Q.LONG_TEXT, _zh("需求"), extra={"need": "yes"}),
        ),
        {"leaflets": leaflets},
    )


def _enter(kind: str, name: str, area: Any, now: datetime, **more: Any) -> Any:
    data = TargetData(kind, name, area_id=area.pk, **more)
    return fieldwork.add_target(by=SYSTEM, now=now, data=data, double_ok=True)


def _round(by: Actor, now: datetime, title: str, targets: list[Any], unit: Any, area: Any) -> Any:
    day = people.local_day(now)
    data = RoundData(
        title=title, form=FORM, unit_id=unit.pk, starts_on=day, ends_on=day + timedelta(days=30), area_id=area.pk,
        programme="visits",
        choice=Chosen(How.LIST, TargetFilter((targets[0].kind.code,)), tuple(t.uuid for t in targets)),
    )  # fmt: skip
    made = fieldwork.plan_round(by=by, now=now, data=data)
    return fieldwork.open_round(by=by, now=now, uuid=made.uuid, expected=made.version)


def _visit(by: Actor, now: datetime, round_: Any, target: Any, need: str) -> None:
    answers = {"leaflet": ["fire", "fraud"], "copies": 2, "service": "政策宣讲", "need": need}
    visit = round_.visits.get(target=target)
    fieldwork.submit(by=by, now=now, packet=Packet(uuid7(), FORM, 1, answers, now, visit=visit.uuid))


def load_visits(users: Mapping[str, Any], units: Mapping[str, Any], areas: Mapping[str, Any], now: datetime) -> None:
    """Enter ledgers, rounds under way, needs at every stage, an enterprise visit and a list for a festival.

    Args:
        users, units, areas: the demonstration's, by login, key and 居民区.
        now: the present.
    """
    try:
        form_selectors.version(FORM)
    except NotFoundError:
        forms.save_whole_form(by=SYSTEM, now=now, code=FORM, form=_form(), kind="visit")
    fieldwork.load_shipped(now=now)
    who = {name: people.actor_for(users[name], now) for name in ("shuji", "shegong", "lingdao", "fuwuban", "paidan")}
    home_path = next(g.area_path for g in who["shuji"].grants if g.area_path)
    home = next(a for a in areas.values() if a.path == home_path)
    unit = next(u for u in people.units_of_kind("neighbourhood_committee") if u.area_id == home.pk)
    shops = [
        _enter("shop", name, home, now, address=f"长宁路 {480 + 2 * n} 号", tags=("老字号",) if n == 3 else ())
        for n, name in enumerate(_SHOPS)
    ]
    sectors = [_enter("new_sector", name, home, now, address="愚园路 99 号", facts=facts) for name, facts in _UNITS]
    _enter("party_branch", "原点街区党支部", home, now, facts={"type": "block", "serves": "原点街区"})
    _enter("party_branch", "硅巷凝聚力党支部", home, now, facts={"type": "cohesion", "serves": "硅巷"})
    _enter(
        "business_station", "华阳小微企业服务站", home, now, facts={"services": "政策咨询、代办", "hours": "9:00–17:00"}
    )
    walk = _round(who["shuji"], now, "沿街商户走访", shops, unit, home)
    sector_walk = _round(who["shuji"], now, "新兴领域走访", sectors, unit, home)
    for n, need in enumerate(_NEEDS):
        _visit(who["shegong"], now - timedelta(hours=3 - n), walk, shops[n], need)
    for target in sectors[:2]:
        _visit(who["shegong"], now - timedelta(hours=1), sector_walk, target, "")
    _needs(who, units, now)
    _company(who, units, home, now)
    _festival(who, unit, now)


def _needs(who: Mapping[str, Actor], units: Mapping[str, Any], now: datetime) -> None:
    data = DemandData("希望社区食堂增加少油少盐的菜", Origin.DESK, "社区食堂就餐居民代表")
    row = services.register(by=who["shegong"], now=now - timedelta(days=4), data=data)
    services.assign(by=who["shuji"], now=now - timedelta(days=4), uuid=row.uuid, unit_id=units["service"].pk)
    services.reply(by=who["fuwuban"], now=now - timedelta(days=1), uuid=row.uuid, text="下周起每天两个清淡菜。")
    services.tell(by=who["shegong"], now=now, uuid=row.uuid, way="meeting", text="表示满意")


def _company(who: Mapping[str, Actor], units: Mapping[str, Any], home: Any, now: datetime) -> None:
    target = _enter(
        "company", "汇海信托公司", home, now, address="长宁路 1 号", tags=("重点企业",), facts={"staff": 420}
    )
    data = CompanyVisitData(
        people.local_day(now) - timedelta(days=2),
        "",
        "街道党工委书记",
        "营商办、党建办",
        "人才公寓、通勤班车",
        target.uuid,
    )
    visit = services.enter_company_visit(by=who["lingdao"], now=now, data=data)
    services.add_request(
        by=who["lingdao"], now=now, uuid=visit.uuid, text="希望协调人才公寓房源", unit_id=units["service"].pk
    )


def _festival(who: Mapping[str, Actor], unit: Any, now: datetime) -> None:
    data = services.ListData("重阳节慰问", "重阳节", people.local_day(now) + timedelta(days=10), unit.pk)
    row = services.draw_up(by=who["shegong"], now=now, data=data)
    for n, (reason, item) in enumerate((("高龄独居", "米油礼包"), ("困难家庭", "生活用品"))):
        services.add_person(
            by=who["shegong"], now=now, uuid=row.uuid, data=Consoled(f"慰问对象{'甲乙'[n]}", reason, item=item)
        )
    services.confirm_list(by=who["shuji"], now=now, uuid=row.uuid)
