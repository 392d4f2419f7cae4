"""One project: how it stands, its plan drawn, its story, and the steps of its life; its tree of results."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from linli.engines.projects import permissions, selectors, services
from linli.engines.projects.rules import life
from linli.engines.projects.rules.tree import Grown, percent
from linli.foundation.core import clock
from linli.foundation.core.errors import DomainError, ForbiddenError, NotFoundError
from linli.interfaces.desk.doors import actor_of, id_of, local, problem, staff
from linli.interfaces.desk.projects import drawing, presenting

if TYPE_CHECKING:
    from linli.engines.projects.models import Node, Project
    from linli.foundation.core.actors import Actor

STEP_WORDS: dict[str, tuple[Any, Any]] = {
    "approve": (gettext_lazy("批准"), gettext_lazy("节点将成为各责任单位的任务。")),
    "start": (gettext_lazy("开工"), ""),
    "finish": (gettext_lazy("完工"), gettext_lazy("写明做成了什么。")),
    "rework": (gettext_lazy("退回整改"), gettext_lazy("写明哪里不合格。")),
    "accept": (gettext_lazy("验收通过"), gettext_lazy("写明验收结果。")),
    "close": (gettext_lazy("办结"), gettext_lazy("写明居民是否满意、还有什么没有解决。")),
    "stop": (gettext_lazy("停止项目"), gettext_lazy("写明理由，公开页面不再显示。")),
    "resume": (gettext_lazy("重新启动"), gettext_lazy("写明理由，回到草拟。")),
}
# Where what asked for a project has its page: source kind → name of the address and what it takes.
SOURCES = {"case": "/desk/cases/{label}/", "consultation": "/desk/consultations/{uuid}/"}


def source_url(project: Project) -> str:
    """Return the page of what asked for a project, empty where it has none."""
    pattern = SOURCES.get(project.source_kind, "")
    return pattern.format(label=project.source_label, uuid=project.source_uuid)


def tabs(project: Project, here: str) -> list[dict[str, Any]]:
    """Return the pages of one project."""
    names = (
        ("project", _("概况")), ("project_plan", _("排期")), ("project_residents", _("居民")),
        ("project_money", _("资金")), ("project_tree", _("成果树")),
    )  # fmt: skip
    return [
        {"label": label, "url": reverse(f"desk:{name}", args=[project.uuid]), "current": name == here, "count": None}
        for name, label in names
    ]


def frame(actor: Actor, project: Project, here: str) -> dict[str, Any]:
    """Return what every page of one project shows."""
    return {
        "project": project,
        "row": presenting.row(project),
        "tabs": tabs(project, here),
        "may_keep": permissions.may_keep(actor, project),
        "strands": presenting.strands(project),
        "nav_here": "projects",
    }


def _steps(actor: Actor, project: Project) -> list[dict[str, Any]]:
    found = []
    for step_ in life.steps_from(project.state):
        if permissions.may_step(actor, project, step_.verb):
            label, hint = STEP_WORDS[step_.verb]
            needs = "text" in step_.needs or "reason" in step_.needs
            found.append({"verb": step_.verb, "label": label, "hint": hint, "needs": needs})
    return found


def node_rows(nodes: tuple[Node, ...], titles: dict[int, list[str]] | None = None) -> list[dict[str, Any]]:
    """Return the lines of a plan, parts below their stage."""
    top = [n for n in nodes if n.parent_id is None]
    ordered = [(n, 0) for n in top]
    rows: list[tuple[Node, int]] = []
    for node, depth in ordered:
        rows.append((node, depth))
        rows += [(part, 1) for part in nodes if part.parent_id == node.pk]
    return [
        {
            "node": n,
            "depth": depth,
            "light": presenting.light_of(n.light, n.light_why),
            "waits": (titles or {}).get(n.pk, []),
        }
        for n, depth in rows
    ]


def wait_titles(lines: selectors.Lines) -> dict[int, list[str]]:
    """Return for each node what it waits for, in words."""
    names = {n.pk: n.title for n in lines.nodes}
    found: dict[int, list[str]] = {}
    for link in lines.links:
        plain = link.kind == "FS" and not link.lag
        said = "" if plain else f"（{presenting.link_words(link.kind, link.lag)}）"
        found.setdefault(link.after_id, []).append(names.get(link.before_id, "") + said)
    return found


def page(request: HttpRequest, project: Project, error: DomainError | None = None) -> HttpResponse:
    """Show one project, and what was wrong with what was sent."""
    actor, lines = actor_of(request), selectors.lines_of(project)
    context = frame(actor, project, "project")
    context |= {
        "nodes": node_rows(lines.nodes, wait_titles(lines)),
        "gantt": drawing.gantt(project, lines, today=local(clock.now()).date()),
        "blockers": selectors.blockers_of(project),
        "spots": selectors.spots(selectors.photos_of(project)),
        "story": presenting.story(selectors.events_of(project, limit=30)),
        "money": presenting.money_of(project),
        "steps": _steps(actor, project),
        "source_url": source_url(project),
        "typed": request.POST,
        "problem": problem(error) if error else None,
        "public_url": _public_url(request, project),
        "may_report": project.state == "running",
    }
    return render(request, "desk/projects/one.html", context, status=error.status if error else 200)


def _public_url(request: HttpRequest, project: Project) -> str:
    if not project.public or project.state in {"draft", "stopped"}:
        return ""
    return request.build_absolute_uri(reverse("portal:project", args=[project.uuid]))


@require_GET
@staff
def project(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show one project."""
    return page(request, selectors.project_for(actor_of(request), uuid))


