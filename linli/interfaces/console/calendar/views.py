"""The year by months, days of one's own, and the text of an official notice held against the calendar."""

from __future__ import annotations

import calendar as months
import hashlib
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.foundation.core import clock
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import DomainError
from linli.foundation.rulebook import selectors, services
from linli.foundation.rulebook.rules import statutory
from linli.foundation.rulebook.rules.notices import Notice, Problem, differences, parse
from linli.foundation.rulebook.types import SpecialDay
from linli.interfaces.console.calendar.forms import FIRST_YEAR, LAST_YEAR, DaysForm, NoticeForm, RestoreForm
from linli.interfaces.console.doors import actor_of, for_changers, for_readers, may_change, today

STOPPING = frozenset({"empty", "year", "holiday", "weekday", "count", "weekend", "both", "date", "outside", "fixed"})
_PROBLEMS: dict[str, Any] = {
    "empty": gettext_lazy("没有读出任何放假安排：请粘贴通知全文，每个节日以“元旦：”这样开头。"),
    "year": gettext_lazy("通知写的是 %(found)s 年，不是 %(wanted)s 年。"),
    "holiday": gettext_lazy("没有提到%(what)s。"),
    "weekday": gettext_lazy("%(section)s：%(what)s 写作周%(found)s，实为周%(wanted)s。"),
    "count": gettext_lazy("%(section)s：写明共 %(found)s 天，读出的是 %(wanted)s 天。"),
    "weekend": gettext_lazy("%(section)s：%(what)s 写作上班，但本来就不是周末。"),
    "both": gettext_lazy("%(section)s：%(what)s 既写放假又写上班。"),
    "date": gettext_lazy("%(section)s：没有“%(what)s”这样的日期。"),
    "outside": gettext_lazy("%(section)s：%(what)s 不在这一年。"),
    "fixed": gettext_lazy("%(section)s：%(what)s 是法定节日，却没有放假。"),
    "unread": gettext_lazy("%(section)s：“%(what)s”没有读懂，请核对是否影响放假安排。"),
}


def problem_text(problem: Problem) -> str:
    """Return a contradiction in words."""
    return str(_PROBLEMS[problem.code]) % {
        "section": problem.section,
        "what": problem.what,
        "found": problem.found,
        "wanted": problem.wanted,
    }


def _weekdays() -> list[str]:
    names = ("一", "二", "三", "四", "五", "六", "日")
    if (get_language() or "").startswith("zh"):
        return list(names)
    return [months.day_abbr[n] for n in range(7)]


def _cell(day: date, month: int, known: dict[date, SpecialDay], own: set[date], on: date) -> dict[str, Any] | None:
    """Return one day of a month's grid: number, what it is, in one letter and in words."""
    if day.month != month:
        return None
    special = known.get(day)
    works = special.is_workday if special is not None else day.weekday() < 5
    kind = "work" if works else "rest"
    letter = ""
    if special is not None:
        kind, letter = ("shift", _("班")) if works else ("holiday", _("休"))
    return {
        "day": day.day,
        "kind": kind,
        "letter": letter,
        "name": special.name if special is not None else "",
        "own": day in own,
        "today": day == on,
    }


def _months(year_: int, known: dict[date, SpecialDay], own: set[date], on: date) -> list[dict[str, Any]]:
    grid = months.Calendar(firstweekday=0)
    return [
        {
            "number": month,
            "weeks": [
                [_cell(day, month, known, own, on) for day in week] for week in grid.monthdatescalendar(year_, month)
            ],
        }
        for month in range(1, 13)
    ]


def _own(year_: int) -> list[SpecialDay]:
    """Return the days of a year that differ from its official list, entered here."""
    entry = selectors.announced(year_)
    if entry is None:
        return selectors.own_days(year_)
    official = {d.day: d.is_workday for d in selectors.noticed(year_)}
    if official:
        return [d for d in selectors.own_days(year_) if official.get(d.day) != d.is_workday]
    # A year entered before notices were kept says nothing of its days: those with a reason of their own are ours.
    return [d for d in selectors.own_days(year_) if d.source not in {"", entry.source}]


def _wanted(request: HttpRequest) -> int:
    text = request.GET.get("year", "") or request.POST.get("in_year", "")
    found = int(text) if text.isascii() and text.isdigit() and len(text) == 4 else today().year
    return min(max(found, FIRST_YEAR), LAST_YEAR)


