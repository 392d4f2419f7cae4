"""Counts of tasks and forms sent to each 居民区 by sender and month, their rows; giving a task; sending one back."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.engines.cases.workflow import READERS_ALL
from linli.engines.projects import selectors, services
from linli.engines.projects.types import NEIGHBOURHOOD
from linli.foundation.core import clock
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import ConflictError, DomainError, ForbiddenError, InvalidError
from linli.foundation.core.paging import Page
from linli.interfaces.desk import directory
from linli.interfaces.desk.doors import actor_of, id_of, local, staff, uuid_of
from linli.interfaces.desk.tasks.forms import GIVERS, TaskForm

if TYPE_CHECKING:
    from linli.engines.projects.models import Task
    from linli.engines.projects.selectors import Sent


def entry_options(*, empty: str) -> list[dict[str, Any]]:
    """Return the entries in force as options of a select; nothing at all where the list is empty."""
    found = selectors.entries(local(clock.now()).date())
    return [{"value": "", "label": empty}, *({"value": e.pk, "label": e.title} for e in found)] if found else []


def month_of(text: str, today: date) -> date:
    """Return the first day of the month that ``text`` (``2026-03``) names; of this month for anything else."""
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        return today.replace(day=1)


def _bounds(month: date) -> tuple[datetime, datetime]:
    after = (month + timedelta(days=32)).replace(day=1)
    first, last = (datetime(d.year, d.month, 1, tzinfo=timezone.get_current_timezone()) for d in (month, after))
    return first, last


def _months(month: date, today: date) -> list[dict[str, Any]]:
    shown, at = [], today.replace(day=1)
    for _i in range(6):
        shown.append(at)
        at = (at - timedelta(days=1)).replace(day=1)
    if month not in shown:
        shown.append(month)
    return [{"label": f"{m:%Y-%m}", "url": f"?month={m:%Y-%m}", "current": m == month, "count": None} for m in shown]


def _may_look(actor: Actor) -> bool:
    mine = {u.id for u in directory.units().values() if u.kind == NEIGHBOURHOOD}
    return actor.has_role(*READERS_ALL, "grid_head") or bool(mine & set(actor.unit_ids))


def check_reader(actor: Actor) -> None:
    """Raise ForbiddenError unless ``actor`` works in a 居民区 or leads or oversees."""
    if not _may_look(actor):
        raise ForbiddenError(_("这里供居民区和街道查看。"), code="desk.asked")


def counts_of(request: HttpRequest) -> list[Sent]:
    """Return how much was sent to each 居民区 in the month that is asked for, by sender."""
    return selectors.sent_counts(actor_of(request), *_bounds(month_asked(request)))


@require_GET
@staff
def counts(request: HttpRequest) -> HttpResponse:
    """Show how many tasks and forms each 居民区 got in a month, by sender; a 居民区 sees its own."""
    actor, today = actor_of(request), local(clock.now()).date()
    check_reader(actor)
    month, found = month_asked(request), counts_of(request)
    base = reverse("desk:asked_rows")
    lines = [
        {"line": s, "url": f"{base}?{urlencode({'month': f'{month:%Y-%m}', 'unit': s.unit_id, 'by': s.sender_id})}"}
        for s in found
    ]
    context = {
        "lines": lines,
        "tabs": _months(month, today),
        "month": month,
        "entries": selectors.entries(today),
        "may_give": actor.has_role(*GIVERS),
        "nav_here": "more",
    }
    return render(request, "desk/admissions/counts.html", context)


def month_asked(request: HttpRequest) -> date:
    """Return the first day of the month that is asked for; of this month without."""
    return month_of(request.GET.get("month", ""), local(clock.now()).date())


def rows_of(request: HttpRequest, cursor: str, size: int) -> Page[Task]:
    """Return a page of the tasks and forms that are asked for, the newest first."""
    unit, sender = id_of(request.GET.get("unit", "")), id_of(request.GET.get("by", ""))
    return selectors.sent_rows(
        actor_of(request), *_bounds(month_asked(request)), unit_id=unit, sender_id=sender, cursor=cursor, size=size
    )


@require_GET
@staff
def rows(request: HttpRequest) -> HttpResponse:
    """Show what lies behind a number: the tasks and forms themselves."""
    check_reader(actor_of(request))
    month = month_asked(request)
    unit, sender = id_of(request.GET.get("unit", "")), id_of(request.GET.get("by", ""))
    page = rows_of(request, request.GET.get("cursor", ""), 50)
    query = urlencode([(k, v) for k, v in request.GET.items() if k != "cursor" and v])
    context = {
        "page": page,
        "month": month,
        "unit": directory.unit_name(unit),
        "sender": directory.unit_name(sender),
        "base": f"?{query}&" if query else "?",
        "nav_here": "more",
    }
    return render(request, "desk/admissions/rows.html", context)


@require_http_methods(["GET", "POST"])
@staff
def give(request: HttpRequest) -> HttpResponse:
    """Give a task to a unit."""
    actor, now, status = actor_of(request), clock.now(), 200
    if not actor.has_role(*GIVERS):
        raise ForbiddenError(
            _("任务由街道城运中心、召集人、单位负责人和督查员布置。"), code="desk.task", hint=_("请向他们提出。")
        )
    form = TaskForm(request.POST or None)
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                if form.cleaned_data["due_on"] < local(now).date():
                    raise InvalidError(_("期限不能早于今天。"), fields={"due_on": [_("请选择今天或以后的日期。")]})
                (task,) = services.create_tasks(by=actor, now=now, tasks=[form.new(parent_id=_parent(request, actor))])
            except DomainError as error:
                form.take(error)
                status = error.status
            else:
                messages.success(request, _("已布置。"))
                return HttpResponseRedirect(reverse("desk:task", args=[task.uuid]))
    return render(request, "desk/admissions/give.html", {"form": form, "nav_here": "tasks"}, status=status)


def _parent(request: HttpRequest, actor: Actor) -> int | None:
    """Return the task that the new one is to be a part of, if the address names one that the actor may read."""
    named = uuid_of(request.GET.get("of", ""))
    return selectors.task_for(actor, named).pk if named is not None else None


@require_POST
@staff
def refuse(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Send a task back that a 居民区 need not do."""
    actor = actor_of(request)
    found = selectors.task_for(actor, uuid)
    try:
        services.refuse_task(by=actor, now=clock.now(), task=found, reason=request.POST.get("reason", ""))
    except (InvalidError, ConflictError) as error:
        from linli.interfaces.desk.tasks.views import task_page  # noqa: PLC0415  the two pages show each other

        return task_page(request, found, error)
    messages.success(request, _("已退回。"))
    return HttpResponseRedirect(reverse("desk:task", args=[uuid]))
