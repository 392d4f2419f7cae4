"""Who keeps webhooks: who sets the installation up."""

from __future__ import annotations

from django.utils.translation import gettext as _

from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import ForbiddenError
from linli.foundation.people import permissions as people

KEEP = "console:configure"


def can_keep(by: Actor) -> bool:
    """Return whether ``by`` may see, make and pause webhooks."""
    return by.is_system or people.can(by, KEEP)


def check_keep(by: Actor) -> None:
    """Raise unless :func:`can_keep`."""
    if not can_keep(by):
        raise ForbiddenError(_("只有系统管理员可以管理事件推送。"), hint=_("请联系本街道的系统管理员。"))
