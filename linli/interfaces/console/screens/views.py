"""The screens on walls: a read-only link for each, made, shown once, revoked by the system administrator."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from linli.foundation.accounts import rules, selectors, services
from linli.foundation.core import clock
from linli.foundation.core.errors import DomainError
from linli.foundation.rulebook import selectors as rulebook
from linli.foundation.rulebook.exceptions import RuleMissingError
from linli.interfaces.console.doors import actor_of, only
from linli.interfaces.console.screens.forms import RevokeForm, ScreenForm
from linli.interfaces.web.access import confirmed

_administrators = only("accounts:manage")


def _longest(now: datetime) -> int:
    try:
        return int(rulebook.value("accounts.screen_days", on=timezone.localtime(now).date()))
    except RuleMissingError:
        return rules.SCREEN_DAYS


def _page(request: HttpRequest, form: ScreenForm, *, status: int = 200) -> HttpResponse:
    now = clock.now()
    found = selectors.screens(by=actor_of(request))
    context = {
        "nav_here": "console",
        "form": form,
        "open_screens": [s for s in found if s.is_open(now)],
        "ended": [s for s in found if not s.is_open(now)][:50],
        "longest": _longest(now),
    }
    return render(request, "console/screens/list.html", context, status=status)


@never_cache
@require_GET
@_administrators
def listing(request: HttpRequest) -> HttpResponse:
    """Show the screens whose links are good, and those whose are not any more."""
    return _page(request, ScreenForm())


@never_cache
@require_POST
@_administrators
@confirmed
def create(request: HttpRequest) -> HttpResponse:
    """Let a screen in and show its link, this once."""
    form, now = ScreenForm(request.POST), clock.now()
    if not form.is_valid():
        return _page(request, form, status=422)
    try:
        made, token = services.create_screen(by=actor_of(request), now=now, longest=_longest(now), **form.cleaned_data)
    except DomainError as error:
        form.take(error)
        return _page(request, form, status=error.status)
    address = request.build_absolute_uri(reverse("wall:screen", args=[token]))
    return render(request, "console/screens/made.html", {"nav_here": "console", "screen": made, "address": address})


@require_POST
@_administrators
def revoke(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Close a screen's link at once."""
    form = RevokeForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    try:
        services.revoke_screen(by=actor_of(request), now=clock.now(), screen=selectors.screen(uuid), reason=reason)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("大屏链接已撤销，屏幕上的数据几十秒内消失。"))
    return HttpResponseRedirect(reverse("console:screens"))
