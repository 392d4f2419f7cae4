"""Session and actor of every request, and the login that every page asks for unless it is public."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast

from django.conf import settings
from django.contrib.sessions.middleware import SessionMiddleware as DjangoSessionMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from linli.foundation.accounts import services as accounts
from linli.foundation.accounts.rules import STAFF_IDLE_SECONDS
from linli.foundation.accounts.types import USER_KEY
from linli.foundation.core import clock
from linli.foundation.core.actors import GUEST, Actor
from linli.foundation.people import selectors as people
from linli.interfaces.web import access, errors, seeing

if TYPE_CHECKING:
    from linli.foundation.accounts.models import User
    from linli.foundation.accounts.sessions import SessionStore

__all__ = ["ActorMiddleware", "SendMiddleware", "SessionMiddleware", "client_address"]

GetResponse = Callable[[HttpRequest], HttpResponse]
_TOUCH = timedelta(minutes=5)


def client_address(request: HttpRequest) -> str:
    """Return the visitor's network address, through as many proxies as the settings name."""
    proxies: int = settings.PROXIES
    forwarded = [p.strip() for p in request.headers.get("X-Forwarded-For", "").split(",") if p.strip()]
    if proxies and len(forwarded) >= proxies:
        return forwarded[-proxies]
    return str(request.META.get("REMOTE_ADDR", ""))


def _may_while_seeing(request: HttpRequest, view: Callable[..., Any]) -> bool:
    """Return whether ``view`` answers somebody who looks with another person's grants.

    Reading does, except of one's own account, which is not the other person's; writing never does, and
    whoever reads may not read the contacts of persons: those are opened by a POST with a purpose.
    """
    if getattr(view, "linli_while_seeing", False):
        return True
    own_account = view.__module__.startswith("linli.interfaces.web.accounts")
    return request.method in {"GET", "HEAD", "OPTIONS"} and not own_account


def _logged_out(request: HttpRequest) -> HttpResponse | None:
    """Return 401 for a program, which a login page would not help; None for people."""
    if not errors.wants_json(request):
        return None
    answer = errors.answer(request, status=401, code="login", message=_("登录已过期，请重新登录。"))
    answer["Cache-Control"] = "no-store"
    return answer


class SessionMiddleware(DjangoSessionMiddleware):
    """Django's sessions, kept in our own table with address and browser."""

    def process_request(self, request: HttpRequest) -> None:
        """Attach the session, read when first asked."""
        super().process_request(request)
        store = cast("SessionStore", request.session)
        store.address = client_address(request)
        store.user_agent = request.headers.get("User-Agent", "")


class SendMiddleware:
    """Names where a form that a script sends (``data-send``) goes on to, instead of redirecting the script.

    A redirect that a script follows is fetched twice, by it and by the page it then opens, and what was said to the
    person (``messages``) is shown to the first alone.
    """

    def __init__(self, get_response: GetResponse) -> None:
        """Wrap ``get_response``."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer as the view did; a redirect becomes 204 with ``X-Linli-Next``, its cookies and all."""
        answer = self.get_response(request)
        if request.headers.get("X-Linli-Send") and 300 <= answer.status_code < 400 and "Location" in answer:
            answer["X-Linli-Next"] = answer["Location"]
            del answer["Location"]
            answer.status_code = 204
        return answer


class ActorMiddleware:
    """Puts ``request.actor`` and ``request.user_row`` on every request and guards the pages.

    Without a session cookie no statement is run; with one, a statement reads session and
    user together and another the grants. Once in five minutes a third notes the use.
    """

    def __init__(self, get_response: GetResponse) -> None:
        """Wrap ``get_response``."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Find out who asks."""
        user, actor = self._who(request)
        seen = seeing.found(request.session, actor, clock.now()) if user is not None else None
        request.user_row = user  # type: ignore[attr-defined]
        request.seeing = seen  # type: ignore[attr-defined]
        request.actor = seen.actor if seen is not None else actor  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Send visitors without a login, and users with a first password, where they must go first."""
        user: User | None = request.user_row  # type: ignore[attr-defined]
        if user is None:
            return None if access.is_public(view) else _logged_out(request) or access.to_login(request)
        if user.must_change_password and not (
            access.is_public(view) or getattr(view, "linli_before_password_change", False)
        ):
            return _logged_out(request) or HttpResponseRedirect(reverse("web:password"))
        if request.seeing is not None and not _may_while_seeing(request, view):  # type: ignore[attr-defined]
            return errors.answer(
                request,
                status=403,
                code="seeing",
                message=_("您正以他人的岗位查看，只能看，不能办理。"),
                hint=_("请先点“退出查看”，再以自己的身份操作。"),
                icon="eye",
            )
        return None

    def _who(self, request: HttpRequest) -> tuple[User | None, Actor]:
        store = cast("SessionStore", request.session)
        if not store.session_key:
            return None, GUEST
        user = store.user
        now = clock.now()
        if user is None or not user.is_active or (user.is_demo and not settings.DEMO):
            if store.get(USER_KEY) is not None:
                store.flush()
            return None, GUEST
        idle = now - (store.last_seen_at or now)
        if user.kind == "staff" and idle > timedelta(seconds=STAFF_IDLE_SECONDS):
            store.flush()
            return None, GUEST
        if idle > _TOUCH and store.session_key:
            accounts.touch_session(session_key=store.session_key, now=now)
        return user, people.actor_for(user, now, get_language() or settings.LANGUAGE_CODE)
