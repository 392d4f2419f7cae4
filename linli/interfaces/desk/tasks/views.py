"""Tasks: the lists with their filters, one task with all that hangs on it, acts on many."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.engines.projects import permissions, selectors, services
from linli.engines.projects.rules.tasks import shown
from linli.engines.projects.selectors import TaskFilters
from linli.engines.projects.types import Strand, TagKind
from linli.foundation.core import clock
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import ConflictError, DomainError, InvalidError, NotFoundError
from linli.foundation.core.paging import Page
from linli.foundation.files import selectors as stored
from linli.foundation.people import selectors as people
from linli.interfaces.desk import directory, sources
from linli.interfaces.desk.doors import actor_of, day_of, id_of, local, problem, staff, uuid_of
from linli.interfaces.desk.files import uploads
from linli.interfaces.desk.files.views import SIZES, send
from linli.interfaces.desk.tasks import acts
from linli.interfaces.desk.tasks.forms import GIVERS
from linli.interfaces.desk.tasks.rows import entries, papers, row_of, rows_of

if TYPE_CHECKING:
    from linli.engines.projects.models import Task

_ASKED = ("q", "unit", "body", "topic", "strand", "source", "year")


def box_labels() -> dict[str, str]:
    """Return what the boxes of tasks are called."""
    return {
        "mine": _("本单位"),
        "overdue": _("已超期"),
        "giving": _("我交办的"),
        "accepting": _("待我验收"),
        "helping": _("配合"),
        "body": _("领导小组"),
        "all": _("全部未完成"),
        "done": _("已办结"),
    }


def _filters(request: HttpRequest) -> TaskFilters:
    data = request.GET
    return TaskFilters(
        text=data.get("q", "").replace("\0", "")[:60],
        unit=id_of(data.get("unit", "")),
        body=id_of(data.get("body", "")),
        topic=data.get("topic", "").replace("\0", "")[:40],
        strand=data.get("strand", "") if data.get("strand", "") in Strand.values else "",
        year=id_of(data.get("year", "")) if len(data.get("year", "")) == 4 else None,
        source=data.get("source", "") if data.get("source", "") in sources.SOURCES else "",
    )


def box_of(request: HttpRequest) -> str:
    """Return the box that the address names, that of one's own unit where it names none."""
    box = request.GET.get("box", "mine")
    return box if box in selectors.BOXES else "mine"


def page_of(request: HttpRequest, cursor: str, size: int = 50) -> Page[Task]:
    """Return a page of the tasks that the address asks for."""
    today = local(clock.now()).date()
    return selectors.task_list(
        actor_of(request), box_of(request), today=today, filters=_filters(request), cursor=cursor, size=size
    )


@require_GET
@staff
def tasks(request: HttpRequest) -> HttpResponse:
    """Show the tasks of one box, narrowed by words, unit, leading group, topic, strand and source."""
    actor, today = actor_of(request), local(clock.now()).date()
    box = box_of(request)
    filters = _filters(request)
    asked = {k: v for k in _ASKED if (v := request.GET.get(k, ""))}
    counts = selectors.task_counts(actor, today=today, filters=filters)
    labels = box_labels()
    tabs = [
        {
            "label": labels[b],
            "url": "?" + urlencode({"box": b, **asked}),
            "count": counts.get(b),
            "current": b == box,
            "late": b == "overdue" and bool(counts.get(b)),
        }
        for b in selectors.BOXES
        if b in {"mine", "overdue", "all", "done", box} or counts.get(b)
    ]
    page = page_of(request, request.GET.get("cursor", ""))
    context = {
        "page": page,
        "rows": rows_of(page.rows, today),
        "tabs": tabs,
        "box": box,
        "base": "?" + urlencode({"box": box, **asked}) + "&",
        "today": today,
        "asked": {k: request.GET.get(k, "") for k in _ASKED},
        "narrowed": bool(asked),
        "may_give": actor.has_role(*GIVERS),
        "bulk": box in {"mine", "overdue", "giving", "all"},
        "nav_here": "tasks",
        **_choices(actor),
    }
    return render(request, "desk/tasks/list.html", context)


def _choices(actor: Actor) -> dict[str, Any]:
    """Return what the filters offer: at most two statements."""
    on = local(clock.now()).date()

    def options(first: str, found: Any) -> list[dict[str, Any]]:
        return [{"value": "", "label": first}, *({"value": v, "label": label} for v, label in found)]

    return {
        "units": options(_("全部单位"), ((u.id, u.short) for u in directory.units().values())),
        "bodies": options(_("全部领导小组"), ((b.pk, b.unit.name) for b in people.bodies(on, size=200).rows)),
        "topics": options(_("全部专题"), ((t, t) for t in selectors.topics(actor))),
        "strands": options(_("三化"), Strand.choices),
        "sources": options(_("全部来源"), sources.options()),
    }


