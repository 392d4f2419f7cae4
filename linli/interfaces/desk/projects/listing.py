"""Projects as a list and as a board by light."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from linli.engines.projects import permissions, selectors
from linli.engines.projects.selectors import ProjectFilters
from linli.engines.projects.types import Light, Strand
from linli.foundation.core.kept import Kept
from linli.interfaces.desk.doors import actor_of, choice_options, id_of, staff, unit_options, uuid_of
from linli.interfaces.desk.projects import presenting

_kept = Kept(20.0)  # classes and lists as options: they change a few times a year
BOXES = ("open", "mine", "blocked", "draft", "over")


def filters_of(request: HttpRequest) -> ProjectFilters:
    """Return what the reader narrowed the list by; what nobody can have chosen is left out."""
    data = request.GET
    box = data.get("box", "open")
    return ProjectFilters(
        box=box if box in BOXES else "open",
        text=data.get("q", "").strip()[:60],
        light=data.get("light", ""),
        class_code=data.get("class", "")[:32],
        list_uuid=uuid_of(data.get("list", "")),
        unit_id=id_of(data.get("unit", "")),
        strand=data.get("strand", "")[:20],
    )


def query_of(filters: ProjectFilters, **changed: Any) -> str:
    """Return a filter as the query of an address; ``changed`` replaces parts."""
    pairs: dict[str, Any] = {
        "box": filters.box,
        "q": filters.text,
        "light": filters.light,
        "class": filters.class_code,
        "list": filters.list_uuid or "",
        "unit": filters.unit_id or "",
        "strand": filters.strand,
    }
    pairs |= changed
    return urlencode([(k, v) for k, v in pairs.items() if v != ""])


def box_labels() -> dict[str, str]:
    """Return what the boxes of projects are called."""
    return {"open": _("在推进"), "mine": _("本单位"), "blocked": _("有卡点"), "draft": _("草拟"), "over": _("已结束")}


def _tabs(counts: dict[str, int], filters: ProjectFilters) -> list[dict[str, Any]]:
    labels = box_labels()
    return [
        {
            "label": labels[b],
            "url": f"?{query_of(filters, box=b)}",
            "count": counts.get(b),
            "current": b == filters.box,
            "late": b == "blocked" and bool(counts.get(b)),
        }
        for b in BOXES
    ]


def _options() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    classes = [{"value": c.code, "label": c.name} for c in selectors.classes(active=False)]
    return classes, [{"value": str(li.uuid), "label": li.title} for li in selectors.project_lists()]


def _context(request: HttpRequest, filters: ProjectFilters) -> dict[str, Any]:
    actor = actor_of(request)
    query = query_of(filters)
    classes, lists = _kept.get(_options, "options")
    return {
        "tabs": _tabs(selectors.project_counts(actor), filters),
        "filters": filters,
        "base": f"?{query}&" if query else "?",
        "query": query,
        "classes": [{"value": "", "label": _("全部类别")}, *classes],
        "lists": [{"value": "", "label": _("全部清单")}, *lists],
        "lights": [{"value": "", "label": _("全部灯色")}, *choice_options(Light.choices)],
        "strands": [{"value": "", "label": _("三化")}, *choice_options(Strand.choices)],
        "units": unit_options(empty=_("全部单位")),
        "narrowed": bool(filters.text or filters.light or filters.class_code or filters.list_uuid or filters.unit_id),
        "may_wall": actor.has_role(*permissions.OVERSEERS),
        "may_open": actor.has_role(*permissions.OPENERS),
        "nav_here": "projects",
    }


@require_GET
@staff
def projects(request: HttpRequest) -> HttpResponse:
    """Show the projects of one box as filtered, soonest deadline first."""
    actor, filters = actor_of(request), filters_of(request)
    page = selectors.project_page(actor, filters, cursor=request.GET.get("cursor", "")[:300])
    context = _context(request, filters)
    context |= {
        "page": page,
        "rows": [presenting.row(p) for p in page.rows],
        "money": presenting.money_line(selectors.money_of(actor, filters)),
        "elsewhere": [
            (reverse("desk:project_blockers"), "traffic-cone", _("卡点")),
            (reverse("desk:project_lists"), "list", _("年度清单")),
            (reverse("desk:project_classes"), "stack-2", _("项目类别")),
            (reverse("desk:project_teams"), "users-group", _("共用班组")),
        ],
    }
    return render(request, "desk/projects/list.html", context)


@require_GET
@staff
def board(request: HttpRequest) -> HttpResponse:
    """Show the projects of a filter by light, the red ones first."""
    actor, filters = actor_of(request), filters_of(request)
    columns = selectors.board(actor, filters)
    context = _context(request, filters)
    context["columns"] = [
        {"light": light, "label": Light(light).label, "rows": [presenting.row(p) for p in rows]}
        for light, rows in columns.items()
        if rows or light in {"red", "yellow", "green"}
    ]
    return render(request, "desk/projects/board.html", context)
