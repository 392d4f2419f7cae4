"""What many people report at once: a list for a period, and each topic with its cases."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from linli.engines.activities.permissions import may_raise
from linli.engines.cases import services
from linli.engines.judgement.selectors import topics as judgement
from linli.foundation.core import clock
from linli.foundation.exports.services import Sheet, write_sheets
from linli.foundation.places import selectors as places
from linli.interfaces.desk.doors import actor_of, local, staff

if TYPE_CHECKING:
    from linli.engines.judgement.rules.topics import Topic
    from linli.foundation.core.actors import Actor

DAYS = 30
LONGEST = 366
SHOWN = 30
MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _day(text: str, other: date) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return other


def _period(request: HttpRequest) -> tuple[date, date]:
    """Return the days asked for, the last thirty without; the wrong way round they are turned, a year at most."""
    today = local(clock.now()).date()
    until = _day(request.GET.get("until", ""), today)
    since = _day(request.GET.get("since", ""), until - timedelta(days=DAYS - 1))
    since, until = min(since, until), max(since, until)
    return max(since, until - timedelta(days=LONGEST)), until


def _found(request: HttpRequest, actor: Actor) -> tuple[judgement.Found, dict[str, Any]]:
    since, until = _period(request)
    areas = list(places.areas(on=local(clock.now()).date(), kind="neighbourhood"))
    chosen = next((a for a in areas if str(a.pk) == request.GET.get("area", "")), None)
    path = chosen.path if chosen else ""
    found = judgement.hot_topics(actor, since=since, until=until, area_path=path, now=clock.now())
    query = f"since={since:%Y-%m-%d}&until={until:%Y-%m-%d}" + (f"&area={chosen.pk}" if chosen else "")
    return found, {
        "since": f"{since:%Y-%m-%d}",
        "until": f"{until:%Y-%m-%d}",
        "area": str(chosen.pk) if chosen else "",
        "areas": [{"value": "", "label": _("全部居民区")}, *({"value": str(a.pk), "label": a.name} for a in areas)],
        "query": query,
        "nav_here": "more",
    }


def _trend(topic: Topic) -> str:
    if topic.recent > topic.earlier:
        return _("上升")
    return _("下降") if topic.recent < topic.earlier else _("持平")


def _row(topic: Topic, place: int) -> dict[str, Any]:
    return {"topic": topic, "place": place, "first": topic.ids[0], "trend": _trend(topic), "cases": len(topic.ids)}


@require_GET
@staff
def topics(request: HttpRequest) -> HttpResponse:
    """Show the topics of a period, hottest first."""
    found, context = _found(request, actor_of(request))
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
    found, context = _found(request, actor)
    one = judgement.topic_of(found, first)
    context |= {
        "row": _row(one, found.topics.index(one) + 1),
        "cases": judgement.topic_cases(actor, one),
        "may_raise": may_raise(actor),
        "may_root": actor.has_role(*services.ROOT_OPENERS) and len(one.ids) > 1,
        "now": clock.now(),
    }
    return render(request, "desk/hot_topics/topic.html", context)


@require_GET
@staff
def export(request: HttpRequest) -> FileResponse:
    """Answer the topics and their cases as a table file."""
    actor = actor_of(request)
    found, context = _found(request, actor)
    shown = found.topics[:SHOWN]
    note = _("热点 %(since)s 至 %(until)s") % {"since": context["since"], "until": context["until"]}
    heads = [
        (_("名次"), 6), (_("热点"), 40), (_("关键词"), 20), (_("人数"), 8), (_("件数"), 8), (_("天数"), 8),
        (_("首次"), 17), (_("最近"), 17), (_("趋势"), 8),
    ]  # fmt: skip
    rows = [
        [
            i, t.title, "、".join(t.words), t.people, len(t.ids), t.days, t.first.replace(tzinfo=None),
            t.last.replace(tzinfo=None), _trend(t),
        ]
        for i, t in enumerate(shown, 1)
    ]  # fmt: skip
    below = [(_("名次"), 6), (_("编号"), 20), (_("事项"), 40), (_("地点"), 30), (_("上报时间"), 17), (_("状态"), 10)]
    cases = [
        [i, c.number, c.title, c.address, local(c.reported_at).replace(tzinfo=None), c.get_state_display()]
        for i, t in enumerate(shown, 1)
        for c in judgement.topic_cases(actor, t)
    ]
    file = write_sheets([Sheet(_("热点"), heads, rows, note), Sheet(_("案件"), below, cases, note)])
    return FileResponse(file, as_attachment=True, filename=f"topics-{context['until']}.xlsx", content_type=MIME)
