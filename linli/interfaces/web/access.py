"""Which pages are open to whom: everything asks for a login unless it says :func:`public`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, TypeVar
from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from linli.foundation.accounts.rules import CONFIRMED_SECONDS
from linli.foundation.core import clock

CONFIRMED_KEY = "_confirmed_at"
View = TypeVar("View", bound=Callable[..., Any])


def public(view: View) -> View:
    """Open a view to visitors without a login."""
    view.linli_public = True  # type: ignore[attr-defined]
    return view


def before_password_change(view: View) -> View:
    """Open a view to users who still have to change their first password."""
    view.linli_before_password_change = True  # type: ignore[attr-defined]
    return view


def is_public(view: Callable[..., Any]) -> bool:
    """Return whether :func:`public` marked the view."""
    return bool(getattr(view, "linli_public", False))


def is_htmx(request: HttpRequest) -> bool:
    """Return whether htmx asks for a fragment."""
    return request.headers.get("HX-Request") == "true"


def local_next(request: HttpRequest, default: str = "/") -> str:
    """Return the address to go on to, if it lies on this site; else ``default``."""
    wanted = str(request.POST.get("next") or request.GET.get("next") or "")
    secure = request.is_secure()
    if wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None, require_https=secure):
        return wanted
    return default


def to_login(request: HttpRequest) -> HttpResponse:
    """Answer a visitor without a login: to the login page, or 401 with a fragment for htmx."""
    if is_htmx(request):
        login = reverse("web:login")
        text = _("登录已失效，请重新登录。")
        link = _("去登录")
        body = f'<p class="alert" role="alert">{text} <a href="{login}">{link}</a></p>'
        return HttpResponse(body, status=401)
    wanted = request.get_full_path() if request.method in {"GET", "HEAD"} else "/"
    return HttpResponseRedirect(f"{reverse('web:login')}?{urlencode({'next': wanted}, safe='/')}")


def mark_confirmed(request: HttpRequest) -> None:
    """Note that the person at the keyboard has just proved who they are."""
    request.session[CONFIRMED_KEY] = clock.now().isoformat()


def recently_confirmed(request: HttpRequest) -> bool:
    """Return whether the user proved who they are within the last ten minutes."""
    stamp = request.session.get(CONFIRMED_KEY)
    if not stamp:
        return False
    age = clock.now() - datetime.fromisoformat(stamp)
    return timedelta(0) <= age <= timedelta(seconds=CONFIRMED_SECONDS)


def confirmed(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Ask for the password again before a dangerous act, unless it was given within ten minutes."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if recently_confirmed(request):
            return view(request, *args, **kwargs)
        came_from = urlsplit(request.headers.get("Referer", "")).path or reverse("web:account")
        back = request.get_full_path() if request.method == "GET" else came_from
        address = f"{reverse('web:confirm')}?{urlencode({'next': back}, safe='/')}"
        if is_htmx(request):
            answer = HttpResponse(status=401)
            answer["HX-Redirect"] = address
            return answer
        return HttpResponseRedirect(address)

    return guarded
