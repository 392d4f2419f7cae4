"""What I owe, or my unit owes: overdue, today, this week, next week."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from linli.engines.projects.workflow import HEADS
from linli.foundation.core import clock
from linli.interfaces.desk.doors import actor_of, local, staff
from linli.interfaces.desk.owed.providers import Asked, collect, grouped, week_end


@require_GET
@staff
def owed(request: HttpRequest) -> HttpResponse:
    """Show what the person owes until the end of next week; heads see their unit's first."""
    actor, now = actor_of(request), clock.now()
    today = local(now).date()
    scope = request.GET.get("scope", "unit" if actor.has_role(*HEADS) else "me")
    units = scope == "unit"
    asked = Asked(actor, today, now, week_end(today) + timedelta(days=7), units)
    groups = grouped(collect(asked), today, now)
    tabs = [
        {"label": _("我的"), "url": "?scope=me", "current": not units, "count": None},
        {"label": _("本单位"), "url": "?scope=unit", "current": units, "count": None},
    ]
    count = sum(len(g.rows) for g in groups if g.code != "next")
    late = sum(len(g.rows) for g in groups if g.code == "late")
    context = {"groups": groups, "tabs": tabs, "today": today, "count": count, "late": late, "nav_here": "owed"}
    return render(request, "desk/owed/owed.html", context)
