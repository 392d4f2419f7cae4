"""Which pages are open to whom: everything asks for a login unless it says :func:`public`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, TypeVar, cast
from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from linli.foundation.accounts.rules import CONFIRMED_SECONDS
from linli.foundation.core import clock
from linli.foundation.core.actors import Actor

CONFIRMED_KEY = "_confirmed_at"
THEN_KEY = "_confirm_then"
_MOST_KEPT = 4_000  # characters of a form that waits for the password
View = TypeVar("View", bound=Callable[..., Any])


def actor_of(request: HttpRequest) -> Actor:
    """Return who asks."""
    return cast("Actor", request.actor)  # type: ignore[attr-defined]


def behind(check: Callable[[Actor], None]) -> Callable[[View], View]:
    """Open a view to those whom ``check`` lets pass: it raises for everybody else, before the view is asked."""

    def around(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            check(actor_of(request))
            return view(request, *args, **kwargs)

        return cast("View", guarded)

    return around


def public(view: View) -> View:
    """Open a view to visitors without a login."""
    view.linli_public = True  # type: ignore[attr-defined]
    return view


def before_password_change(view: View) -> View:
    """Open a view to users who still have to change their first password."""
    view.linli_before_password_change = True  # type: ignore[attr-defined]
    return view


def while_seeing(view: View) -> View:
    """Let a view work while somebody looks with another person's grants: the ways out of it, and nothing else."""
    view.linli_while_seeing = True  # type: ignore[attr-defined]
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


def confirmed(view: View) -> View:
    """Ask for the password again before a dangerous act, unless it was given within ten minutes.

    What was typed waits in the session and is offered to be sent once the password was right.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return ask_again(request) or view(request, *args, **kwargs)

    guarded.linli_confirmed = True  # type: ignore[attr-defined]
    return cast("View", guarded)


def ask_again(request: HttpRequest) -> HttpResponse | None:
    """Return the way to the page that asks for the password, None where it was given within ten minutes."""
    if recently_confirmed(request):
        return None
    came_from = urlsplit(request.headers.get("Referer", "")).path or reverse("web:account")
    query = {"next": request.get_full_path() if request.method == "GET" else came_from}
    if request.method == "POST" and not is_htmx(request) and _keep(request):
        query["then"] = "1"
    address = f"{reverse('web:confirm')}?{urlencode(query, safe='/')}"
    if is_htmx(request):
        answer = HttpResponse(status=401)
        answer["HX-Redirect"] = address
        return answer
    return HttpResponseRedirect(address)


def _keep(request: HttpRequest) -> bool:
    """Keep the form that was sent until the password is given; not one with files, or a long one."""
    fields = [(k, v) for k, values in request.POST.lists() for v in values if k != "csrfmiddlewaretoken"]
    if request.FILES or sum(len(k) + len(v) for k, v in fields) > _MOST_KEPT:
        return False
    request.session[THEN_KEY] = {"path": request.get_full_path(), "fields": fields}
    return True


def kept_form(request: HttpRequest) -> dict[str, Any] | None:
    """Return the form that waited for the password, and forget it."""
    found: dict[str, Any] | None = request.session.pop(THEN_KEY, None)
    return found
