"""The wall for a leader who is logged in, and for a screen that has a link."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from linli.engines.cases import selectors
from linli.foundation.core import clock
from linli.interfaces.wall.access import check_reader, kept_close, screen_of
from linli.interfaces.wall.figures import figures, warnings
from linli.interfaces.wall.presenting import present
from linli.interfaces.web.access import public


def _page(request: HttpRequest, *, open_to: bool, now_url: str, part: bool, **more: Any) -> HttpResponse:
    now = clock.now()
    context = present(figures(now), now, open_to=open_to) | {"alerts": warnings(now)} | more
    if part:
        return render(request, "wall/_now.html", context)
    poll, stale = selectors.wall_freshness(now)
    context |= {"now_url": now_url, "poll": int(poll.total_seconds()), "stale": int(stale.total_seconds())}
    return render(request, "wall/day.html", context | {"open_to": open_to})


@never_cache
@require_GET
def day(request: HttpRequest, *, part: bool = False) -> HttpResponse:
    """Show the day to who reads every case; each figure opens to its cases."""
    check_reader(request.actor)  # type: ignore[attr-defined]
    return _page(request, open_to=True, now_url=reverse("wall:now"), part=part)


@public
@never_cache
@require_GET
def screen(request: HttpRequest, token: str, *, part: bool = False) -> HttpResponse:
    """Show the day to the screen whose link this is: numbers only, nothing to open."""
    now = clock.now()
    found = screen_of(token, now)
    answer = _page(
        request, open_to=False, now_url=reverse("wall:screen_now", args=[token]), part=part, screen_name=found.name
    )
    return kept_close(answer)
