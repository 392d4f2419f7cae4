"""Plans to be drawn: sixty projects for the wall, one renewal as a Gantt chart."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from typing import Any

from linli.engines.projects.rules.charting import gantt_rows, rest_days
from linli.engines.projects.rules.charting.types import (
    Gantt,
    GanttRow,
    WallChart,
    WallMilestone,
    WallRow,
    WallStage,
)
from linli.engines.projects.rules.scheduling import schedule
from linli.engines.projects.rules.scheduling.types import (
    Activity,
    Dependency,
    Kind,
    Light,
    Network,
    Options,
    Resource,
    Spell,
)
from linli.engines.projects.tests.networks import CALENDAR

TODAY = date(2026, 10, 20)
HOSTILE = "</text><script>alert(1)</script>&\"'\x00\x0b\u202e引号“一江一河”"
_NAMES = (
    "美丽家园：综合修缮",
    "既有多层住宅加装电梯（福山片区）",
    "易积水小区排水改造",
    "“一江一河”慢行步道贯通与滨水空间品质提升",
)
_STAGES = ("征询", "方案设计", "招标", "施工", "验收移交")


def wall_row(n, title="", group=""):
    stages, day = [], date(2026, 1, 5) + timedelta(days=n * 7 % 140)
    for step, name in enumerate(_STAGES):
        finish = day + timedelta(days=12 + (n * 5 + step * 17) % 60)
        stages.append(WallStage(name, Spell(day, finish), (100, 40, 0)[(n + step) % 3], late=(n + step) % 7 == 0))
        day = finish + timedelta(days=1)
    milestones = (
        WallMilestone("开工", stages[3].spell.start, met=n % 2 == 0),
        WallMilestone("竣工", stages[4].spell.finish, late=n % 5 == 0),
    )
    return WallRow(
        title or f"{_NAMES[n % 4]}（{n}）",
        ("街道城建中心", "社区管理办公室", "第一居民区党总支")[n % 3],
        n * 13 % 101,
        list(Light)[n % 5],
        tuple(stages),
        milestones,
        due=date(2026, 12, 31),
        group=group,
    )


def wall(count: int = 60, **changes: Any) -> WallChart:
    values: dict[str, Any] = {
        "title": "2026年重点项目挂图作战",
        "issuer": "街道党工委",
        "as_of": TODAY,
        "rows": tuple(wall_row(n) for n in range(count)),
        "note": "灯色由规则判定",
    }
    return WallChart(**{**values, **changes})


@cache
def renewal():
    """A renewal under way, scheduled and laid out as rows."""
    activities = (
        Activity("survey", "征询居民意见", 10, started=date(2026, 9, 1), finished=date(2026, 9, 16), percent=100),
        Activity("design", "方案设计", 15, started=date(2026, 9, 17), percent=80),
        Activity("works", "外墙施工", 22, {"team": 1}),
        Activity("pipe", "管线入地", 9, {"team": 1}),
        Activity("end", "竣工验收"),
    )
    ties = (
        Dependency("survey", "design"),
        Dependency("design", "works"),
        Dependency("design", "pipe", Kind.SS, 20),
        Dependency("pipe", "works", Kind.FF, 2),
        Dependency("works", "end", lag=2),
    )
    network = Network(
        activities, date(2026, 9, 1), ties, (Resource("team", 1),), deadline=date(2026, 12, 31), today=TODAY
    )
    plan = schedule(network, CALENDAR, options=Options(seconds=0))
    rows = gantt_rows(
        network,
        plan,
        baseline={
            key: Spell(p.start - timedelta(days=6), p.finish - timedelta(days=6)) for key, p in plan.placed.items()
        },
        lights={key: Light.DONE if p.done else Light.GREEN for key, p in plan.placed.items()},
        owners=dict.fromkeys(plan.placed, "城建中心"),
        movable=True,
        depth=1,
    )
    whole = GanttRow("all", "综合修缮", Spell(plan.start, plan.finish), group=True, light=Light.YELLOW)
    rest = rest_days(CALENDAR, date(2026, 8, 1), date(2027, 3, 31))
    names = {date(2026, 10, 1): "国庆节"}
    return Gantt("综合修缮进度", (whole, *rows), ties, TODAY, date(2026, 12, 31), rest, names)