@require_http_methods(["GET", "POST"])
@staff
def task(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show one task; do what is sent to it."""
    actor, now = actor_of(request), clock.now()
    found = selectors.task_for(actor, uuid)
    if request.method == "POST":
        try:
            acts.do(request, found, now)
        except (InvalidError, ConflictError) as error:
            return task_page(request, selectors.task_for(actor, uuid), error)
        return HttpResponseRedirect(reverse("desk:task", args=[uuid]))
    return task_page(request, found)


def task_page(request: HttpRequest, found: Task, error: DomainError | None = None) -> HttpResponse:
    """Show one task, and what was wrong with what was sent: the words typed stay in the form they came from."""
    actor, now = actor_of(request), clock.now()
    today = local(now).date()
    facts = selectors.task_facts(found)
    may = permissions.doable(actor, found)
    sent = request.POST.get("act", "refuse" if request.method == "POST" else "")
    if facts.waiting is None:
        may -= {"decide_extension"}
    else:
        may -= {"ask_extension"}
    uploaded = error.params.get("uploaded", ()) if error else ()
    context = {
        "task": found,
        "row": row_of(found, today, selectors.light_limits(today)),
        "facts": facts,
        "tags": [Strand(t.name).label if t.kind == TagKind.STRAND else t.name for t in facts.tags],
        "whole": shown(facts.percent),
        "children": rows_of(facts.children, today),
        "entries": entries(found, facts.events, facts.files),
        "papers": papers(found, facts.files),
        "helpers": [h.unit for h in found.helpers.select_related("unit")],
        "may": may,
        "may_part": "extend" in may and actor.has_role(*GIVERS),
        "sent": sent,
        "typed": request.POST if error else {},
        "problem": problem(error) if error else None,
        "uploaded": uploads.shown(uploaded),
        "members": _members(found) if "assign" in may else [],
        "mending": max(found.due_on, today + timedelta(days=3)),
        "today": today,
        "now": now,
        "nav_here": "tasks",
    }
    return render(request, "desk/tasks/task.html", context, status=error.status if error else 200)


def _members(task: Task) -> list[dict[str, Any]]:
    found = people.members_of(task.unit_id, now=clock.now())
    names = {h.user_id: h.name for h in found}
    first = {"value": "", "label": _("本单位（不指定到人）")}
    return [first, *({"value": pk, "label": name} for pk, name in names.items())]


@require_GET
@staff
def file(request: HttpRequest, uuid: UUID, file_uuid: UUID, size: str) -> HttpResponseBase:
    """Send a file of a task: ``320`` or ``1600`` as shown in pages; the original of what is no picture."""
    found = selectors.task_file_for(actor_of(request), uuid, file_uuid)
    if size in SIZES:
        return send(stored.serve_shown(file_uuid, SIZES[size]), cached=True)
    if size != "original" or found.file.has_shown:
        raise NotFoundError(_("没有这个版本的文件。"), code="desk.file")
    return send(stored.serve_original(file_uuid))


@require_POST
@staff
def bulk(request: HttpRequest) -> HttpResponse:
    """Take over, or move the day of, the chosen tasks; what could not be done is told row by row."""
    actor, now = actor_of(request), clock.now()
    chosen = [u for u in map(uuid_of, request.POST.getlist("chosen")) if u is not None]
    error, outcomes, act = None, [], request.POST.get("act", "")
    found = selectors.tasks_named(actor, chosen[: services.BULK_LIMIT])
    try:
        if not chosen or act not in {"take", "extend"}:
            raise InvalidError(_("没有选中任务。"), code="desk.bulk", hint=_("请先在列表中勾选。"))
        if act == "take":
            outcomes = services.take_many(by=actor, now=now, tasks=found)
        else:
            due_on = day_of(request.POST.get("due_on", ""))
            if due_on is None:
                raise InvalidError(_("请填写新的期限。"), code="desk.bulk", fields={"due_on": [_("请选择日期。")]})
            reason = request.POST.get("reason", "")
            outcomes = services.extend_many(by=actor, now=now, tasks=found, due_on=due_on, reason=reason)
    except InvalidError as refused:
        error = refused
    context = {
        "done": [o for o in outcomes if not o.why],
        "failed": [o for o in outcomes if o.why],
        "act": act,
        "chosen": found,
        "problem": problem(error) if error else None,
        "typed": request.POST,
        "nav_here": "tasks",
    }
    if error is None and not context["failed"]:
        words = _("已领取 %(n)s 项。") if act == "take" else _("已调整 %(n)s 项的期限。")
        messages.success(request, words % {"n": len(outcomes)})
        return HttpResponseRedirect(reverse("desk:tasks"))
    return render(request, "desk/tasks/bulk.html", context, status=error.status if error else 200)
