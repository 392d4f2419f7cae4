"""Registers and what is compared: thanks, the bike companies, hot topics, ledgers and their doubles, like cases."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.engines.cases import selectors as cases
from linli.engines.cases.rules.removals import Figure
from linli.engines.cases.types import PraiseKind
from linli.engines.fieldwork import selectors as fieldwork
from linli.engines.fieldwork.rules.details import said
from linli.engines.judgement.selectors import topics as judgement
from linli.foundation.core import clock
from linli.foundation.core.errors import NotFoundError
from linli.foundation.core.paging import Page
from linli.interfaces.desk.companies import views as companies
from linli.interfaces.desk.doors import actor_of, local, once, staff_who
from linli.interfaces.desk.exports.building import (
    Col,
    Told,
    all_of,
    dash,
    day,
    day_of,
    enter,
    in_words,
    moment,
    one_of,
    span,
    unit,
    yes,
)
from linli.interfaces.desk.exports.building import area as area_name
from linli.interfaces.desk.fieldwork.ledgers import listing as ledgers
from linli.interfaces.desk.fieldwork.ledgers import shared, twins
from linli.interfaces.desk.hot_topics import views as hot_topics
from linli.interfaces.desk.merging import views as merging
from linli.interfaces.desk.praise import views as praise

if TYPE_CHECKING:
    from linli.engines.fieldwork.models import Kind
    from linli.foundation.forms.types import Question

_Q = Told(gettext_lazy("搜索"))

# Who gave thanks stands in no list, so in no file.
PRAISE = [
    Col(gettext_lazy("日期"), 12, lambda p: day(p.given_on)),
    Col(gettext_lazy("形式"), 12, lambda p: p.get_kind_display()),
    Col(gettext_lazy("受表扬单位"), 28, lambda p: dash(p.unit)),
    Col(gettext_lazy("岗位"), 16, lambda p: p.post),
    Col(gettext_lazy("内容"), 60, lambda p: p.words),
    Col(gettext_lazy("案件"), 18, lambda p: p.case.number if p.case else ""),
    Col(gettext_lazy("是否公开"), 10, lambda p: yes(p.public)),
]


def _companies(request: HttpRequest, cursor: str, _size: int) -> Page[Any]:
    ranking, _period = companies.read(request)
    return all_of([(row.name, row.line, ranking.minimum) for row in ranking.rows], cursor)


def _company_days(request: HttpRequest) -> Sequence[str]:
    period = companies.period_of(request, local(clock.now()).date())
    return [_("%(since)s 至 %(until)s 上报的共享单车问题") % {"since": period.since, "until": period.until}]


def _count(figure: Figure) -> Any:
    return lambda r: r[1].counts[figure]


COMPANIES = [
    Col(gettext_lazy("名次"), 8, lambda r: r[1].rank if r[1].rank is not None else ""),
    Col(gettext_lazy("企业"), 32, lambda r: r[0]),
    Col(gettext_lazy("接到通知"), 10, _count(Figure.NOTIFIED)),
    Col(gettext_lazy("按时清走"), 10, _count(Figure.WITHIN)),
    Col(gettext_lazy("超时"), 8, _count(Figure.LATE)),
    Col(gettext_lazy("未到期或待核查"), 14, _count(Figure.WAITING)),
    Col(gettext_lazy("按时率"), 10, lambda r: companies.share_words(r[1])),
    Col(
        gettext_lazy("清走用时中位数（分钟）"), 20,
        lambda r: round(r[1].median.total_seconds() / 60) if r[1].median is not None else "",
    ),
    Col(gettext_lazy("核查退回"), 10, _count(Figure.REWORK)),
    Col(gettext_lazy("同点返潮"), 10, _count(Figure.REPEAT)),
    Col(gettext_lazy("说明"), 40, lambda r: companies.lacking_words(r[1].lacking, r[2])),
]  # fmt: skip


def _topics(request: HttpRequest, cursor: str, _size: int) -> Page[Any]:
    found, _said = hot_topics.found_of(request)
    return all_of(list(enumerate(found.topics[: hot_topics.SHOWN], 1)), cursor)


def _topic_days(request: HttpRequest) -> Sequence[str]:
    since, until = hot_topics.period_of(request)
    return [span(since, until)]


TOPICS = [
    Col(gettext_lazy("名次"), 6, lambda r: r[0]),
    Col(gettext_lazy("热点"), 40, lambda r: r[1].title),
    Col(gettext_lazy("关键词"), 20, lambda r: "、".join(r[1].words)),
    Col(gettext_lazy("人数"), 8, lambda r: r[1].people),
    Col(gettext_lazy("件数"), 8, lambda r: len(r[1].ids)),
    Col(gettext_lazy("天数"), 8, lambda r: r[1].days),
    Col(gettext_lazy("首次"), 17, lambda r: r[1].first.replace(second=0, microsecond=0)),
    Col(gettext_lazy("最近"), 17, lambda r: r[1].last.replace(second=0, microsecond=0)),
    Col(gettext_lazy("趋势"), 8, lambda r: hot_topics.trend_words(r[1])),
]


def _topic(request: HttpRequest) -> Any:
    """Return the topic that the address names: reading a period takes long, so it is read once."""
    first = request.GET.get("first", "")
    return once(request, "topic", lambda: judgement.topic_of(hot_topics.found_of(request)[0], first))


def _topic_cases(request: HttpRequest, cursor: str, _size: int) -> Page[Any]:
    return all_of([] if cursor else judgement.topic_cases(actor_of(request), _topic(request)), cursor)


TOPIC_CASES = [
    Col(gettext_lazy("编号"), 20, lambda c: c.number),
    Col(gettext_lazy("事项"), 40, lambda c: c.title),
    Col(gettext_lazy("分类"), 14, lambda c: c.category.name),
    Col(gettext_lazy("地点"), 30, lambda c: c.address or c.area_label),
    Col(gettext_lazy("上报时间"), 17, lambda c: moment(c.reported_at)),
    Col(gettext_lazy("状态"), 10, lambda c: c.get_state_display()),
]


def _ledger(request: HttpRequest) -> tuple[Kind, list[Question]]:
    """Return the ledger that the address names, and its fields that may stand in a list; read once.

    Raises:
        NotFoundError: there is none for this reader, or it is one of residents, which is not taken out.
    """

    def read() -> tuple[Kind, list[Question]]:
        kind = fieldwork.ledger_for(actor_of(request), request.GET.get("code", ""))
        if kind.guarded:
            raise NotFoundError(_("没有这个台账。"), code="fieldwork.no_kind")
        return kind, shared.plain_questions(shared.asked_of(kind))

    return once(request, "ledger", read)


def _entries(request: HttpRequest, cursor: str, size: int) -> Page[Any]:
    kind, asked = _ledger(request)
    filters = ledgers.filters_of(request, kind, asked)
    return fieldwork.ledger_page(actor_of(request), kind, filters, cursor=cursor, size=size)


def _fact(question: Question) -> Col:
    def cell(target: Any) -> str:
        value = target.facts.get(question.code)
        return said(question, value) if value is not None else ""

    return Col(shared.label_of(question), 14, cell)


def _entry_columns(request: HttpRequest) -> Sequence[Col]:
    """Return the columns: the fields that were chosen on the page, all that may stand in a list where none were."""
    _kind, asked = _ledger(request)
    wanted = request.GET.getlist("c")
    return [
        Col(_("台账编号"), 14, lambda t: t.number),
        Col(_("名称"), 28, lambda t: t.name),
        Col(_("地址"), 34, lambda t: t.address),
        Col(_("所属区域"), 18, lambda t: dash(t.area and t.area.name)),
        Col(_("责任单位"), 20, lambda t: dash(t.unit and t.unit.name)),
        *(_fact(q) for q in asked if not wanted or q.code in wanted),
        Col(_("标签"), 20, lambda t: "、".join(t.tags)),
        Col(_("上次走访"), 12, lambda t: day_of(t.visited_at)),
        Col(_("入册日期"), 12, lambda t: day(t.since)),
        Col(_("退出日期"), 12, lambda t: day(t.until)),
    ]


def _entries_said(request: HttpRequest) -> Sequence[str]:
    """Return the ledger's own filters in words."""
    words = []
    for q in shared.choosing(_ledger(request)[1]):
        options = {o["value"]: o["label"] for o in shared.choices_of(q, "") if o["value"]}
        value = options.get(request.GET.get(ledgers.fact_name(q.code), ""))
        if value is not None:
            words.append(in_words(shared.label_of(q), value))
    return words


