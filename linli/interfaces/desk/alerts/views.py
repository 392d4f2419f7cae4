"""Warnings: the list, one, taking note, and entering, changing, lifting by hand."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.engines.alerts import permissions, selectors, services
from linli.engines.alerts.types import AlertState, Colour, Entered, Filters, Hazard
from linli.foundation.core import clock
from linli.foundation.core.errors import DomainError
from linli.foundation.core.paging import Page
from linli.interfaces.desk.doors import actor_of, id_of, problem, staff
from linli.interfaces.web.forms import DomainForm, text_field

if TYPE_CHECKING:
    from linli.engines.alerts.models import Alert

NAV = "more"
STANDING = (AlertState.COMING, AlertState.IN_FORCE)
_PLAIN = ("hazard", "colour", "headline", "begins_at", "ends_at", "text", "instruction", "issuer", "area_text")


def _moment(label: Any) -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(label=label, widget=widget)


class AlertForm(DomainForm):
    """A warning as it was told."""

    hazard = forms.ChoiceField(label=gettext_lazy("灾种"), choices=Hazard.choices)
    colour = forms.ChoiceField(label=gettext_lazy("颜色"), choices=Colour.choices, widget=forms.RadioSelect)
    headline = forms.CharField(label=gettext_lazy("标题"), max_length=200)
    begins_at = _moment(gettext_lazy("开始时间"))
    ends_at = _moment(gettext_lazy("结束时间"))
    area_text = forms.CharField(
        label=gettext_lazy("范围"), max_length=300, required=False, help_text=gettext_lazy("不填为本街道。")
    )
    issuer = forms.CharField(label=gettext_lazy("发布单位"), max_length=100, required=False)
    text = text_field(gettext_lazy("内容"), required=False, longest=4_000)
    instruction = text_field(gettext_lazy("防御要求"), required=False, longest=4_000)
    exercise = forms.MultipleChoiceField(
        label=gettext_lazy("性质"), choices=[("yes", gettext_lazy("演练，不是真实预警"))], required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip

    def entry(self) -> Entered:
        """Return what was typed."""
        return Entered(**{**self.cleaned_data, "exercise": bool(self.cleaned_data["exercise"])})


class LiftForm(DomainForm):
    """On what grounds a warning is lifted."""

    reason = text_field(gettext_lazy("解除的依据"), longest=300, rows=2)


def _filters(request: HttpRequest) -> Filters:
    get = request.GET
    return Filters(
        text=get.get("q", "")[:60], hazard=get.get("hazard", ""), colour=get.get("colour", ""),
        state=get.get("state", ""),
    )  # fmt: skip


def page_of(request: HttpRequest, cursor: str, size: int = 50) -> Page[Alert]:
    """Return a page of the warnings that the address asks for."""
    return selectors.page(actor_of(request), _filters(request), now=clock.now(), cursor=cursor, size=size)


@never_cache
@require_GET
@staff
def listing(request: HttpRequest) -> HttpResponse:
    """Show the warnings, the last that was sent first."""
    by, now, filters = actor_of(request), clock.now(), _filters(request)
    page = page_of(request, request.GET.get("cursor", ""))
    query = urlencode([(k, v) for k, v in request.GET.items() if k != "cursor" and v])
    every = [{"value": "", "label": _("全部")}]
    context = {
        "page": page, "rows": [(a, a.state(now)) for a in page.rows], "filters": filters, "narrowed": bool(query),
        "base": f"?{query}&" if query else "?",
        "hazards": every + [{"value": v, "label": label} for v, label in Hazard.choices],
        "colours": every + [{"value": v, "label": label} for v, label in Colour.choices],
        "states": every + [{"value": v, "label": label} for v, label in AlertState.choices],
        "standing": STANDING, "may_keep": permissions.can_keep(by), "nav_here": NAV,
    }  # fmt: skip
    return render(request, "desk/alerts/list.html", context)


def _one(request: HttpRequest, uuid: UUID, *, lifting: LiftForm | None = None, error: Any = None) -> HttpResponse:
    by, now = actor_of(request), clock.now()
    alert = selectors.alert_for(by, uuid)
    noted, state = selectors.noted_by(alert), alert.state(now)
    here = [n for n in noted if n.message_id == alert.current_id]
    context = {
        "alert": alert, "state": state, "stands": state in STANDING, "noted": here,
        "earlier": [n for n in noted if n.message_id != alert.current_id],
        "mine": any(n.user_id == by.user_id for n in here),
        "messages_": [
            (m, m.get_kind_display(), dict(Colour.choices).get(m.content.get("colour", ""), ""))
            for m in selectors.messages_of(alert)
        ],
        "may_keep": permissions.can_keep(by), "lifting": lifting or LiftForm(), "nav_here": NAV,
        "problem": problem(error) if error is not None else None,
    }  # fmt: skip
    refused = lifting.refused if lifting is not None else error
    status = 200 if lifting is None and error is None else (refused.status if refused is not None else 422)
    return render(request, "desk/alerts/one.html", context, status=status)


@never_cache
@require_GET
@staff
def one(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show one warning, what it was before, and who took note of it when."""
    return _one(request, uuid)


