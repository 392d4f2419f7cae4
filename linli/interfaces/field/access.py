"""The gate of the face: staff of the case loop; to everyone else its pages do not exist."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from linli.engines.cases.workflow import STAFF
from linli.foundation.core.errors import NotFoundError
from linli.interfaces.web.access import actor_of

__all__ = ["actor_of", "staff_only"]


def staff_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let only staff of the case loop in; residents and administrators find nothing here."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not actor_of(request).roles & STAFF:
            raise NotFoundError(_("没有找到这个页面。"), hint=_("这里供在现场办理问题的工作人员使用。"))
        return view(request, *args, **kwargs)

    return guarded
