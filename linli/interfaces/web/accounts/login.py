"""Logging in and out."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import rotate_token
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from linli.foundation.accounts import services
from linli.foundation.accounts.exceptions import SecondFactorNeededError
from linli.foundation.accounts.types import USER_KEY
from linli.foundation.core import clock
from linli.foundation.core.errors import DomainError
from linli.interfaces.web import seeing
from linli.interfaces.web.access import local_next, mark_confirmed, public, while_seeing
from linli.interfaces.web.accounts.forms import AccountForm, CodeForm, LoginForm, PhoneForm, StepForm
from linli.interfaces.web.middleware import client_address

if TYPE_CHECKING:
    from linli.foundation.accounts.models import User

_PENDING = "_pending"
_PHONE = "_phone"
_PENDING_FOR = timedelta(minutes=5)


def show(request: HttpRequest, template: str, form: AccountForm, **extra: Any) -> HttpResponse:
    """Show a form; with 422 where something in it is wrong, or the status of what went wrong."""
    status = extra.pop("status", 422 if form.errors else 200)
    context = {"form": form, "next": local_next(request, ""), **extra}
    return render(request, f"web/accounts/{template}.html", context, status=status)


def enter(request: HttpRequest, user: User) -> HttpResponse:
    """Open the user's session under a new key, and go where they wanted to."""
    target = local_next(request)
    if request.session.get(USER_KEY) not in {None, user.pk}:
        request.session.flush()
    for key in (_PENDING, _PHONE):
        request.session.pop(key, None)
    request.session[USER_KEY] = user.pk
    request.session.cycle_key()
    mark_confirmed(request)
    rotate_token(request)
    answer = HttpResponseRedirect(reverse("web:password") if user.must_change_password else target)
    if user.language:
        answer.set_cookie(settings.LANGUAGE_COOKIE_NAME, user.language, max_age=31_536_000, samesite="Lax")
    return answer


def _pend(request: HttpRequest, user: User) -> HttpResponse:
    request.session[_PENDING] = {"user": user.pk, "at": clock.now().isoformat()}
    request.session.cycle_key()
    return show(request, "step", StepForm())


@public
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def login_page(request: HttpRequest) -> HttpResponse:
    """Log in with name and password."""
    form = LoginForm(request.POST or None)
    if request.method == "GET" or not form.is_valid():
        return show(request, "login", form, demo=settings.DEMO)
    try:
        user = services.authenticate(
            username=form.cleaned_data["username"],
            password=form.cleaned_data["password"],
            address=client_address(request),
            now=clock.now(),
        )
    except SecondFactorNeededError as error:
        return _pend(request, error.params["user"])
    except DomainError as error:
        form.take(error)
        return show(request, "login", form, demo=settings.DEMO, status=error.status)
    return enter(request, user)


@public
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def second_step_page(request: HttpRequest) -> HttpResponse:
    """Take the code of the authenticator, or a recovery code, after the right password."""
    pending = request.session.get(_PENDING)
    if not pending or clock.now() - datetime.fromisoformat(pending["at"]) > _PENDING_FOR:
        return HttpResponseRedirect(reverse("web:login"))
    form = StepForm(request.POST or None)
    if request.method == "GET" or not form.is_valid():
        return show(request, "step", form)
    try:
        user = services.second_step(
            user_id=pending["user"],
            code=form.cleaned_data["code"],
            address=client_address(request),
            now=clock.now(),
        )
    except DomainError as error:
        form.take(error)
        return show(request, "step", form, status=error.status)
    return enter(request, user)


@public
@never_cache
@require_http_methods(["GET", "POST"])
def phone_page(request: HttpRequest) -> HttpResponse:
    """Ask for the telephone and send a code to it."""
    form = PhoneForm(request.POST or None)
    if request.method == "GET" or not form.is_valid():
        return show(request, "phone", form)
    phone = form.cleaned_data["phone"]
    if not services.codes_arrive():
        form.add_error(None, _("本站还没有开通短信，请改用密码登录；忘记密码请联系居委会或本单位管理员。"))
        return show(request, "phone", form)
    try:
        shown = services.send_code(phone=phone, address=client_address(request), now=clock.now())
    except DomainError as error:
        form.take(error)
        return show(request, "phone", form, status=error.status)
    request.session[_PHONE] = phone
    return show(request, "code", CodeForm(), shown=shown)


@public
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def code_page(request: HttpRequest) -> HttpResponse:
    """Take the code that was sent."""
    phone = request.session.get(_PHONE)
    if not phone:
        return HttpResponseRedirect(reverse("web:login_phone"))
    form = CodeForm(request.POST or None)
    if request.method == "GET" or not form.is_valid():
        return show(request, "code", form)
    try:
        user = services.authenticate_by_code(
            phone=phone, code=form.cleaned_data["code"], address=client_address(request), now=clock.now()
        )
    except SecondFactorNeededError as error:
        return _pend(request, error.params["user"])
    except DomainError as error:
        form.take(error)
        return show(request, "code", form, status=error.status)
    return enter(request, user)


@public
@while_seeing
@require_POST
def logout_page(request: HttpRequest) -> HttpResponse:
    """End this session, and looking with another person's grants before."""
    seeing.end(request, clock.now(), _("退出登录"))
    user: User | None = request.user_row  # type: ignore[attr-defined]
    if user is not None:
        services.note_logout(by=request.actor, now=clock.now(), user=user)  # type: ignore[attr-defined]
    request.session.flush()
    return HttpResponseRedirect(reverse("web:login"))
