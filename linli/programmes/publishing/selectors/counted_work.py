"""The figures of what was planned and done together: meetings with their decisions and tasks, projects."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy

from linli.engines.activities import selectors as activities
from linli.engines.activities.selectors import period as meetings
from linli.engines.activities.types import Outcome
from linli.engines.projects import selectors as works
from linli.engines.projects.rules import money
from linli.engines.projects.selectors import project_period as projects
from linli.engines.projects.types import Light, ProjectState, Strand
from linli.foundation.core.paging import Page
from linli.programmes.publishing import events
from linli.programmes.publishing.selectors.counted import TIMES, day_of, moments, page_of, task_figure
from linli.programmes.publishing.types import FigureRow, Parts, Value

if TYPE_CHECKING:
    from linli.engines.activities.models import Decision, Meeting
    from linli.engines.projects.models import Node, Project, Spending
    from linli.programmes.publishing.types import Period

ITEMS, YUAN, PROJECTS = gettext_lazy("项"), gettext_lazy("元"), gettext_lazy("个")
FROM_MEETINGS = ("meeting", "consultation")
Rows = Callable[["Period", datetime, str, int], Page[FigureRow]]
_ON_TOPIC = gettext_lazy("只计议程里有这个常设专题的。")
_OF_CLASS = gettext_lazy("只计这个类别的项目。")


def _kinds(period: Period, _now: datetime) -> Parts:
    names = activities.kinds(every=True)
    counted = meetings.period_kinds(*moments(period), period.topic)
    return [(names[code].name if code in names else code, n) for code, n in counted]


def _outcomes(period: Period, _now: datetime) -> Parts:
    return [(str(Outcome(kind).label), n) for kind, n in meetings.period_outcomes(*moments(period), period.topic)]


def _meeting_rows(period: Period, _now: datetime, cursor: str, size: int) -> Page[FigureRow]:
    names = activities.kinds(every=True)

    def row(m: Meeting) -> FigureRow:
        kind = names[m.kind].name if m.kind in names else m.kind
        cells = (m.title, kind, str(m.unit), day_of(m.starts_at), str(m.get_state_display()))
        return FigureRow(cells, "meeting", str(m.uuid))

    return page_of(meetings.period_meetings(*moments(period), period.topic, cursor=cursor, size=size), row)


def _decision_rows(period: Period, _now: datetime, cursor: str, size: int) -> Page[FigureRow]:
    def row(d: Decision) -> FigureRow:
        cells = (d.meeting.title, str(d.get_kind_display()), str(d.meeting.unit), day_of(d.meeting.starts_at))
        return FigureRow(cells, "meeting", str(d.meeting.uuid))

    return page_of(meetings.period_decisions(*moments(period), period.topic, cursor=cursor, size=size), row)


def _meeting_figures() -> list[events.Figure]:
    shared: dict[str, Any] = {"section": "meetings", "strand": Strand.PLURAL.value}
    meeting, unit, day = gettext_lazy("会议"), gettext_lazy("召集单位"), gettext_lazy("日期")
    narrow: dict[str, Any] = {"every_part": True, "topics": "meetings", "narrowing": _ON_TOPIC}
    return [
        events.Figure(
            "activities.held",
            gettext_lazy("召开会议"),
            TIMES,
            gettext_lazy("期内召开并有记录的会议，会商包括在内；取消的和还没有记录的不计。"),
            (meeting, gettext_lazy("类型"), unit, day, gettext_lazy("记录")),
            None,
            _meeting_rows,
            parts=_kinds,
            **shared,
            **narrow,
        ),
        events.Figure(
            "activities.decided",
            gettext_lazy("会议决定"),
            ITEMS,
            gettext_lazy("期内召开的会议记下的决定、任务和知晓事项。"),
            (meeting, gettext_lazy("结果"), unit, day),
            None,
            _decision_rows,
            parts=_outcomes,
            **shared,
            **narrow,
        ),
        task_figure(
            "meeting_given",
            gettext_lazy("会议布置任务"),
            gettext_lazy("期内由会议和会商布置的任务。"),
            figure="given",
            sources=FROM_MEETINGS,
            **shared,
        ),
        task_figure(
            "meeting_in_time",
            gettext_lazy("会议任务按期率"),
            gettext_lazy("会议和会商布置的任务中，期内完成且不晚于期限的÷期内完成的。"),
            figure="in_time",
            sources=FROM_MEETINGS,
            **shared,
        ),
    ]


def _standing(by: str, names: Any) -> Callable[[Period, datetime], Parts]:
    def parts(period: Period, _now: datetime) -> Parts:
        counted = projects.period_standing(by, *moments(period), period.topic, period.strand)
        return [(str(names(code).label), n) for code, n in counted]

    return parts


def _project_cells(p: Project) -> tuple[str, ...]:
    amounts = (money.write(p.planned_cents), money.write(p.spent_cents))
    return (p.name, p.cls.name, str(p.unit), str(p.get_state_display()), str(p.get_light_display()), *amounts)


def _project_rows(by: str) -> Rows:
    def rows(period: Period, _now: datetime, cursor: str, size: int) -> Page[FigureRow]:
        found = projects.period_projects(
            by, *moments(period), period.topic, period.strand, cursor=cursor, size=size
        )  # fmt: skip
        return page_of(found, lambda p: FigureRow(_project_cells(p), "project", str(p.uuid)))

    return rows


def _milestone_rows(period: Period, _now: datetime, cursor: str, size: int) -> Page[FigureRow]:
    def row(n: Node) -> FigureRow:
        days = [d.isoformat() if d else "" for d in (n.planned_finish, n.actual_finish)]
        return FigureRow((n.title, n.project.name, *days), "project", str(n.project.uuid))

    found = projects.period_milestones(*moments(period), period.topic, period.strand, cursor=cursor, size=size)
    return page_of(found, row)


def _spending_rows(period: Period, _now: datetime, cursor: str, size: int) -> Page[FigureRow]:
    def row(s: Spending) -> FigureRow:
        return FigureRow((s.project.name, s.on.isoformat(), money.write(s.cents)), "project", str(s.project.uuid))

    found = projects.period_spendings(*moments(period), period.topic, period.strand, cursor=cursor, size=size)
    return page_of(found, row)


def _sum(read: Callable[..., int], *, cents: bool = False) -> Callable[[Period, datetime], Value]:
    return lambda p, _now: Value(read(*moments(p), p.topic, p.strand), money=cents)


_PROJECT_COLUMNS = (
    gettext_lazy("项目"),
    gettext_lazy("类别"),
    gettext_lazy("责任单位"),
    gettext_lazy("状态"),
    gettext_lazy("亮灯"),
    gettext_lazy("计划（元）"),
    gettext_lazy("支出（元）"),
)


def _project_figure(code: str, name: Any, unit: Any, formula: Any, columns: Any, value: Any, rows: Rows, **more: Any) -> events.Figure:  # fmt: skip  # noqa: E501
    return events.Figure(
        f"projects.{code}", name, unit, formula, columns, value, rows, section="projects",
        strand=Strand.PROJECT.value, every_part=True, topics="projects", by_strand=True, narrowing=_OF_CLASS, **more,
    )  # fmt: skip


def _project_figures() -> list[events.Figure]:
    states, lights = _standing("state", ProjectState), _standing("light", Light)
    project = gettext_lazy("项目")
    return [
        _project_figure(
            "by_state", gettext_lazy("推进项目"), PROJECTS,
            gettext_lazy("期内在推进的项目，按现在的状态计；草拟的和期前已结束的不计。"),
            _PROJECT_COLUMNS, None, _project_rows("state"), parts=states,
        ),
        _project_figure(
            "by_light", gettext_lazy("项目亮灯"), PROJECTS,
            gettext_lazy("期内在推进、还没有结束的项目，按现在的灯色计；灯色按规则由进度算出。"),
            _PROJECT_COLUMNS, None, _project_rows("light"), parts=lights,
        ),
        _project_figure(
            "milestones", gettext_lazy("达到里程碑"), PROJECTS, gettext_lazy("期内完成的里程碑节点。"),
            (gettext_lazy("里程碑"), project, gettext_lazy("计划"), gettext_lazy("达到")),
            _sum(projects.period_reached), _milestone_rows,
        ),
        _project_figure(
            "planned", gettext_lazy("计划资金"), YUAN, gettext_lazy("期内在推进的项目的计划资金合计。"),
            _PROJECT_COLUMNS, _sum(projects.period_planned, cents=True), _project_rows("state"),
        ),
        _project_figure(
            "spent", gettext_lazy("支出资金"), YUAN, gettext_lazy("期内登记的项目支出合计，更正已冲减。"),
            (project, gettext_lazy("日期"), gettext_lazy("支出（元）")),
            _sum(projects.period_spent, cents=True), _spending_rows,
        ),
    ]  # fmt: skip


def _standing_topics() -> list[str]:
    return [one.title for one in activities.standing_topics().values()]


def _classes() -> list[str]:
    return [c.name for c in works.classes(active=False)]


def register() -> None:
    """Enter the figures of meetings and projects, and the names by which they are narrowed."""
    events.register_vocabulary(events.Vocabulary("meetings", gettext_lazy("常设专题"), _standing_topics))
    events.register_vocabulary(events.Vocabulary("projects", gettext_lazy("项目类别"), _classes))
    for figure in (*_meeting_figures(), *_project_figures()):
        events.register_figure(figure)