@never_cache
@require_POST
@staff
def note(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Take note of a warning as it was read."""
    by, now = actor_of(request), clock.now()
    alert = selectors.alert_for(by, uuid)
    try:
        services.acknowledge(by=by, now=now, alert=alert, expected=id_of(request.POST.get("message", "")) or 0)
    except DomainError as error:
        return _one(request, uuid, error=error)
    messages.success(request, _("已确认收到。"))
    return HttpResponseRedirect(reverse("desk:alert", args=[alert.uuid]))


@never_cache
@require_http_methods(["GET", "POST"])
@staff
def new(request: HttpRequest) -> HttpResponse:
    """Enter a warning that was told by telephone or on paper."""
    by, now = actor_of(request), clock.now()
    permissions.check_keep(by)
    form, status = AlertForm(initial={"colour": "yellow", "begins_at": _typed(now)}), 200
    if request.method == "POST":
        form = AlertForm(request.POST)
        status = form.attempt(lambda: services.enter(by=by, now=now, data=form.entry()))
        if not status:
            messages.success(request, _("已录入，已通知当班人员。"))
            return HttpResponseRedirect(reverse("desk:alert", args=[form.made.alert]))
    return render(request, "desk/alerts/form.html", {"form": form, "alert": None, "nav_here": NAV}, status=status)


def _typed(at: datetime) -> datetime:
    return localtime(at).replace(second=0, microsecond=0)


@never_cache
@require_http_methods(["GET", "POST"])
@staff
def change(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Change a warning that stands; everybody is asked to take note again."""
    by, now = actor_of(request), clock.now()
    alert = selectors.alert_for(by, uuid)
    permissions.check_keep(by)
    start: dict[str, Any] = {name: getattr(alert, name) for name in _PLAIN}
    start |= {name: _typed(start[name]) for name in ("begins_at", "ends_at")}
    form, status = AlertForm(initial=start | {"exercise": ["yes"] if alert.exercise else []}), 200
    if request.method == "POST":
        form = AlertForm(request.POST)
        status = form.attempt(lambda: services.change(by=by, now=now, alert=alert, data=form.entry()))
        if not status:
            messages.success(request, _("已变更，已再次通知当班人员。"))
            return HttpResponseRedirect(reverse("desk:alert", args=[alert.uuid]))
    context = {"form": form, "alert": alert, "nav_here": NAV}
    return render(request, "desk/alerts/form.html", context, status=status)


@never_cache
@require_POST
@staff
def lift(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Lift a warning that stands."""
    by, now = actor_of(request), clock.now()
    alert = selectors.alert_for(by, uuid)
    permissions.check_keep(by)
    form = LiftForm(request.POST)
    if form.attempt(lambda: services.lift(by=by, now=now, alert=alert, **form.cleaned_data)):
        return _one(request, uuid, lifting=form)
    messages.success(request, _("已解除。"))
    return HttpResponseRedirect(reverse("desk:alert", args=[alert.uuid]))
