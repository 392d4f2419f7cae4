"""What many people report at once: a list for a period, and each topic with its cases."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from linli.engines.activities.permissions import may_raise
from linli.engines.cases import services
from linli.engines.judgement.selectors import topics as judgement
from linli.foundation.core import clock
from linli.foundation.places import selectors as places
from linli.interfaces.desk.doors import actor_of, local, staff

if TYPE_CHECKING:
    from linli.engines.judgement.rules.topics import Topic

DAYS = 30
LONGEST = 366
SHOWN = 30


def _day(text: str, other: date) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return other


def period_of(request: HttpRequest) -> tuple[date, date]:
    """Return the days asked for, the last thirty without; the wrong way round they are turned, a year at most."""
    today = local(clock.now()).date()
    until = _day(request.GET.get("until", ""), today)
    since = _day(request.GET.get("since", ""), until - timedelta(days=DAYS - 1))
    since, until = min(since, until), max(since, until)
    return max(since, until - timedelta(days=LONGEST)), until


def found_of(request: HttpRequest) -> tuple[judgement.Found, dict[str, Any]]:
    """Return the topics of the period that the address names, among what the viewer reads; and what a page says."""
    since, until = period_of(request)
    areas = list(places.areas(on=local(clock.now()).date(), kind="neighbourhood"))
    chosen = next((a for a in areas if str(a.pk) == request.GET.get("area", "")), None)
    path = chosen.path if chosen else ""
    found = judgement.hot_topics(actor_of(request), since=since, until=until, area_path=path, now=clock.now())
    query = f"since={since:%Y-%m-%d}&until={until:%Y-%m-%d}" + (f"&area={chosen.pk}" if chosen else "")
    return found, {
        "since": f"{since:%Y-%m-%d}",
        "until": f"{until:%Y-%m-%d}",
        "area": str(chosen.pk) if chosen else "",
        "areas": [{"value": "", "label": _("全部居民区")}, *({"value": str(a.pk), "label": a.name} for a in areas)],
        "query": query,
        "place": chosen.name if chosen else "",
        "nav_here": "more",
    }


def trend_words(topic: Topic) -> str:
    """Return whether more or fewer people came in the later half of the period."""
    if topic.recent > topic.earlier:
        return _("上升")
    return _("下降") if topic.recent < topic.earlier else _("持平")


def _row(topic: Topic, place: int) -> dict[str, Any]:
    return {"topic": topic, "place": place, "first": topic.ids[0], "trend": trend_words(topic), "cases": len(topic.ids)}


@require_GET
@staff
def topics(request: HttpRequest) -> HttpResponse:
    """Show the topics of a period, hottest first."""
    found, context = found_of(request)
    context |= {
        "rows": [_row(t, i) for i, t in enumerate(found.topics[:SHOWN], 1)],
        "found": found,
        "shown": SHOWN,
    }
    return render(request, "desk/hot_topics/list.html", context)


@require_GET
@staff
def topic(request: HttpRequest, first: str) -> HttpResponse:
    """Show one topic with its cases; from them a root-cause case can be opened."""
    actor = actor_of(request)
    found, context = found_of(request)
    one = judgement.topic_of(found, first)
    context |= {
        "row": _row(one, found.topics.index(one) + 1),
        "cases": judgement.topic_cases(actor, one),
        "may_raise": may_raise(actor),
        "may_root": actor.has_role(*services.ROOT_OPENERS) and len(one.ids) > 1,
        "now": clock.now(),
        "fixed": urlencode({"first": first}),
    }
    return render(request, "desk/hot_topics/topic.html", context)
