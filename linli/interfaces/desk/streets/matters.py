"""Shops' matters: the list, one with what can be done, its notice, and a shop's section on its dossier."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from linli.foundation.core.errors import NotFoundError
from linli.foundation.core.paging import Page
from linli.interfaces.desk import word
from linli.interfaces.desk.acting import Act
from linli.interfaces.desk.doors import actor_of, staff, today, uuid_of
from linli.interfaces.desk.streets import forms, papers
from linli.interfaces.desk.streets.frame import (
    Cell,
    Line,
    Listing,
    One,
    create,
    files_of,
    lines,
    listing,
    single,
)
from linli.interfaces.desk.streets.picking import chosen, pick
from linli.interfaces.web.sending import named
from linli.programmes.streets import permissions, selectors, services
from linli.programmes.streets.rules import escalation, shipped
from linli.programmes.streets.types import OrderData, WarnData
from linli.programmes.streets.workflow import OPEN_MATTERS, VERBS, MatterState

if TYPE_CHECKING:
    from linli.engines.fieldwork.models import Target
    from linli.programmes.streets.models import Matter

HERE = "streets_matters"
SHOPS = ("shop", "frontage", "company")
TONES = {
    "warned": "new", "ordered": "doing", "handed": "check", "mended": "done", "answered": "done", "annulled": "idle",
}  # fmt: skip
STEPS = {"order": gettext_lazy("应责令改正"), "hand_over": gettext_lazy("应移送城管")}


def _may(verb: str) -> Any:
    return lambda by, row: row.state in VERBS[verb].source and permissions.may_matter(by, verb, row)


def _order(by: Any, now: Any, row: Any, data: dict[str, Any], seen: Any) -> None:
    names = ("basis", "correct_by", "served", "way", "served_on", "second_id", "early", "text")
    order = OrderData(**{n: data[n] for n in names}, files=files_of(data))
    services.order(by=by, now=now, uuid=row.uuid, data=order, expected=seen)


ACTS = (
    Act("order", gettext_lazy("责令改正"), "clipboard-list", forms.OrderForm, _order, _may("order")),
    Act(
        "mend", gettext_lazy("复查已改正"), "circle-check", forms.MendForm,
        lambda by, now, row, data, seen: services.mend(
            by=by, now=now, uuid=row.uuid, text=data["text"], files=files_of(data), expected=seen
        ),
        _may("mend"),
    ),
    Act(
        "hand_over", gettext_lazy("移送城管"), "send", forms.HandOverForm,
        lambda by, now, row, data, seen: services.hand_over(
            by=by, now=now, uuid=row.uuid, reason=data["reason"], files=files_of(data), expected=seen
        ),
        _may("hand_over"), hint=gettext_lazy("生成一件案件派给综合行政执法队，照片一并带去。"),
    ),
    Act(
        "answer", gettext_lazy("登记处理结果"), "check", forms.AnswerForm,
        lambda by, now, row, data, seen: services.answer(by=by, now=now, uuid=row.uuid, expected=seen, **data),
        _may("answer"),
    ),
    Act(
        "appeal", gettext_lazy("登记陈述申辩"), "message", forms.AppealForm,
        lambda by, now, row, data, seen: services.appeal(by=by, now=now, uuid=row.uuid, expected=seen, **data),
        lambda by, row: not row.appeal_open and _may("appeal")(by, row),
    ),
    Act(
        "uphold", gettext_lazy("答复：维持"), "check", forms.ReasonForm,
        lambda by, now, row, data, seen: services.uphold(by=by, now=now, uuid=row.uuid, expected=seen, **data),
        lambda by, row: row.appeal_open and _may("uphold")(by, row),
    ),
    Act(
        "annul", gettext_lazy("撤销"), "x", forms.ReasonForm,
        lambda by, now, row, data, seen: services.annul(by=by, now=now, uuid=row.uuid, expected=seen, **data),
        _may("annul"), hint=gettext_lazy("撤销以后不再计次。"), danger=True,
    ),
)  # fmt: skip


def due(row: Matter) -> str:
    """Return the step that a matter asks for now, in words."""
    step = escalation.due_step(row.state, row.by_count, row.correct_by, today())
    return str(STEPS[step]) if step else ""


def line(row: Matter, *, shop: bool = True) -> list[Cell]:
    """Return a matter as lists show it."""
    late = row.correct_by is not None and row.correct_by < today() and row.state in {"warned", "ordered"}
    small = _("已过期限") if late else ""
    url = reverse("desk:streets_matter", args=[row.uuid])
    cells = [
        Cell(shipped.fault_name(row.fault), "" if shop else url, small=_("近期第 %(n)s 次") % {"n": row.times}),
        Cell(selectors.day_text(row.found_on), num=True),
        Cell(selectors.day_text(row.correct_by), num=True, small=small, late=late),
        Cell(row.get_state_display(), tone=TONES[row.state], tag=due(row)),
    ]
    return [Cell(row.target.name, url, small=row.target.address), *cells] if shop else cells


def buttons(by: Any) -> list[tuple[str, str, Any, bool]]:
    """Return what somebody may begin."""
    walks = permissions.is_office(by) or by.has_role(*permissions.WALKERS)
    return [(reverse("desk:streets_warn"), "plus", _("开提醒"), True)] if walks else []


def state_labels() -> dict[str, Any]:
    """Return how the list is narrowed by state, in words."""
    return {"open": _("未办结"), **{s.value: s.label for s in MatterState}}


def page_of(request: HttpRequest, cursor: str, size: int) -> Page[Line]:
    """Return a page of the matters that are asked for."""
    data = request.GET
    state = data.get("state", "")
    asked = selectors.MatterFilter(
        OPEN_MATTERS if state == "open" else (state,) if state in MatterState.values else (),
        fault=data.get("fault", ""), text=data.get("q", "").strip()[:60], target=uuid_of(data.get("shop", "")),
        due_by=today() if data.get("due") else None,
    )  # fmt: skip
    return lines(selectors.matters(actor_of(request), asked, cursor=cursor, size=size), line)


@require_GET
@staff
def matters(request: HttpRequest) -> HttpResponse:
    """Show the matters that this person may read."""
    by, data = actor_of(request), request.GET
    page = page_of(request, data.get("cursor", ""), 50)
    counts = selectors.matter_counts(by)
    counts["open"] = sum(counts.get(s, 0) for s in OPEN_MATTERS)
    subtabs: list[tuple[Any, str, int | None]] = [(_("全部"), "", None)]
    subtabs += [(label, code, counts.get(code, 0)) for code, label in state_labels().items()]
    faults = [
        {"value": "", "label": _("全部")},
        *({"value": f.code, "label": f.name} for f in shipped.faults().values()),
    ]
    drawn = Listing(
        HERE, _("商户提醒与责令"), (_("商户"), _("问题"), _("发现"), _("改正期限"), _("状态")),
        [r.cells for r in page.rows], page=page, code="matters", subtabs=subtabs,
        filters=(("fault", _("问题"), faults),),
        query=("q", "fault", "due", "shop"), search=_("商户或情况"), buttons=buttons(by),
        empty=(_("没有提醒"), _("巡查发现商户有问题的，从这里开提醒；屡次再犯的按规则升级。")),
    )  # fmt: skip
    return listing(request, drawn)


@require_http_methods(["GET", "POST"])
@staff
def warn(request: HttpRequest) -> HttpResponse:
    """Choose a shop and warn it."""
    by = actor_of(request)
    if not buttons(by):
        raise permissions.refuse(_("提醒告知"))
    shop = chosen(request, SHOPS)
    if shop is None:
        return pick(request, SHOPS, here=HERE, title=_("开提醒：选商户"), what=_("商户"))
    finding = uuid_of(request.GET.get("finding", ""))
    found = selectors.open_finding(by, finding) if finding and request.method == "GET" else None

    def run(by: Any, now: Any, _row: Any, data: dict[str, Any], _seen: Any) -> Any:
        told = WarnData(shop.uuid, data["fault"], data["text"], data["correct_by"], finding, files_of(data))
        return services.warn(by=by, now=now, data=told)

    before = selectors.matters_of(shop, most=5)
    facts = [(_("商户"), shop.name), (_("地址"), shop.address or "—")]
    facts += [(_("以前"), f"{m.found_on}　{shipped.fault_name(m.fault)}　{m.get_state_display()}") for m in before]
    return create(
        request, forms.WarnForm, run, here=HERE, title=_("开提醒"), to="desk:streets_matter",
        back=reverse("desk:streets_matters"), row=shop, facts=facts,
        initial={"text": found.text} if found else None,
        hint=_("巡查照片会自动带上。") if finding else _("当场告知经营者，留下照片。"),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@staff
def matter(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show a matter with its steps; do what can be done."""
    by = actor_of(request)
    row = selectors.matter_for(by, uuid)
    url = reverse("desk:streets_matter", args=[uuid])
    if request.POST.get("act", "") in VERBS:  # who may not is told so before what was typed is looked at
        permissions.check_matter(by, request.POST["act"], row)
    shop = row.target
    step = due(row)
    number = _("责改〔%(year)s〕%(n)s 号") % {"year": row.order_year, "n": row.order_number} if row.order_number else ""
    case = reverse("desk:case", args=[row.case_number]) if row.case_number else ""
    facts = [
        (_("商户"), shop.name, reverse("desk:streets_shop", args=[shop.uuid])),
        (_("地址"), shop.address, ""),
        (_("问题"), shipped.fault_name(row.fault), ""),
        (_("现场情况"), row.text, ""),
        (_("发现"), row.found_on.isoformat(), ""),
        (_("同类问题"), _("近期第 %(n)s 次") % {"n": row.times}, ""),
        (_("改正期限"), selectors.day_text(row.correct_by), ""),
        (_("文号"), number, ""),
        (_("法律依据"), row.basis, ""),
        (_("送达"), "　".join(filter(None, [row.get_served_display(), row.get_way_display(),
                                       selectors.day_text(row.served_on) if row.served_on else ""])), ""),
        (_("案件"), row.case_number, case),
        (_("执法系统编号"), row.outside_number, ""),
        (_("处理结果"), row.result, ""),
        (_("陈述申辩"), row.appeal, ""),
    ]  # fmt: skip
    notice = ("warn", _("按规则：%(step)s。") % {"step": step}) if step else None
    if row.appeal_open:
        notice = ("warn", _("商户有陈述申辩等待答复，答复前不能移送。"))
    name = _("责令改正通知书") if row.order_number else _("提醒告知单")
    drawn = One(
        HERE, (reverse("desk:streets_matters"), _("商户提醒与责令")), f"{shop.name}：{shipped.fault_name(row.fault)}",
        row.uuid, (TONES[row.state], row.get_state_display()), facts, ACTS, notice=notice,
        buttons=[(reverse("desk:streets_matter_paper", args=[uuid]), "download", name, False)],
    )  # fmt: skip
    return single(request, row, drawn, url)


