"""The results of an evaluation: the list, one committee's sheet with its way to the public, gaps, the table file."""

from __future__ import annotations

from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from linli.engines.fieldwork import selectors as fieldwork
from linli.foundation.core.paging import Page
from linli.foundation.exports.services import Sheet, write_sheets
from linli.foundation.sheets.services import MIME
from linli.interfaces.desk import directory
from linli.interfaces.desk.acting import Act, Acts
from linli.interfaces.desk.doors import actor_of, local, staff, today
from linli.interfaces.desk.fieldwork.rounds.words import FINDING_TONES
from linli.interfaces.desk.owners.common import GRADES, NAV, PURPOSE, STATES, percent, place_of
from linli.interfaces.desk.owners.forms import AnswerForm, OpinionForm, Plain, ReasonForm
from linli.interfaces.web.sending import named
from linli.programmes.owners import permissions, selectors, services
from linli.programmes.owners.types import Filters, Grade
from linli.programmes.owners.workflow import State

if TYPE_CHECKING:
    from linli.engines.fieldwork.models import Finding
    from linli.foundation.core.actors import Actor
    from linli.programmes.owners.models import Drive, Evaluation
ASKED = ("q", "grade", "state", "area")
OPEN = {"yes": gettext_lazy("未销项"), "no": gettext_lazy("已销项")}


def _query(request: HttpRequest, *names: str) -> dict[str, str]:
    return {k: v for k in names if (v := request.GET.get(k, "").strip()[:200])}


def results_of(request: HttpRequest, drive: Drive, cursor: str, size: int) -> Page[Evaluation]:
    """Return a page of the results of an evaluation that are asked for."""
    query = _query(request, *ASKED)
    filters = Filters(query.get("grade", ""), query.get("state", ""), query.get("area", ""), query.get("q", ""))
    return selectors.evaluations(actor_of(request), drive, filters, cursor=cursor, size=size)


def result_rows(found: list[Evaluation]) -> list[dict[str, Any]]:
    """Return results as the list shows them."""
    areas = directory.neighbourhoods(today())
    return [
        {"row": r, "area": place_of(r.area_path, areas), "tone": GRADES[r.grade], "state": STATES[State(r.state)]}
        for r in found
    ]


