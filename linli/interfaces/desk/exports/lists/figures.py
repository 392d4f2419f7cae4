"""The tables of figures: those of a period, one told apart, the burden of 居民区, the score of hotline orders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.engines.indicators import selectors
from linli.engines.indicators.permissions import check_reader, figure_for, reads_all
from linli.engines.indicators.types import Figure, Unit, Value
from linli.foundation.core import clock
from linli.foundation.core.paging import Page
from linli.interfaces.desk.doors import actor_of, staff_who
from linli.interfaces.desk.exports.building import Col, all_of, enter, span
from linli.interfaces.desk.figures.asking import asked
from linli.interfaces.desk.figures.asking import said as narrowed
from linli.interfaces.desk.figures.views import chosen

_UNITS = {Unit.SHARE: gettext_lazy("％"), Unit.COUNT: gettext_lazy("件"), Unit.TIME: gettext_lazy("分钟")}


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table: of which figure, its value, what stands beside it."""

    figure: Figure
    value: Value
    note: str = ""


def _number(figure: Figure, value: float | None) -> Any:
    if value is None:
        return ""
    return f"{value:.2f}" if figure.unit == Unit.SHARE else round(value)


def _part(r: Row) -> Any:
    if r.figure.unit != Unit.SHARE:
        return ""
    part = r.value.part
    return int(part) if part == int(part) else f"{part:.2f}"


def _bound(value: float | None) -> str:
    return f"{value:.1f}" if value is not None else ""


VALUES = [
    Col(gettext_lazy("数值"), 12, lambda r: _number(r.figure, r.value.value)),
    Col(gettext_lazy("单位"), 8, lambda r: str(_UNITS[r.figure.unit])),
    Col(gettext_lazy("分子"), 10, _part),
    Col(gettext_lazy("分母（件数）"), 12, lambda r: r.value.whole),
    Col(gettext_lazy("95% 区间下限"), 12, lambda r: _bound(r.value.low)),
    Col(gettext_lazy("95% 区间上限"), 12, lambda r: _bound(r.value.high)),
    Col(
        gettext_lazy("第 90 百分位（分钟）"), 16, lambda r: round(r.value.second) if r.value.second is not None else ""
    ),
]
OVERVIEW = [
    Col(gettext_lazy("类别"), 16, lambda r: str(r.figure.group.label)),
    Col(gettext_lazy("指标"), 18, lambda r: str(r.figure.name)),
    *VALUES,
    Col(gettext_lazy("算法"), 44, lambda r: str(r.figure.formula)),
    Col(gettext_lazy("依据"), 44, lambda r: str(r.figure.source)),
]
ONE = [
    Col(gettext_lazy("名次"), 8, lambda r: r.value.place or ""),
    Col(gettext_lazy("类别"), 14, lambda r: r.value.group),
    Col(gettext_lazy("项"), 30, lambda r: r.value.label),
    *VALUES,
    Col(gettext_lazy("说明"), 24, lambda r: r.note),
]


def _overview(request: HttpRequest, cursor: str, _size: int) -> Page[Any]:
    ask, figures, by = asked(request), chosen(request), actor_of(request)
    found = selectors.overview(by, [f.code for f in figures], ask.period, narrow=ask.narrow, now=clock.now())
    return all_of([Row(f, found[f.code]) for f in figures], cursor)


def _figure(request: HttpRequest) -> Figure:
    return figure_for(actor_of(request), request.GET.get("code", ""))


def _one(request: HttpRequest, cursor: str, _size: int) -> Page[Any]:
    ask, figure, by = asked(request), _figure(request), actor_of(request)
    found = selectors.counted(by, figure.code, ask.period, by=ask.by, narrow=ask.narrow, now=clock.now())
    few = _("不足 %(n)s 件，不排先后") % {"n": found.minimum}
    rows = [Row(figure, v, few if v.few else "") for v in found.values]
    return all_of([*rows, Row(figure, found.total)], cursor)


def days(request: HttpRequest) -> Sequence[str]:
    """Return what a page of figures says above them: the days, to what it is narrowed, whose cases are counted."""
    ask = asked(request)
    words = [span(ask.period.since, ask.period.until), *narrowed(ask)]
    return words if reads_all(actor_of(request)) else [*words, _("只计本人能查看的案件")]


def _days_and_formula(request: HttpRequest) -> Sequence[str]:
    return [*days(request), str(_figure(request).formula)]


BURDEN = [
    Col(gettext_lazy("居民区"), 20, lambda r: r.name),
    Col(gettext_lazy("户数"), 10, lambda r: r.households if r.households is not None else ""),
    Col(gettext_lazy("任务"), 8, lambda r: r.tasks),
    Col(gettext_lazy("表单"), 8, lambda r: r.forms),
    Col(gettext_lazy("走访"), 8, lambda r: r.visits),
    Col(gettext_lazy("清单外"), 8, lambda r: r.outside),
    Col(gettext_lazy("退回"), 8, lambda r: r.refused),
    Col(gettext_lazy("重复要表"), 10, lambda r: r.repeated),
    Col(gettext_lazy("估算小时"), 10, lambda r: f"{r.hours:.1f}"),
    Col(gettext_lazy("每千户小时"), 12, lambda r: _bound(r.hours_each_thousand)),
]


def _burden(request: HttpRequest, cursor: str, _size: int) -> Page[Any]:
    return all_of(list(selectors.burden(actor_of(request), asked(request).period, now=clock.now())), cursor)


def _rate(part: str) -> Any:
    def cell(score: Any) -> str:
        value = score.parts.get(part)
        return f"{value.value:.1f}" if value is not None and value.value is not None else ""

    return cell


SCORES = [
    Col(gettext_lazy("类别"), 14, lambda s: _("居委会") if s.ground else _("部门和单位")),
    Col(gettext_lazy("名次"), 8, lambda s: s.place if s.place is not None else ""),
    Col(gettext_lazy("承办单位"), 22, lambda s: s.name),
    Col(gettext_lazy("得分"), 8, lambda s: _bound(s.score)),
    Col(gettext_lazy("受理"), 8, lambda s: s.parts["intake"].whole if "intake" in s.parts else 0),
    Col(gettext_lazy("先行联系率（%）"), 14, _rate("contact")),
    Col(gettext_lazy("按时办结率（%）"), 14, _rate("on_time")),
    Col(gettext_lazy("实际解决率（%）"), 14, _rate("solved")),
    Col(gettext_lazy("市民满意率（%）"), 14, _rate("satisfaction")),
    Col(gettext_lazy("逾期"), 8, lambda s: s.late),
]


def _scores(request: HttpRequest, cursor: str, _size: int) -> Page[Any]:
    return all_of(list(selectors.scores(actor_of(request), asked(request).period, now=clock.now())), cursor)


_door = staff_who(check_reader)


def register() -> None:
    """Enter the tables of this module."""
    enter(
        "figures",
        gettext_lazy("指标"),
        OVERVIEW,
        _overview,
        told={},
        door=_door,
        always=days,
        short=True,
    )
    enter(
        "figure", gettext_lazy("一项指标"), ONE, _one, told={}, door=_door, always=_days_and_formula, short=True,
        check=_figure, titled=lambda request: str(_figure(request).name),
    )  # fmt: skip
    enter(
        "burden",
        gettext_lazy("居民区负担"),
        BURDEN,
        _burden,
        told={},
        door=_door,
        always=days,
        short=True,
    )
    enter(
        "hotline",
        gettext_lazy("热线考核分"),
        SCORES,
        _scores,
        told={},
        door=_door,
        always=days,
        short=True,
    )
