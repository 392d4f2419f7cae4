"""Today on the streets: which patrols run, what was walked, what was found and waits; and a new patrol's plan."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from linli.engines.fieldwork import selectors as walks
from linli.engines.fieldwork import services as fieldwork
from linli.engines.fieldwork.types import Choice, RoundData, TargetFilter
from linli.foundation.core import clock
from linli.foundation.forms import selectors as forms_of
from linli.foundation.places import selectors as places
from linli.interfaces.desk.doors import actor_of, day_of, staff, today
from linli.interfaces.desk.made_for import lacking
from linli.interfaces.desk.streets import forms, matters
from linli.interfaces.desk.streets.frame import NAV, room_tabs, say
from linli.programmes.streets import permissions, selectors

if TYPE_CHECKING:
    from linli.engines.fieldwork.models import Finding
    from linli.engines.fieldwork.selectors import DayOf

PROGRAMME, HERE = "streets", "streets"
PURPOSE = "patrol"
KINDS = ("shop", "frontage", "lane", "sign_board", "contractor_route")
MINUTES = 60


def _clock(minutes: int) -> str:
    return f"{minutes // MINUTES:02}:{minutes % MINUTES:02}"


def times(found: DayOf, on: date) -> str:
    """Return the times of day at which a round runs on a day, in words; empty: the whole day."""
    windows = found.rhythm.windows if found.rhythm else ()
    return "、".join(f"{_clock(w.begin)}–{_clock(w.end)}" for w in windows if w.weekday == on.isoweekday())


def _patrol(found: DayOf, on: date) -> dict[str, Any]:
    left = found.due - found.done
    over = found.due and not left
    return {
        "title": found.round.title,
        "url": reverse("desk:round", args=[found.round.uuid]),
        "area": found.round.area.name if found.round.area else _("整个街道"),
        "unit": str(found.round.unit),
        "times": times(found, on) or _("全天"),
        "due": found.due,
        "done": found.done,
        "found": found.found,
        "tone": "done" if over else "doing" if found.done else "new",
        "words": _("已走完") if over else _("走到一半") if found.done else _("待走"),
        "rest": not found.due,
    }


def _waiting(finding: Finding, may: bool) -> dict[str, Any]:
    target = finding.target
    url = ""
    if may and target is not None and target.kind.code in matters.SHOPS:
        url = f"{reverse('desk:streets_warn')}?target={target.uuid}&finding={finding.uuid}"
    return {
        "name": target.name if target else "",
        "address": target.address if target else "",
        "text": finding.text,
        "at": finding.found_at,
        "url": url,
        "record": reverse("desk:record", args=[finding.submission.uuid]),
    }


@require_GET
@staff
def home(request: HttpRequest) -> HttpResponse:
    """Show a day's patrols and what waits: warnings running out, blind spots, lanes without a plan."""
    by, day = actor_of(request), today()
    on = day_of(request.GET.get("day", "")) or day
    found = walks.day_of(by, PROGRAMME, on)
    waiting = list(walks.waiting_findings(by, PROGRAMME, KINDS)[:8])
    soon, soon_count = selectors.running_out(by, day)
    may = bool(matters.buttons(by))
    context = {
        "tabs": room_tabs(HERE),
        "on": on,
        "is_today": on == day,
        "before": (on - timedelta(days=1)).isoformat(),
        "after": (on + timedelta(days=1)).isoformat(),
        "patrols": [p for d in found if not (p := _patrol(d, on))["rest"]],
        "waiting": [_waiting(f, may) for f in waiting],
        "soon": [dict(zip(("shop", "fault", "found", "due", "state"), matters.line(m), strict=True)) for m in soon],
        "soon_count": soon_count,
        "stats": _stats(by, soon_count),
        "spots": selectors.open_spots(by)[:6],
        "lanes": selectors.lanes_without(by)[:6],
        "may_plan": may_plan(by),
        "may_warn": may,
        "today": day,
        "now": clock.now(),
        "nav_here": NAV,
    }
    return render(request, "desk/streets/home.html", context)


def _stats(by: Any, soon: int) -> list[dict[str, Any]]:
    lanes, spots = selectors.lane_share(by), selectors.spot_counts(by, today())
    return [
        {"label": _("期限将到或已过"), "value": soon, "url": f"{reverse('desk:streets_matters')}?state=open"},
        {"label": _("未销号的盲区死角"), "value": spots["open"], "url": f"{reverse('desk:streets_spots')}?state=live",
         "note": _("超期 %(n)s 处") % {"n": spots["late"]} if spots["late"] else ""},
        {"label": _("一弄一案覆盖率"), "value": lanes.percent, "url": reverse("desk:streets_lanes"),
         "note": _("%(n)s 条弄堂里 %(done)s 条有方案") % {"n": lanes.of, "done": lanes.done}},
    ]  # fmt: skip


def may_plan(by: Any) -> bool:
    """Return whether somebody plans patrols somewhere; of which unit and area the engine decides."""
    return bool(by.has_role(*permissions.WIDE, "grid_head", "neighbourhood_secretary", "unit_head"))


@require_http_methods(["GET", "POST"])
@staff
def new(request: HttpRequest) -> HttpResponse:
    """Plan a patrol: a round of the engine with its area and its times of day; opened at once."""
    by = actor_of(request)
    if not may_plan(by):
        raise permissions.refuse(_("安排巡查"))
    offered = {
        "kinds": [(k.code, k.name) for k in walks.kinds() if k.code in KINDS],
        "forms": forms_of.made_for(PURPOSE),
    }
    if request.method == "POST":
        form = forms.PatrolForm(request.POST, by=by, row=offered)
        status = form.attempt(lambda: _open(by, form.cleaned_data))
        if not status:
            say(request, _("巡查计划已开始，到时段会出现在巡查人员的今日清单里。"))
            return HttpResponseRedirect(reverse("desk:streets"))
    else:
        form, status = forms.PatrolForm(by=by, row=offered), 200
    context = {
        "tabs": room_tabs(HERE), "title": _("安排巡查"), "lacking": lacking(request, PURPOSE), "form": form,
        "back": reverse("desk:streets"),
        "hint": _("重点区域、重点时段：按区域和星期、时段定期巡查；只记到点位，不记行走轨迹。"), "nav_here": NAV,
    }  # fmt: skip
    return render(request, "desk/streets/form.html", context, status=status)


def _open(by: Any, data: dict[str, Any]) -> Any:
    begin, end = (data[n].hour * MINUTES + data[n].minute for n in ("begin", "end"))
    area = places.area(data["area_id"]) if data["area_id"] else None
    where = TargetFilter((data["kind"],), area_path=area.path if area else "")
    round_ = RoundData(
        title=data["title"], form=data["form"], unit_id=data["unit_id"], starts_on=data["starts_on"],
        ends_on=data["ends_on"], area_id=data["area_id"], programme=PROGRAMME, choice=Choice(filter=where),
        rhythm={"unit": "days", "windows": [[int(n), begin, end] for n in data["days"]]},
    )  # fmt: skip
    now = clock.now()
    planned = fieldwork.plan_round(by=by, now=now, data=round_)
    return fieldwork.open_round(by=by, now=now, uuid=planned.uuid, expected=planned.version)
