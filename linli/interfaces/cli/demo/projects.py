"""The demonstration's projects: invented works in real 居民区, by role-holders; each lives through its own weeks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from linli.engines.projects import selectors, services
from linli.engines.projects.selectors import PlanChoice
from linli.engines.projects.types import BlockerData, NodeData, NodeKind, ProjectData
from linli.foundation.people import selectors as people
from linli.interfaces.cli.demo.pictures import draw_picture

if TYPE_CHECKING:
    from linli.engines.projects.models import Project
    from linli.foundation.core.actors import Actor

# (title, working days, outdoor, owner unit) of each piece of work, one after the other; 0 days is a milestone.
HOME = (
    ("入户征询", 15, False, "@"), ("方案设计", 20, False, "housing"), ("施工招标", 15, False, "housing"),
    ("外墙与雨水管施工", 45, True, "housing"), ("楼道粉刷", 20, False, "property"), ("竣工验收", 0, False, "housing"),
)  # fmt: skip
DEED = (
    ("需求征集", 10, False, "service"), ("方案公示", 8, False, "service"), ("改造施工", 30, False, "management"),
    ("设施进场", 5, False, "management"), ("开放使用", 0, False, "service"),
)  # fmt: skip
STREET = (
    ("沿街商户协商", 15, False, "enforcement"), ("灯光与铺装设计", 15, False, "management"),
    ("铺装施工", 30, True, "management"), ("亮灯调试", 5, True, "management"), ("街区共治公约签订", 0, False, "party"),
)  # fmt: skip
LIFT = (
    ("业主表决", 20, False, "@"), ("规划与施工手续", 25, False, "housing"), ("管线移位", 20, True, "housing"),
    ("电梯井道施工", 40, True, "housing"), ("安装与检测", 15, False, "housing"), ("投入使用", 0, False, "housing"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Work:
    """One project of the demonstration.

    Attributes:
        ago: days ago that it was approved. ahead: days from now to its deadline.
        pace: how much of the time that has passed was really used for it, per cent; under 100 it is behind.
        top: its place among the yearly top ten, 0 where it is not on the list.
    """

    name: str
    class_code: str
    home: str
    unit: str
    nodes: tuple[tuple[str, int, bool, str], ...]
    wan: int
    ago: int
    ahead: int
    pace: int = 100
    top: int = 0
    text: str = ""
    source: str = ""
    strands: tuple[str, ...] = ("project",)
    more: Mapping[str, Any] = field(default_factory=dict)


WORKS = (
    Work("陶家宅“美丽家园”综合整治", "beautiful_home", "陶家宅", "housing", HOME, 320, 70, 160, 92, 1,
         "外墙、雨水管和楼道整体修缮，施工期间保留一条无障碍通道。", "居民代表会议", ("project", "refined")),
    Work("华一“美丽家园”综合整治", "beautiful_home", "华一", "housing", HOME, 280, 60, 110, 60, 2,
         "雨污分流、外墙修缮和非机动车棚更新。", "居民代表会议"),
    Work("西一小区适老化改造", "heart", "西一", "service", DEED, 60, 40, 70, 100, 3,
         "楼道扶手、夜灯和休息座椅。", "“我为群众办实事”征集"),
    Work("社区食堂扩建", "deed", "姚家角", "service", DEED, 150, 45, 40, 85, 4,
         "增加 80 个座位和助餐配送窗口。", "人大代表建议"),
    Work("安西路街区点亮", "block_light", "陶家宅", "management", STREET, 90, 50, 75, 100, 5,
         "步道、灯光和店招一体更新。", "街区商户联席会", ("project", "plural")),
    Work("零距离街区共治示范段", "block", "徐家宅", "enforcement", STREET, 45, 30, 100, 95, 6,
         "商户、居民、骑手共订街区公约。", "街区商户联席会", ("plural",)),
    Work("闲置锅炉房更新为邻里客厅", "space", "西一", "management", DEED, 110, 35, 60, 70, 7,
         "存量空间更新：图书角、议事厅、儿童活动角。", "居民提案"),
    Work("华一小区加装电梯", "lift", "华一", "housing", LIFT, 75, 80, 130, 55, 8, "一梯一户，连廊入户。", "楼组居民"),
    Work("小区充电设施补点", "deed", "徐家宅", "management", DEED, 38, 55, 30, 100, 9,
         "集中充电棚 4 处。", "12345 热线集中诉求"),
    Work("口袋公园无障碍坡道", "deed", "姚家角", "management", DEED, 22, 65, 20, 100, 10,
         "坡道、扶手和盲道衔接。", "残疾人联合会建议"),
)  # fmt: skip


def load_projects(users: Mapping[str, Any], units: Mapping[str, Any], areas: Mapping[str, Any], now: datetime) -> None:
    """Enter the classes, a yearly list and its projects, and let each live up to the present."""
    services.load_shipped_classes(now=now)
    begun = now - timedelta(days=85)
    lead = people.actor_for(users["lingdao"], begun)
    year = timezone.localdate(now).year
    listed = services.make_list(
        by=lead, now=begun, year=year, kind="top_ten", title=f"{year} 年度十大重点项目",
        committee_label="社区治理专业委员会", public=True,
    )  # fmt: skip
    services.save_team(by=lead, now=begun, name="外墙脚手架班", capacity=2)
    for work in WORKS:
        if work.home in areas:
            _live(work, lead, units, areas, listed.pk, now)
    _draft(lead, units, areas, now)


def _live(
    work: Work, lead: Actor, units: Mapping[str, Any], areas: Mapping[str, Any], listed: int, now: datetime
) -> None:
    """Open a project, plan it, and report what was done as the days went by."""
    begun = now - timedelta(days=work.ago + 3)
    data = ProjectData(
        name=work.name, class_code=work.class_code, unit_id=units[work.unit].pk, area_id=areas[work.home].pk,
        deadline=timezone.localdate(now) + timedelta(days=work.ahead), goal=work.text, public_text=work.text,
        planned_cents=work.wan * 10_000_00, source_label=work.source, strands=work.strands, public=True,
        public_money=True, list_id=listed, list_order=work.top,
    )  # fmt: skip
    project = services.add_project(by=lead, now=begun, data=data)
    before: list[int] = []
    for title, days, outdoor, owner in work.nodes:
        unit = units["@" + work.home] if owner == "@" else units[owner]
        node = NodeData(
            title=title, kind=NodeKind.WORK if days else NodeKind.MILESTONE, duration=days, outdoor=outdoor,
            unit_id=unit.pk, weight=max(days, 1), waits=tuple((pk, "FS", 0) for pk in before[-1:]),
        )  # fmt: skip
        before.append(services.add_node(by=lead, now=begun, uuid=project.uuid, data=node).pk)
    choice = PlanChoice(late=False)
    shown = services.preview(selectors.project_for(lead, project.uuid), choice, now=begun)
    services.save_plan(by=lead, now=begun, uuid=project.uuid, choice=choice, token=shown.token, baseline="批准时")
    for verb, text in (("approve", "按计划实施"), ("start", "")):
        at = begun + timedelta(days=1)
        version = selectors.project_for(lead, project.uuid).version
        services.step(by=lead, now=at, uuid=project.uuid, verb=verb, expected=version, text=text, anyway=True)
    _advance(work, project, lead, now)
    _spend(work, project, lead, now)
    if work.class_code == "lift":
        _blocked(project, lead, now)
    if work.top in {1, 5}:
        _pictures(project, lead, now)
    services.relight(selectors.project_for(lead, project.uuid), now=now)


def _advance(work: Work, project: Project, lead: Actor, now: datetime) -> None:
    """Report each node as it would have come: ``pace`` per cent of the time that has passed."""
    reached = timezone.localdate(now) - timedelta(days=work.ago * (100 - work.pace) // 100)
    lag = timezone.localdate(now) - reached
    for node in selectors.lines_of(project).working:
        first, last = node.planned_start, node.planned_finish
        if first is None or last is None or first > reached:
            break
        finished = last + lag // 2 if last <= reached else None
        started = min(first, finished or first)
        part = 100 * ((reached - first).days + 1) // max(1, (last - first).days + 2)
        at = _noon(min(finished or reached, timezone.localdate(now)), now)
        services.report(
            by=lead, now=at, uuid=project.uuid, node_id=node.pk, percent=100 if finished else min(95, part),
            started=started, finished=finished,
        )  # fmt: skip


def _noon(day: date, now: datetime) -> datetime:
    """Return the hour of ``now`` on a day, never later than the present."""
    return min(now, now - timedelta(days=(timezone.localdate(now) - day).days))


def _spend(work: Work, project: Project, lead: Actor, now: datetime) -> None:
    for n, (share, what) in enumerate(((10, "设计费"), (22, "首期工程款"))):
        on = timezone.localdate(now) - timedelta(days=max(1, work.ago - 20 - 20 * n))
        services.add_spending(
            by=lead, now=now, uuid=project.uuid, on=on, cents=work.wan * 10_000_00 * share // 100, what=what,
            source="街道民生资金（演示）",
        )  # fmt: skip
    services.tell_residents(
        by=lead, now=now - timedelta(days=2), uuid=project.uuid, text="本周施工时间为 8:30 至 17:30。"
    )


def _blocked(project: Project, lead: Actor, now: datetime) -> None:
    """Enter the blocker of the lift: a gas pipe in the way, steps tried, raised, the next one set."""
    today = timezone.localdate(now)
    node = next(n for n in selectors.lines_of(project).working if n.title == "管线移位")
    opened = now - timedelta(days=30)
    data = BlockerData(
        cause="电梯井道位置有燃气管，须先移位，燃气单位尚未出具移位方案。", party="燃气单位", node_id=node.pk,
        next_step="上门递交移位申请", next_on=today - timedelta(days=25),
    )  # fmt: skip
    blocker = services.open_blocker(by=lead, now=opened, uuid=project.uuid, data=data)
    steps = (
        (26, "华一居民委员会", "到燃气单位营业所递交移位申请", "要求补产权证明", "补齐产权证明", 20),
        (18, "房管办事处", "协调业主补齐产权证明，第二次递交", "已受理，等现场勘察", "陪同现场勘察", 9),
        (6, "街道社区管理办公室", "陪同燃气单位现场勘察", "管位可移，报价待出", "催办报价，约施工日期", -5),
    )
    for version, (ago, who, what, outcome, following, due) in enumerate(steps, 1):
        services.add_step(
            by=lead, now=now - timedelta(days=ago), uuid=blocker.uuid, expected=version,
            on=today - timedelta(days=ago), who=who, what=what, outcome=outcome, next_step=following,
            next_on=today - timedelta(days=due),
        )  # fmt: skip
    services.raise_blocker(
        by=lead, now=now - timedelta(days=5), uuid=blocker.uuid, expected=4, reason="居民区协调一个月没有结果",
        convener="综合网格", linked_label="网格会商",
    )  # fmt: skip
    services.share_blocker(by=lead, now=now - timedelta(days=5), uuid=blocker.uuid, shared=True)


def _pictures(project: Project, lead: Actor, now: datetime) -> None:
    for spot, moment, ago in (("北立面", "before", 60), ("北立面", "after", 3), ("主出入口", "before", 60)):
        content = draw_picture(project.pk * 7 + ago, "before" if moment == "before" else "after")
        services.add_photo(
            by=lead, now=now - timedelta(days=ago), uuid=project.uuid, content=content, name=f"{spot}.jpg",
            moment=moment, spot=spot, public=True,
        )  # fmt: skip


def _draft(lead: Actor, units: Mapping[str, Any], areas: Mapping[str, Any], now: datetime) -> None:
    """Leave one project as a draft, to be planned by whoever tries the demonstration."""
    data = ProjectData(
        name="“天佑‘6+6+6’美丽家园建设”项目", class_code="beautiful_home", unit_id=units["housing"].pk,
        area_id=next(iter(areas.values())).pk, deadline=timezone.localdate(now) + timedelta(days=240),
        goal="六类公共部位修缮、六项安全提升、六处共享空间。", planned_cents=200 * 10_000_00,
    )  # fmt: skip
    project = services.add_project(by=lead, now=now - timedelta(days=2), data=data)
    node = NodeData(title="入户征询", duration=15, unit_id=units["housing"].pk)
    services.add_node(by=lead, now=now - timedelta(days=2), uuid=project.uuid, data=node)
