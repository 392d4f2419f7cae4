"""Paper: the wall chart of projects for A1 and A3, and the sheet with the map."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from linli.engines.projects import selectors
from linli.foundation.core import clock
from linli.foundation.places import selectors as places
from linli.interfaces.desk.doors import actor_of, local, staff
from linli.interfaces.desk.projects import presenting
from linli.interfaces.desk.projects.listing import filters_of, query_of
from linli.interfaces.desk.shell import place_name
from linli.interfaces.web import ground as drawn
from linli.interfaces.web.projects import wall_chart

if TYPE_CHECKING:
    from linli.engines.projects.models import Project

BELOW = 0.0006  # degrees: below the name of the area, which stands in its middle
COLOURS = {"red": "red", "yellow": "amber", "green": "green", "done": "purple"}


@require_GET
@staff
def chart(request: HttpRequest) -> HttpResponse:
    """Show the wall chart of the projects of a filter, for A3 or A1 landscape."""
    filters, today = filters_of(request), local(clock.now()).date()
    rows = selectors.wall_projects(actor_of(request), filters)
    large = request.GET.get("size") == "a1"
    title = _("挂图作战")
    if filters.list_uuid is not None:
        title = selectors.project_list_for(filters.list_uuid).title
    sheets = wall_chart(rows, title=title, issuer=place_name(request), as_of=today, large=large)
    context = {
        "sheets": [mark_safe(s) for s in sheets],  # noqa: S308  every text in it is escaped where it is drawn
        "rows": rows,
        "large": large,
        "query": query_of(filters),
    }
    return render(request, "desk/projects/chart.html", context)


def _middle(shape: dict[str, Any]) -> tuple[float, float] | None:
    """Return (lat, lon) of the middle of an area's outer border."""
    found = shape.get("coordinates") or []
    ring = found[0][0] if shape.get("type") == "MultiPolygon" and found else found[0] if found else []
    if not ring:
        return None
    return sum(p[1] for p in ring) / len(ring) - BELOW, sum(p[0] for p in ring) / len(ring)


def _spots(rows: list[Project]) -> dict[int, tuple[float, float]]:
    """Return where each project lies: its place, else the middle of its area; one statement."""
    borders = places.borders({p.area_id for p in rows if p.area_id is not None})
    middles = {
        pk: _middle(json.loads(shape) if isinstance(shape, str) else shape) for pk, shape in borders.items() if shape
    }
    found = {}
    for project in rows:
        spot = project.spot or middles.get(project.area_id or 0)
        if spot is not None and spot[0] is not None and spot[1] is not None:
            found[project.pk] = (spot[0], spot[1])
    return found


@require_GET
@staff
def ground(request: HttpRequest) -> HttpResponse:
    """Show where the projects of a filter lie, numbered as in the list beside the map, for A3."""
    filters, today = filters_of(request), local(clock.now()).date()
    rows = selectors.wall_projects(actor_of(request), filters)
    spots = _spots(rows)
    shown = [p for p in rows if p.pk in spots]
    numbers = {p.pk: n for n, p in enumerate(shown, 1)}
    points = [(*spots[p.pk], COLOURS.get(p.light, "grey")) for p in shown]
    context = {
        "drawing": drawn.draw(today, points),
        "rows": [{**presenting.row(p), "number": numbers.get(p.pk)} for p in rows],
        "query": query_of(filters),
        "today": today,
    }
    return render(request, "desk/projects/map.html", context)
