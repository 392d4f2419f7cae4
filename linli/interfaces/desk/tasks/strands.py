"""How the tasks of a year stand by strand (三化) and by topic: what the yearly report is told from."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from linli.engines.projects import selectors
from linli.engines.projects.rules.tasks import shown
from linli.engines.projects.types import Strand, TagKind
from linli.foundation.core import clock
from linli.interfaces.desk.doors import actor_of, local, staff

YEARS = 4
_OPENED = ("all", "done", "overdue")


@require_GET
@staff
def report(request: HttpRequest) -> HttpResponse:
    """Show each strand and each topic of a year: tasks due in it, done, in time, open, late; every figure opens."""
    actor, today = actor_of(request), local(clock.now()).date()
    raw = request.GET.get("year", "")
    year = int(raw) if raw.isascii() and raw.isdigit() and len(raw) == 4 else today.year
    year = year if date.min.year < year < date.max.year else today.year
    bounds = date(year, 1, 1), date(year, 12, 31)
    base = reverse("desk:tasks")
    tables = []
    for kind, title in ((TagKind.STRAND, _("三化")), (TagKind.TOPIC, _("专题"))):
        lines = selectors.by_tag(actor, kind, *bounds, today)
        rows = [
            {
                "line": line,
                "name": Strand(line.name).label if kind is TagKind.STRAND else line.name,
                "percent": shown(line.percent),
                **{box: f"{base}?{urlencode({'box': box, 'year': year, kind.value: line.name})}" for box in _OPENED},
            }
            for line in lines
        ]
        tables.append({"title": title, "rows": rows})
    tabs = [
        {"label": str(y), "url": f"?year={y}", "current": y == year, "count": None}
        for y in sorted({year, *range(today.year - YEARS + 1, today.year + 1)})
    ]
    return render(
        request, "desk/tasks/strands.html", {"tables": tables, "tabs": tabs, "year": year, "nav_here": "tasks"}
    )
