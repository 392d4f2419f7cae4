"""The doors of the console's rooms: to those without the right their pages do not exist."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import NotFoundError
from linli.foundation.people import permissions

View = Callable[..., HttpResponse]


def actor_of(request: HttpRequest) -> Actor:
    """Return who asks."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def may(request: HttpRequest, *codes: str) -> bool:
    """Return whether who asks has one of the permissions."""
    return any(permissions.can(actor_of(request), code) for code in codes)


def only(*codes: str) -> Callable[[View], View]:
    """Let in who has one of the permissions; to everyone else the page does not exist."""

    def door(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not may(request, *codes):
                raise NotFoundError(_("没有找到这个页面。"))
            return view(request, *args, **kwargs)

        return guarded

    return door
