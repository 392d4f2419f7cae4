"""Contractors' work and its quality, a month's deductions; officers in the neighbourhoods."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from linli.foundation.core.paging import Page
from linli.foundation.exports.services import write
from linli.foundation.sheets.services import MIME
from linli.interfaces.desk.acting import Act
from linli.interfaces.desk.doors import actor_of, staff, today
from linli.interfaces.desk.streets import forms
from linli.interfaces.desk.streets import tradeforms as tf
from linli.interfaces.desk.streets.frame import (
    Cell,
    Line,
    Listing,
    One,
    Section,
    create,
    files_of,
    lines,
    listing,
    single,
)
from linli.interfaces.desk.streets.picking import chosen, pick
from linli.interfaces.web.sending import named
from linli.programmes.streets import permissions, selectors, services
from linli.programmes.streets.rules.contacts import month_of
from linli.programmes.streets.types import LogData, QualityData

LOGS, CONTACTS = "streets_logs", "streets_contacts"
WORKS = {
    "sweep": gettext_lazy("清扫"), "waste": gettext_lazy("垃圾清运"), "green": gettext_lazy("绿化养护"),
    "bikes": gettext_lazy("非机动车整理"),
}  # fmt: skip


def amount(value: Decimal) -> str:
    """Return a quantity without needless noughts."""
    return f"{value.normalize():f}"


def month_asked(request: HttpRequest) -> date:
    """Return the month that is asked for; this one without."""
    return month_of(request.GET.get("month", ""), today())


def _buttons() -> list[tuple[str, str, Any, bool]]:
    return [
        (reverse("desk:streets_log_new"), "plus", _("登记作业"), True),
        (reverse("desk:streets_quality_new"), "eye", _("质量检查"), False),
        (reverse("desk:streets_qualities"), "chart-bar", _("扣分清单"), False),
    ]


def _log_cells(row: Any) -> list[Cell]:
    bikes = _("通知企业 %(told)s 辆，清运 %(gone)s 辆") % {"told": row.told, "gone": row.removed}
    return [
        Cell(row.on.isoformat(), num=True, small=row.get_shift_display()),
        Cell(row.target.name, reverse("desk:streets_log", args=[row.uuid]), small=row.unit),
        Cell(row.get_crew_display()),
        Cell(f"{amount(row.done)}/{amount(row.planned)} {row.unit_word}", num=True,
             small=bikes if row.told or row.removed else ""),
        Cell(_("已完成"), tone="done") if row.done >= row.planned else Cell(_("没做满"), tone="doing"),
    ]  # fmt: skip


def logs_of(request: HttpRequest, cursor: str, size: int) -> Page[Line]:
    """Return a page of the month's work that is asked for."""
    data, month = request.GET, month_asked(request)
    work, text = data.get("work", "") if data.get("work", "") in WORKS else "", data.get("q", "")[:60]
    page = selectors.logs(actor_of(request), month=month, text=text, work=work, cursor=cursor, size=size)
    return lines(page, _log_cells)


@require_GET
@staff
def logs(request: HttpRequest) -> HttpResponse:
    """Show a month's work by shift."""
    by, month = actor_of(request), month_asked(request)
    page = logs_of(request, request.GET.get("cursor", ""), 50)
    sums = selectors.work_sums(by, month)
    works = [{"value": "", "label": _("全部")}, *({"value": k, "label": v} for k, v in WORKS.items())]
    drawn = Listing(
        LOGS, _("作业记录"), (_("日期"), _("线路"), _("谁做的"), _("完成/计划"), _("状态")),
        [r.cells for r in page.rows], page=page, code="work_logs",
        filters=(("month", _("月份"), "month"), ("work", _("作业内容"), works)), query=("q", "month", "work"),
        search=_("线路或单位"), buttons=_buttons(),
        stats=[
            (_("本月班次"), sums["shifts"], "?"), (_("通知单车企业（辆）"), sums["told"], "?work=bikes"),
            (_("清运单车（辆）"), sums["removed"], "?work=bikes"),
        ],
        note=_("共享单车先巡查整理、通知企业；逾期不清的再清运。企业的响应看“单车企业”。"),
        empty=(_("本月还没有作业记录"), _("作业单位每班登记计划和完成的量；志愿者整理单车也记在这里。")),
    )  # fmt: skip
    return listing(request, drawn)


