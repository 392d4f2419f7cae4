"""The wall of projects: the wall chart and how many stand red, yellow, green; for leaders and for a screen's link."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from linli.engines.cases import selectors as cases
from linli.engines.projects import selectors
from linli.engines.projects.selectors import ProjectFilters
from linli.engines.projects.types import Light
from linli.foundation.core import clock
from linli.foundation.core.actors import SYSTEM, Actor
from linli.foundation.places import selectors as places
from linli.interfaces.wall.access import check_reader, kept_close, screen_of
from linli.interfaces.web.access import public
from linli.interfaces.web.projects import light_of, wall_chart

SHOWN = ("red", "yellow", "green", "waiting")


def _page(request: HttpRequest, by: Actor, *, now_url: str, part: bool, open_to: bool) -> HttpResponse:
    """Show the chart of the open projects; on a screen those that are public, without reasons and nothing to open."""
    now = clock.now()
    rows = [p for p in selectors.wall_projects(by, ProjectFilters(box="open")) if open_to or p.public]
    today = timezone.localtime(now).date()
    street = next(iter(places.areas(on=today, kind="subdistrict")), None)
    counts = {light: sum(p.light == light for p in rows) for light in SHOWN}
    late = [p for p in rows if p.light == Light.RED][:6] if open_to else []
    poll, stale = cases.wall_freshness(now)
    sheets = wall_chart(rows, title=_("挂图作战"), issuer=street.name if street else "", as_of=today, large=False)
    context: dict[str, Any] = {
        "place": street.name if street else "",
        "at": now,
        "sheets": [mark_safe(s) for s in sheets] if rows else [],  # noqa: S308  its texts are escaped where drawn
        "figures": [{"label": Light(light).label, "value": n, "light": light} for light, n in counts.items()],
        "late": [{"project": p, "light": light_of(p.light, p.light_why)} for p in late],
        "open_to": open_to,
        "now_url": now_url,
        "poll": max(60, int(poll.total_seconds())),
        "stale": max(300, int(stale.total_seconds())),
    }
    return render(request, "wall/_projects.html" if part else "wall/projects.html", context)


@never_cache
@require_GET
def wall(request: HttpRequest, *, part: bool = False) -> HttpResponse:
    """Show the wall of projects to who reads every case; what is red opens."""
    actor = request.actor  # type: ignore[attr-defined]
    check_reader(actor)
    return _page(request, actor, now_url=reverse("wall:projects_now"), part=part, open_to=True)


@public
@never_cache
@require_GET
def screen(request: HttpRequest, token: str, *, part: bool = False) -> HttpResponse:
    """Show the wall of public projects to the screen whose link this is."""
    now = clock.now()
    screen_of(token, now)
    now_url = reverse("wall:screen_projects_now", args=[token])
    answer = _page(request, SYSTEM, now_url=now_url, part=part, open_to=False)
    return kept_close(answer)
