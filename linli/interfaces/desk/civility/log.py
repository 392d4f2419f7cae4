"""The leading group's office log, and the volunteers in their three roles."""

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

from linli.foundation.core import clock
from linli.foundation.core.paging import Page
from linli.interfaces.desk.acting import Act, Acts
from linli.interfaces.desk.civility.common import NAV, PURPOSE, form_page, tab
from linli.interfaces.desk.civility.doing_forms import (
    AnswerForm,
    LogForm,
    ResultForm,
    ServiceForm,
    VolunteerForm,
)  # fmt: skip
from linli.interfaces.desk.doors import actor_of, staff, today, uuid_of
from linli.programmes.civility import permissions, selectors, services
from linli.programmes.civility.types import Role

if TYPE_CHECKING:
    from linli.programmes.civility.models import LogEntry, Volunteer

DUTIES = {
    Role.PUBLICIST: gettext_lazy("宣传创建知识和文明风尚，不辅导、不统一答案。"),
    Role.PATROLLER: gettext_lazy("按安排巡访点位，发现问题拍照上报，看整改有没有做好。"),
    Role.OVERSEER: gettext_lazy("监督窗口服务和门前责任，反馈居民意见，参加志愿者层级的督查。"),
}


def _tone(row: Any) -> str:
    if row.unit_id is None or row.closed_on is not None:
        return "done"
    if row.feedback:
        return "check"
    return "late" if row.due_on is not None and row.due_on < today() else "doing"


def words_of(row: Any) -> str:
    """Return how a line of the log stands, in words."""
    if row.unit_id is None:
        return _("已记录")
    if row.closed_on is not None:
        return _("已办结")
    return _("已反馈，待结果") if row.feedback else _("待反馈")


def page_of(request: HttpRequest, cursor: str, size: int = 50) -> Page[LogEntry]:
    """Return a page of the log, or of it what waits."""
    here, text = request.GET.get("open", ""), request.GET.get("q", "").strip()[:60]
    return selectors.log(actor_of(request), open_=True if here else None, text=text, cursor=cursor, size=size)


def open_words() -> str:
    """Return what the lines that wait are called."""
    return _("待反馈、待办结")


@require_GET
@staff
def listing(request: HttpRequest) -> HttpResponse:
    """Show the log, or of it what waits."""
    by = actor_of(request)
    here, text = request.GET.get("open", ""), request.GET.get("q", "").strip()[:60]
    page = page_of(request, request.GET.get("cursor", ""))
    context = {
        "page": page,
        "rows": [{"row": r, "tone": _tone(r), "words": words_of(r)} for r in page.rows],
        "tabs": [tab(_("全部"), "?", current=not here), tab(open_words(), "?open=1", current=bool(here))],
        "text": text,
        "here": here,
        "base": f"?{urlencode({'open': here, 'q': text})}&",
        "may_keep": permissions.may_keep(by),
        "nav_here": NAV,
    }
    return render(request, "desk/civility/log.html", context)


@require_http_methods(["GET", "POST"])
@staff
def new(request: HttpRequest) -> HttpResponse:
    """Write a line of the log."""
    by, status = actor_of(request), 200
    permissions.check_keep(by)
    form = LogForm(request.POST or None, by=by)
    if request.method == "POST":
        status = form.attempt(lambda: services.add_log(by=by, now=clock.now(), **form.cleaned_data))
        if not status:
            messages.success(request, _("已记录。"))
            return HttpResponseRedirect(reverse("desk:civility_log_entry", args=[form.made.uuid]))
    back = (reverse("desk:civility_log"), _("督导记录"))
    return form_page(request, form, title=_("记一条督导"), back=back, status=status)


def _may_answer(by: Any, row: Any) -> bool:
    waits = row.unit_id is not None and row.closed_on is None
    return waits and (permissions.may_keep(by) or row.unit_id in permissions.units_of(by))


ACTS = (
    Act(
        "answer", gettext_lazy("情况反馈"), "message", AnswerForm,
        lambda by, now, row, data, seen: services.answer_log(by=by, now=now, uuid=row.uuid, expected=seen, **data),
        _may_answer, primary=True,
    ),
    Act(
        "close", gettext_lazy("办结"), "check", ResultForm,
        lambda by, now, row, data, seen: services.close_log(by=by, now=now, uuid=row.uuid, expected=seen, **data),
        lambda by, row: row.unit_id is not None and row.closed_on is None and permissions.may_keep(by),
        hint=gettext_lazy("有反馈、有结果才能办结。"),
    ),
)  # fmt: skip


