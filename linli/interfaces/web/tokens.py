"""Programs that ask with a token: who they are, and whether the token is good for what they want."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, replace
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from linli.foundation.accounts import services as accounts
from linli.foundation.accounts.exceptions import LoginFailedError
from linli.foundation.accounts.types import LetIn, TokenScope
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import ForbiddenError
from linli.foundation.people import selectors as people
from linli.interfaces.web.middleware import client_address


@dataclass(frozen=True, slots=True)
class Caller:
    """A program at the door: the actor in whose name it acts, and its token with the rate used."""

    by: Actor
    let_in: LetIn

    def check(self, scope: str) -> None:
        """Raise ForbiddenError unless the token is good for ``scope``."""
        if scope not in self.let_in.token.scopes:
            raise ForbiddenError(
                _("这个令牌没有“%(scope)s”的用途。") % {"scope": TokenScope(scope).label},
                code="accounts.scope", hint=_("请在“我的账号”页面发放含有这项用途的令牌。"), scope=scope,
            )  # fmt: skip

    def mark(self, answer: HttpResponseBase, now: datetime) -> None:
        """Write how much of the rate is left into the answer's head (``RateLimit-*``)."""
        found = self.let_in
        answer["RateLimit-Limit"] = str(found.per_minute)
        answer["RateLimit-Remaining"] = str(found.remaining)
        answer["RateLimit-Reset"] = str(max(0, round((found.resets_at - now).total_seconds())))


def is_safe(request: HttpRequest) -> bool:
    """Return whether nobody listens: HTTPS, or this very machine while no HTTPS is set up."""
    if request.is_secure():
        return True
    if settings.SESSION_COOKIE_SECURE or "X-Forwarded-For" in request.headers:
        return False
    try:
        return ipaddress.ip_address(str(request.META.get("REMOTE_ADDR", ""))).is_loopback
    except ValueError:
        return False


def bearer(request: HttpRequest) -> str:
    """Return the token of ``Authorization: Bearer`` (RFC 6750), empty where there is none."""
    kind, _blank, sent = request.headers.get("Authorization", "").partition(" ")
    return sent.strip() if kind.lower() == "bearer" else ""


def let_in(request: HttpRequest, secret: str, now: datetime) -> Caller:
    """Return who asks with the token ``secret``: its use is counted, its scopes are not looked at yet.

    Raises:
        ForbiddenError: somebody may listen.
        LockedError: too many wrong tokens from this address.
        LoginFailedError: no token, or none that is good.
        RateError: more requests in this minute than it allows.
    """
    if not is_safe(request):
        raise ForbiddenError(
            _("请把服务器地址改为 https:// 开头，令牌不在未加密的连接上使用。"), code="accounts.insecure"
        )
    if not secret:
        raise LoginFailedError(_("请提供令牌。"), code="accounts.token_missing", hint=_("令牌在“我的账号”页面发放。"))
    found = accounts.authenticate_token(secret=secret, address=client_address(request), now=now)
    by = people.actor_for(found.user, now, get_language() or settings.LANGUAGE_CODE)
    if found.user.kind != "program":
        by = replace(by, label=_via(by.label, found.token.name))
    return Caller(by, found)


def _via(label: str, name: str) -> str:
    """Return how the journal and timelines name a person whose program acted."""
    return f"{label}（{name}）"