def _page(
    request: HttpRequest, year_: int, *, status: int = 200, form: DaysForm | None = None, trouble: Any = None
) -> HttpResponse:
    on, book = today(), selectors.working_calendar()
    own = _own(year_)
    known = {d: special for d, special in book.days.items() if d.year == year_}
    announced = year_ in book.years
    grid = _months(year_, known, {d.day for d in own}, on)
    cells = [c for m in grid for week in m["weeks"] for c in week if c]
    entry = selectors.announced(year_)
    form = form or DaysForm(initial={"kind": "rest"})
    context = {
        "nav_here": "console",
        "year": year_,
        "announced": announced,
        "entry": entry,
        "shipped": year_ in statutory()[1],
        "months": grid,
        "own": own,
        "worked": sum(c["kind"] in {"work", "shift"} for c in cells),
        "off": sum(c["kind"] == "holiday" for c in cells),
        "shifts": sum(c["kind"] == "shift" for c in cells),
        "form": form,
        "value": {name: "" if (held := form[name].value()) is None else held for name in form.fields},
        "kinds": [{"value": v, "label": label} for v, label in form.fields["kind"].choices],  # type: ignore[attr-defined]
        "trouble": trouble,
        "changer": may_change(request),
        "weekdays": _weekdays(),
    }
    return render(request, "console/calendar/year.html", context, status=status)


@require_GET
@for_readers
def year(request: HttpRequest) -> HttpResponse:
    """Show a year by months, with its holidays, working weekends and days of one's own."""
    return _page(request, _wanted(request))


def _to(year_: int) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('console:calendar')}?year={year_}")


@require_POST
@for_changers
def set_days(request: HttpRequest) -> HttpResponse:
    """Enter days on which this installation works or rests otherwise."""
    form, status = DaysForm(request.POST), 422
    if form.is_valid():
        days = form.days()
        try:
            services.set_days(by=actor_of(request), now=clock.now(), days=days, reason=form.cleaned_data["reason"])
        except DomainError as error:
            form.take(error)
            status = error.status
        else:
            messages.success(request, _("已录入。已经算好的到期时间不变，新的时限按此计算。"))
            return _to(days[0].day.year)
    return _page(request, _wanted(request), status=status, form=form)


@require_POST
@for_changers
def restore(request: HttpRequest) -> HttpResponse:
    """Take a day of one's own back."""
    form, status = RestoreForm(request.POST), 422
    if form.is_valid():
        day = form.cleaned_data["day"]
        try:
            services.restore_days(by=actor_of(request), now=clock.now(), days=[day], reason=form.cleaned_data["reason"])
        except DomainError as error:
            form.take(error)
            status = error.status
        else:
            messages.success(request, _("已恢复为官方安排。"))
            return _to(day.year)
    errors = [str(e) for found in form.errors.values() for e in found]
    return _page(request, _wanted(request), status=status, trouble={"day": form.data.get("day"), "errors": errors})


def _seen(data: dict[str, Any]) -> str:
    text = "\0".join(str(data[name]) for name in ("year", "text", "source"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _read(data: dict[str, Any]) -> dict[str, Any]:
    """Return what the notice says, for the page: its days, what contradicts, what the calendar knew otherwise."""
    found = parse(data["text"], data["year"])
    stops = [problem_text(p) for p in found.problems if p.code in STOPPING]
    known = selectors.working_calendar()
    other = differences(found, known.days) if data["year"] in known.years else []
    return {
        "notice": found,
        "stops": stops,
        "notes": [problem_text(p) for p in found.problems if p.code not in STOPPING],
        "off": [d for d in found.days if not d.is_workday],
        "work": [d for d in found.days if d.is_workday],
        "differs": [{"day": d, "worked": ours, "before": theirs} for d, ours, theirs in other],
        "known": data["year"] in known.years,
        "months": _months(data["year"], {d.day: d for d in found.days}, set(), today()),
        "seen": _seen(data),
    }


@whole
def _enter(request: HttpRequest, data: dict[str, Any], found: Notice) -> None:
    by, now = actor_of(request), clock.now()
    if found.before():
        services.set_days(by=by, now=now, days=found.before(), reason=data["source"])
    services.announce_year(
        by=by, now=now, year=data["year"], days=found.in_year(), source=data["source"], notice=data["text"]
    )


@require_http_methods(["GET", "POST"])
@for_changers
def notice(request: HttpRequest) -> HttpResponse:
    """Read an official notice's text, show what it says and what contradicts itself, then enter the year."""
    form = NoticeForm(request.POST or None, initial={"year": today().year + 1})
    read, status = None, 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            data = form.cleaned_data
            read = _read(data)
            status = 422 if read["stops"] else 200
            if not read["stops"] and request.POST.get("seen") == read["seen"]:
                try:
                    _enter(request, data, read["notice"])
                except DomainError as error:
                    form.add_error(None, f"{error} {'；'.join(m for ms in error.fields.values() for m in ms)}")
                    status = error.status
                else:
                    messages.success(request, _("%(year)s 年放假安排已录入。") % {"year": data["year"]})
                    return _to(data["year"])
    context = {
        "nav_here": "console",
        "form": form,
        "value": {name: "" if (held := form[name].value()) is None else held for name in form.fields},
        "read": read,
        "weekdays": _weekdays(),
    }
    return render(request, "console/calendar/notice.html", context, status=status)
