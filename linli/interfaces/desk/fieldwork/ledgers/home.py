"""The home of ledgers: each in numbers, and what leads on."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from linli.engines.fieldwork import permissions, selectors
from linli.foundation.core import clock
from linli.interfaces.desk.doors import actor_of, staff
from linli.interfaces.desk.fieldwork.ledgers.shared import NAV


@require_GET
@staff
def home(request: HttpRequest) -> HttpResponse:
    """Show every ledger with how many are in it, how many somebody was at, and what looks like a double."""
    by = actor_of(request)
    rows = selectors.figures(by, clock.now())
    context = {
        "rows": [r for r in rows if not r.kind.parent_id or r.count or r.kind.guarded],
        "empty": not any(r.count for r in rows),
        "may_count": permissions.may_count(by),
        "may_keep_kinds": permissions.may_keep_kinds(by),
        "rounds": reverse("desk:rounds"),
        "nav_here": NAV,
    }
    return render(request, "desk/ledgers/home.html", context)
