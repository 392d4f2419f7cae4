"""The demonstration's 文明创建: the library in use, points, a mock test half done, lists, a campaign; all invented."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from linli.engines.fieldwork import selectors as fieldwork_read
from linli.engines.fieldwork import services as fieldwork
from linli.engines.fieldwork.types import Packet, TargetData
from linli.foundation.core.actors import SYSTEM, Actor
from linli.foundation.core.ids import uuid7
from linli.foundation.files import services as files
from linli.foundation.forms import selectors as forms
from linli.foundation.forms.types import Group, Question
from linli.foundation.people import selectors as people
from linli.interfaces.cli.demo.pictures import draw_picture
from linli.programmes.civility import selectors, services
from linli.programmes.civility.types import DoneData, Drive, DriveData, TodoData, TrialData

if TYPE_CHECKING:
    from linli.engines.fieldwork.models import Target

_POINTS = {
    "compound": ("{name}一期", "{name}二期", "{name}公寓"),
    "toilet": ("{name}公厕",),
    "back_street": ("{name}弄堂",),
    "market": ("{name}菜场",),
}
_FAILS = {
    "compound": ("home_corridor", "home_pets", "home_posters"), "toilet": ("toilet_access",),
    "back_street": ("back_wires", "back_posters"), "market": ("market_lines",),
}  # fmt: skip
_TODOS = (
    ("add", "fill", "补齐弄口破损道板", "management", 4), ("add", "repair", "修复公厕无障碍扶手", "management", -2),
    ("add", "change", "更换褪色公益广告", "party", 9), ("take", "cars", "清理弄内僵尸车", "enforcement", 6),
    ("take", "posters", "清除楼道小广告", "property", 1), ("times", "pets", "文明养宠劝导", "service", 40),
    ("times", "posts", "长宁路口交通文明岗", "police", 40), ("week", "repair", "清理弄口堆物", "management", 0),
    ("week", "posts", "早高峰文明岗", "police", 0),
)  # fmt: skip
_ROTA = "周一、周三 7:30—8:30 长宁路口 文明岗二人\n周五 17:00—18:00 长宁路口 文明岗二人"


@dataclass
class _Scene:
    now: datetime
    by: Actor
    units: Mapping[str, Any]
    areas: Mapping[str, Any]

    @property
    def today(self) -> date:
        return people.local_day(self.now)

    def photo(self, seed: int, purpose: str = "civility") -> Any:
        content = draw_picture(seed, "after")
        return files.store(by=self.by, now=self.now, content=content, name="现场.jpg", purpose=purpose)


def load_civility(users: Mapping[str, Any], units: Mapping[str, Any], areas: Mapping[str, Any], now: datetime) -> None:
    """Enter the programme as it stands on the day of ``now``."""
    fieldwork.load_shipped(now=now)
    edition = services.load_shipped(now=now)
    if edition is None:
        return
    services.publish_edition(by=SYSTEM, now=now, uuid=edition.uuid)
    scene = _Scene(now, people.actor_for(users["zhiban"], now), units, areas)
    points = _points(scene)
    _mock(scene)
    _lists(scene, points)
    _campaigns(scene)
    _log(scene)


def _points(scene: _Scene) -> list[Target]:
    made: list[Target] = []
    for name, area in sorted(scene.areas.items())[:6]:
        for kind, titles in _POINTS.items():
            for n, title in enumerate(titles, 1):
                data = TargetData(
                    "point", title.format(name=name), address=f"长宁路{len(made) + n * 2 + 100}弄", area_id=area.pk,
                    facts={"type": kind}, unit_id=scene.units["management"].pk if kind == "back_street" else None,
                )  # fmt: skip
                made.append(fieldwork.add_target(by=SYSTEM, now=scene.now, data=data, double_ok=True))
    for n, point in enumerate(p for p in made if p.facts["type"] in {"compound", "market"}):
        for theme, fixed in (("values", n % 4 != 3), ("minors", n % 3 == 0)):
            facts = {"theme": theme, "fixed": fixed, "state": "worn" if n % 5 == 4 else "good"}
            facts["replace_on"] = (scene.today + timedelta(days=30 * (n % 6) - 20)).isoformat()
            name = "宣传栏" if theme == "values" else "墙绘"
            data = TargetData("public_ad", f"{point.name}{name}", parent=point.uuid, facts=facts)
            fieldwork.add_target(by=SYSTEM, now=scene.now, data=data, double_ok=True)
    return made


def _mock(scene: _Scene) -> None:
    data = TrialData(
        f"{scene.today.month} 月模拟测评", "mock", scene.units["centre"].pk, scene.today,
        scene.today + timedelta(days=10),
        ("compound", "toilet", "back_street", "market"), seed="推进会现场摇号 27", wanted=10,
    )  # fmt: skip
    trial = services.start_trial(by=scene.by, now=scene.now, data=data)
    for part in selectors.parts(trial):
        visits = fieldwork_read.visits(scene.by, part.round, size=100).rows
        for n, visit in enumerate(visits[: len(visits) * 3 // 4]):
            kind = part.point_type.code if part.point_type else ""
            fails = _FAILS[kind]
            _fill(scene, visit, kind, fails[n % len(fails)] if n % 3 == 0 else "")


def _fill(scene: _Scene, visit: Any, kind: str, failed: str) -> None:
    answers: dict[str, dict[str, Any]] = {}
    for group in forms.whole_form(f"civility.{kind}").items:
        if isinstance(group, Group):
            answers[group.code] = {q.code: v for q in group.items if (v := _answer(scene, q, failed)) is not None}
    packet = Packet(
        uuid=uuid7(), form=f"civility.{kind}", version=1, answers=answers, made_at=scene.now, visit=visit.uuid
    )
    fieldwork.submit(by=scene.by, now=scene.now, packet=packet)


def _answer(scene: _Scene, q: Question | Group, failed: str) -> Any:
    if isinstance(q, Group):
        return None
    if q.score is not None:
        return "bad" if q.code == failed else "good"
    return [str(scene.photo(len(q.code), "fieldwork").uuid)] if q.required else None


def _lists(scene: _Scene, points: list[Target]) -> None:
    spots = [p for p in points if p.facts["type"] == "back_street"]
    for n, (listed, work, title, unit, days) in enumerate(_TODOS):
        spot = spots[n % len(spots)]
        data = TodoData(
            listed, work, title, scene.units[unit].pk, scene.today + timedelta(days=days), point=spot.uuid,
            rota=_ROTA if listed == "times" else "",
        )  # fmt: skip
        todo = services.add_todo(by=scene.by, now=scene.now, data=data)
        if title == "清理弄口堆物":
            kept = scene.photo(41)
            services.end_todo(by=scene.by, now=scene.now, uuid=todo.uuid, result="已清理", file_id=kept.pk)
    for spot in spots[:4]:
        for weeks in (3, 2, 1):
            on = scene.today - timedelta(weeks=weeks)
            kept = scene.photo(weeks * 7 + len(spot.name))
            services.add_shot(by=scene.by, now=scene.now, point=spot.uuid, file_id=kept.pk, on=on, note="弄口")


def _campaigns(scene: _Scene) -> None:
    home = sorted(n for n in scene.units if n.startswith("@"))[:1]
    committee = scene.units[home[0]] if home else scene.units["service"]
    helpers = (committee.pk, scene.units["property"].pk)
    kinds = (
        (Drive.SURROUNDINGS, "城区环境提升行动", ("garbage", "posters")),
        (Drive.LANES, "背街小巷整治行动", ("cross_door", "wiring")),
        (Drive.COMPOUNDS, "小区环境提升行动", ("corridor_clutter", "green_damage")),
        (Drive.VOLUNTEERS, "文明实践志愿服务行动", ()),
        (Drive.TRAFFIC, "交通秩序整治行动", ("shared_bikes", "riding_offence")),
        (Drive.CLEANING, "周末大扫除、大清理", ("garbage",)),
    )
    for n, (kind, title, categories) in enumerate(kinds):
        data = DriveData(
            kind, title, scene.units["management"].pk, scene.today - timedelta(days=14),
            scene.today + timedelta(days=16), plan="每周有计划、有进度、有结果。", helper_ids=helpers,
            categories=categories, hours="周六 9:00—11:00",
        )  # fmt: skip
        row = services.plan_campaign(by=scene.by, now=scene.now, data=data)
        for week in (2, 1)[: 1 + n % 2]:
            done = DoneData(
                scene.today - timedelta(days=week * 7 - 1), "党员、志愿者和物业一起清理弄口、楼道和绿地", 24 + week,
                helpers, hours="9:00—11:00", amounts="垃圾 12 袋；小广告 30 张",
                before_id=scene.photo(50 + n * 2 + week).pk, after_id=scene.photo(90 + n * 2 + week).pk,
            )  # fmt: skip
            services.add_day(by=scene.by, now=scene.now, uuid=row.uuid, data=done)


def _log(scene: _Scene) -> None:
    unit = scene.units["management"].pk
    services.add_log(by=SYSTEM, now=scene.now, on=scene.today, kind="meeting", title="创建工作推进会，部署下一阶段任务")
    row = services.add_log(
        by=SYSTEM, now=scene.now, on=scene.today - timedelta(days=5), kind="look", title="实地查看背街小巷积水",
        text="三处弄口雨后积水，要求一周内疏通并反馈。", unit_id=unit, due_on=scene.today + timedelta(days=2),
    )  # fmt: skip
    services.answer_log(by=SYSTEM, now=scene.now, uuid=row.uuid, feedback="已疏通两处，第三处列入修缮计划。")
    for n, role in enumerate(("publicist", "patroller", "overseer", "patroller"), 1):
        one = services.add_volunteer(
            by=SYSTEM, now=scene.now, role=role, number=f"志愿{n:03}", unit_id=scene.units["service"].pk
        )
        services.add_service(
            by=SYSTEM, now=scene.now, uuid=one.uuid, on=scene.today, text="巡访弄口和公厕，提醒停放有序", minutes=60
        )
