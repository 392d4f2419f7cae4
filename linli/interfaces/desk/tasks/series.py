"""Recurring tasks: the list, entering one, leaving a day out, ending it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from linli.engines.projects import selectors, services
from linli.engines.projects.selectors import TaskFilters
from linli.engines.projects.types import Every, NewSeries
from linli.foundation.core import clock
from linli.foundation.core.errors import DomainError, InvalidError
from linli.foundation.core.paging import Page
from linli.interfaces.desk.doors import actor_of, day_of, local, problem, staff
from linli.interfaces.desk.tasks.forms import GIVERS, NO, YES, TaskForm
from linli.interfaces.desk.tasks.lists import check_giver, words_of
from linli.interfaces.desk.tasks.rows import rows_of
from linli.interfaces.web.forms import day_field

if TYPE_CHECKING:
    from linli.engines.projects.models import TaskSeries


class SeriesForm(TaskForm):
    """A task and when it comes again."""

    every = forms.ChoiceField(
        label=gettext_lazy("多久一次"), choices=Every.choices, initial=Every.MONTH, widget=forms.RadioSelect
    )
    day = forms.IntegerField(
        label=gettext_lazy("第几天到期"),
        min_value=1,
        max_value=31,
        help_text=gettext_lazy("每周填 1（周一）到 7（周日）；每月、每季度填日期，没有这一天的月份取最后一天。"),
    )
    lead_days = forms.IntegerField(
        label=gettext_lazy("提前几天布置"), min_value=0, max_value=60, initial=7, required=False
    )
    starts_on = day_field(gettext_lazy("从哪天起"))
    ends_on = day_field(gettext_lazy("到哪天止"), required=False)
    times = forms.IntegerField(label=gettext_lazy("共几次"), min_value=1, max_value=500, required=False)
    working_only = forms.ChoiceField(
        label=gettext_lazy("遇到休息日"),
        choices=[(NO, gettext_lazy("照常")), (YES, gettext_lazy("这一次不做"))],
        initial=NO,
        required=False,
        widget=forms.RadioSelect,
    )

    MAIN: ClassVar[tuple[str, ...]] = (
        "title", "unit", "every", "day", "lead_days", "starts_on", "ends_on", "times", "working_only", "what",
        "acceptance", "admission", "outside_reason",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Ask for the rhythm instead of one day."""
        super().__init__(*args, **kwargs)
        del self.fields["due_on"]
        self.order_fields([*self.MAIN, *self.fields])

    def series(self) -> NewSeries:
        """Return the series that was typed."""
        data = self.cleaned_data
        return NewSeries(
            task=self.new(due_on=data["starts_on"]),
            every=Every(data["every"]),
            day=data["day"],
            starts_on=data["starts_on"],
            ends_on=data["ends_on"],
            times=data["times"],
            lead_days=7 if data["lead_days"] is None else data["lead_days"],
            working_only=data["working_only"] == YES,
        )


def asks_ended(request: HttpRequest) -> bool:
    """Return whether the address asks for the recurring tasks that have ended."""
    return request.GET.get("box") == "ended"


def box_label(*, ended: bool) -> str:
    """Return what the recurring tasks that go on, or those that have ended, are called."""
    return _("已结束") if ended else _("进行中")


def page_of(request: HttpRequest, cursor: str, size: int = 50) -> Page[TaskSeries]:
    """Return a page of the recurring tasks that the address asks for."""
    return selectors.series_list(
        actor_of(request), ended=asks_ended(request), text=words_of(request), cursor=cursor, size=size
    )


def rhythm_of(series: TaskSeries) -> str:
    """Return in words how often a task comes again."""
    words = {
        Every.WEEK: _("每周第 %(n)s 天"),
        Every.MONTH: _("每月 %(n)s 日"),
        Every.QUARTER: _("每季度首月 %(n)s 日"),
    }[Every(series.every)] % {"n": series.day}
    return words + (_("（休息日不做）") if series.working_only else "")


@require_GET
@staff
def series_list(request: HttpRequest) -> HttpResponse:
    """Show the recurring tasks that this person gave or owes."""
    actor, ended, text = actor_of(request), asks_ended(request), words_of(request)
    page = page_of(request, request.GET.get("cursor", ""))
    tabs = [
        {"label": box_label(ended=False), "url": "?", "current": not ended, "count": None},
        {"label": box_label(ended=True), "url": "?box=ended", "current": ended, "count": None},
    ]
    base = "?" + ("box=ended&" if ended else "") + (f"q={text}&" if text else "")
    context = {
        "page": page,
        "rows": [{"series": s, "rhythm": rhythm_of(s)} for s in page.rows],
        "tabs": tabs,
        "text": text,
        "base": base,
        "may_give": actor.has_role(*GIVERS),
        "nav_here": "tasks",
    }
    return render(request, "desk/tasks/series_list.html", context)


@require_http_methods(["GET", "POST"])
@staff
def new(request: HttpRequest) -> HttpResponse:
    """Enter a recurring task."""
    actor, status = actor_of(request), 200
    check_giver(actor)
    form = SeriesForm(request.POST or None, initial={"starts_on": local(clock.now()).date()})
    if request.method == "POST":
        status = form.attempt(lambda: services.create_series(by=actor, now=clock.now(), series=form.series()))
        if not status:
            messages.success(request, _("已建立周期任务。"))
            return HttpResponseRedirect(reverse("desk:task_series", args=[form.made.uuid]))
    return render(request, "desk/tasks/series_new.html", {"form": form, "nav_here": "tasks"}, status=status)


@require_http_methods(["GET", "POST"])
@staff
def one(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show a recurring task with what came of it; leave a day out, or end it."""
    actor, now = actor_of(request), clock.now()
    row, error = selectors.series_for(actor, uuid), None
    if request.method == "POST":
        reason = request.POST.get("reason", "")
        try:
            if request.POST.get("act") == "end":
                services.end_series(by=actor, now=now, series=row, reason=reason)
            else:
                on = day_of(request.POST.get("on", ""))
                if on is None:
                    raise InvalidError(_("请选择日期。"), fields={"on": [_("请选择日期。")]})
                services.skip_day(by=actor, now=now, series=row, on=on, reason=reason)
        except DomainError as refused:
            if refused.status not in {409, 422}:
                raise
            error = refused
            row = selectors.series_for(actor, uuid)
        else:
            return HttpResponseRedirect(reverse("desk:task_series", args=[uuid]))
    today = local(now).date()
    shown = {
        box: selectors.task_list(actor, box, today=today, filters=TaskFilters(series=row.pk)) for box in ("all", "done")
    }
    context = {
        "series": row,
        "rhythm": rhythm_of(row),
        "open_rows": rows_of(shown["all"].rows, today),
        "done_rows": rows_of(shown["done"].rows, today),
        "may_keep": row.ended_at is None and services.may_keep(actor, row),
        "problem": problem(error) if error else None,
        "sent": request.POST.get("act", ""),
        "typed": request.POST,
        "weekday": row.every == Every.WEEK,
        "nav_here": "tasks",
    }
    return render(request, "desk/tasks/series_one.html", context, status=error.status if error else 200)