@require_http_methods(["GET", "POST"])
@staff
def log_new(request: HttpRequest) -> HttpResponse:
    """Choose a route and write down a shift's work."""
    by = actor_of(request)
    route = chosen(request, services.ROUTES)
    if route is None:
        return pick(request, services.ROUTES, here=LOGS, title=_("登记作业：选线路"), what=_("线路"))
    if not permissions.may_log(by, route):
        raise permissions.refuse(_("登记作业"))

    def run(by: Any, now: Any, _row: Any, data: dict[str, Any], _seen: Any) -> Any:
        names = ("on", "shift", "crew", "planned", "done", "unit_word", "text")
        told: dict[str, Any] = {n: data.get(n) or 0 for n in ("told", "removed")}
        log = LogData(route.uuid, files=files_of(data), **{n: data[n] for n in names}, **told)
        return services.log_work(by=by, now=now, data=log)

    facts = [(_("线路"), route.name), (_("作业内容"), WORKS.get(route.facts.get("work", ""), "—"))]
    facts.append((_("作业单位"), str(route.unit) if route.unit else "—"))
    return create(
        request, tf.LogForm, run, here=LOGS, title=_("登记作业"), to="desk:streets_log",
        back=reverse("desk:streets_logs"), row=route, facts=facts,
    )  # fmt: skip


