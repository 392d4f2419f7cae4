"""The door that pages of the console share."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from linli.foundation.core.errors import NotFoundError

View = Callable[..., HttpResponse]


def only(roles: frozenset[str]) -> Callable[[View], View]:
    """Let in who holds one of ``roles``; to everyone else the page does not exist."""

    def door(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.actor.roles & roles:  # type: ignore[attr-defined]
                raise NotFoundError(_("没有找到这个页面。"))
            return view(request, *args, **kwargs)

        return guarded

    return door
