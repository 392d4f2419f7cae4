"""What units promised by a day: the lists, and ending one with its result."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from linli.engines.projects import selectors, services
from linli.foundation.core import clock
from linli.foundation.core.errors import ConflictError, DomainError, InvalidError
from linli.interfaces.desk.admissions.views import GIVERS
from linli.interfaces.desk.doors import actor_of, local, problem, staff

if TYPE_CHECKING:
    from linli.engines.projects.models import Task


@require_GET
@staff
def tasks(request: HttpRequest) -> HttpResponse:
    """Show the tasks of one box: mine, overdue, all open, done."""
    actor, today = actor_of(request), local(clock.now()).date()
    box = request.GET.get("box", "mine")
    box = box if box in selectors.BOXES else "mine"
    counts = selectors.task_counts(actor, today=today)
    labels = {"mine": _("本单位"), "overdue": _("已超期"), "all": _("全部未完成"), "done": _("已办结")}
    tabs = [
        {
            "label": labels[b],
            "url": f"?box={b}",
            "count": counts.get(b),
            "current": b == box,
            "late": b == "overdue" and bool(counts.get(b)),
        }
        for b in selectors.BOXES
    ]
    page = selectors.task_list(actor, box, today=today, cursor=request.GET.get("cursor", ""))
    context = {"page": page, "tabs": tabs, "box": box, "base": f"?box={box}&", "today": today, "nav_here": "tasks"}
    context["may_give"] = actor.has_role(*GIVERS)
    return render(request, "desk/tasks/list.html", context)


@require_http_methods(["GET", "POST"])
@staff
def task(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show one task; end it with its result, which goes back to where it came from."""
    actor, found = actor_of(request), selectors.task_for(actor_of(request), uuid)
    error: DomainError | None = None
    if request.method == "POST":
        try:
            services.end_task(
                by=actor,
                now=clock.now(),
                task=found,
                result=request.POST.get("result", ""),
                dropped=request.POST.get("act") == "drop",
            )
        except (InvalidError, ConflictError) as refused:
            error = refused
        else:
            return HttpResponseRedirect(reverse("desk:task", args=[uuid]))
    return task_page(request, found, error)


def task_page(request: HttpRequest, found: Task, error: DomainError | None = None) -> HttpResponse:
    """Show one task, and what was wrong with what was sent."""
    actor = actor_of(request)
    context = {
        "task": found,
        "may_refuse": found.state == "open" and found.to_neighbourhood and selectors.may_end(actor, found),
        "may_end": found.state == "open" and selectors.may_end(actor, found),
        "typed": request.POST,
        "problem": problem(error) if error else None,
        "today": local(clock.now()).date(),
        "nav_here": "tasks",
    }
    return render(request, "desk/tasks/task.html", context, status=error.status if error else 200)
