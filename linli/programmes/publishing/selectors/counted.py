"""The figures that this room itself knows: cases, tasks, consultations, thanks, words out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.engines.cases.selectors import period as cases
from linli.engines.projects.selectors import period as tasks
from linli.engines.projects.types import Strand
from linli.foundation.core.paging import Page, keyset
from linli.programmes.publishing import events
from linli.programmes.publishing.models import Article, Method, Release
from linli.programmes.publishing.types import FigureRow, Parts, PieceKind, Value
from linli.programmes.publishing.workflow import State

if TYPE_CHECKING:
    from linli.engines.cases.models import Case
    from linli.engines.projects.models import Task
    from linli.programmes.publishing.types import Period

CATEGORIES = "categories"
_OF_KIND = gettext_lazy("只计这个类别，受保护和保密的不计。")
ITEMS, TIMES = gettext_lazy("件"), gettext_lazy("次")


def moments(period: Period) -> tuple[datetime, datetime]:
    """Return when a period begins, and the moment after it."""
    zone = timezone.get_current_timezone()
    return (
        datetime.combine(period.since, time(), zone),
        datetime.combine(period.until + timedelta(days=1), time(), zone),
    )


def day_of(moment: datetime | None) -> str:
    """Return the day of a moment as it is written, empty for none."""
    return timezone.localtime(moment).date().isoformat() if moment else ""


def _case_row(case: Case) -> FigureRow:
    secret = case.guarded or case.confidential
    cells = (
        case.number,
        _("（受保护）") if secret else case.category.name,
        "" if secret else str(case.unit or ""),
        day_of(case.reported_at),
        day_of(case.closed_at),
        _("是") if case.was_overdue else "",
    )
    return FigureRow(cells, "case", case.number)


CASE_COLUMNS = (
    gettext_lazy("编号"),
    gettext_lazy("分类"),
    gettext_lazy("承办单位"),
    gettext_lazy("上报"),
    gettext_lazy("办结"),
    gettext_lazy("曾超期"),
)


def page_of(found: Page[Any], row: Callable[[Any], FigureRow]) -> Page[FigureRow]:
    """Return a page of things as a page of what a figure shows of each."""
    return Page([row(r) for r in found.rows], found.next, found.previous, found.size)


def _case_rows(figure: str) -> Callable[[Period, datetime, str, int], Page[FigureRow]]:
    def rows(period: Period, _now: datetime, cursor: str, size: int) -> Page[FigureRow]:
        since, until = moments(period)
        return page_of(cases.period_cases(figure, since, until, period.topic, cursor=cursor, size=size), _case_row)

    return rows


def _of_cases(figure: str) -> Callable[[Period, datetime], Value]:
    def value(period: Period, now: datetime) -> Value:
        since, until = moments(period)
        found = cases.period_figures(since, until, now, period.topic)
        few = cases.minimum_cell(now) if period.topic else 0
        if figure == "satisfaction":
            share = found.satisfaction
            return Value(round(share.part), share.whole, cases.least_rated(now))
        part = int(getattr(found, figure))
        if figure in {"taken_in", "closed"}:
            return Value(part, least=few)
        return Value(part, found.closed, cases.least_rated(now))

    return value


def _case_figure(code: str, name: Any, formula: Any, **more: Any) -> events.Figure:
    return events.Figure(
        f"cases.{code}",
        name,
        ITEMS,
        formula,
        CASE_COLUMNS,
        _of_cases(more.pop("value", code)),
        _case_rows(more.pop("rows", code)),
        section=more.pop("section", "overview"),
        strand=Strand.REFINED.value,
        topics=CATEGORIES,
        narrowing=_OF_KIND,
        **more,
    )


def _categories(period: Period, _now: datetime) -> Parts:
    return cases.period_categories(*moments(period), period.topic)


def _count_public(period: Period, now: datetime) -> Value:
    few = cases.minimum_cell(now) if period.topic else 0
    return Value(sum(n for _name, n in _categories(period, now)), least=few)


def _case_figures() -> list[events.Figure]:
    return [
        _case_figure(
            "taken_in", gettext_lazy("受理"), gettext_lazy("期内上报的问题；作废、不予受理、并入他件和拆分的原件不计。")
        ),
        _case_figure("closed", gettext_lazy("办结"), gettext_lazy("期内结案的问题；作废和反映人撤回的不计。")),
        _case_figure(
            "on_time", gettext_lazy("按时办结率"), gettext_lazy("办结中从未超期的件数÷办结件数；停计时间不算超期。")
        ),
        _case_figure("unsolved", gettext_lazy("未解决率"), gettext_lazy("结果为“未解决”的件数÷办结件数。")),
        _case_figure("rework", gettext_lazy("返工件占比"), gettext_lazy("核查未通过、退回重办过的件数÷办结件数。")),
        _case_figure(
            "satisfaction",
            gettext_lazy("满意率"),
            gettext_lazy("已评价的办结件按满意1、基本满意0.8、一般0.6、不满意0加权求和÷已评价件数；未评价的不计。"),
            rows="rated",
        ),
        events.Figure(
            "cases.categories",
            gettext_lazy("可公开类别的问题"),
            ITEMS,
            gettext_lazy("期内受理、可公开类别的问题，按类别计；不足最小公开数的类别合计为“其他”。"),
            CASE_COLUMNS,
            _count_public,
            _case_rows("public"),
            section="problems",
            strand=Strand.REFINED.value,
            parts=_categories,
            topics=CATEGORIES,
            narrowing=_OF_KIND,
        ),
    ]


def _task_row(task: Task) -> FigureRow:
    cells = (task.title, str(task.unit), task.due_on.isoformat(), task.get_state_display(), day_of(task.ended_at))
    return FigureRow(tuple(map(str, cells)), "task", str(task.uuid))


TASK_COLUMNS = (
    gettext_lazy("任务"),
    gettext_lazy("责任单位"),
    gettext_lazy("期限"),
    gettext_lazy("状态"),
    gettext_lazy("完成"),
)


def scope(period: Period, sources: tuple[str, ...] = ()) -> tasks.Scope:
    """Return which tasks a figure of a period counts."""
    return tasks.Scope(period.topic, period.strand, sources)


def _task_rows(figure: str, sources: tuple[str, ...] = ()) -> Callable[[Period, datetime, str, int], Page[FigureRow]]:
    def rows(period: Period, _now: datetime, cursor: str, size: int) -> Page[FigureRow]:
        since, until = moments(period)
        return page_of(
            tasks.period_tasks(figure, since, until, scope(period, sources), cursor=cursor, size=size), _task_row
        )

    return rows


def _of_tasks(figure: str, sources: tuple[str, ...] = ()) -> Callable[[Period, datetime], Value]:
    def value(period: Period, now: datetime) -> Value:
        since, until = moments(period)
        if figure == "next":
            return Value(tasks.count_next(until, scope(period, sources)))
        found = tasks.period_counts(since, until, scope(period, sources))
        if figure == "in_time":
            return Value(found["in_time"], found["done"], cases.least_rated(now))
        return Value(found[figure])

    return value


def task_figure(
    code: str, name: Any, formula: Any, *, sources: tuple[str, ...] = (), figure: str = "", **more: Any
) -> events.Figure:
    """Return a figure of tasks: all of them, or those that came from some kinds of things."""
    figure = figure or code
    return events.Figure(
        f"projects.{code}",
        name,
        gettext_lazy("项"),
        formula,
        TASK_COLUMNS,
        _of_tasks(figure, sources),
        _task_rows(figure, sources),
        section=more.pop("section", "tasks"),
        strand=more.pop("strand", Strand.PROJECT.value),
        topics="tasks",
        by_strand=True,
        narrowing=gettext_lazy("只计标了这个专题的任务。"),
        **more,
    )


def _task_figures() -> list[events.Figure]:
    return [
        task_figure("given", gettext_lazy("布置任务"), gettext_lazy("期内布置的任务和表单。")),
        task_figure("done", gettext_lazy("完成任务"), gettext_lazy("期内办结为“已完成”的任务；取消和退回的不计。")),
        task_figure("in_time", gettext_lazy("按期完成率"), gettext_lazy("完成日不晚于期限的任务数÷完成任务数。")),
        task_figure(
            "asked",
            gettext_lazy("布置给居民区"),
            gettext_lazy("期内由外单位交给居民委员会的任务和表单。"),
            section="burden",
            strand="",
        ),
        task_figure(
            "next",
            gettext_lazy("下阶段待完成任务"),
            gettext_lazy("现在未完成、期限在下阶段结束以前的任务，已超期的包括在内。"),
            section="next",
            strand="",
            ahead=True,
        ),
    ]


def _meeting_rows(period: Period, _now: datetime, cursor: str, size: int) -> Page[FigureRow]:
    since, until = moments(period)
    found = cases.period_consultations(since, until, cursor=cursor, size=size)
    return page_of(found, lambda m: FigureRow((m.title, day_of(m.held_at)), "consultation", str(m.uuid)))


def _praise_rows(period: Period, _now: datetime, cursor: str, size: int) -> Page[FigureRow]:
    since, until = moments(period)
    found = cases.period_praise(since, until, cursor=cursor, size=size)

    def row(p: Any) -> FigureRow:
        cells = (str(p.get_kind_display()), str(p.unit), p.given_on.isoformat())
        return FigureRow(cells, "praise", str(p.uuid))

    return page_of(found, row)


def _out(period: Period) -> QuerySet[Release]:
    since, until = moments(period)
    rows = Release.objects.filter(released_at__gte=since, released_at__lt=until)
    if not period.topic and not period.strand:
        return rows
    wanted = {"strands__contains": f"|{period.strand}|"} if period.strand else {}
    wanted |= {"topic": period.topic} if period.topic else {}
    articles, methods = (model.objects.filter(**wanted).values("uuid") for model in (Article, Method))
    return rows.filter(Q(piece__in=articles) | Q(piece__in=methods))


def _topics() -> list[str]:
    found = Article.objects.filter(state=State.RELEASED).exclude(topic="")
    return sorted(set(found.order_by().values_list("topic", flat=True).distinct()[:200]))


def _release_rows(period: Period, _now: datetime, cursor: str, size: int) -> Page[FigureRow]:
    rows = _out(period).select_related("channel")
    found = keyset(rows, keys=[("released_at", datetime), ("id", int)], cursor=cursor, size=size, descending=True)

    def row(r: Release) -> FigureRow:
        cells = (r.title, str(PieceKind(r.kind).label), r.channel.name, day_of(r.released_at))
        return FigureRow(cells, r.kind, str(r.piece))

    return page_of(found, row)


def _other_figures() -> list[events.Figure]:
    return [
        events.Figure(
            "cases.consultations",
            gettext_lazy("会商"),
            TIMES,
            gettext_lazy("期内形成决定的会商。"),
            (gettext_lazy("会商"), gettext_lazy("日期")),
            lambda p, _now: Value(cases.count_consultations(*moments(p))),
            _meeting_rows,
            section="tasks",
            strand=Strand.PLURAL.value,
        ),
        events.Figure(
            "cases.praise",
            gettext_lazy("居民表扬"),
            TIMES,
            gettext_lazy("期内登记的锦旗、表扬信和口头表扬；撤下的不计。"),
            (gettext_lazy("形式"), gettext_lazy("受表扬单位"), gettext_lazy("日期")),
            lambda p, _now: Value(cases.count_praise(*moments(p))),
            _praise_rows,
            section="overview",
            strand=Strand.PLURAL.value,
        ),
        events.Figure(
            "publishing.released",
            gettext_lazy("宣传发布"),
            TIMES,
            gettext_lazy("期内发布到各渠道的次数，一篇发布到几个渠道计几次；后来撤下的仍计。"),
            (gettext_lazy("标题"), gettext_lazy("种类"), gettext_lazy("渠道"), gettext_lazy("日期")),
            lambda p, _now: Value(_out(p).count()),
            _release_rows,
            section="words",
            strand=Strand.PLURAL.value,
            topics="words",
            by_strand=True,
            narrowing=gettext_lazy("只计写了这个专题的稿件和工作法。"),
        ),
    ]


def register() -> None:
    """Enter what this room knows."""
    for vocabulary in (
        events.Vocabulary(CATEGORIES, gettext_lazy("问题类别"), cases.public_categories),
        events.Vocabulary("tasks", gettext_lazy("任务专题"), tasks.task_topics),
        events.Vocabulary("words", gettext_lazy("宣传专题"), _topics),
    ):
        events.register_vocabulary(vocabulary)
    for figure in (*_case_figures(), *_task_figures(), *_other_figures()):
        events.register_figure(figure)


def today(now: datetime) -> date:
    """Return the day of ``now`` where the installation is."""
    return timezone.localtime(now).date()
