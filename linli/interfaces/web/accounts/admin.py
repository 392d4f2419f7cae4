"""What an administrator does with somebody's account. To others these pages do not exist."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from linli.foundation.accounts import permissions, selectors, services
from linli.foundation.core import clock
from linli.foundation.core.errors import DomainError
from linli.foundation.people import selectors as people
from linli.interfaces.web.access import confirmed
from linli.interfaces.web.accounts.forms import ReasonForm
from linli.interfaces.web.accounts.login import show


def _open(request: HttpRequest, uuid: UUID) -> tuple[Any, Any]:
    by = request.actor  # type: ignore[attr-defined]
    if not permissions.can_administer(by):
        raise Http404
    try:
        return by, selectors.user_by_uuid(uuid)
    except DomainError as error:
        raise Http404 from error


def _page(request: HttpRequest, by: Any, user: Any, form: ReasonForm, **extra: Any) -> HttpResponse:
    sessions = selectors.sessions_of(by=by, user_id=user.pk, now=clock.now())
    posts = people.appointments_of(user.pk)
    return show(request, "user", form, account=user, sessions=sessions, appointments=posts, **extra)


def _back(user: Any) -> HttpResponse:
    return HttpResponseRedirect(reverse("web:user", args=[user.uuid]))


@confirmed
@never_cache
@require_http_methods(["GET"])
def user_page(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show an account: posts, sessions, what can be done."""
    by, user = _open(request, uuid)
    return _page(request, by, user, ReasonForm())


@confirmed
@never_cache
@require_POST
def issue_password(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Give a new first password and show it once, for the printer."""
    by, user = _open(request, uuid)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, by, user, form)
    try:
        slip = services.issue_password(by=by, now=clock.now(), user=user, reason=form.cleaned_data["reason"])
    except DomainError as error:
        form.take(error)
        return _page(request, by, user, form, status=error.status)
    return show(request, "slip", ReasonForm(), slip=slip)


@confirmed
@require_POST
def end_sessions(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """End every session of somebody, or one."""
    by, user = _open(request, uuid)
    handle, now = request.POST.get("handle", ""), clock.now()
    try:
        if handle:
            services.end_session(by=by, now=now, user=user, handle=handle)
        else:
            services.end_sessions(by=by, now=now, user=user)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("登录已结束。"))
    return _back(user)


@confirmed
@require_POST
def remove_second_factor(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Turn somebody's second factor off, since the telephone is lost."""
    by, user = _open(request, uuid)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, by, user, form)
    reason = form.cleaned_data["reason"]
    try:
        services.remove_second_factor(by=by, now=clock.now(), user=user, reason=reason)
    except DomainError as error:
        messages.error(request, str(error))
    return _back(user)


@confirmed
@require_POST
def set_active(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Close or open an account."""
    by, user = _open(request, uuid)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, by, user, form)
    active = request.POST.get("active") == "1"
    try:
        services.set_active(by=by, now=clock.now(), user=user, active=active, reason=form.cleaned_data["reason"])
    except DomainError as error:
        messages.error(request, str(error))
    return _back(user)
