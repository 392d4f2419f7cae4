"""What stands in a project's way: the list over all projects, entering one, its log, raising and lifting it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from linli.engines.projects import permissions, selectors, services
from linli.foundation.core import clock
from linli.foundation.core.errors import ConflictError, DomainError, ForbiddenError, NotFoundError
from linli.interfaces.desk.doors import actor_of, id_of, local, problem, staff
from linli.interfaces.desk.projects.forms import BlockerForm, LiftForm, RaiseForm, TriedForm

if TYPE_CHECKING:
    from linli.engines.projects.models import Blocker
    from linli.interfaces.web.forms import DomainForm

FORMS: dict[str, type[DomainForm]] = {"tried": TriedForm, "raise": RaiseForm, "lift": LiftForm}


@require_GET
@staff
def listing(request: HttpRequest) -> HttpResponse:
    """Show the open blockers of all projects that the reader sees, the oldest first."""
    page = selectors.open_blockers(actor_of(request), cursor=request.GET.get("cursor", "")[:300])
    context = {"page": page, "today": local(clock.now()).date(), "nav_here": "projects"}
    return render(request, "desk/projects/blockers.html", context)


@require_http_methods(["GET", "POST"])
@staff
def new(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Enter what stands in a project's way."""
    actor, status = actor_of(request), 200
    project = selectors.project_for(actor, uuid)
    permissions.check_keep(actor, project)
    form = BlockerForm(request.POST or None)
    nodes = [(n.pk, n.title) for n in selectors.lines_of(project).working]
    form.fields["node"].choices = [("", _("整个项目")), *nodes]  # type: ignore[attr-defined]
    if request.method == "POST":
        status = form.attempt(lambda: services.open_blocker(by=actor, now=clock.now(), uuid=uuid, data=form.blocker()))
        if not status:
            messages.success(request, _("卡点已登记。"))
            return HttpResponseRedirect(reverse("desk:project_blocker", args=[form.made.uuid]))
    context = {"form": form, "project": project, "nav_here": "projects"}
    return render(request, "desk/projects/blocker_new.html", context, status=status)


def _page(
    request: HttpRequest, blocker: Blocker, forms: dict[str, DomainForm], error: DomainError | None = None
) -> HttpResponse:
    actor, today = actor_of(request), local(clock.now()).date()
    start = {"on": today.isoformat(), "who": blocker.project.unit.name}
    drawn = {name: forms.get(name) or kind(initial=start) for name, kind in FORMS.items()}
    path = reverse("portal:blocker", args=[blocker.code]) if blocker.code else ""
    context: dict[str, Any] = {
        "blocker": blocker,
        "project": blocker.project,
        "steps": list(reversed(blocker.steps.all())),
        "forms": drawn,
        "opened": request.POST.get("act", "") if request.method == "POST" else "",
        "may_keep": permissions.may_keep(actor, blocker.project),
        "shared_url": request.build_absolute_uri(path) if path else "",
        "problem": problem(error) if error else None,
        "today": today,
        "nav_here": "projects",
    }
    return render(request, "desk/projects/blocker.html", context, status=error.status if error else 200)


def _act(request: HttpRequest, blocker: Blocker, act: str, data: dict[str, Any]) -> None:
    actor, now = actor_of(request), clock.now()
    version = id_of(request.POST.get("version", "")) or 0
    if act == "tried":
        services.add_step(by=actor, now=now, uuid=blocker.uuid, expected=version, **data)
    elif act == "raise":
        services.raise_blocker(by=actor, now=now, uuid=blocker.uuid, expected=version, **data)
    elif act == "lift":
        services.lift_blocker(by=actor, now=now, uuid=blocker.uuid, expected=version, **data)
    elif act in {"share", "unshare"}:
        services.share_blocker(by=actor, now=now, uuid=blocker.uuid, shared=act == "share")
    else:
        raise ConflictError(_("没有这一步。"), code="projects.step")


@require_http_methods(["GET", "POST"])
@staff
def one(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show a blocker with its log; append a step, raise it, lift it, let the residents concerned read it."""
    blocker = selectors.blocker_for(actor_of(request), uuid)
    if request.method == "GET":
        return _page(request, blocker, {})
    act, forms = request.POST.get("act", ""), {}
    data: dict[str, Any] = {}
    if act in FORMS:
        forms[act] = FORMS[act](request.POST)
        if not forms[act].is_valid():
            return _page(request, blocker, forms, ConflictError(_("还有内容需要填写。")))
        data = forms[act].cleaned_data
    try:
        _act(request, blocker, act, data)
    except (ForbiddenError, NotFoundError):
        raise
    except DomainError as error:
        if act in forms:
            forms[act].take(error)
        return _page(request, selectors.blocker_for(actor_of(request), uuid), forms, error)
    messages.success(request, _("已登记。"))
    return HttpResponseRedirect(reverse("desk:project_blocker", args=[uuid]))
