"""Tasks of the demonstration: a list under way, one overdue with 督办, one to be accepted, recurring ones."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from linli.engines.projects import selectors, services
from linli.engines.projects.types import Every, FileRef, NewSeries, NewTask, NewTaskList, Priority, Strand
from linli.foundation.core.actors import SYSTEM, Actor
from linli.foundation.deadlines import services as deadlines
from linli.foundation.files import services as files
from linli.foundation.jobs import services as jobs
from linli.foundation.people import selectors as people
from linli.interfaces.cli.demo.pictures import draw_picture

if TYPE_CHECKING:
    from linli.engines.projects.models import Task

DAY = timedelta(days=1)
REFINED, PROJECT, PLURAL = (Strand.REFINED,), (Strand.PROJECT,), (Strand.PLURAL,)

# title, owner, helpers, begun days ago, due in days, weight, evidence, files, tags, topic;
# reports: days ago, percent, words
_LIST: tuple[tuple[Any, ...], ...] = (
    ("主干道非机动车停放点位排查和划线", "enforcement", ("bikes",), 20, -6, 3, "前后对比照片", 1, REFINED, "停车",
     ((12, 40, "已排查 46 处，划线 18 处。"), (4, 70, "余下 12 处等道路施工结束。"))),
    ("夜间占道设摊整治", "enforcement", ("police", "market"), 20, 9, 2, "", 0, REFINED, "市容",
     ((8, 50, "连续五晚联合巡查，劝离 23 户次。"),)),
    ("高层住宅电动自行车充电设施补建计划", "management", ("housing", "safety"), 18, 25, 3, "点位图、经费测算", 2,
     PROJECT, "充电",
     ((6, 30, "完成 9 个小区现场踏勘。"),)),
    ("小餐饮油烟净化设备清洗检查", "market", (), 18, 3, 1, "检查记录", 1, REFINED, "市容", ()),
    ("楼组长、志愿者安全隐患“随手拍”动员", "branch", ("service",), 18, 14, 1, "", 0, PLURAL, "志愿",
     ((9, 60, "召开 4 场楼组会，登记志愿者 37 人。"),)),
)  # fmt: skip


class _Street:
    """Who acts when."""

    def __init__(self, users: Mapping[str, Any], units: Mapping[str, Any], end: datetime) -> None:
        self.users, self.units, self.end = users, units, end

    def by(self, name: str, now: datetime) -> Actor:
        return people.actor_for(self.users[name], now)

    def owner(self, unit: str, now: datetime) -> Actor:
        name = {"enforcement": "chengguan", "management": "guanliban", "branch": "zhibu"}.get(unit, "")
        return self.by(name, now) if name else SYSTEM

    def ago(self, days: int) -> datetime:
        return self.end - days * DAY


def load_tasks(users: Mapping[str, Any], units: Mapping[str, Any], end: datetime) -> None:
    """Enter tasks as a street has them, some weeks into their lives; every act goes through the services."""
    street = _Street(users, units, end)
    today = timezone.localdate(end)
    _list(street, today)
    _to_accept(street, today)
    _recurring(street, today)
    _waiting(street, today)
    deadlines.sweep(now=end)
    _ordered(street, today)
    jobs.drain(now=end)


def _list(street: _Street, today: date) -> None:
    begun = street.ago(20)
    new = NewTaskList(
        "双月市容环境整治任务清单", street.units["centre"].pk, note="党工委专题会议定，每两周通报一次进度。",
        source_label="街道党工委专题会议",
    )  # fmt: skip
    items = [
        NewTask(
            title=title,
            unit_id=street.units[unit].pk,
            due_on=today + due * DAY,
            helper_ids=tuple(street.units[h].pk for h in helpers),
            weight=weight,
            evidence=evidence,
            evidence_files=count,
            strands=strands,
            topics=(topic,),
            needs_acceptance=True,
            priority=Priority.IMPORTANT if weight > 2 else Priority.NORMAL,
        )
        for title, unit, helpers, _ago, due, weight, evidence, count, strands, topic, _reports in _LIST
    ]
    # Given before the first of their days was over.
    row = services.create_list(by=street.by("zhiban", begun), now=begun, new=new, tasks=items)
    for task, spec in zip(selectors.list_items(SYSTEM, row), _LIST, strict=True):
        for ago, percent, words in spec[-1]:
            now = street.ago(ago)
            services.report_task(by=street.owner(spec[1], now), now=now, task=_again(task), text=words, percent=percent)


def _again(task: Task) -> Task:
    return selectors.task_for(SYSTEM, task.uuid)


def _give(street: _Street, ago: int, by: str, task: NewTask) -> Task:
    now = street.ago(ago)
    return services.create_tasks(by=street.by(by, now), now=now, tasks=[task])[0]


def _to_accept(street: _Street, today: date) -> None:
    """One handed in with pictures, one sent back, one whose owner asks for more time."""
    owner = street.units["enforcement"].pk
    new = NewTask(
        "长宁路沿线违规户外招牌整改", owner, today + 2 * DAY, needs_acceptance=True, evidence="整改前后照片",
        evidence_files=1, strands=REFINED, topics=("市容",), source_label="市容环境现场会",
    )  # fmt: skip
    task = _give(street, 9, "paidan", new)
    now = street.ago(1)
    actor = street.by("chengguan", now)
    pictures = [
        files.store(by=actor, now=now, content=draw_picture(71, what), name=f"{what}.jpg", purpose="case")
        for what in ("before", "after")
    ]
    refs = [FileRef(p.pk, caption) for p, caption in zip(pictures, ("整改前", "整改后"), strict=True)]
    services.hand_in_task(by=actor, now=now, task=_again(task), result="7 处招牌全部整改，复查无松动。", files=refs)
    slow = _give(street, 12, "paidan", NewTask("地铁口共享单车限停围栏", owner, today + DAY, needs_acceptance=True))
    then = street.ago(2)
    services.ask_extension(
        by=street.by("chengguan", then), now=then, task=_again(slow), due_on=today + 8 * DAY,
        reason="围栏材料本周五才到货，安装需要两天。",
    )  # fmt: skip


def _recurring(street: _Street, today: date) -> None:
    task = NewTask("报送辖区安全隐患排查汇总", street.units["safety"].pk, today, evidence="汇总表", weight=1)
    now = street.ago(30)
    by = street.by("zhiban", now)
    for every, day, title in (
        (Every.MONTH, 25, "报送辖区安全隐患排查汇总"),
        (Every.WEEK, 1, "城运中心周例会通报材料"),
    ):
        given = NewTask(
            **{**{n: getattr(task, n) for n in ("unit_id", "due_on", "evidence", "weight")}, "title": title}
        )
        series = NewSeries(given, every, day, today - 30 * DAY, working_only=every is Every.WEEK, lead_days=5)
        services.create_series(by=by, now=street.end, series=series)


def _waiting(street: _Street, today: date) -> None:
    """What waits to be signed for, and a form that a 居民区 may send back."""
    home = next(k for k in street.units if k.startswith("@") and "陶家宅" in k) if _has_home(street) else ""
    _give(street, 0, "zhiban", NewTask(
        "国庆节前户外电子屏内容检查", street.units["enforcement"].pk, today + 5 * DAY, needs_acceptance=True,
        priority=Priority.URGENT,
    ))  # fmt: skip
    if home:
        _give(street, 0, "zhiban", NewTask(
            "填报独居老人冬季用气安全检查表", street.units[home].pk, today + 4 * DAY,
            outside_reason="燃气公司入户检查前需掌握户数。",
        ))  # fmt: skip


def _has_home(street: _Street) -> bool:
    return any(k.startswith("@") and "陶家宅" in k for k in street.units)


def _ordered(street: _Street, today: date) -> None:
    """The overdue one gets an order from above (督办), which its owner has answered."""
    found = selectors.task_list(SYSTEM, "overdue", today=today, filters=selectors.TaskFilters(text=_LIST[0][0]))
    if not found.rows:
        return
    late = found.rows[0]
    order = services.order_task(
        by=street.by("ducha", street.end), now=street.end, task=late, text="请说明未按期完成的 12 处点位和完成时间。",
        due_on=today + 2 * DAY,
    )  # fmt: skip
    services.answer_order(
        by=street.by("chengguan", street.end), now=street.end, order=selectors.order_of(_again(late), order.pk),
        text="12 处均在道路施工围挡内，围挡拆除后三日内完成划线。",
    )  # fmt: skip
