"""One's own account."""

from __future__ import annotations

from typing import Any

import segno
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from linli.foundation.accounts import selectors, services
from linli.foundation.core import clock
from linli.foundation.core.errors import DomainError
from linli.interfaces.web.access import before_password_change, confirmed, kept_form, local_next, mark_confirmed
from linli.interfaces.web.accounts.forms import ConfirmForm, PasswordForm, PreferencesForm, StepForm
from linli.interfaces.web.accounts.login import show
from linli.interfaces.web.middleware import client_address

_SECRET = "_totp_secret"  # noqa: S105  the name of a session key


def _user(request: HttpRequest) -> Any:
    return request.user_row  # type: ignore[attr-defined]


def _actor(request: HttpRequest) -> Any:
    return request.actor  # type: ignore[attr-defined]


@never_cache
@require_http_methods(["GET"])
def account_page(request: HttpRequest) -> HttpResponse:
    """Show one's account: preferences, second factor, open sessions."""
    user = _user(request)
    sessions = selectors.sessions_of(
        by=_actor(request), user_id=user.pk, now=clock.now(), current_key=request.session.session_key or ""
    )
    form = PreferencesForm(initial={"language": user.language, "elder_mode": user.elder_mode})
    return show(request, "account", form, account=user, sessions=sessions)


@before_password_change
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def password_page(request: HttpRequest) -> HttpResponse:
    """Change one's password; the other sessions end."""
    user = _user(request)
    form = PasswordForm(request.POST or None)
    if not user.has_usable_password():
        form.fields["old"].required = False
    if request.method == "GET" or not form.is_valid():
        return show(request, "password", form, account=user)
    try:
        services.change_password(
            by=_actor(request),
            now=clock.now(),
            user=user,
            old=form.cleaned_data["old"],
            new=form.cleaned_data["new"],
            address=client_address(request),
            keep_session=request.session.session_key or "",
        )
    except DomainError as error:
        form.take(error)
        return show(request, "password", form, account=user, status=error.status)
    request.session.cycle_key()
    messages.success(request, _("密码已修改，其他设备上的登录已结束。"))
    return HttpResponseRedirect(reverse("web:account"))


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def confirm_page(request: HttpRequest) -> HttpResponse:
    """Ask for the password once more before a dangerous act."""
    form = ConfirmForm(request.POST or None, second_factor=_user(request).has_second_factor)
    then = "1" if "1" in {request.GET.get("then"), request.POST.get("then")} else ""
    if request.method == "GET" or not form.is_valid():
        return show(request, "confirm", form, then=then)
    try:
        services.confirm_password(
            user=_user(request),
            password=form.cleaned_data["password"],
            code=form.cleaned_data.get("code", ""),
            address=client_address(request),
            now=clock.now(),
        )
    except DomainError as error:
        form.take(error)
        return show(request, "confirm", form, then=then, status=error.status)
    mark_confirmed(request)
    kept = kept_form(request)
    if then and kept:
        return show(request, "go_on", StepForm(), kept=kept)
    return HttpResponseRedirect(local_next(request, reverse("web:account")))


@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """Keep language and size."""
    form = PreferencesForm(request.POST)
    if not form.is_valid():
        return show(request, "account", form, account=_user(request), sessions=[])
    services.set_preferences(by=_actor(request), now=clock.now(), user=_user(request), **form.cleaned_data)
    answer = HttpResponseRedirect(local_next(request, reverse("web:account")))
    language = form.cleaned_data["language"]
    if language:
        answer.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, max_age=31_536_000, samesite="Lax")
    else:
        answer.delete_cookie(settings.LANGUAGE_COOKIE_NAME)
    return answer


@require_POST
def end_session(request: HttpRequest) -> HttpResponse:
    """End one of one's sessions, or all others."""
    user, by, now = _user(request), _actor(request), clock.now()
    handle = request.POST.get("handle", "")
    try:
        if handle == "others":
            services.end_sessions(by=by, now=now, user=user, except_key=request.session.session_key or "")
        else:
            services.end_session(by=by, now=now, user=user, handle=handle)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("登录已结束。"))
    own = handle == selectors.handle_of(request.session.session_key or "-")
    if own:
        request.session.flush()
    return HttpResponseRedirect(reverse("web:login" if own else "web:account"))


def _qr(uri: str) -> str:
    return segno.make(uri, error="m").svg_data_uri(scale=5)


@confirmed
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def second_factor_page(request: HttpRequest) -> HttpResponse:
    """Turn the second factor on: scan, type one code, keep the recovery codes."""
    user = _user(request)
    if user.has_second_factor:
        return HttpResponseRedirect(reverse("web:account"))
    form = StepForm(request.POST or None)
    if request.method == "GET" or _SECRET not in request.session:
        offer = services.begin_enrolment(user=user, issuer=_("邻里"))
        request.session[_SECRET] = [offer.secret, offer.uri]
    secret, uri = request.session[_SECRET]
    if request.method == "GET" or not form.is_valid():
        return show(request, "second_factor", form, secret=secret, qr=_qr(uri))
    try:
        codes = services.enrol(
            by=_actor(request), now=clock.now(), user=user, secret=secret, code=form.cleaned_data["code"]
        )
    except DomainError as error:
        form.take(error)
        return show(request, "second_factor", form, secret=secret, qr=_qr(uri), status=error.status)
    del request.session[_SECRET]
    return show(request, "recovery_codes", StepForm(), codes=codes)


@confirmed
@require_POST
def remove_second_factor(request: HttpRequest) -> HttpResponse:
    """Turn the second factor off."""
    services.remove_second_factor(by=_actor(request), now=clock.now(), user=_user(request))
    messages.success(request, _("动态验证码已关闭。"))
    return HttpResponseRedirect(reverse("web:account"))


@confirmed
@never_cache
@require_POST
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """Show ten new recovery codes."""
    codes = services.renew_recovery_codes(by=_actor(request), now=clock.now(), user=_user(request))
    return show(request, "recovery_codes", StepForm(), codes=codes)