def _unvisited(value: str) -> str:
    return day(ledgers.since_of(value))


def _doubles(request: HttpRequest, cursor: str, _size: int) -> Page[Any]:
    kind, _asked = _ledger(request)
    found = fieldwork.doubles(actor_of(request), kind.code, size=twins.GROUPS, after=cursor)
    rows = [(g.targets[0], t) for g in found if len(g.targets) > 1 for t in g.targets]
    return Page(rows, found[-1].key if len(found) == twins.GROUPS else "")


DOUBLES = [
    Col(gettext_lazy("与哪一条相同"), 28, lambda r: r[0].name if r[0].pk != r[1].pk else _("（本组第一条）")),
    Col(gettext_lazy("台账编号"), 14, lambda r: r[1].number),
    Col(gettext_lazy("名称"), 28, lambda r: r[1].name),
    Col(gettext_lazy("地址"), 34, lambda r: r[1].address),
    Col(gettext_lazy("所属区域"), 18, lambda r: dash(r[1].area and r[1].area.name)),
    Col(gettext_lazy("入册日期"), 12, lambda r: day(r[1].since)),
    Col(gettext_lazy("上次走访"), 12, lambda r: day_of(r[1].visited_at)),
]


def _alike(request: HttpRequest, cursor: str, _size: int) -> Page[Any]:
    case = merging.case_of(request)
    return all_of([] if cursor else merging.candidates(actor_of(request), case, request.GET.get("q", "")), cursor)


