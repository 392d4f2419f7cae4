"""Series of meetings: the list, a new one, one with its meetings, skipping and ending."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from linli.engines.activities import selectors, services
from linli.engines.activities.permissions import PLANNERS, may_convene
from linli.engines.activities.rules.dates import Move, moved, occurrences
from linli.engines.activities.types import NewSeries
from linli.foundation.core import clock
from linli.foundation.core.errors import ConflictError, DomainError, InvalidError
from linli.foundation.core.paging import Page
from linli.foundation.people.types import POST_GROUPS
from linli.interfaces.desk import directory
from linli.interfaces.desk.doors import actor_of, day_of, local, problem, staff
from linli.interfaces.desk.meetings.lists import places_of
from linli.interfaces.desk.meetings.planning import check_planner, minute_takers, own_units
from linli.interfaces.web.forms import DomainForm, day_field

if TYPE_CHECKING:
    from linli.engines.activities.models import Meeting, Series

MOVES = [
    (Move.NEXT.value, gettext_lazy("遇休息日顺延到下一个工作日")),
    (Move.PREVIOUS.value, gettext_lazy("遇休息日提前到上一个工作日")),
    (Move.STAY.value, gettext_lazy("照常召开")),
]


class SeriesForm(DomainForm):
    """A series: which kind, on which day of the month, where, whom it invites."""

    kind = forms.ChoiceField(label=gettext_lazy("会议类型"))
    title = forms.CharField(label=gettext_lazy("名称"), max_length=80)
    unit = forms.TypedChoiceField(label=gettext_lazy("召集单位"), coerce=int)
    day = forms.IntegerField(label=gettext_lazy("每月几日"), min_value=1, max_value=31, initial=10)
    move = forms.ChoiceField(
        label=gettext_lazy("遇休息日"), choices=MOVES, initial=Move.NEXT.value, widget=forms.RadioSelect
    )
    every_months = forms.IntegerField(label=gettext_lazy("每几个月一次"), min_value=1, max_value=12, initial=1)
    starts = forms.TimeField(
        label=gettext_lazy("开始时间"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"), initial="14:00"
    )
    minutes = forms.IntegerField(label=gettext_lazy("时长（分钟）"), min_value=10, max_value=600, initial=120)
    place = forms.CharField(label=gettext_lazy("地点"), max_length=120)
    first_on = day_field(gettext_lazy("从哪天开始"))
    chair = forms.CharField(label=gettext_lazy("主持（岗位）"), max_length=80, required=False)
    secretary = forms.TypedChoiceField(label=gettext_lazy("记录人"), coerce=int, required=False, empty_value=None)
    groups = forms.MultipleChoiceField(
        label=gettext_lazy("请谁参加"), required=False, widget=forms.CheckboxSelectMultiple
    )
    areas = forms.TypedMultipleChoiceField(
        label=gettext_lazy("哪些区域"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    standing = forms.MultipleChoiceField(
        label=gettext_lazy("常设专题"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, actor: Any, *args: Any, **kwargs: Any) -> None:
        """Offer what ``actor`` may convene."""
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        today = local(clock.now()).date()
        fields["kind"].choices = [(k.code, k.name) for k in selectors.kinds().values() if k.series]
        fields["unit"].choices = [(o["value"], o["label"]) for o in own_units(actor)]
        fields["secretary"].choices = [(o["value"], o["label"]) for o in minute_takers(actor, clock.now())]
        fields["groups"].choices = [(g.code, g.name) for g in POST_GROUPS.values()]
        fields["areas"].choices = [(a.id, a.name) for a in directory.areas(today)]
        fields["standing"].choices = [(s.code, s.title) for s in selectors.standing_topics().values()]


@require_GET
@staff
def listing(request: HttpRequest) -> HttpResponse:
    """Show the series in reach."""
    actor = actor_of(request)
    kinds = selectors.kinds(every=True)
    rows = [{"s": s, "kind": kinds[s.kind].name if s.kind in kinds else s.kind} for s in selectors.series_list(actor)]
    context = {
        "rows": rows,
        "places": places_of(actor, "series"),
        "may_plan": actor.has_role(*PLANNERS),
        "today": local(clock.now()).date(),
        "nav_here": "meetings",
    }
    return render(request, "desk/meetings/series.html", context)


@require_http_methods(["GET", "POST"])
@staff
def new(request: HttpRequest) -> HttpResponse:
    """Set a series up; its first meetings are made at once."""
    actor, now, status = actor_of(request), clock.now(), 200
    check_planner(actor)
    today = local(now).date()
    areas = directory.areas(today)
    initial = {"first_on": today, "groups": ["secretary"], "areas": [areas[0].id] if areas else []}
    form = SeriesForm(actor, request.POST or None, initial=initial)
    if request.method == "POST":
        status = form.attempt(lambda: services.save_series(by=actor, now=now, data=_data(form.cleaned_data)))
        if not status:
            messages.success(request, _("已建立系列，近期会议已列入日程。"))
            return HttpResponseRedirect(reverse("desk:meeting_series_one", args=[form.made.uuid]))
    return render(request, "desk/meetings/series_new.html", {"form": form, "nav_here": "meetings"}, status=status)


def _data(data: dict[str, Any]) -> NewSeries:
    return NewSeries(
        kind=data["kind"],
        title=data["title"],
        unit_id=data["unit"],
        day=data["day"],
        starts=data["starts"],
        minutes=data["minutes"],
        place=data["place"],
        first_on=data["first_on"],
        move=Move(data["move"]),
        every_months=data["every_months"],
        chair=data["chair"],
        secretary_id=data["secretary"],
        groups=tuple(data["groups"]),
        area_ids=tuple(data["areas"]),
        standing=tuple(data["standing"]),
    )


def _coming(series: Any, today: date) -> list[dict[str, Any]]:
    """Return the days of the next half-year that have no meeting yet, and what became of those left out."""
    there = set(series.meetings.values_list("occurrence", flat=True))
    until = min(series.ended_on or date.max, today + timedelta(days=200))
    found = []
    for day in occurrences(series.first_on, series.day, every_months=series.every_months, until=until):
        if day < today or day in there:
            continue
        held = moved(day, Move(series.move), selectors.is_workday)
        found.append({"day": day, "held": held, "skipped": series.skipped.get(day.isoformat(), "")})
    return found


def page_of(series: Series, request: HttpRequest, cursor: str, size: int = 24) -> Page[Meeting]:
    """Return a page of the meetings of a series, the newest first."""
    return selectors.meeting_list(actor_of(request), "all", now=clock.now(), series=series, cursor=cursor, size=size)


@require_http_methods(["GET", "POST"])
@staff
def one(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show a series with its meetings; leave one out, or end it."""
    actor, now = actor_of(request), clock.now()
    series = selectors.series_for(actor, uuid)
    error: DomainError | None = None
    if request.method == "POST":
        reason, day = request.POST.get("reason", ""), day_of(request.POST.get("day", ""))
        try:
            if day is None:
                raise InvalidError(_("请选择日期。"), fields={"day": [_("请选择日期。")]})
            service = services.end_series if request.POST.get("act") == "end" else services.skip
            named = {"on": day} if request.POST.get("act") == "end" else {"day": day}
            service(by=actor, now=now, series=series, reason=reason, **named)
        except (InvalidError, ConflictError) as refused:
            error = refused
        else:
            return HttpResponseRedirect(reverse("desk:meeting_series_one", args=[uuid]))
    today = local(now).date()
    context = {
        "series": series,
        "fixed": urlencode({"series": uuid}),
        "kind": selectors.kind(series.kind),
        "move": dict(MOVES)[series.move],
        "page": page_of(series, request, request.GET.get("cursor", "")),
        "coming": _coming(series, today),
        "topics": selectors.open_topics(series.pk),
        "leads": may_convene(actor, series.unit_id, series.area.path if series.area else ""),
        "typed": request.POST,
        "act": request.POST.get("act", ""),
        "problem": problem(error) if error else None,
        "today": today,
        "nav_here": "meetings",
    }
    return render(request, "desk/meetings/series_one.html", context, status=error.status if error else 200)
