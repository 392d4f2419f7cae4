"""The programme's first page, a new evaluation, and one evaluation with its coverage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from linli.engines.fieldwork import selectors as fieldwork
from linli.foundation.core import clock
from linli.foundation.core.paging import Page
from linli.interfaces.desk import directory
from linli.interfaces.desk.acting import Act, Acts
from linli.interfaces.desk.doors import actor_of, staff, today
from linli.interfaces.desk.owners.common import NAV, PURPOSE, percent
from linli.interfaces.desk.owners.forms import CloseForm, DriveForm, Plain
from linli.programmes.owners import permissions, selectors, services
from linli.programmes.owners.types import KIND, DriveData, Grade
from linli.programmes.owners.workflow import DriveState, State

if TYPE_CHECKING:
    from linli.programmes.owners.models import Drive

TONES = {DriveState.OPEN: "doing", DriveState.CLOSED: "done"}


def _stats(by: Any, drive: Drive) -> dict[str, Any]:
    """Return the figures of an evaluation as both pages show them."""
    cover = selectors.coverage(by, drive, directory.neighbourhoods(today()))
    counts = selectors.counts(by, drive)
    results = reverse("desk:owners_results", args=[drive.uuid])
    return {
        "cover": cover,
        "counts": counts,
        "share": f"{cover.done}/{cover.whole}",
        "rate": percent(cover.share),
        "grades": [
            {"label": g.label, "count": counts.grades.get(g.value, 0), "url": f"{results}?{urlencode({'grade': g})}",
             "late": "1" if g == Grade.FAILED and counts.grades.get(g.value) else ""}
            for g in Grade
        ],
        "results": results,
    }  # fmt: skip


def _text(request: HttpRequest) -> str:
    return request.GET.get("q", "").strip()[:60]


def page_of(request: HttpRequest, cursor: str, size: int) -> Page[Drive]:
    """Return a page of the evaluations that are asked for, the newest first."""
    return selectors.drives(actor_of(request), text=_text(request), cursor=cursor, size=size)


@require_GET
@staff
def home(request: HttpRequest) -> HttpResponse:
    """Show the newest evaluation's figures, and all evaluations."""
    by = actor_of(request)
    text = _text(request)
    page = page_of(request, request.GET.get("cursor", ""), 50)
    newest = page.rows[0] if page.rows and not text and not request.GET.get("cursor") else None
    context = {
        "page": page,
        "rows": [{"drive": d, "tone": TONES[DriveState(d.state)]} for d in page.rows],
        "newest": newest,
        "stats": _stats(by, newest) if newest else None,
        "text": text,
        "base": f"?{urlencode({'q': text})}&" if text else "?",
        "may_start": permissions.may_start(by),
        "ledger": reverse("desk:ledger_list", args=[KIND]),
        "nav_here": NAV,
    }
    return render(request, "desk/owners/home.html", context)


@require_http_methods(["GET", "POST"])
@staff
def new(request: HttpRequest) -> HttpResponse:
    """Start an evaluation."""
    by, status = actor_of(request), 200
    permissions.check_read(by)
    form = DriveForm(request.POST or None, by=by)
    if request.method == "POST":
        status = form.attempt(lambda: services.start_drive(by=by, now=clock.now(), data=DriveData(**form.cleaned_data)))
        if not status:
            messages.success(request, _("已发起，每个业委会的评估已排好，可以分派。"))
            return HttpResponseRedirect(reverse("desk:owners_drive", args=[form.made.uuid]))
    return render(request, "desk/owners/new.html", {"form": form, "nav_here": NAV}, status=status)


def _leads(by: Any, row: Any) -> bool:
    return bool(row.state == DriveState.OPEN and permissions.may_lead(by, row))


def _ask(by: Any, now: Any, row: Any, _data: Any, seen: Any) -> str:
    count = services.ask_all(by=by, now=now, uuid=row.uuid, expected=seen)
    return _("已就 %(count)s 个业委会的结果征求意见。") % {"count": count}


def _publish(by: Any, now: Any, row: Any, _data: Any, seen: Any) -> str:
    count = services.publish_all(by=by, now=now, uuid=row.uuid, expected=seen)
    return _("已公示 %(count)s 个业委会的结果。") % {"count": count}


ACTS = (
    Act(
        "ask", gettext_lazy("征求意见"), "messages", Plain, _ask,
        lambda by, row: _leads(by, row) and row.evaluations.filter(state=State.SCORED).exists(),
        hint=gettext_lazy("把审核通过的结果给业委会看，在规定天数内可以提出意见。"),
    ),
    Act(
        "publish", gettext_lazy("公示"), "speakerphone", Plain, _publish,
        lambda by, row: _leads(by, row) and selectors.publishable(row, clock.now()).exists(),
        hint=gettext_lazy("征求意见期满或意见已答复的结果，公布在居民页面上：业委会、等级、得分、查了什么，不出现姓名。"),
    ),
    Act(
        "close", gettext_lazy("办结"), "check", CloseForm,
        lambda by, now, row, data, seen: services.close_drive(by=by, now=now, uuid=row.uuid, expected=seen, **data),
        _leads, hint=gettext_lazy("结果都公示以后办结；没有评估到的仍列在覆盖清单里。"),
    ),
)  # fmt: skip


@require_http_methods(["GET", "POST"])
@staff
def one(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show one evaluation: who was evaluated, who is left, what came of it."""
    by = actor_of(request)
    drive = selectors.drive_for(by, uuid)
    acts = Acts(request, drive, ACTS, purpose=PURPOSE)
    if request.method == "POST" and (done := acts.post(reverse("desk:owners_drive", args=[uuid]))) is not None:
        return done
    stats, areas = _stats(by, drive), directory.neighbourhoods(today())
    left = stats["cover"].left
    context = {
        "drive": drive,
        "stats": stats,
        "tone": TONES[DriveState(drive.state)],
        "areas": [
            {"name": areas.get(c.area) or _("其他"), "whole": c.whole, "done": c.done, "share": percent(c.share),
             "full": c.done == c.whole,
             "left": [{"name": left[k].name, "url": reverse("desk:target", args=[left[k].uuid])} for k in c.left]}
            for c in stats["cover"].areas
        ],
        "closing": fieldwork.closing([drive.round_id]),
        "round": reverse("desk:round", args=[drive.round.uuid]),
        "acts": acts.shown,
        "problem": acts.problem,
        "nav_here": NAV,
    }  # fmt: skip
    return render(request, "desk/owners/drive.html", context, status=acts.status)