ALIKE = [
    Col(gettext_lazy("编号"), 20, lambda r: r["case"].number),
    Col(gettext_lazy("事项"), 40, lambda r: r["case"].title),
    Col(gettext_lazy("分类"), 14, lambda r: r["case"].category.name),
    Col(gettext_lazy("地点"), 30, lambda r: r["case"].address or r["case"].area_label),
    Col(gettext_lazy("状态"), 10, lambda r: r["case"].get_state_display()),
    Col(gettext_lazy("上报时间"), 17, lambda r: moment(r["case"].reported_at)),
    Col(gettext_lazy("相似（%）"), 8, lambda r: r.get("percent", "")),
    Col(gettext_lazy("很可能是同一件"), 10, lambda r: yes(r.get("likely"))),
    Col(gettext_lazy("依据"), 40, lambda r: "・".join(map(str, r.get("reasons", ())))),
]


def register() -> None:
    """Enter the lists of this module."""
    told = {
        "q": _Q,
        "kind": Told(gettext_lazy("形式"), one_of(lambda: dict(PraiseKind.choices))),
        "unit": Told(gettext_lazy("受表扬单位"), unit),
        "since": Told(gettext_lazy("从")),
        "until": Told(gettext_lazy("到")),
    }
    enter("praise", gettext_lazy("表扬登记"), PRAISE, praise.page_of, told=told)
    enter(
        "companies", gettext_lazy("单车企业处置情况"), COMPANIES, _companies, told={},
        door=staff_who(cases.check_ranking), always=_company_days, short=True,
    )  # fmt: skip
    told = {"area": Told(gettext_lazy("居民区"), area_name)}
    enter("hot_topics", gettext_lazy("热点"), TOPICS, _topics, told=told, always=_topic_days, short=True)
    enter(
        "hot_topic", gettext_lazy("热点的案件"), TOPIC_CASES, _topic_cases, told=told, always=_topic_days, short=True,
        check=_topic, titled=lambda request: str(_topic(request).title),
    )  # fmt: skip
    told = {
        "q": _Q,
        "area": Told(gettext_lazy("区域"), area_name),
        "unit": Told(gettext_lazy("责任单位"), unit),
        "tag": Told(gettext_lazy("标签")),
        "since": Told(gettext_lazy("未走访，自"), _unvisited),
        "ended": Told(gettext_lazy("已退出的"), lambda value: _("是") if value == "1" else ""),
    }
    enter(
        "ledger", gettext_lazy("走访台账"), _entry_columns, _entries, told=told, always=_entries_said, check=_ledger,
        titled=lambda request: _ledger(request)[0].name,
    )  # fmt: skip
    enter(
        "doubles", gettext_lazy("可能重复的"), DOUBLES, _doubles, told={}, check=_ledger,
        titled=lambda request: _("%(kind)s：可能重复的") % {"kind": _ledger(request)[0].name},
    )  # fmt: skip
    enter(
        "alike", gettext_lazy("可能是同一件事"), ALIKE, _alike, told={"q": _Q}, check=merging.case_of, short=True,
        titled=lambda request: _("可能与 %(number)s 是同一件事") % {"number": merging.case_of(request).number},
    )  # fmt: skip
