"""Versions and parts of policies; the split of a plan into the units' own plans."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from linli.foundation.core import clock
from linli.foundation.core.errors import DomainError, ForbiddenError, NotFoundError
from linli.interfaces.desk import directory
from linli.interfaces.desk.documents.acting import TaskForm
from linli.interfaces.desk.doors import actor_of, id_of, staff
from linli.interfaces.web.forms import DomainForm, day_field, text_field
from linli.programmes.documents import selectors, services
from linli.programmes.documents.permissions import check_fill, check_keep, may_fill, may_keep
from linli.programmes.documents.workflow import Change

STATUS = {Change.NEW: "new", Change.SAME: "idle", Change.CHANGED: "late"}


def parted(request: HttpRequest, uuid: UUID) -> Any:
    """Return a document that has parts.

    Raises:
        NotFoundError: there is none for this reader, or it is of another kind.
    """
    found = selectors.document_for(actor_of(request), uuid)
    if found.kind not in services.PARTED:
        raise NotFoundError(_("只有政策文件和街道方案分部分。"), code="documents.parts")
    return found


@require_GET
@staff
def parts(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show the versions of a policy, and its parts with the tasks derived from each."""
    found = parted(request, uuid)
    rows, gone = selectors.policy_parts(found)
    context = {
        "document": found,
        "versions": selectors.versions_of(found),
        "rows": rows,
        "gone": gone,
        "status": STATUS,
        "flagged": sum(len(r.flagged) for r in rows),
        "may_keep": may_keep(actor_of(request)),
        "nav_here": "documents",
    }
    return render(request, "desk/documents/parts.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
@staff
def plan(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show parts × units and what the split lacks; say which units make a plan of their own."""
    actor, error = actor_of(request), None
    found = parted(request, uuid)
    if request.method == "POST":
        check_keep(actor)
        ids = [i for i in map(id_of, request.POST.getlist("units")) if i is not None]
        try:
            services.set_plan_units(by=actor, now=clock.now(), document=found, unit_ids=ids)
        except ForbiddenError:
            raise
        except DomainError as refused:
            error = refused
        else:
            messages.success(request, _("已保存。"))
            return HttpResponseRedirect(reverse("desk:document_plan", args=[uuid]))
    split = selectors.plan_of(found)
    chosen = {u.pk for u in split.units} if not error else {id_of(v) for v in request.POST.getlist("units")}
    context = {
        "document": found,
        "plan": split,
        "left_out": selectors.left_out(found),
        "dropped": [p for p in split.parts if p.pk in split.split.dropped],
        "declined": [p for p in split.parts if p.pk in split.split.declined],
        "units": [{"value": u.id, "label": u.name, "on": u.id in chosen} for u in directory.units().values()],
        "mine": {u.pk for u in split.units if may_fill(actor, u.pk)},
        "may_keep": may_keep(actor),
        "error": error,
        "nav_here": "documents",
    }
    return render(request, "desk/documents/plan.html", context, status=error.status if error else 200)


class CellForm(DomainForm):
    """What a unit does about a part by a day, or why the part does not apply to it."""

    text = text_field(gettext_lazy("本单位的安排"), required=False, longest=1_000, rows=5)
    due_on = day_field(gettext_lazy("完成期限"), required=False)
    not_applicable = text_field(
        gettext_lazy("不适用的理由"),
        required=False,
        longest=1_000,
        rows=2,
        help_text=gettext_lazy("这一部分与本单位无关时填写；有安排的不用填。"),
    )


def _seen(request: HttpRequest) -> datetime | None:
    typed = request.POST.get("seen", "")
    try:
        return datetime.fromisoformat(typed) if typed else None
    except ValueError:
        return None


@never_cache
@require_http_methods(["GET", "POST"])
@staff
def cell(request: HttpRequest, uuid: UUID, unit_id: int) -> HttpResponse:
    """Show and write what one unit does about one part."""
    actor, status = actor_of(request), 200
    found = selectors.cell_for(actor, uuid, unit_id)
    if request.method == "POST":
        check_fill(actor, unit_id)
        form = CellForm(request.POST)
        status = form.attempt(
            lambda: services.fill_plan(
                by=actor,
                now=clock.now(),
                part=found.part,
                unit_id=unit_id,
                seen=_seen(request),
                **form.cleaned_data,
            ),
            through=(ForbiddenError,),
        )
        if not status:
            messages.success(request, _("已保存。"))
            return HttpResponseRedirect(reverse("desk:document_plan", args=[found.part.document.uuid]))
    else:
        item = found.item
        first = {n: getattr(item, n) for n in ("text", "due_on", "not_applicable")} if item else {}
        form = CellForm(initial=first)
    context = {
        "cell": found,
        "form": form,
        "may": may_fill(actor, unit_id),
        "may_task": may_keep(actor) and found.item is not None and bool(found.item.text),
        "seen": found.item.entered_at.isoformat() if found.item else "",
        "nav_here": "documents",
    }
    return render(request, "desk/documents/cell.html", context, status=status)


def _make_task(actor: Any, item: Any, data: dict[str, Any]) -> None:
    more = {("admission_id" if n == "admission" else n): v for n, v in data.items()}
    services.make_plan_task(by=actor, now=clock.now(), item=item, **more)


@never_cache
@require_http_methods(["GET", "POST"])
@staff
def cell_task(request: HttpRequest, uuid: UUID, unit_id: int) -> HttpResponse:
    """Make a task of what a unit plans."""
    actor, status = actor_of(request), 200
    check_keep(actor)
    found = selectors.cell_for(actor, uuid, unit_id)
    if found.item is None:
        raise NotFoundError(_("该单位还没有填写安排。"), code="documents.plan")
    if request.method == "POST":
        form = TaskForm(request.POST, settled=True)
        status = form.attempt(lambda: _make_task(actor, found.item, form.cleaned_data), through=(ForbiddenError,))
        if not status:
            messages.success(request, _("已生成任务。"))
            return HttpResponseRedirect(reverse("desk:document_plan", args=[found.part.document.uuid]))
    else:
        form = TaskForm(settled=True, initial={"title": found.item.text[:200], "due_on": found.item.due_on})
    context = {
        "form": form,
        "url": request.path,
        "title": _("生成任务"),
        "submit": _("布置"),
        "quote": found.item.text,
        "back": reverse("desk:document_plan", args=[found.part.document.uuid]),
        "nav_here": "documents",
    }
    return render(request, "desk/documents/dialog.html", context, status=status)
