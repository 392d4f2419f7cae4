"""Who asks: name and app password with every request, over HTTPS alone; a session of a browser opens nothing here."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from linli.foundation.accounts import services as accounts
from linli.foundation.accounts.exceptions import LoginFailedError
from linli.foundation.core import clock
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import DomainError
from linli.foundation.people import selectors as people
from linli.interfaces.openrosa import answers
from linli.interfaces.web.access import public
from linli.interfaces.web.middleware import client_address
from linli.interfaces.web.tokens import is_safe

SCOPE = "openrosa"
View = Callable[..., HttpResponse]


def _given(request: HttpRequest) -> tuple[str, str] | None:
    """Return name and password of HTTP Basic (RFC 7617, UTF-8), None where there is none."""
    kind, _blank, sent = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "basic":
        return None
    try:
        name, colon, secret = base64.b64decode(sent.strip(), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return (name, secret) if colon else None


def let_in(view: View) -> View:
    """Let a view answer who gave name and app password; ``by`` is handed to it.

    What the rules do not allow is answered as the standard wants it.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not is_safe(request):
            return answers.message(_("请把服务器地址改为 https:// 开头，密码不在未加密的连接上使用。"), 403)
        given = _given(request)
        if given is None:
            return answers.unauthorised(_("请在应用里填写账号和应用密码。应用密码在“我的账号”页面发放。"))
        try:
            by = _actor(request, *given)
            return view(request, *args, by=by, **kwargs)
        except LoginFailedError:
            return answers.unauthorised(_("账号或应用密码不正确，或已撤销、过期。请在“我的账号”页面重新发放应用密码。"))
        except DomainError as error:
            return answers.refusal(error)

    return csrf_exempt(public(guarded))


def _actor(request: HttpRequest, name: str, secret: str) -> Actor:
    now = clock.now()
    user = accounts.authenticate_app(
        username=name, secret=secret, scope=SCOPE, address=client_address(request), now=now
    )
    return people.actor_for(user, now)
