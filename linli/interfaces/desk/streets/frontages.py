"""Frontage duties and blind spots: who was told what, what checks found, and what nobody looks after."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from linli.engines.fieldwork import selectors as fieldwork
from linli.foundation.core.paging import Page
from linli.interfaces.desk import directory, word
from linli.interfaces.desk.acting import Act
from linli.interfaces.desk.doors import actor_of, staff, today, uuid_of
from linli.interfaces.desk.streets import forms, papers
from linli.interfaces.desk.streets import placeforms as pf
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
from linli.programmes.streets.rules import shipped
from linli.programmes.streets.types import DutyData, SpotData, SpotKind
from linli.programmes.streets.workflow import VERBS, SpotState

if TYPE_CHECKING:
    from linli.programmes.streets.models import BlindSpot, Duty

DUTIES, SPOTS = "streets_duties", "streets_spots"
TONES = {"open": "new", "fixed": "check", "closed": "done", "dropped": "idle"}
SERVED = {
    "served": gettext_lazy("已告知"),
    "unserved": gettext_lazy("已登记，未告知"),
    "none": gettext_lazy("没有登记"),
}


def _duty_data(target: UUID, data: dict[str, Any]) -> DutyData:
    return DutyData(target, data["left"], data["right"], data["out"], data["sides"], tuple(data["contents"]))


def _alive(by: Any, row: Any) -> bool:
    return row.ended_on is None and permissions.walks(by, row.area_path)


DUTY_ACTS = (
    Act(
        "serve", gettext_lazy("登记送达"), "send", pf.ServeForm,
        lambda by, now, row, data, seen: services.serve_duty(
            by=by, now=now, uuid=row.uuid, served=data["served"], on=data["on"], files=files_of(data), expected=seen
        ),
        _alive, hint=gettext_lazy("先打印告知书交给商户，再登记送达和回执。"),
    ),
    Act(
        "change", gettext_lazy("修改范围和内容"), "pencil", pf.DutyForm,
        lambda by, now, row, data, seen: services.change_duty(
            by=by, now=now, uuid=row.uuid, data=_duty_data(row.target.uuid, data), expected=seen
        ),
        _alive, hint=gettext_lazy("改了以后要重新送达告知书。"),
    ),
    Act(
        "end", gettext_lazy("终止"), "x", forms.ReasonForm,
        lambda by, now, row, data, seen: services.end_duty(by=by, now=now, uuid=row.uuid, expected=seen, **data),
        _alive, danger=True,
    ),
)  # fmt: skip


def _range(row: Duty) -> str:
    said = {"left": row.left.normalize(), "right": row.right.normalize(), "out": row.out.normalize()}
    return _("左 %(left)s、右 %(right)s、外 %(out)s 米") % {k: f"{v:f}" for k, v in said.items()}


def _duty_cells(target: Any, row: Duty | None) -> list[Cell]:
    if row is None:
        url = f"{reverse('desk:streets_duty_new')}?target={target.uuid}"
        return [Cell(target.name, url, small=target.address), Cell(""), Cell(""), Cell(_("没有登记"), tone="idle")]
    return [
        Cell(target.name, reverse("desk:streets_duty", args=[row.uuid]), small=target.address), Cell(_range(row)),
        Cell(selectors.day_text(row.served_on), num=True),
        Cell(_("已告知"), tone="done") if row.served_on else Cell(_("未告知"), tone="new"),
    ]  # fmt: skip


def duties_of(request: HttpRequest, cursor: str, size: int) -> Page[Line]:
    """Return a page of the doors that are asked for, each with its duty."""
    state, text = request.GET.get("state", ""), request.GET.get("q", "").strip()[:60]
    page, found = selectors.doors(actor_of(request), served=state, text=text, cursor=cursor, size=size)
    return lines(page, lambda target: _duty_cells(target, found.get(target.pk)))


@require_GET
@staff
def duties(request: HttpRequest) -> HttpResponse:
    """Show the doors with their duties: told, not told, none."""
    page = duties_of(request, request.GET.get("cursor", ""), 50)
    counts = selectors.duty_share(actor_of(request))
    share = selectors.served_share(counts)
    drawn = Listing(
        DUTIES, _("门责"), (_("门店"), _("范围"), _("告知日期"), _("状态")), [r.cells for r in page.rows], page=page,
        code="duties",
        subtabs=[(_("全部"), "", counts["all"]), *((label, code, counts[code]) for code, label in SERVED.items())],
        search=_("名称或地址"), buttons=[(reverse("desk:streets_duty_new"), "plus", _("登记门责"), True)],
        stats=[
            (_("告知覆盖率"), share.percent, "?state=served"), (_("还没有告知"), counts["unserved"], "?state=unserved"),
            (_("没有登记"), counts["none"], "?state=none"),
        ],
        empty=(_("台账里还没有沿街商户"), _("在走访台账里登记商户和沿街立面以后，在这里登记每一户的门责。")),
    )  # fmt: skip
    return listing(request, drawn)


@require_http_methods(["GET", "POST"])
@staff
def duty_new(request: HttpRequest) -> HttpResponse:
    """Choose a door and write down its duty."""
    door = chosen(request, services.FRONTS)
    if door is None:
        return pick(request, services.FRONTS, here=DUTIES, title=_("登记门责：选门店"), what=_("门店"))
    permissions.check_walk(actor_of(request), door.area_path, _("登记门责"))

    def run(by: Any, now: Any, _row: Any, data: dict[str, Any], _seen: Any) -> Any:
        return services.make_duty(by=by, now=now, data=_duty_data(door.uuid, data))

    return create(
        request, pf.DutyForm, run, here=DUTIES, title=_("登记门责"), to="desk:streets_duty",
        back=reverse("desk:streets_duties"), facts=[(_("门店"), door.name), (_("地址"), door.address or "—")],
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@staff
def duty(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show one door's duty, when it was told, and what checks found item by item."""
    by = actor_of(request)
    row = selectors.duty_for(by, uuid)
    target = row.target
    contents = "\n".join(shipped.names(row.contents, shipped.duties()))
    number = (
        _("门责〔%(year)s〕%(n)s 号") % {"year": row.notice_year, "n": row.notice_number} if row.notice_number else ""
    )
    served = f"{selectors.day_text(row.served_on)}　{row.get_served_display()}" if row.served_on else _("还没有送达")
    facts = [
        (_("门店"), target.name, reverse("desk:streets_shop", args=[target.uuid])), (_("地址"), target.address, ""),
        (_("范围"), _range(row), ""), (_("界线"), row.sides, ""), (_("责任内容"), contents, ""),
        (_("文号"), number, ""), (_("送达"), served, ""), (_("终止"), row.ended_reason, ""),
    ]  # fmt: skip
    status = ("idle", _("已终止")) if row.ended_on else ("done", _("已告知")) if row.served_on else ("new", _("未告知"))
    drawn = One(
        DUTIES, (reverse("desk:streets_duties"), _("门责")), target.name, row.uuid, status, facts, DUTY_ACTS,
        sections=[_checks(by, target)],
        buttons=[(reverse("desk:streets_duty_paper", args=[uuid]), "download", _("责任告知书"), False)],
    )  # fmt: skip
    return single(request, row, drawn, reverse("desk:streets_duty", args=[uuid]))


