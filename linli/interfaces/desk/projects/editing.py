"""Opening and changing projects, and the lines of their plans; what was typed stays in a form that is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from linli.engines.cases.permissions import get_case_for
from linli.engines.projects import permissions, selectors, services
from linli.foundation.core import clock
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import DomainError, ForbiddenError, InvalidError, NotFoundError
from linli.interfaces.desk.doors import actor_of, day_of, id_of, lists, local, problem, staff
from linli.interfaces.desk.projects import one
from linli.interfaces.desk.projects.forms import MOST_WAITS, NodeForm, ProjectForm, link_options

if TYPE_CHECKING:
    from linli.engines.projects.models import Node, Project

ASKED = ("source_kind", "source_uuid", "source_label")


def _asked(request: HttpRequest) -> dict[str, str]:
    sent = request.POST if request.method == "POST" else request.GET
    return {name: sent.get(name, "")[:80] for name in ASKED}


def _check_source(actor: Actor, asked: dict[str, str]) -> None:
    """Refuse a project of a case that the person does not read: its reporters would be told of it.

    Raises:
        NotFoundError: there is no such case for them.
    """
    if asked["source_kind"] == "case" and str(get_case_for(actor, asked["source_label"]).uuid) != asked["source_uuid"]:
        raise NotFoundError(_("没有找到这个案件。"), code="projects.source")


@require_http_methods(["GET", "POST"])
@staff
def new(request: HttpRequest) -> HttpResponse:
    """Open a project; what asked for it comes along in the address (``source_kind``, ``source_uuid``, …)."""
    actor, now, asked = actor_of(request), clock.now(), _asked(request)
    if not actor.has_role(*permissions.OPENERS):
        raise ForbiddenError(
            _("您不能立项。"), code="projects.open", hint=_("责任单位、综合网格长、街道领导可以立项。")
        )
    _check_source(actor, asked)
    start = {"name": request.GET.get("name", "")[:120], "source_label": asked["source_label"]}
    form = ProjectForm(request.POST or None, today=local(now).date(), initial=start)
    if asked["source_kind"]:
        del form.fields["source_label"]  # it came with what asked for the project, and leads back there
    status = 200
    if request.method == "POST":
        status = form.attempt(lambda: services.add_project(by=actor, now=now, data=form.data_of(asked)))
        if not status:
            messages.success(request, _("已立项，编号 %(number)s。请填写节点。") % {"number": form.made.number})
            return HttpResponseRedirect(reverse("desk:project", args=[form.made.uuid]))
    context = {"form": form, "asked": asked, "nav_here": "projects"}
    return render(request, "desk/projects/edit.html", context, status=status)


@require_POST
@staff
def people(request: HttpRequest) -> HttpResponse:
    """Answer who may be responsible in the unit chosen so far."""
    form = ProjectForm(request.POST, today=local(clock.now()).date())
    field = {**form.person, "errors": []}
    return render(request, "desk/projects/_person.html", {"f": field})


@require_http_methods(["GET", "POST"])
@staff
def edit(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Change a project at the version that the reader saw."""
    actor, now, status = actor_of(request), clock.now(), 200
    found = selectors.project_for(actor, uuid)
    permissions.check_keep(actor, found)
    today = local(now).date()
    form = ProjectForm(request.POST or None, today=today, project=found, initial=ProjectForm.start_of(found))
    if request.method == "POST":
        status = form.attempt(
            lambda: services.change_project(
                by=actor,
                now=now,
                uuid=uuid,
                data=form.data_of({}),
                reason=request.POST.get("reason", ""),
                expected=id_of(request.POST.get("version", "")) or 0,
            ),
            through=(ForbiddenError, NotFoundError),
        )
        if not status:
            messages.success(request, _("已保存。"))
            return HttpResponseRedirect(reverse("desk:project", args=[uuid]))
    context = {"form": form, "project": found, "typed": request.POST, "nav_here": "projects"}
    return render(request, "desk/projects/edit.html", context, status=status)


def _waits(request: HttpRequest) -> list[tuple[int, str, int]]:
    """Return what was chosen to be waited for; rows without a node are left out.

    Raises:
        InvalidError: a lag that is no number.
    """
    data = request.POST
    rows = zip(lists(data, "wait"), lists(data, "wait_kind"), lists(data, "wait_lag"), strict=False)
    found = []
    for before, kind, lag in rows:
        node = id_of(before)
        if node is None:
            continue
        try:
            found.append((node, kind, int(lag.strip() or 0)))
        except ValueError:
            raise InvalidError(_("间隔应为整数。"), fields={"waits": [_("间隔应为整数，提前填负数。")]}) from None
    return found