@require_GET
@staff
def of_node(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Go to the project of a node: where a task with the source kind ``project`` came from."""
    found = selectors.project_by_node(actor_of(request), uuid)
    return HttpResponseRedirect(reverse("desk:project", args=[found.uuid]) + "#nodes")


@require_POST
@staff
def step(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Take a project one step on; what is missing is said on its page."""
    actor, data = actor_of(request), request.POST
    try:
        services.step(
            by=actor,
            now=clock.now(),
            uuid=uuid,
            verb=data.get("verb", ""),
            expected=id_of(data.get("version", "")) or 0,
            text=data.get("text", ""),
            anyway=data.get("anyway") == "1",
        )
    except (ForbiddenError, NotFoundError):
        raise
    except DomainError as error:
        return page(request, selectors.project_for(actor, uuid), error)
    messages.success(request, _("已登记。"))
    return HttpResponseRedirect(reverse("desk:project", args=[uuid]))


def _flat(grown: Grown, nodes: dict[str, Node], depth: int = 0) -> list[dict[str, Any]]:
    rows = []
    for part in grown.parts:
        node = nodes[part.key]
        rows.append(
            {
                "node": node,
                "depth": depth,
                "percent": percent(part.progress),
                "share": f"{part.share.numerator}/{part.share.denominator}",
                "light": presenting.light_of(node.light, node.light_why),
            }
        )
        rows += _flat(part, nodes, depth + 1)
    return rows


@require_GET
@staff
def tree(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show a project's results as a weighted tree, from the list that it stands on down to the tasks."""
    actor = actor_of(request)
    found = selectors.project_for(actor, uuid)
    lines = selectors.lines_of(found)
    grown = selectors.branch(found, lines.nodes)
    context = frame(actor, found, "project_tree")
    context |= {
        "rows": _flat(grown, {str(n.pk): n for n in lines.nodes}),
        "percent": percent(grown.progress),
        "source_url": source_url(found),
        "tasks": selectors.tasks_of_many([n.uuid for n in lines.nodes]),
    }
    for line in context["rows"]:
        line["tasks"] = context["tasks"].get(line["node"].uuid, [])
    return render(request, "desk/projects/tree.html", context)
