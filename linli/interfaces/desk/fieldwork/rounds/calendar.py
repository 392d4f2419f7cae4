"""Visits by day: a month of a round or of what is mine, and a week by person. A load, never a performance."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from linli.engines.fieldwork import selectors
from linli.engines.fieldwork.selectors import boards
from linli.foundation.core import clock
from linli.interfaces.desk.doors import actor_of, day_of, local, staff
from linli.interfaces.desk.fieldwork.rounds.board import head
from linli.interfaces.desk.fieldwork.rounds.words import places

if TYPE_CHECKING:
    from linli.engines.fieldwork.models import Round, Visit

SHOWN = 4


def _month(request: HttpRequest, today: date) -> date:
    found = day_of(f"{request.GET.get('month', '')}-01")
    return found if found is not None else today.replace(day=1)


def _week(request: HttpRequest, today: date) -> date:
    found = day_of(request.GET.get("week", "")) or today
    return found - timedelta(days=found.isoweekday() - 1)


def _context(request: HttpRequest, round_: Round | None) -> dict[str, Any]:
    actor, today = actor_of(request), local(clock.now()).date()
    weekly = "week" in request.GET
    if weekly:
        first = _week(request, today)
        last, before, after = first + timedelta(days=6), first - timedelta(days=7), first + timedelta(days=7)
        found = boards.calendar(actor, first, last, round_=round_)
        any_here = bool(found)
        table = {
            "days": [(first + timedelta(days=n), "一二三四五六日"[n]) for n in range(7)],
            "last": last,
            "first": first,
            "people": _people(found, first),
        }
    else:
        month = _month(request, today)
        following = (month + timedelta(days=31)).replace(day=1)
        before, after = (month - timedelta(days=1)).replace(day=1), following
        first = month - timedelta(days=month.isoweekday() - 1)
        last = following + timedelta(days=-following.isoweekday() % 7)
        days = boards.month(actor, first, last, round_=round_, most=SHOWN)
        any_here = any(day.count for day in days.values())
        table = {"month": month, "weeks": _weeks(days, first, last, month, today)}
    return {
        **table,
        "weekly": weekly,
        "any_here": any_here,
        "before": before,
        "after": after,
        "this_week": today - timedelta(days=today.isoweekday() - 1),
        "weekdays": "一二三四五六日",
        "today": today,
    }


def _weeks(
    found: dict[date, boards.Day], first: date, last: date, month: date, today: date
) -> list[list[dict[str, Any]]]:
    weeks, day = [], first
    while day <= last:
        week = []
        for n in range(7):
            here = day + timedelta(days=n)
            rows, count = (found[here].first, found[here].count) if here in found else ([], 0)
            week.append(
                {
                    "day": here, "inside": here.month == month.month, "today": here == today, "rows": rows,
                    "more": count - len(rows), "count": count,
                }
            )  # fmt: skip
        weeks.append(week)
        day += timedelta(days=7)
    return weeks


def _people(found: dict[date, list[Visit]], first: date) -> list[dict[str, Any]]:
    rows: dict[str, dict[date, list[Visit]]] = defaultdict(lambda: defaultdict(list))
    for day, visits in found.items():
        for visit in visits:
            names = [u.display_name for u in (visit.user, visit.second) if u is not None]
            for name in names or [_("未安排")]:
                rows[name][day].append(visit)
    week = [first + timedelta(days=n) for n in range(7)]
    return [{"name": name, "days": [of[d] for d in week]} for name, of in sorted(rows.items())]


@require_GET
@staff
def calendar(request: HttpRequest) -> HttpResponse:
    """Show the visits that are mine and my units', by day."""
    context = {**_context(request, None), "places": places("calendar"), "nav_here": "fieldwork"}
    return render(request, "desk/rounds/calendar.html", context)


@require_GET
@staff
def round_calendar(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show the visits of a round by day, and in a week by person."""
    round_ = selectors.round_for(actor_of(request), uuid)
    return render(
        request, "desk/rounds/calendar.html", {**head(request, round_, "calendar"), **_context(request, round_)}
    )