@require_GET
@staff
def paper(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """Send the notice of a matter as A4 docx: the warning, or the order once there is one."""
    row = selectors.matter_for(actor_of(request), uuid)
    if row.state == MatterState.ANNULLED:
        raise NotFoundError(_("已撤销的不再出具文书。"), code="streets.annulled")
    title, content = papers.matter(row)
    return named(FileResponse(content, content_type=word.MIME), f"{title}-{row.target.name}.docx")


@require_GET
@staff
def shop(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show a shop as the streets know it: its matters, one after the other."""
    found = selectors.target_for(actor_of(request), uuid, SHOPS)
    rows = selectors.matters_of(found, most=100)
    more = [
        (f"{reverse('desk:streets_warn')}?target={uuid}", "plus", _("开提醒"), True),
        (reverse("desk:target", args=[found.uuid]), "file", _("台账档案"), False),
    ]
    drawn = Listing(
        HERE, found.name, (_("问题"), _("发现"), _("改正期限"), _("状态")), [line(m, shop=False) for m in rows],
        buttons=more if permissions.walks(actor_of(request), found.area_path) else more[1:], note=found.address,
        empty=(_("没有提醒记录"), ""), code="matters", fixed=f"shop={uuid}",
    )  # fmt: skip
    return listing(request, drawn)


def section(request: HttpRequest, target: Target) -> SafeString | str:
    """Return a shop's matters as its dossier shows them; empty for who may not read them."""
    by = actor_of(request)
    if not (permissions.sees_all(by) or permissions.walks(by, target.area_path)):
        return ""
    rows = selectors.matters_of(target, most=5)
    columns = (_("问题"), _("发现"), _("改正期限"), _("状态"))
    context = {
        "rows": [list(zip(columns, line(m, shop=False), strict=True)) for m in rows],
        "columns": columns,
        "warn": f"{reverse('desk:streets_warn')}?{urlencode({'target': target.uuid})}",
        "all": reverse("desk:streets_shop", args=[target.uuid]),
        "may": permissions.walks(by, target.area_path),
        "duty": selectors.duty_of(target),
    }
    return render_to_string("desk/streets/section.html", context, request=request)
