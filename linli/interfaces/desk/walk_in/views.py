"""The desks somebody sits at, each with the way to the form for who comes in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localtime
from django.views.decorators.http import require_GET

from linli.foundation.core import clock
from linli.foundation.people import rules, selectors
from linli.interfaces.desk.doors import actor_of, staff
from linli.interfaces.web.formats import hours_words


@require_GET
@staff
def listing(request: HttpRequest) -> HttpResponse:
    """Show the desks, one's own unit's first."""
    actor, now = actor_of(request), localtime(clock.now())
    rows = []
    for desk in selectors.desks():
        hours = selectors.hours_of(desk)
        rows.append(
            {
                "desk": desk,
                "hours": hours_words(hours),
                "open": rules.sitting(hours, now.isoweekday(), now.time()),
                "own": desk.unit_id in actor.unit_ids,
            }
        )
    rows.sort(key=lambda r: not r["own"])
    return render(request, "desk/walk_in/list.html", {"rows": rows, "nav_here": "more"})