def _checks(by: Any, target: Any) -> Section:
    rows = []
    for found in fieldwork.checked(by, target):
        bad = [name for name, fine in found.items if not fine]
        made = timezone.localtime(found.record.made_at).date().isoformat()
        url = reverse("desk:record", args=[found.record.uuid])
        count = _("%(fine)s/%(all)s") % {"fine": len(found.items) - len(bad), "all": len(found.items)}
        result = Cell(_("合格"), tone="done") if not bad else Cell(_("不合格"), tone="late")
        rows.append([Cell(made, url, num=True), Cell(count, num=True), Cell("、".join(bad)), result])
    return Section(
        _("检查结果"),
        (_("日期"), _("合格项"), _("不合格的"), _("结果")),
        rows,
        _("还没有检查记录；巡查时填的检查表会列在这里。"),
    )


@require_GET
@staff
def duty_paper(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """Send the notice of a duty as A4 docx."""
    row = selectors.duty_for(actor_of(request), uuid)
    title, content = papers.duty(row)
    return named(FileResponse(content, content_type=word.MIME), f"{title}-{row.target.name}.docx")


def _may(verb: str) -> Any:
    def may(by: Any, row: BlindSpot) -> bool:
        own = verb == "fix_spot" and row.unit_id in by.unit_ids
        return row.state in VERBS[verb].source and (own or permissions.walks(by, row.area_path))

    return may


def _look(passed: bool) -> Any:
    return lambda by, now, row, data, seen: services.close_spot(
        by=by, now=now, uuid=row.uuid, passed=passed, expected=seen, **data
    )


SPOT_ACTS = (
    Act(
        "fix", gettext_lazy("整改完成"), "circle-check", pf.FixForm,
        lambda by, now, row, data, seen: services.fix_spot(
            by=by, now=now, uuid=row.uuid, text=data["text"], files=files_of(data), expected=seen
        ),
        _may("fix_spot"), primary=True,
    ),
    Act("close", gettext_lazy("复核销号"), "check", pf.LookForm, _look(True), _may("close_spot"), primary=True),
    Act("return", gettext_lazy("复核未过"), "arrow-left", pf.LookForm, _look(False), _may("return_spot")),
    Act(
        "drop", gettext_lazy("不成立"), "x", forms.ReasonForm,
        lambda by, now, row, data, seen: services.drop_spot(by=by, now=now, uuid=row.uuid, expected=seen, **data),
        _may("drop_spot"), danger=True,
    ),
)  # fmt: skip


def spot_states() -> dict[str, Any]:
    """Return how the list of spots is narrowed by state, in words."""
    return {"live": _("未销号"), "late": _("超期"), **{s.value: s.label for s in SpotState}}


def _spot_cells(s: BlindSpot) -> list[Cell]:
    late = s.state == SpotState.OPEN and s.due_on < today()
    return [
        Cell(s.place, reverse("desk:streets_spot", args=[s.uuid]), small=s.area.name if s.area else "",
             tag=_("立即整改") if s.immediate else ""),
        Cell(s.get_kind_display()), Cell(str(s.unit) if s.unit else ""),
        Cell(s.due_on.isoformat(), num=True, small=_("已超期") if late else "", late=True),
        Cell(s.get_state_display(), tone=TONES[s.state]),
    ]  # fmt: skip


def spots_of(request: HttpRequest, cursor: str, size: int) -> Page[Line]:
    """Return a page of the spots that are asked for."""
    data = request.GET
    kind = data.get("kind", "") if data.get("kind", "") in SpotKind.values else ""
    state, text = data.get("state", ""), data.get("q", "").strip()[:60]
    page = selectors.spots(
        actor_of(request), state=state, today=today(), kind=kind, text=text, cursor=cursor, size=size
    )
    return lines(page, _spot_cells)


@require_GET
@staff
def spots(request: HttpRequest) -> HttpResponse:
    """Show the places that nobody looks after, by when they are due."""
    page = spots_of(request, request.GET.get("cursor", ""), 50)
    found = selectors.spot_counts(actor_of(request), today())
    counts = {"live": found["open"], "late": found["late"], **{s.value: found[f"{s.value}_"] for s in SpotState}}
    subtabs: list[tuple[Any, str, int | None]] = [(_("全部"), "", None)]
    subtabs += [(label, code, counts[code]) for code, label in spot_states().items()]
    kinds = [{"value": "", "label": _("全部")}, *({"value": v, "label": words} for v, words in SpotKind.choices)]
    drawn = Listing(
        SPOTS, _("盲区死角"), (_("地点"), _("类别"), _("责任单位"), _("期限"), _("状态")),
        [r.cells for r in page.rows], page=page, code="spots", subtabs=subtabs,
        filters=(("kind", _("类别"), kinds),), query=("q", "kind"),
        search=_("地点或情况"),
        buttons=[(reverse("desk:streets_spot_new"), "plus", _("登记盲区死角"), True)],
        empty=(_("没有盲区死角"), _("发现没人管的地方，登记责任单位和期限；要立即整改的当场立案。")),
    )  # fmt: skip
    return listing(request, drawn)


@require_http_methods(["GET", "POST"])
@staff
def spot_new(request: HttpRequest) -> HttpResponse:
    """Write down a place that nobody looks after."""
    by = actor_of(request)
    if not (permissions.is_office(by) or by.has_role(*permissions.WALKERS)):
        raise permissions.refuse(_("登记盲区死角"))
    lane = uuid_of(request.GET.get("lane", ""))

    def run(by: Any, now: Any, _row: Any, data: dict[str, Any], _seen: Any) -> Any:
        names = ("kind", "place", "text", "area_id", "unit_id", "due_on", "immediate")
        told = SpotData(**{n: data[n] for n in names}, lane=lane, files=files_of(data))
        return services.find_spot(by=by, now=now, data=told)

    home = next((g.area_path for g in by.grants if g.area_path), "")
    area = next((a.id for a in directory.areas(today()) if home and a.path == home), None)
    return create(
        request, pf.SpotForm, run, here=SPOTS, title=_("登记盲区死角"), to="desk:streets_spot",
        back=reverse("desk:streets_spots"), initial={"area_id": area, "kind": "corner"},
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@staff
def spot(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show one place that nobody looked after, and what became of it."""
    row = selectors.spot_for(actor_of(request), uuid)
    case = reverse("desk:case", args=[row.case_number]) if row.case_number else ""
    facts = [
        (_("类别"), row.get_kind_display(), ""), (_("区域"), row.area.name if row.area else "", ""),
        (_("弄堂"), row.lane.name if row.lane else "", ""), (_("情况"), row.text, ""),
        (_("责任单位"), str(row.unit) if row.unit else "", ""), (_("发现"), row.found_on.isoformat(), ""),
        (_("整改期限"), row.due_on.isoformat(), ""), (_("案件"), row.case_number, case),
        (_("销号"), row.closed_on.isoformat() if row.closed_on else "", ""),
    ]  # fmt: skip
    late = row.state == SpotState.OPEN and row.due_on < today()
    days = (today() - row.due_on) // timedelta(days=1)
    notice = ("warn", _("已超期 %(n)s 天。") % {"n": days}) if late else None
    if row.immediate and row.state == SpotState.OPEN and not late:
        notice = ("warn", _("要求立即整改，已立案派给责任单位。"))
    drawn = One(
        SPOTS, (reverse("desk:streets_spots"), _("盲区死角")), row.place, row.uuid,
        (TONES[row.state], row.get_state_display()), facts, SPOT_ACTS, notice=notice,
    )  # fmt: skip
    return single(request, row, drawn, reverse("desk:streets_spot", args=[uuid]))