@require_http_methods(["GET", "POST"])
@staff
def one(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show a line of the log; answer it, close it."""
    by = actor_of(request)
    row = selectors.log_for(by, uuid)
    acts = Acts(request, row, ACTS, purpose=PURPOSE)
    if request.method == "POST" and (done := acts.post(reverse("desk:civility_log_entry", args=[uuid]))) is not None:
        return done
    context = {
        "row": row, "tone": _tone(row), "words": words_of(row), "acts": acts.shown, "problem": acts.problem,
        "nav_here": NAV,
    }  # fmt: skip
    return render(request, "desk/civility/log_entry.html", context, status=acts.status)


def role_of(request: HttpRequest) -> str:
    """Return which of the three roles is asked for."""
    role = request.GET.get("role", "")
    return role if role in Role.values else Role.PUBLICIST.value


def volunteers_of(request: HttpRequest, cursor: str, size: int = 50) -> Page[Volunteer]:
    """Return a page of the volunteers that the address asks for, by number."""
    text = request.GET.get("q", "").strip()[:20]
    return selectors.volunteers(actor_of(request), role=role_of(request), text=text, cursor=cursor, size=size)


@require_GET
@staff
def volunteers(request: HttpRequest) -> HttpResponse:
    """Show the volunteers by number, in their three roles: thanks and numbers, never a ranking."""
    by, role, text = actor_of(request), role_of(request), request.GET.get("q", "").strip()[:20]
    counts = selectors.role_counts(by)
    context = {
        "page": volunteers_of(request, request.GET.get("cursor", "")),
        "tabs": [tab(r.label, f"?role={r.value}", current=r == role, count=counts.get(r.value, 0)) for r in Role],
        "duties": DUTIES[Role(role)],
        "text": text,
        "role": role,
        "base": f"?{urlencode({'role': role, 'q': text})}&",
        "nav_here": NAV,
    }
    return render(request, "desk/civility/volunteers.html", context)


@require_http_methods(["GET", "POST"])
@staff
def volunteer_new(request: HttpRequest) -> HttpResponse:
    """Enter a volunteer."""
    by, status = actor_of(request), 200
    permissions.check_read(by)
    form = VolunteerForm(request.POST or None, by=by, initial={"role": request.GET.get("role", "")})
    if request.method == "POST":
        status = form.attempt(lambda: services.add_volunteer(by=by, now=clock.now(), **form.cleaned_data))
        if not status:
            messages.success(request, _("已登记。"))
            return HttpResponseRedirect(reverse("desk:civility_volunteer", args=[form.made.uuid]))
    back = (reverse("desk:civility_volunteers"), _("志愿者"))
    return form_page(request, form, title=_("登记志愿者"), back=back, status=status)


def _serve(by: Any, now: Any, row: Any, data: dict[str, Any], _seen: Any) -> None:
    services.add_service(by=by, now=now, uuid=row.uuid, **{**data, "point": uuid_of(data["point"])})


SERVE = (
    Act(
        "serve", gettext_lazy("登记服务"), "plus", ServiceForm, _serve,
        lambda by, row: row.until is None and permissions.may_enter(by, row.unit_id, ""),
        hint=gettext_lazy("谁组织谁记录；时长不含路途。"), primary=True,
    ),
)  # fmt: skip


@require_http_methods(["GET", "POST"])
@staff
def volunteer(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show what a volunteer did, and enter more."""
    by = actor_of(request)
    row = selectors.volunteer_for(by, uuid)
    acts = Acts(request, row, SERVE, purpose=PURPOSE)
    if request.method == "POST" and (done := acts.post(reverse("desk:civility_volunteer", args=[uuid]))) is not None:
        return done
    context = {
        "row": row, "services": selectors.services_of(row), "duties": DUTIES[Role(row.role)], "acts": acts.shown,
        "problem": acts.problem, "nav_here": NAV,
    }  # fmt: skip
    return render(request, "desk/civility/volunteer.html", context, status=acts.status)
