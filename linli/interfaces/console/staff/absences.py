"""Who is away and who stands in, for those who appoint."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from linli.foundation.core import clock
from linli.foundation.core.errors import DomainError
from linli.foundation.core.paging import Page
from linli.foundation.people import selectors, services
from linli.interfaces.console.doors import actor_of, only, today
from linli.interfaces.console.staff import forms
from linli.interfaces.console.staff.views import user_named

SIZE = 50
_appointers = only("people:appoint")


def page_of(request: HttpRequest, cursor: str, size: int = SIZE) -> Page[Any]:
    """Return the page of absences that an address asks for."""
    return selectors.absence_page(on=today(), past=request.GET.get("past") == "1", cursor=cursor, size=size)


def _page(request: HttpRequest, form: forms.AnyAbsenceForm, *, status: int = 200) -> HttpResponse:
    past = request.GET.get("past") == "1"
    here = reverse("console:absences")
    context = {
        "nav_here": "console",
        "page": page_of(request, request.GET.get("cursor", "")),
        "past": past,
        "today": today(),
        "form": form,
        "base": "?past=1&" if past else "?",
        "tabs": [
            {"label": _("现在和将来"), "url": here, "count": None, "current": not past},
            {"label": _("过去"), "url": f"{here}?past=1", "count": None, "current": past},
        ],
    }
    return render(request, "console/staff/absences.html", context, status=status)


@never_cache
@require_GET
@_appointers
def absences(request: HttpRequest) -> HttpResponse:
    """Show who is away and who stands in."""
    return _page(request, forms.AnyAbsenceForm())


@require_POST
@_appointers
def absence_add(request: HttpRequest) -> HttpResponse:
    """Note days away of anybody."""
    form = forms.AnyAbsenceForm(request.POST)
    status = 422
    if form.is_valid():
        d = form.cleaned_data
        try:
            services.record_absence(
                by=actor_of(request),
                now=clock.now(),
                user_id=user_named(d["member"], "member") or 0,
                stand_in_id=user_named(d["stand_in"], "stand_in"),
                starts_on=d["starts_on"],
                ends_on=d["ends_on"],
            )
        except DomainError as error:
            form.take(error)
            status = error.status
        else:
            messages.success(request, _("已登记。"))
            return HttpResponseRedirect(reverse("console:absences"))
    return _page(request, form, status=status)


@require_POST
@_appointers
def absence_end(request: HttpRequest, absence_id: int) -> HttpResponse:
    """Note that somebody is back today."""
    row = selectors.absence(absence_id)
    services.end_absence(by=actor_of(request), now=clock.now(), absence=row, on=today())
    messages.success(request, _("已登记返岗。"))
    return HttpResponseRedirect(reverse("console:absences"))
