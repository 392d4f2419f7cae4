"""The plan of a project: made back from the deadline, what moves seen before it is kept, compared with baselines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.request import QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from linli.engines.projects import selectors, services
from linli.engines.projects.rules import life
from linli.engines.projects.selectors import PlanChoice
from linli.foundation.core import clock
from linli.foundation.core.errors import DomainError, ForbiddenError, NotFoundError
from linli.interfaces.desk.doors import actor_of, day_of, id_of, local, problem, staff
from linli.interfaces.desk.projects import drawing, one

if TYPE_CHECKING:
    from linli.engines.projects.models import Project


def choice_of(data: QueryDict) -> PlanChoice:
    """Return what kind of plan was asked for; a node that slipped comes as ``slip``, ``slip_days``, ``slip_start``."""
    slip, days, start = (
        id_of(data.get("slip", "")),
        id_of(data.get("slip_days", "")),
        day_of(data.get("slip_start", "")),
    )
    slips = {slip: (start, days)} if slip is not None and (days or start) else {}
    spare = id_of(data.get("safety", "")) or 0
    return PlanChoice(
        late=data.get("towards", "late") != "early",
        safety=min(spare, 250),
        rain=data.get("rain") == "1",
        teams=data.get("teams") == "1",
        slips=slips,
    )


def _context(request: HttpRequest, project: Project, data: QueryDict) -> dict[str, Any]:
    """Return the page's variables: how it stands, and, where something was asked, what a new plan would move."""
    actor, now = actor_of(request), clock.now()
    today = local(now).date()
    lines = selectors.lines_of(project)
    context = one.frame(actor, project, "project_plan")
    context |= {
        "nodes": one.node_rows(lines.nodes, one.wait_titles(lines)),
        "options": [{"value": n.pk, "label": n.title} for n in lines.working if n.actual_finish is None],
        "baselines": list(project.baselines.all()[:20]),
        "typed": data,
        "safety": data.get("safety", str(selectors.safety(today))),
        "may_plan": context["may_keep"] and project.state in life.PLANNED | {"draft"},
        "directions": [
            {"value": "late", "label": _("倒排：尽量靠近期限")},
            {"value": "early", "label": _("顺排：尽量提前")},
        ],
        "direction": data.get("towards") or "late",
        "needs_reason": project.state != "draft",
        "today": today,
    }
    if not lines.working:
        return context
    standing = selectors.bounds(project, lines, today=today)
    context["plan"] = standing
    context["late"] = selectors.cannot_be_met(standing.infeasible) if standing.infeasible else ""
    names = {str(n.pk): n for n in lines.working}
    context["must_start"] = [names[key] for key in standing.must_start]
    context["bounds"] = [(names[key], placed) for key, placed in standing.placed.items()]
    if data.get("towards"):
        shown = services.preview(project, choice_of(data), now=now, lines=lines)
        late = shown.plan.infeasible
        context |= {"preview": shown, "preview_late": selectors.cannot_be_met(late) if late else ""}
    baseline = next((b for b in context["baselines"] if str(b.uuid) == data.get("baseline")), None)
    context["compared"] = drawing.compare(baseline, lines) if baseline else []
    context["baseline"] = baseline
    context["gantt"] = drawing.gantt(
        project, lines, today=today, plan=standing, baseline=baseline, movable=context["may_plan"]
    )
    return context


def _show(request: HttpRequest, project: Project, data: QueryDict, error: DomainError | None = None) -> HttpResponse:
    try:
        context = _context(request, project, data)
    except DomainError as wrong:
        error = error or wrong
        context = _context(request, project, QueryDict())
    context["problem"] = problem(error) if error else None
    return render(request, "desk/projects/plan.html", context, status=error.status if error else 200)


@require_http_methods(["GET", "POST"])
@staff
def plan(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show how a plan stands; ask for a new one (GET with ``towards``) and keep what was previewed (POST)."""
    actor = actor_of(request)
    found = selectors.project_for(actor, uuid)
    if request.method == "GET":
        return _show(request, found, request.GET)
    data = request.POST
    try:
        services.save_plan(
            by=actor,
            now=clock.now(),
            uuid=uuid,
            choice=choice_of(data),
            token=data.get("token", ""),
            reason=data.get("reason", ""),
            baseline=data.get("freeze", ""),
        )
    except (ForbiddenError, NotFoundError):
        raise
    except DomainError as error:
        return _show(request, found, data, error)
    messages.success(request, _("排期已保存，相关任务的期限随之调整。"))
    return HttpResponseRedirect(reverse("desk:project_plan", args=[uuid]))


@require_POST
@staff
def baseline(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Freeze the plan as it is under a name."""
    actor = actor_of(request)
    found = selectors.project_for(actor, uuid)
    try:
        services.freeze(by=actor, now=clock.now(), uuid=uuid, name=request.POST.get("baseline", ""))
    except (ForbiddenError, NotFoundError):
        raise
    except DomainError as error:
        return _show(request, found, QueryDict(), error)
    messages.success(request, _("基线已留存。"))
    return HttpResponseRedirect(reverse("desk:project_plan", args=[uuid]))
