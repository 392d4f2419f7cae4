"""Words out: articles, issues, reports and the rows behind their figures, ways of working, media, channels, pleas."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.engines.projects.types import Strand
from linli.foundation.core import clock
from linli.foundation.core.paging import Page
from linli.interfaces.desk.doors import today
from linli.interfaces.desk.exports.building import (
    Col,
    Told,
    dash,
    day,
    day_of,
    enter,
    in_words,
    label,
    moment,
    one_of,
    span,
    ticked,
    unit,
    yes,
)
from linli.interfaces.desk.publishing import channels, media, pleas, reports
from linli.interfaces.desk.publishing.doors import box_labels, check_overseer, check_writer, filters_of, page_of
from linli.programmes.publishing import selectors
from linli.programmes.publishing.types import Answer, MediaKind, MethodKind, Paper, ReleaseState, ReportKind, Right
from linli.programmes.publishing.workflow import State

_Q = Told(gettext_lazy("搜索"))
_STATE = Col(gettext_lazy("状态"), 12, label("state", State))

ARTICLES = [
    Col(gettext_lazy("标题"), 40, lambda a: a.title),
    Col(gettext_lazy("引题"), 24, lambda a: a.kicker),
    Col(gettext_lazy("来源单位"), 24, lambda a: dash(a.unit)),
    Col(gettext_lazy("三化"), 24, lambda a: "、".join(map(str, a.strand_names))),
    Col(gettext_lazy("修改"), 17, lambda a: moment(a.changed_at)),
    _STATE,
]
ISSUES = [
    Col(gettext_lazy("报头"), 28, lambda i: i.title),
    Col(gettext_lazy("期号"), 8, lambda i: i.number),
    Col(gettext_lazy("日期"), 12, lambda i: day(i.day)),
    Col(gettext_lazy("版式"), 14, label("paper", Paper)),
    _STATE,
]
REPORTS = [
    Col(gettext_lazy("标题"), 44, lambda r: r.title),
    Col(gettext_lazy("种类"), 20, label("report_kind", ReportKind)),
    Col(gettext_lazy("从"), 12, lambda r: day(r.since)),
    Col(gettext_lazy("到"), 12, lambda r: day(r.until)),
    _STATE,
]
METHODS = [
    Col(gettext_lazy("名称"), 36, lambda m: m.title),
    Col(gettext_lazy("种类"), 12, label("method_kind", MethodKind)),
    Col(gettext_lazy("提出者"), 24, lambda m: m.proposer),
    Col(gettext_lazy("来源单位"), 24, lambda m: dash(m.unit)),
    _STATE,
]
MEDIA = [
    Col(gettext_lazy("名称"), 36, lambda m: m.title),
    Col(gettext_lazy("种类"), 12, label("kind", MediaKind)),
    Col(gettext_lazy("摄影（摄像）"), 20, lambda m: m.credit),
    Col(gettext_lazy("拍摄日期"), 12, lambda m: day(m.taken_on)),
    Col(gettext_lazy("能否公开"), 12, lambda m: media.clearance_labels()["yes" if m.may_go_out else "no"]),
    Col(gettext_lazy("用于几篇"), 8, lambda m: m.used),
]
RELEASES = [
    Col(gettext_lazy("标题"), 40, lambda r: r.title),
    Col(gettext_lazy("渠道"), 16, lambda r: r.channel.name),
    Col(gettext_lazy("发布"), 17, lambda r: moment(r.released_at)),
    Col(gettext_lazy("发布人"), 20, lambda r: r.released_label),
    Col(gettext_lazy("外部编号"), 18, lambda r: r.outside_number),
    Col(gettext_lazy("状态"), 10, label("state", ReleaseState)),
    Col(gettext_lazy("要核对"), 8, lambda r: yes(r.to_check)),
]
_answered = label("answer", Answer)

# Who asks, and why, is sealed: it stands in no list, so in no file.
PLEAS = [
    Col(gettext_lazy("稿件"), 40, lambda p: p.article.title),
    Col(gettext_lazy("涉及"), 16, label("right", Right)),
    Col(gettext_lazy("提出"), 12, lambda p: day_of(p.filed_at)),
    Col(gettext_lazy("答复期限"), 12, lambda p: day(p.due_on)),
    Col(gettext_lazy("状态"), 12, lambda p: _("已超期") if not p.answer and p.due_on < today() else _answered(p)),
]


def _box(request: HttpRequest) -> Sequence[str]:
    return [in_words(_("分类"), box_labels()[filters_of(request).box])]


def _plea_box(request: HttpRequest) -> Sequence[str]:
    return [in_words(_("分类"), pleas.box_label(waiting=pleas.asks_waiting(request)))]


def _channel(code: str) -> str:
    return next((c.name for c in selectors.channels(active=False) if c.code == code), "")


def _figure(request: HttpRequest) -> reports.Asked:
    return reports.asked_of(request, request.GET.get("code", ""))


def _figure_rows(request: HttpRequest, cursor: str, size: int) -> Page[Any]:
    return _figure(request).page(clock.now(), cursor, size)


def _figure_columns(request: HttpRequest) -> Sequence[Col]:
    def cell(at: int) -> Callable[[Any], Any]:
        return lambda row: row.cells[at]

    return [Col(head, 30 if not at else 20, cell(at)) for at, head in enumerate(_figure(request).figure.columns)]


def _figure_days(request: HttpRequest) -> Sequence[str]:
    asked = _figure(request)
    words = [span(asked.period.since, asked.period.until)]
    return [*words, in_words(_("专题"), asked.focus)] if asked.focus and not asked.whole else words


def _figure_whole(request: HttpRequest) -> Sequence[str]:
    asked = _figure(request)
    if not asked.whole:
        return ()
    return [_("报告的专题是“%(focus)s”，这个数字分不出专题，是全部的。") % {"focus": asked.focus}]


def register() -> None:
    """Enter the lists of this module."""
    told = {
        "q": _Q,
        "strand": Told(gettext_lazy("三化"), one_of(lambda: dict(Strand.choices))),
        "unit": Told(gettext_lazy("来源单位"), unit),
    }
    for code, kind, title, columns, door in (
        ("articles", "article", gettext_lazy("稿件"), ARTICLES, check_writer),
        ("issues", "issue", gettext_lazy("期次"), ISSUES, check_overseer),
        ("reports", "report", gettext_lazy("报告"), REPORTS, check_writer),
        ("methods", "method", gettext_lazy("工作法"), METHODS, check_writer),
    ):
        enter(code, title, columns, partial(page_of, kind), told=told, always=_box, door=door)
    enter(
        "report_figure", gettext_lazy("报告数字的明细"), _figure_columns, _figure_rows, told={}, always=_figure_days,
        noted=_figure_whole,
        check=_figure, titled=lambda request: str(_figure(request).figure.name), door=check_overseer,
    )  # fmt: skip
    told = {
        "q": _Q,
        "kind": Told(gettext_lazy("种类"), one_of(lambda: dict(MediaKind.choices))),
        "cleared": Told(gettext_lazy("能否公开"), one_of(media.clearance_labels)),
        "link": Told(gettext_lazy("属于")),
    }
    enter("media", gettext_lazy("媒体库"), MEDIA, media.page_of, told=told, door=check_writer)
    told = {
        "q": _Q,
        "channel": Told(gettext_lazy("渠道"), _channel),
        "check": Told(gettext_lazy("只看要核对的"), ticked),
    }
    enter(
        "releases", gettext_lazy("发布记录"), RELEASES, channels.page_of, told=told, door=channels.check_releaser,
    )  # fmt: skip
    enter(
        "pleas", gettext_lazy("删除申请"), PLEAS, pleas.page_of, told={}, always=_plea_box, door=pleas.check_decider,
    )  # fmt: skip
