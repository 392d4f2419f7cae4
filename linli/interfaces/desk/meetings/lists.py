"""The lists of meetings and the month's calendar."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from linli.engines.activities import selectors
from linli.engines.activities.permissions import PLANNERS, may_keep_deputies
from linli.foundation.core import clock
from linli.foundation.core.actors import Actor
from linli.foundation.core.paging import Page
from linli.interfaces.desk.doors import actor_of, local, staff

if TYPE_CHECKING:
    from linli.engines.activities.models import Meeting


def box_labels() -> dict[str, str]:
    """Return what the boxes of meetings are called."""
    return {"mine": _("我的会议"), "coming": _("即将召开"), "past": _("已召开"), "all": _("全部")}


def places_of(actor: Actor, here: str) -> list[dict[str, Any]]:
    """Return the links between the lists of this room."""
    found = [
        ("meetings", _("会议"), "/desk/meetings/"),
        ("calendar", _("日历"), "/desk/meetings/calendar/"),
        ("series", _("系列会议"), "/desk/meetings/series/"),
        ("topics", _("难题"), "/desk/topics/"),
        ("standing", _("常设专题"), "/desk/standing/"),
    ]
    if may_keep_deputies(actor):
        found.append(("deputies", _("代表工作"), "/desk/deputies/"))
    return [{"label": label, "url": url, "count": None, "current": key == here} for key, label, url in found]


def asked_of(request: HttpRequest) -> tuple[str, str, str]:
    """Return box, words and kind that the address asks for; what there is not is left out."""
    box, kind = request.GET.get("box", "mine"), request.GET.get("kind", "")
    known = kind if kind in selectors.kinds(every=True) else ""
    return box if box in selectors.BOXES else "mine", request.GET.get("q", "").strip()[:60], known


def page_of(request: HttpRequest, cursor: str, size: int = 50) -> Page[Meeting]:
    """Return a page of the meetings that the address asks for."""
    box, text, kind = asked_of(request)
    return selectors.meeting_list(
        actor_of(request), box, now=clock.now(), text=text, kind=kind, cursor=cursor, size=size
    )


@require_GET
@staff
def meetings(request: HttpRequest) -> HttpResponse:
    """Show the meetings of one box: mine, coming, past, all; by words and kind."""
    actor, kinds = actor_of(request), selectors.kinds(every=True)
    box, text, kind = asked_of(request)
    page = page_of(request, request.GET.get("cursor", ""))
    query = {k: v for k, v in (("q", text), ("kind", kind)) if v}
    tabs = [
        {"label": label, "url": f"?{urlencode({'box': b, **query})}", "count": None, "current": b == box}
        for b, label in box_labels().items()
    ]
    context = {
        "page": page,
        "rows": [{"m": m, "kind": kinds[m.kind].name if m.kind in kinds else m.kind} for m in page.rows],
        "tabs": tabs,
        "places": places_of(actor, "meetings"),
        "base": f"?{urlencode({'box': box, **query})}&",
        "box": box,
        "typed": {"q": text, "kind": kind},
        "kinds": [{"value": "", "label": _("全部类型")}, *({"value": k.code, "label": k.name} for k in kinds.values())],
        "may_plan": actor.has_role(*PLANNERS),
        "nav_here": "meetings",
    }
    return render(request, "desk/meetings/list.html", context)


def month_named(text: str, today: date) -> date:
    """Return the first day of the month that ``text`` (``2026-03``) names, of this month for anything else."""
    try:
        found = date.fromisoformat(f"{text}-01")
    except ValueError:
        return today.replace(day=1)
    return found if 2000 <= found.year < 2100 else today.replace(day=1)


@require_GET
@staff
def calendar(request: HttpRequest) -> HttpResponse:
    """Show a month's meetings day by day."""
    actor, today = actor_of(request), local(clock.now()).date()
    first = month_named(request.GET.get("month", ""), today)
    last = first.replace(day=monthrange(first.year, first.month)[1])
    begin = first - timedelta(days=first.weekday())
    end = last + timedelta(days=6 - last.weekday())
    by_day: dict[date, list[Any]] = {}
    for m in selectors.month_of(actor, begin, end + timedelta(days=1)):
        by_day.setdefault(local(m.starts_at).date(), []).append(m)
    days = [begin + timedelta(days=n) for n in range((end - begin).days + 1)]
    weeks = [
        [{"day": d, "inside": d.month == first.month, "today": d == today, "found": by_day.get(d, [])} for d in week]
        for week in (days[n : n + 7] for n in range(0, len(days), 7))
    ]
    context = {
        "weeks": weeks,
        "month": first,
        "before": first - timedelta(days=1),
        "after": last + timedelta(days=1),
        "places": places_of(actor, "calendar"),
        "may_plan": actor.has_role(*PLANNERS),
        "weekdays": [_("一"), _("二"), _("三"), _("四"), _("五"), _("六"), _("日")],
        "nav_here": "meetings",
    }
    return render(request, "desk/meetings/calendar.html", context)