@require_GET
@staff
def log(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show one shift's work."""
    row = selectors.log_for(actor_of(request), uuid)
    quantity = _("%(done)s / 计划 %(planned)s %(word)s") % {
        "done": amount(row.done), "planned": amount(row.planned), "word": row.unit_word,
    }  # fmt: skip
    facts = [
        (_("线路"), row.target.name, ""), (_("作业单位"), str(row.unit) if row.unit else "", ""),
        (_("日期"), f"{row.on}　{row.get_shift_display()}", ""), (_("谁做的"), row.get_crew_display(), ""),
        (_("完成"), quantity, ""),
        (_("通知单车企业（辆）"), row.told or "", reverse("desk:companies") if row.told else ""),
        (_("清运（辆）"), row.removed or "", ""), (_("情况"), row.text, ""),
    ]  # fmt: skip
    status = ("done", _("已完成")) if row.done >= row.planned else ("doing", _("没做满"))
    drawn = One(LOGS, (reverse("desk:streets_logs"), _("作业记录")), row.target.name, row.uuid, status, facts)
    return single(request, row, drawn, reverse("desk:streets_log", args=[uuid]))


def _quality_cells(q: Any) -> list[Cell]:
    return [
        Cell(q.on.isoformat(), num=True), Cell(q.target.name, reverse("desk:streets_quality", args=[q.uuid])),
        Cell(str(q.unit) if q.unit else ""), Cell(q.text),
        Cell(_("已撤销"), tone="idle") if q.annulled_on else Cell(amount(q.off), num=True),
    ]  # fmt: skip


def qualities_of(request: HttpRequest, cursor: str, size: int) -> Page[Line]:
    """Return a page of the month's quality checks that are asked for."""
    text, month = request.GET.get("q", "")[:60], month_asked(request)
    return lines(
        selectors.qualities(actor_of(request), month=month, text=text, cursor=cursor, size=size), _quality_cells
    )


@require_GET
@staff
def qualities(request: HttpRequest) -> HttpResponse:
    """Show a month's quality checks and what was taken off by firm."""
    by, month = actor_of(request), month_asked(request)
    page = qualities_of(request, request.GET.get("cursor", ""), 50)
    sums = selectors.deduction_sums(by, month)
    shown = f"{month:%Y-%m}"
    stats = [(name or _("没有单位"), f"−{amount(off)}", f"?month={shown}&q={name}") for name, _n, off in sums[:6]]
    sheet = (f"{reverse('desk:streets_deductions')}?month={shown}", "download", _("扣分清单（xlsx）"), True)
    drawn = Listing(
        LOGS, _("作业质量"), (_("日期"), _("线路"), _("作业单位"), _("检查情况"), _("扣分")),
        [r.cells for r in page.rows], page=page, code="qualities",
        filters=(("month", _("月份"), "month"),), query=("q", "month"), search=_("线路或单位"), stats=stats,
        buttons=[sheet, (reverse("desk:streets_quality_new"), "eye", _("质量检查"), False),
                 (reverse("desk:streets_logs"), "list-details", _("作业记录"), False)],
        note=_("扣分算在作业单位和线路上，从不算到作业人员。"),
        empty=(_("本月还没有质量检查"), _("检查线路的作业质量，扣分的附照片；作业单位可以说明。")),
    )  # fmt: skip
    return listing(request, drawn)


@require_http_methods(["GET", "POST"])
@staff
def quality_new(request: HttpRequest) -> HttpResponse:
    """Choose a route and write down how it was found."""
    by = actor_of(request)
    route = chosen(request, services.ROUTES)
    if route is None:
        return pick(request, services.ROUTES, here=LOGS, title=_("质量检查：选线路"), what=_("线路"))
    permissions.check_walk(by, route.area_path, _("质量检查"))

    def run(by: Any, now: Any, _row: Any, data: dict[str, Any], _seen: Any) -> Any:
        told = QualityData(route.uuid, data["on"], data["off"], data["text"], files_of(data))
        return services.check_quality(by=by, now=now, data=told)

    return create(
        request, tf.QualityForm, run, here=LOGS, title=_("质量检查"), to="desk:streets_quality",
        back=reverse("desk:streets_qualities"),
        facts=[(_("线路"), route.name), (_("作业单位"), str(route.unit) if route.unit else "—")],
    )  # fmt: skip


QUALITY_ACTS = (
    Act(
        "reply", gettext_lazy("作业单位说明"), "message", tf.ReplyForm,
        lambda by, now, row, data, seen: services.reply_quality(by=by, now=now, uuid=row.uuid, expected=seen, **data),
        lambda by, row: row.annulled_on is None and row.unit_id in permissions.firm_units(by),
    ),
    Act(
        "annul", gettext_lazy("撤销扣分"), "x", forms.ReasonForm,
        lambda by, now, row, data, seen: services.annul_quality(by=by, now=now, uuid=row.uuid, expected=seen, **data),
        lambda by, row: row.annulled_on is None and permissions.is_office(by), danger=True,
    ),
)  # fmt: skip


@require_http_methods(["GET", "POST"])
@staff
def quality(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show one look at a route's quality, and what the firm says to it."""
    row = selectors.quality_for(actor_of(request), uuid)
    facts = [
        (_("线路"), row.target.name, ""), (_("作业单位"), str(row.unit) if row.unit else "", ""),
        (_("日期"), row.on.isoformat(), ""), (_("检查情况"), row.text, ""), (_("扣分"), amount(row.off), ""),
        (_("作业单位说明"), row.reply, ""), (_("撤销"), row.annul_reason, ""),
    ]  # fmt: skip
    status = ("idle", _("已撤销")) if row.annulled_on else ("doing", _("有扣分")) if row.off else ("done", _("合格"))
    drawn = One(
        LOGS, (reverse("desk:streets_qualities"), _("作业质量")), row.target.name, row.uuid, status, facts, QUALITY_ACTS
    )
    return single(request, row, drawn, reverse("desk:streets_quality", args=[uuid]))


@require_GET
@staff
def deductions(request: HttpRequest) -> HttpResponseBase:
    """Send a month's deductions as a table file: by firm and route, no worker in it."""
    by, month = actor_of(request), month_asked(request)

    def rows() -> Iterator[list[Any]]:
        for q in selectors.deductions(by, month):
            yield [str(q.unit) if q.unit else "", q.target.name, q.on.isoformat(), amount(q.off), q.text, q.reply]
        for name, count, off in selectors.deduction_sums(by, month):
            yield [name, _("合计 %(n)s 次") % {"n": count}, "", amount(off), "", ""]

    columns = [
        (_("作业单位"), 28),
        (_("线路"), 28),
        (_("日期"), 12),
        (_("扣分"), 8),
        (_("检查情况"), 48),
        (_("说明"), 36),
    ]
    title = _("%(month)s 作业扣分清单") % {"month": f"{month:%Y-%m}"}
    content = write(_("扣分清单"), columns, rows(), title)
    return named(FileResponse(content, content_type=MIME), f"{title}.xlsx")


def _visit(by: Any, now: Any, row: Any, data: dict[str, Any], _seen: Any) -> None:
    services.visit_contact(
        by=by, now=now, uuid=row.uuid, on=data["on"], text=data["text"], asked=data["asked"], files=files_of(data)
    )


CONTACT_ACTS = (
    Act(
        "visit", gettext_lazy("登记走访"), "walk", tf.ContactVisitForm, _visit,
        lambda by, row: row.ends_on is None and permissions.may_visit(by, row), primary=True,
    ),
    Act(
        "end", gettext_lazy("结束联络"), "x", forms.ReasonForm,
        lambda by, now, row, data, seen: services.end_contact(by=by, now=now, uuid=row.uuid, expected=seen, **data),
        lambda by, row: row.ends_on is None and permissions.may_plan_contacts(by), danger=True,
    ),
)  # fmt: skip


def _contact_cells(c: Any) -> list[Cell]:
    return [
        Cell(c.contact.area.name, reverse("desk:streets_contact", args=[c.contact.uuid])),
        Cell(c.contact.user.display_name, small=str(c.contact.unit)), Cell(c.contact.per_month, num=True),
        Cell("、".join(f"{d.month}/{d.day}" for d in c.days), num=True),
        Cell(_("还差 %(n)s 次") % {"n": c.missing}, tone="doing") if c.missing else Cell(_("已到位"), tone="done"),
    ]  # fmt: skip


def contacts_of(request: HttpRequest, cursor: str, _size: int) -> Page[Line]:
    """Return the month's contacts that are asked for: a list that has no pages."""
    data, by = request.GET, actor_of(request)
    gaps, text = data.get("state") == "gaps", data.get("q", "").strip()[:40]
    found = [] if cursor else selectors.contacts_in(by, month_asked(request), gaps=gaps, text=text)
    return lines(Page(found), _contact_cells)


@require_GET
@staff
def contacts(request: HttpRequest) -> HttpResponse:
    """Show a month's plan: who keeps in touch with which neighbourhood, when one was there, what is missing."""
    by = actor_of(request)
    page = contacts_of(request, "", 50)
    new = (
        [(reverse("desk:streets_contact_new"), "plus", _("安排联络"), True)]
        if permissions.may_plan_contacts(by)
        else []
    )
    desks = [(reverse("desk:walk_in"), "home", _("社区工作室"), False)]
    drawn = Listing(
        CONTACTS, _("城管进社区"), (_("居民区"), _("执法人员"), _("每月次数"), _("到访日期"), _("状态")),
        [r.cells for r in page.rows], code="contacts",
        subtabs=[(_("全部"), "", None), (_("还差次数"), "gaps", None)], filters=(("month", _("月份"), "month"),),
        query=("q", "month"), search=_("居民区"), buttons=[*new, *desks],
        empty=(_("还没有安排联络"), _("给每个居民区安排一名执法人员，每次到访记一笔。")),
    )  # fmt: skip
    return listing(request, drawn)


@require_http_methods(["GET", "POST"])
@staff
def contact_new(request: HttpRequest) -> HttpResponse:
    """Say which officer keeps in touch with which neighbourhood."""
    if not permissions.may_plan_contacts(actor_of(request)):
        raise permissions.refuse(_("安排联络"))

    def run(by: Any, now: Any, _row: Any, data: dict[str, Any], _seen: Any) -> Any:
        return services.make_contact(by=by, now=now, **data)

    return create(
        request, tf.ContactForm, run, here=CONTACTS, title=_("安排联络"), to="desk:streets_contact",
        back=reverse("desk:streets_contacts"),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@staff
def contact(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show one contact with its log."""
    row = selectors.contact_for(actor_of(request), uuid)
    visits = [[Cell(v.on.isoformat(), num=True), Cell(v.text), Cell(v.asked)] for v in selectors.contact_visits(row)]
    facts = [
        (_("居民区"), row.area.name, ""), (_("执法人员"), row.user.display_name, ""), (_("单位"), str(row.unit), ""),
        (_("每月次数"), row.per_month, ""), (_("从"), row.starts_on.isoformat(), ""),
        (_("到"), row.ends_on.isoformat() if row.ends_on else "", ""),
    ]  # fmt: skip
    columns = (_("日期"), _("做了什么"), _("居民区提出的事"))
    status = ("idle", _("已结束")) if row.ends_on else ("doing", _("联络中"))
    drawn = One(
        CONTACTS, (reverse("desk:streets_contacts"), _("城管进社区")), row.area.name, row.uuid, status, facts,
        CONTACT_ACTS, sections=[Section(_("走访记录"), columns, visits, _("还没有走访记录。"))],
    )  # fmt: skip
    return single(request, row, drawn, reverse("desk:streets_contact", args=[uuid]))
