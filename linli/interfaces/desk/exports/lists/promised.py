"""What was promised and decided: tasks, their lists, projects, blockers, meetings, topics, motions, documents."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.engines.activities import selectors as activities
from linli.engines.activities.permissions import check_deputies
from linli.engines.projects import selectors as projects
from linli.engines.projects.types import Light, Strand
from linli.foundation.core.paging import Page
from linli.interfaces.desk import sources
from linli.interfaces.desk.documents import linking
from linli.interfaces.desk.documents import lists as documents
from linli.interfaces.desk.doors import actor_of, local, staff_who, today, uuid_of
from linli.interfaces.desk.exports.building import (
    Col,
    Told,
    dash,
    day,
    day_of,
    enter,
    in_words,
    named,
    one_of,
    point_of,
    unit,
    yes,
)
from linli.interfaces.desk.meetings import deputies, topics
from linli.interfaces.desk.meetings import lists as meetings
from linli.interfaces.desk.meetings import series as meeting_series
from linli.interfaces.desk.projects import listing as project_list
from linli.interfaces.desk.projects import presenting
from linli.interfaces.desk.tasks import lists as task_lists
from linli.interfaces.desk.tasks import rows as task_rows
from linli.interfaces.desk.tasks import series as task_series
from linli.interfaces.desk.tasks import views as tasks
from linli.programmes.documents.permissions import check_read
from linli.programmes.documents.workflow import DocumentKind, DocumentState

if TYPE_CHECKING:
    from linli.engines.activities.models import Series

_Q = Told(gettext_lazy("搜索"))

TASKS = [
    Col(gettext_lazy("任务"), 40, lambda r: r.task.title),
    Col(gettext_lazy("优先级"), 8, lambda r: r.task.get_priority_display() if r.task.priority else ""),
    Col(gettext_lazy("督办"), 6, lambda r: yes(r.task.open_orders)),
    Col(gettext_lazy("责任单位"), 22, lambda r: dash(r.task.unit)),
    Col(gettext_lazy("期限"), 12, lambda r: day(r.task.due_on)),
    Col(gettext_lazy("超期天数"), 8, lambda r: r.late or ""),
    Col(gettext_lazy("灯"), 8, lambda r: r.light_words),
    Col(gettext_lazy("进度（%）"), 8, lambda r: r.task.percent),
    Col(gettext_lazy("来源"), 30, lambda r: str(r.why.label or r.why.kind or "")),
    Col(gettext_lazy("状态"), 12, lambda r: r.words),
]


def _tasks(_request: HttpRequest, found: list[Any]) -> list[Any]:
    return task_rows.rows_of(found, today())


PROJECTS = [
    Col(gettext_lazy("编号"), 18, lambda r: r["project"].number),
    Col(gettext_lazy("项目"), 36, lambda r: r["project"].name),
    Col(gettext_lazy("类别"), 16, lambda r: r["project"].cls.name),
    Col(gettext_lazy("年度清单"), 22, lambda r: r["project"].listed.title if r["project"].listed else ""),
    Col(gettext_lazy("状态"), 10, lambda r: r["project"].get_state_display()),
    Col(gettext_lazy("灯"), 8, lambda r: str(r["light"]["label"]) if r["project"].is_open else ""),
    Col(gettext_lazy("未解决卡点"), 8, lambda r: r["project"].blocked),
    Col(gettext_lazy("进度（%）"), 8, lambda r: r["project"].percent),
    Col(gettext_lazy("责任单位"), 22, lambda r: dash(r["project"].unit)),
    Col(gettext_lazy("区域"), 18, lambda r: r["area"]),
    Col(gettext_lazy("地点"), 28, lambda r: r["project"].place),
    Col(gettext_lazy("期限"), 12, lambda r: day(r["project"].deadline)),
]


def _projects(request: HttpRequest, cursor: str, size: int) -> Page[Any]:
    return projects.project_page(actor_of(request), project_list.filters_of(request), cursor=cursor, size=size)


def _project_place(row: dict[str, Any]) -> tuple[float, float] | None:
    project = row["project"]
    return point_of(project)


def _class(code: str) -> str:
    return next((c.name for c in projects.classes(active=False) if c.code == code), "")


def _list(uuid: str) -> str:
    return next((found.title for found in projects.project_lists() if found.uuid == uuid_of(uuid)), "")


def _blockers(request: HttpRequest, cursor: str, size: int) -> Page[Any]:
    return projects.open_blockers(actor_of(request), cursor=cursor, size=size)


BLOCKERS = [
    Col(gettext_lazy("卡在哪里"), 44, lambda b: b.cause),
    Col(gettext_lazy("涉及谁"), 22, lambda b: b.party),
    Col(gettext_lazy("项目"), 36, lambda b: b.project.name),
    Col(gettext_lazy("责任单位"), 22, lambda b: dash(b.project.unit)),
    Col(gettext_lazy("级别"), 12, lambda b: b.get_level_display()),
    Col(gettext_lazy("下一步"), 40, lambda b: b.next_step),
    Col(gettext_lazy("何时前"), 12, lambda b: day(b.next_on)),
]


def _with_kinds(_request: HttpRequest, found: list[Any]) -> list[tuple[Any, str]]:
    kinds = activities.kinds(every=True)
    return [(m, kinds[m.kind].name if m.kind in kinds else m.kind) for m in found]


MEETINGS = [
    Col(gettext_lazy("时间"), 17, lambda r: local(r[0].starts_at)),
    Col(gettext_lazy("会议"), 36, lambda r: r[0].title),
    Col(gettext_lazy("类型"), 16, lambda r: r[1]),
    Col(gettext_lazy("主题"), 30, lambda r: r[0].theme),
    Col(gettext_lazy("召集单位"), 22, lambda r: dash(r[0].unit)),
    Col(gettext_lazy("邀请"), 8, lambda r: r[0].invited or 0),
    Col(gettext_lazy("到会"), 8, lambda r: r[0].present or 0),
    Col(gettext_lazy("状态"), 12, lambda r: r[0].get_state_display()),
]
TOPICS = [
    Col(gettext_lazy("难题"), 40, lambda t: t.title),
    Col(gettext_lazy("难点堵点"), 8, lambda t: yes(t.difficulty)),
    Col(gettext_lazy("区域"), 18, lambda t: dash(t.area)),
    Col(gettext_lazy("系列会议"), 26, lambda t: dash(t.series)),
    Col(gettext_lazy("领题单位"), 22, lambda t: dash(t.unit) or _("待领题")),
    Col(gettext_lazy("期限"), 12, lambda t: day(t.due_on)),
    Col(gettext_lazy("提出"), 12, lambda t: day_of(t.raised_at)),
    Col(gettext_lazy("状态"), 12, lambda t: t.get_state_display()),
]
MOTIONS = [
    Col(gettext_lazy("题目"), 40, lambda m: m.title),
    Col(gettext_lazy("种类"), 10, lambda m: m.get_kind_display()),
    Col(gettext_lazy("提出人"), 22, lambda m: m.proposers),
    Col(gettext_lazy("平台编号"), 18, lambda m: m.outside_number),
    Col(gettext_lazy("提交"), 12, lambda m: day(m.submitted_on)),
    Col(gettext_lazy("答复期限"), 12, lambda m: day(m.reply_due_on)),
    Col(gettext_lazy("状态"), 12, lambda m: m.get_state_display()),
]


DOCUMENTS = [
    Col(gettext_lazy("标题"), 40, lambda d: d.title),
    Col(gettext_lazy("文号"), 20, lambda d: d.number),
    Col(gettext_lazy("版本"), 6, lambda d: d.version),
    Col(gettext_lazy("种类"), 12, lambda d: d.get_kind_display()),
    Col(gettext_lazy("来源部门"), 24, lambda d: dash(d.source_unit) or d.source_name),
    Col(gettext_lazy("状态"), 12, lambda d: d.get_state_display()),
    Col(gettext_lazy("待核对"), 8, lambda d: d.waiting or 0),
    Col(gettext_lazy("任务"), 8, lambda d: d.asked or 0),
    Col(gettext_lazy("已办结任务"), 8, lambda d: d.ended or 0),
    Col(gettext_lazy("导入"), 12, lambda d: day_of(d.imported_at)),
]


ALIASES = [
    Col(gettext_lazy("原文写法"), 30, lambda a: a.name),
    Col(gettext_lazy("种类"), 12, lambda a: a.get_kind_display()),
    Col(gettext_lazy("关联到"), 30, lambda a: a.label),
    Col(gettext_lazy("谁关联"), 20, lambda a: a.made_label),
    Col(gettext_lazy("关联日期"), 12, lambda a: day_of(a.made_at)),
    Col(gettext_lazy("谁移除"), 20, lambda a: a.removed_label),
    Col(gettext_lazy("移除日期"), 12, lambda a: day_of(a.removed_at)),
]


def _aliases_said(request: HttpRequest) -> Sequence[str]:
    return [_("已移除的") if linking.asked_of(request)[1] else _("在用的")]


SERIES_MEETINGS = [
    Col(gettext_lazy("时间"), 17, lambda m: local(m.starts_at)),
    Col(gettext_lazy("会议"), 36, lambda m: m.title),
    Col(gettext_lazy("主题"), 30, lambda m: m.theme),
    Col(gettext_lazy("邀请"), 8, lambda m: m.invited or 0),
    Col(gettext_lazy("到会"), 8, lambda m: m.present or 0),
    Col(gettext_lazy("状态"), 12, lambda m: m.get_state_display()),
]


def _series(request: HttpRequest) -> Series:
    """Return the series that the address names; read once.

    Raises:
        NotFoundError: there is none for this reader.
    """
    return named(request, "series", activities.series_for)


def _series_meetings(request: HttpRequest, cursor: str, size: int) -> Page[Any]:
    return meeting_series.page_of(_series(request), request, cursor, size)


TASK_LISTS = [
    Col(gettext_lazy("清单"), 40, lambda r: r.title),
    Col(gettext_lazy("建立单位"), 24, lambda r: dash(r.unit)),
    Col(gettext_lazy("领导小组"), 26, lambda r: dash(r.body.unit) if r.body else ""),
    Col(gettext_lazy("任务"), 8, lambda r: r.size),
    Col(gettext_lazy("完成"), 8, lambda r: r.done),
    Col(gettext_lazy("超期"), 8, lambda r: r.late),
    Col(gettext_lazy("建立"), 12, lambda r: day_of(r.created_at)),
]
TASK_SERIES = [
    Col(gettext_lazy("任务"), 40, lambda s: s.title),
    Col(gettext_lazy("责任单位"), 24, lambda s: dash(s.unit)),
    Col(gettext_lazy("周期"), 24, task_series.rhythm_of),
    Col(gettext_lazy("下一次到期"), 12, lambda s: day(s.next_on)),
    Col(gettext_lazy("交办单位"), 24, lambda s: dash(s.sender_unit)),
]


def _series_box(request: HttpRequest) -> Sequence[str]:
    return [in_words(_("分类"), task_series.box_label(ended=task_series.asks_ended(request)))]


def _register_behind() -> None:
    """Enter the lists behind these: linked names, the meetings of a series, lists of tasks, recurring tasks."""
    told = {"q": _Q}
    enter(
        "aliases", gettext_lazy("别名"), ALIASES, linking.page_of, told=told, always=_aliases_said,
        door=staff_who(check_read),
    )  # fmt: skip
    enter(
        "series_meetings", gettext_lazy("系列会议的会议"), SERIES_MEETINGS, _series_meetings, told={}, check=_series,
        titled=lambda request: str(_series(request).title),
    )  # fmt: skip
    enter("task_lists", gettext_lazy("任务清单"), TASK_LISTS, task_lists.page_of, told=told)
    enter(
        "task_series", gettext_lazy("周期任务"), TASK_SERIES, task_series.page_of, told=told, always=_series_box
    )  # fmt: skip


def register() -> None:
    """Enter the lists of this module."""
    told = {
        "box": Told(gettext_lazy("分类"), one_of(tasks.box_labels)),
        "q": _Q,
        "unit": Told(gettext_lazy("责任单位"), unit),
        "topic": Told(gettext_lazy("专题")),
        "strand": Told(gettext_lazy("三化"), one_of(lambda: dict(Strand.choices))),
        "source": Told(gettext_lazy("来源"), one_of(lambda: dict(sources.options()))),
        "year": Told(gettext_lazy("到期年份")),
    }
    enter("tasks", gettext_lazy("任务清单"), TASKS, tasks.page_of, told=told, prepare=_tasks)
    told = {
        "box": Told(gettext_lazy("分类"), one_of(project_list.box_labels)),
        "q": _Q,
        "light": Told(gettext_lazy("灯色"), one_of(lambda: dict(Light.choices))),
        "class": Told(gettext_lazy("类别"), _class),
        "list": Told(gettext_lazy("年度清单"), _list),
        "unit": Told(gettext_lazy("责任单位"), unit),
        "strand": Told(gettext_lazy("三化"), one_of(lambda: dict(Strand.choices))),
    }
    enter(
        "projects", gettext_lazy("项目清单"), PROJECTS, _projects, told=told, place=_project_place,
        prepare=lambda _request, found: [presenting.row(p) for p in found],
    )  # fmt: skip
    enter("blockers", gettext_lazy("项目卡点"), BLOCKERS, _blockers, told={})
    told = {
        "box": Told(gettext_lazy("分类"), one_of(meetings.box_labels)),
        "q": _Q,
        "kind": Told(
            gettext_lazy("类型"), one_of(lambda: {k.code: k.name for k in activities.kinds(every=True).values()})
        ),
    }
    enter("meetings", gettext_lazy("会议清单"), MEETINGS, meetings.page_of, told=told, prepare=_with_kinds)
    told = {"box": Told(gettext_lazy("分类"), one_of(topics.box_labels)), "q": _Q}
    enter("topics", gettext_lazy("难题清单"), TOPICS, topics.page_of, told=told)
    told = {"box": Told(gettext_lazy("分类"), one_of(deputies.box_labels)), "q": _Q}
    enter("motions", gettext_lazy("议案和建议"), MOTIONS, deputies.page_of, told=told, door=staff_who(check_deputies))
    told = {
        "q": _Q,
        "kind": Told(gettext_lazy("种类"), one_of(lambda: dict(DocumentKind.choices))),
        "state": Told(gettext_lazy("状态"), one_of(lambda: dict(DocumentState.choices))),
    }
    enter("documents", gettext_lazy("文件清单"), DOCUMENTS, documents.page_of, told=told, door=staff_who(check_read))
    _register_behind()