def _wait_rows(request: HttpRequest, node: Node | None, links: Any) -> list[dict[str, Any]]:
    if request.method == "POST":
        names = ("wait", "wait_kind", "wait_lag")
        sent = zip(*(lists(request.POST, n) for n in names), strict=False)
        rows = [{"before": id_of(b), "kind": k, "lag": lag} for b, k, lag in sent]
    else:
        mine = [li for li in links if node is not None and li.after_id == node.pk]
        rows = [{"before": li.before_id, "kind": li.kind, "lag": li.lag} for li in mine]
    empty: dict[str, Any] = {"before": None, "kind": "FS", "lag": 0}
    return [*rows, empty][: max(MOST_WAITS, len(rows) + 1)]


def _node_page(
    request: HttpRequest, project: Project, node: Node | None, form: NodeForm, error: DomainError | None, status: int
) -> HttpResponse:
    lines = selectors.lines_of(project)
    others = [n for n in lines.working if node is None or n.pk != node.pk]
    context = {
        "project": project,
        "node": node,
        "form": form,
        "waits": _wait_rows(request, node, lines.links),
        "others": [{"value": "", "label": _("不等待其他节点")}, *({"value": n.pk, "label": n.title} for n in others)],
        "kinds": link_options(),
        "wait_errors": error.fields.get("waits", []) if error else [],
        "problem": problem(error) if error else None,
        "typed": request.POST,
        "nav_here": "projects",
    }
    return render(request, "desk/projects/node.html", context, status=status)


def _node_form(request: HttpRequest, project: Project, node: Node | None) -> HttpResponse:
    actor, now = actor_of(request), clock.now()
    permissions.check_keep(actor, project)
    nodes = list(selectors.lines_of(project).nodes)
    start = NodeForm.start_of(next(n for n in nodes if n.pk == node.pk)) if node else {}
    form = NodeForm(request.POST or None, nodes=nodes, teams=selectors.teams(), initial=start)
    if request.method == "GET":
        return _node_page(request, project, node, form, None, 200)
    if not form.is_valid():
        return _node_page(request, project, node, form, None, 422)
    try:
        data = form.data_of(_waits(request))
        if node is None:
            services.add_node(by=actor, now=now, uuid=project.uuid, data=data)
        else:
            version = id_of(request.POST.get("version", "")) or 0
            services.change_node(by=actor, now=now, uuid=project.uuid, node_id=node.pk, data=data, expected=version)
    except (ForbiddenError, NotFoundError):
        raise
    except DomainError as error:
        form.take(error)
        return _node_page(request, project, node, form, error, error.status)
    messages.success(request, _("节点已保存。"))
    more = request.POST.get("act") == "more"
    name = "desk:project_node_new" if more else "desk:project_plan"
    return HttpResponseRedirect(reverse(name, args=[project.uuid]))


@require_http_methods(["GET", "POST"])
@staff
def node_new(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Add a line to a plan."""
    return _node_form(request, selectors.project_for(actor_of(request), uuid), None)


@require_http_methods(["GET", "POST"])
@staff
def node(request: HttpRequest, uuid: UUID, node_id: int) -> HttpResponse:
    """Change a line of a plan."""
    project = selectors.project_for(actor_of(request), uuid)
    return _node_form(request, project, selectors.node_of(project, node_id))


@require_POST
@staff
def node_drop(request: HttpRequest, uuid: UUID, node_id: int) -> HttpResponse:
    """Take a line out of a plan."""
    actor, data = actor_of(request), request.POST
    project = selectors.project_for(actor, uuid)
    found = selectors.node_of(project, node_id)
    version = id_of(data.get("version", "")) or 0
    try:
        services.drop_node(
            by=actor, now=clock.now(), uuid=uuid, node_id=node_id, expected=version, reason=data.get("reason", "")
        )
    except (ForbiddenError, NotFoundError):
        raise
    except DomainError as error:
        form = NodeForm(nodes=[], teams=[], initial=NodeForm.start_of(found))
        return _node_page(request, project, found, form, error, error.status)
    messages.success(request, _("节点已删去。"))
    return HttpResponseRedirect(reverse("desk:project_plan", args=[uuid]))


@require_POST
@staff
def report(request: HttpRequest, uuid: UUID, node_id: int) -> HttpResponse:
    """Enter how far a node has come."""
    actor, data = actor_of(request), request.POST
    percent = id_of(data.get("percent", "").strip())
    finished = day_of(data.get("finished", ""))
    try:
        services.report(
            by=actor,
            now=clock.now(),
            uuid=uuid,
            node_id=node_id,
            percent=-1 if percent is None and finished is None else percent if percent is not None else 100,
            started=day_of(data.get("started", "")),
            finished=finished,
        )
    except (ForbiddenError, NotFoundError):
        raise
    except DomainError as error:
        return one.page(request, selectors.project_for(actor, uuid), error)
    messages.success(request, _("进度已填报。"))
    return HttpResponseRedirect(reverse("desk:project", args=[uuid]) + "#nodes")
