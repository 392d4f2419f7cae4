"""The gate of the face: staff of the case loop; to everyone else its pages do not exist."""

from __future__ import annotations

from django.utils.translation import gettext as _

from linli.engines.cases.workflow import STAFF
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import NotFoundError
from linli.interfaces.web.access import actor_of, behind

__all__ = ["actor_of", "staff_only"]


def _check(by: Actor) -> None:
    if not by.roles & STAFF:
        raise NotFoundError(_("没有找到这个页面。"), hint=_("这里供在现场办理问题的工作人员使用。"))


# Only staff of the case loop come in; residents and administrators find nothing here.
staff_only = behind(_check)
