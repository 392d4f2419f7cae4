"""Who may take lists out at all: people with a post. Which list is theirs, its own door says."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar, cast

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from linli.foundation.core.errors import ForbiddenError
from linli.foundation.people.types import Role
from linli.interfaces.web.access import actor_of

P = ParamSpec("P")
R = TypeVar("R", bound=HttpResponseBase)


def at_work(view: Callable[Concatenate[HttpRequest, P], R]) -> Callable[Concatenate[HttpRequest, P], R]:
    """Open a view to people who hold a post, those who set up and audit among them; residents are refused."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> R:
        if not actor_of(request).roles - {Role.RESIDENT.value}:
            raise ForbiddenError(
                _("这个页面供工作人员使用。"), code="exports.staff", hint=_("居民请从首页反映问题、查询进度。")
            )
        return view(request, *args, **kwargs)

    return cast("Callable[Concatenate[HttpRequest, P], R]", guarded)
