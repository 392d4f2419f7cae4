"""Visits: enterprises, condolences by list, coverage and who was not reached, what was given, branches, reports.

What was noted of persons, who is on a list of condolences, and homes at which nobody was leave in no file.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.foundation.core.errors import NotFoundError
from linli.foundation.core.paging import Page
from linli.interfaces.desk.doors import today
from linli.interfaces.desk.exports.building import (
    Col,
    Told,
    all_of,
    area,
    dash,
    day,
    day_of,
    enter,
    number,
    one_of,
    span,
    yes,
)
from linli.interfaces.desk.visits import companies, condolences, demands, home, sectors
from linli.interfaces.desk.visits.common import asked_period
from linli.programmes.visits import selectors
from linli.programmes.visits.selectors.sectors import MOST

KEY = [
    Col(gettext_lazy("企业"), 34, lambda r: r["t"].name),
    Col(gettext_lazy("地址"), 34, lambda r: r["t"].address),
    Col(gettext_lazy("从业人数"), 10, lambda r: r["t"].facts.get("staff") or ""),
    Col(gettext_lazy("上次带队走访"), 14, lambda r: day(r["d"].visited_on)),
    Col(gettext_lazy("诉求"), 8, lambda r: r["d"].demands),
    Col(gettext_lazy("办理中"), 8, lambda r: r["d"].waiting),
]
VISITS = [
    Col(gettext_lazy("单位"), 34, lambda r: r["v"].name),
    Col(gettext_lazy("日期"), 12, lambda r: day(r["v"].held_on)),
    Col(gettext_lazy("带队领导"), 24, lambda r: r["v"].leaders),
    Col(gettext_lazy("议题"), 44, lambda r: r["v"].topics),
    Col(gettext_lazy("诉求"), 8, lambda r: r["n"][0]),
    Col(gettext_lazy("已答复"), 8, lambda r: r["n"][1]),
]


def _company_columns(request: HttpRequest) -> Sequence[Col]:
    return KEY if companies.is_key(request) else VISITS


def _company_title(request: HttpRequest) -> str:
    return _("重点企业") if companies.is_key(request) else _("企业走访")


CONDOLENCES = [
    Col(gettext_lazy("名单"), 36, lambda row: row.title),
    Col(gettext_lazy("节日"), 14, lambda row: row.festival),
    Col(gettext_lazy("慰问日期"), 12, lambda row: day(row.day)),
    Col(gettext_lazy("单位"), 22, lambda row: dash(row.unit)),
    Col(gettext_lazy("送达"), 8, lambda row: row.given),
    Col(gettext_lazy("人数"), 8, lambda row: row.people),
    Col(gettext_lazy("状态"), 10, lambda row: row.get_state_display()),
]


def _days(request: HttpRequest) -> Sequence[str]:
    """Return the days that the page counts, whether they were asked for or not."""
    period = asked_period(request)
    return [span(period.first, period.last)]


def _coverage(request: HttpRequest, cursor: str, _size: int) -> Page[Any]:
    return all_of(home.parts_of(request), cursor)


def _coverage_title(request: HttpRequest) -> str:
    ledger = home.covered(request).ledger
    return _("走访覆盖：%(ledger)s") % {"ledger": ledger.name} if ledger is not None else _("走访覆盖")


def _coverage_columns(request: HttpRequest) -> Sequence[Col]:
    first = {"area": _("区域"), "tag": _("标签"), "period": _("月份")}[home.covered(request).split]
    return [
        Col(first, 24, lambda r: r["label"]),
        Col(_("在册"), 10, lambda r: r["whole"]),
        Col(_("已走访"), 10, lambda r: r["reached"]),
        Col(_("上门未遇"), 10, lambda r: r["attempted"]),
        Col(_("走访次数"), 10, lambda r: r["visits"]),
        Col(_("覆盖率"), 10, lambda r: r["share"] if r["whole"] else ""),
    ]


def _check_missing(request: HttpRequest) -> None:
    """Raise unless those at whom nobody was may be taken out: homes leave in no file.

    Raises:
        NotFoundError: there is no such ledger, or it is one of residents.
    """
    ledger = home.covered(request).ledger
    if ledger is None or ledger.guarded:
        raise NotFoundError(_("没有这个台账。"), code="fieldwork.no_kind")


def _missing_title(request: HttpRequest) -> str:
    ledger = home.covered(request).ledger
    return _("没走到的：%(ledger)s") % {"ledger": ledger.name if ledger is not None else ""}


MISSING = [
    Col(gettext_lazy("名称"), 30, lambda r: r["t"].name),
    Col(gettext_lazy("地址"), 34, lambda r: r["t"].address),
    Col(gettext_lazy("区域"), 18, lambda r: r["area"]),
    Col(gettext_lazy("上次走访"), 12, lambda r: day_of(r["t"].visited_at)),
]
GIVEN = [
    Col(gettext_lazy("日期"), 12, lambda r: day(r["g"].day)),
    Col(gettext_lazy("走访对象"), 30, lambda r: r["who"]),
    Col(gettext_lazy("区域"), 18, lambda r: r["area"]),
    Col(gettext_lazy("数量"), 10, lambda r: number(r["g"].quantity)),
    Col(gettext_lazy("走访人"), 20, lambda r: r["g"].submission.by_label),
]
BRANCHES = [
    Col(gettext_lazy("支部"), 34, lambda r: r["t"].name),
    Col(gettext_lazy("类型"), 16, lambda r: r["type"]),
    Col(gettext_lazy("服务的街区或网格"), 28, lambda r: r["serves"]),
    Col(gettext_lazy("所在区域"), 18, lambda r: r["area"]),
    Col(gettext_lazy("成立"), 12, lambda r: day(r["t"].since)),
]
REPORTS = [
    Col(gettext_lazy("编号"), 18, lambda r: r["row"].number),
    Col(gettext_lazy("需求"), 44, lambda r: r["text"]),
    Col(gettext_lazy("谁的"), 22, lambda r: dash(r["who"])),
    Col(gettext_lazy("承办单位"), 22, lambda r: dash(r["row"].unit)),
    Col(gettext_lazy("答复期限"), 12, lambda r: day(r["row"].due_on)),
    Col(gettext_lazy("答复用时（天）"), 10, lambda r: r["days"]),
    Col(gettext_lazy("状态"), 14, lambda r: str(r["words"])),
]
CAMPAIGNS = [
    Col(gettext_lazy("行动"), 36, lambda r: r["c"].title),
    Col(gettext_lazy("支部类型"), 16, lambda r: r["type"]),
    Col(gettext_lazy("开始"), 12, lambda r: day(r["c"].starts_on)),
    Col(gettext_lazy("结束"), 12, lambda r: day(r["c"].ends_on)),
    Col(gettext_lazy("已建"), 8, lambda r: r["done"]),
    Col(gettext_lazy("目标"), 8, lambda r: r["c"].wanted),
]
OFFICERS = [
    Col(gettext_lazy("体验官"), 24, lambda o: o.post),
    Col(gettext_lazy("服务站"), 30, lambda o: o.station.name if o.station else ""),
    Col(gettext_lazy("开始"), 12, lambda o: day(o.since)),
    Col(gettext_lazy("结束"), 12, lambda o: day(o.until)),
    Col(gettext_lazy("报告"), 8, lambda o: o.count),
]
SECTORS = [
    Col(gettext_lazy("单位"), 34, lambda r: r["r"].name),
    Col(gettext_lazy("区域"), 18, lambda r: r["area"]),
    Col(gettext_lazy("类别"), 14, lambda r: r["sector"]),
    Col(gettext_lazy("党组织"), 14, lambda r: r["party"]),
    Col(gettext_lazy("有指导员"), 8, lambda r: yes(r["r"].instructor)),
    Col(gettext_lazy("所属支部"), 28, lambda r: r["r"].branch),
    Col(gettext_lazy("上次走访"), 12, lambda r: day_of(r["r"].visited_at)),
    Col(gettext_lazy("缺什么"), 28, lambda r: "、".join(r["lacks"])),
]


def _campaigns(request: HttpRequest, cursor: str, _size: int) -> Page[Any]:
    return all_of(sectors.campaign_rows(request), cursor)


def _officers(_request: HttpRequest, cursor: str, _size: int) -> Page[Any]:
    return all_of(selectors.officers(today()), cursor)


def _sectors(request: HttpRequest, cursor: str, _size: int) -> Page[Any]:
    """Return all units that the page counts; it draws the first of them."""
    return all_of(sectors.sector_rows(sectors.sectors_of(request, MOST).rows), cursor)


def register() -> None:
    """Enter the lists of this module."""
    enter(
        "enterprises", gettext_lazy("企业走访"), _company_columns, companies.page_of,
        told={"q": Told(gettext_lazy("单位或议题"))}, prepare=companies.rows_of, titled=_company_title,
    )  # fmt: skip
    enter("condolences", gettext_lazy("慰问名单"), CONDOLENCES, condolences.page_of, told={})
    told = {
        "area": Told(gettext_lazy("区域"), area),
        "split": Told(gettext_lazy("怎样分"), one_of(lambda: home.SPLITS)),
    }
    enter(
        "coverage", gettext_lazy("走访覆盖"), _coverage_columns, _coverage, told=told, always=_days,
        titled=_coverage_title, short=True,
    )  # fmt: skip
    enter(
        "not_reached", gettext_lazy("没走到的"), MISSING, home.missing_of, told={"area": told["area"]}, always=_days,
        check=_check_missing, titled=_missing_title, prepare=lambda _request, found: home.missing_rows(found),
    )  # fmt: skip
    enter(
        "given", gettext_lazy("送出记录"), GIVEN, home.given_of, always=_days,
        told={"name": Told(gettext_lazy("送出的"))}, prepare=lambda _request, found: home.given_rows(found),
    )  # fmt: skip
    told = {"q": Told(gettext_lazy("名称或街区"))}
    enter(
        "branches", gettext_lazy("支部名册"), BRANCHES, sectors.branches_of, told=told,
        prepare=lambda _request, found: sectors.branch_rows(found),
    )  # fmt: skip
    enter(
        "experience_reports", gettext_lazy("体验报告和改进"), REPORTS, sectors.reports_of, told={},
        prepare=lambda _request, found: [demands.row_of(r) for r in found],
    )  # fmt: skip
    enter("experience_officers", gettext_lazy("营商环境体验官"), OFFICERS, _officers, told={}, short=True)
    enter("branch_campaigns", gettext_lazy("组建行动"), CAMPAIGNS, _campaigns, told={}, short=True)
    told = {
        "area": Told(gettext_lazy("区域"), area),
        "gap": Told(gettext_lazy("缺什么"), one_of(sectors.gap_labels)),
        "q": Told(gettext_lazy("单位、地址或支部")),
    }
    enter("new_sectors", gettext_lazy("新兴领域单位"), SECTORS, _sectors, told=told, always=_days, short=True)
