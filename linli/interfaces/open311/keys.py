"""Whose program asks: a token with the scope ``open311``, given as ``api_key`` or in the header ``Authorization``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest
from django.utils.translation import gettext as _

from linli.foundation.accounts import services as accounts
from linli.foundation.accounts.exceptions import LoginFailedError
from linli.foundation.accounts.types import TokenScope
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import ForbiddenError
from linli.foundation.people import selectors as people
from linli.interfaces.web.middleware import client_address


@dataclass(frozen=True, slots=True)
class Holder:
    """Who sends: the program as an actor, and what its key is called (its public beginning)."""

    actor: Actor
    key: str


def _given(request: HttpRequest) -> str:
    kind, _blank, sent = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() == "bearer" and sent.strip():
        return sent.strip()
    return str(request.POST.get("api_key") or request.GET.get("api_key") or "").strip()


def holder(request: HttpRequest, now: datetime) -> Holder | None:
    """Return who holds the key that came along, None where none did.

    Raises:
        ForbiddenError: a key that opens nothing here.
        RateError: it asks more often than it may.
    """
    secret = _given(request)
    if not secret:
        return None
    try:
        let = accounts.authenticate_token(secret=secret, address=client_address(request), now=now)
    except LoginFailedError as error:
        raise ForbiddenError(_("api_key 不正确，或已撤销、过期。"), code="open311.key") from error
    if TokenScope.OPEN311 not in let.token.scopes:
        raise ForbiddenError(_("这个 api_key 没有“Open311 接口”这项用途。"), code="open311.scope")
    return Holder(people.actor_for(let.user, now), let.token.prefix)


def needed(request: HttpRequest, now: datetime) -> Holder:
    """Return who holds the key that came along.

    Raises:
        ForbiddenError: none came, or one that opens nothing here.
    """
    found = holder(request, now)
    if found is None:
        raise ForbiddenError(
            _("缺少 api_key。"), code="open311.key", hint=_("请向街道申请，见 discovery 的 key_service。")
        )
    return found