@require_GET
@staff
def listing(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show the results of an evaluation."""
    areas = directory.neighbourhoods(today())
    drive = selectors.drive_for(actor_of(request), uuid)
    query = _query(request, *ASKED)
    page = results_of(request, drive, request.GET.get("cursor", ""), 50)
    context = {
        "drive": drive,
        "fixed": f"drive={drive.uuid}",
        "page": page,
        "rows": result_rows(page.rows),
        "query": query,
        "narrowed": bool(query),
        "base": f"?{urlencode(query)}&",
        "grades": [{"value": "", "label": _("全部等级")}, *({"value": g.value, "label": g.label} for g in Grade)],
        "states": [{"value": "", "label": _("全部状态")}, *({"value": s.value, "label": s.label} for s in State)],
        "areas": [{"value": "", "label": _("全部居民区")}, *({"value": p, "label": n} for p, n in areas.items())],
        "nav_here": NAV,
    }
    return render(request, "desk/owners/results.html", context)


def _leads(by: Actor, row: Evaluation) -> bool:
    return permissions.may_lead(by, row.drive)


def _waits(row: Evaluation) -> bool:
    return row.opinions.filter(answered_at=None).exists()


ACTS = (
    Act(
        "ask", gettext_lazy("征求意见"), "messages", Plain,
        lambda by, now, row, data, seen: services.ask(by=by, now=now, uuid=row.uuid, expected=seen) and None,
        lambda by, row: row.state == State.SCORED and _leads(by, row),
        hint=gettext_lazy("业委会从现在起能看到自己的结果，在规定天数内可以提出意见。"),
    ),
    Act(
        "object", gettext_lazy("提出意见"), "messages", OpinionForm,
        lambda by, now, row, data, seen: services.object_to(by=by, now=now, uuid=row.uuid, expected=seen, **data)
        and None,
        lambda by, row: row.state == State.ASKED and permissions.may_object(by, row) and not _waits(row),
        hint=gettext_lazy("由业委会提出；书面交来的，由居民区代录。"),
    ),
    Act(
        "answer", gettext_lazy("答复意见"), "check", AnswerForm,
        lambda by, now, row, data, seen: services.answer(
            by=by, now=now, uuid=row.uuid, expected=seen, text=data["text"], changed=data["changed"] == "yes"
        ) and None,
        lambda by, row: row.state == State.ASKED and _waits(row) and _leads(by, row), primary=True,
        hint=gettext_lazy("意见成立的，先在评估记录里更正，再答复“已更正”。"),
    ),
    Act(
        "publish", gettext_lazy("公示"), "speakerphone", Plain,
        lambda by, now, row, data, seen: services.publish(by=by, now=now, uuid=row.uuid, expected=seen) and None,
        lambda by, row: row.state == State.ASKED and not _waits(row) and _leads(by, row),
    ),
    Act(
        "withdraw", gettext_lazy("撤下公示"), "x", ReasonForm,
        lambda by, now, row, data, seen: services.withdraw(by=by, now=now, uuid=row.uuid, expected=seen, **data)
        and None,
        lambda by, row: row.state == State.PUBLIC and _leads(by, row), danger=True,
    ),
)  # fmt: skip


def groups_of(row: Evaluation) -> list[dict[str, Any]]:
    """Return the indicators of a result by heading, each heading with its marks."""
    found = []
    for name, lines in groupby(row.judged, key=lambda line: line.group):
        kept = list(lines)
        counted = [n for n in kept if n.earned is not None]
        earned, full = sum(n.earned or 0 for n in counted), sum(n.full for n in counted)
        marks = f"{_number(Decimal(earned))}/{_number(Decimal(full))}" if counted else _("不适用")
        found.append({"title": f"{name}　{marks}", "lines": kept})
    return found


@require_http_methods(["GET", "POST"])
@staff
def one(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show one committee's sheet: indicators, grade, what the committee said, what is to be mended."""
    by = actor_of(request)
    row = selectors.evaluation_for(by, uuid)
    acts = Acts(request, row, ACTS, purpose=PURPOSE)
    if request.method == "POST" and (done := acts.post(reverse("desk:owners_result", args=[uuid]))) is not None:
        return done
    gaps = fieldwork.gaps(by, [row.drive.round_id], fieldwork.GapFilter(target=row.target_id), size=30)
    context = {
        "row": row,
        "tone": GRADES[row.grade],
        "state": STATES[State(row.state)],
        "area": place_of(row.area_path, directory.neighbourhoods(today())),
        "groups": groups_of(row),
        "vetoes": [n.text for n in row.judged if n.code in row.vetoes],
        "opinions": selectors.opinions(row),
        "gaps": [_gap(f) for f in gaps.rows],
        "near": bool(permissions.paths_of(by)) or permissions.may_lead(by, row.drive),
        "acts": acts.shown,
        "problem": acts.problem,
        "nav_here": NAV,
    }
    return render(request, "desk/owners/result.html", context, status=acts.status)


def _gap(finding: Any) -> dict[str, Any]:
    return {
        "finding": finding, "url": reverse("desk:finding", args=[finding.uuid]),
        "tone": FINDING_TONES.get(finding.state, "doing"),
    }  # fmt: skip


def gaps_of(request: HttpRequest, drive: Drive, cursor: str, size: int) -> Page[Finding]:
    """Return a page of what is to be mended after an evaluation, as is asked for."""
    query = _query(request, "area", "open")
    asked = fieldwork.GapFilter(
        area_path=query.get("area", ""), open={"yes": True, "no": False}.get(query.get("open", ""))
    )
    return fieldwork.gaps(actor_of(request), [drive.round_id], asked, cursor=cursor, size=size)


@require_GET
@staff
def gaps(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show what is to be mended, from found to re-checked."""
    drive = selectors.drive_for(actor_of(request), uuid)
    query = _query(request, "area", "open")
    page = gaps_of(request, drive, request.GET.get("cursor", ""), 50)
    context = {
        "drive": drive,
        "fixed": f"drive={drive.uuid}",
        "page": page,
        "rows": [_gap(f) for f in page.rows],
        "tabs": [
            {"label": label, "url": f"?{urlencode({'open': value})}" if value else "?",
             "current": query.get("open", "") == value}
            for label, value in ((_("全部"), ""), *((label, value) for value, label in OPEN.items()))
        ],
        "query": query,
        "base": f"?{urlencode(query)}&",
        "narrowed": bool(query),
        "nav_here": NAV,
    }  # fmt: skip
    return render(request, "desk/owners/gaps.html", context)


@require_GET
@staff
def workbook(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """Send an evaluation as a workbook: results, coverage, what is to be mended."""
    by = actor_of(request)
    drive = selectors.drive_for(by, uuid)
    note = f"{drive.title}　{drive.starts_on} — {drive.ends_on}"
    areas = directory.neighbourhoods(today())
    sheets = [
        Sheet(_("评估结果"), _result_heads(), (_cells(r, areas) for r in selectors.all_evaluations(by, drive)), note),
        Sheet(_("覆盖"), _cover_heads(), _cover(by, drive, areas), note),
        Sheet(_("整改清单"), _gap_heads(), map(_gap_cells, fieldwork.all_gaps(by, [drive.round_id])), note),
    ]
    return named(FileResponse(write_sheets(sheets), content_type=MIME), f"{drive.title}.xlsx")


def _result_heads() -> list[tuple[str, int]]:
    wide, narrow, day = 30, 10, 14
    return [
        (_("居民区"), 16), (_("业委会"), wide), (_("等级"), narrow), (_("得分率"), narrow), (_("得分"), narrow),
        (_("满分"), narrow), (_("一票否决"), 40), (_("评估日期"), day), (_("状态"), day), (_("公示起"), day),
        (_("公示止"), day),
    ]  # fmt: skip


def _cover_heads() -> list[tuple[str, int]]:
    return [(_("居民区"), 16), (_("业委会"), 10), (_("已评估"), 10), (_("覆盖率"), 10), (_("尚未评估"), 60)]


def _gap_heads() -> list[tuple[str, int]]:
    return [(_("业委会"), 30), (_("没有做到的"), 60), (_("状态"), 14), (_("发现时间"), 18), (_("复核日期"), 14)]


def _number(marks: Decimal) -> int | str:
    return int(marks) if marks == int(marks) else f"{marks.normalize():f}"


def _cells(row: Evaluation, areas: dict[str, str]) -> list[Any]:
    vetoes = "；".join(n.text for n in row.judged if n.code in row.vetoes)
    percent_ = "" if row.percent is None else f"{row.percent}%"
    return [
        place_of(row.area_path, areas), row.target.name, row.get_grade_display() if row.grade else "", percent_,
        _number(row.earned), _number(row.full), vetoes, str(row.checked_on), str(row.get_state_display()),
        str(row.public_from or ""), str(row.public_until or ""),
    ]  # fmt: skip


def _cover(by: Actor, drive: Drive, areas: dict[str, str]) -> list[list[Any]]:
    cover = selectors.coverage(by, drive, areas)
    return [
        [
            areas.get(c.area) or _("其他"),
            c.whole,
            c.done,
            percent(c.share),
            "、".join(cover.left[k].name for k in c.left),
        ]
        for c in cover.areas
    ]


def _gap_cells(finding: Any) -> list[Any]:
    name = finding.target.name if finding.target is not None else ""
    found = f"{local(finding.found_at):%Y-%m-%d %H:%M}"
    return [name, finding.text, str(finding.get_state_display()), found, str(finding.recheck_on or "")]
