"""Who may see and mind the jobs that failed for good."""

from __future__ import annotations

from django.utils.translation import gettext as _

from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import ForbiddenError

# The code of people's Role.SYSTEM_ADMIN: jobs lies below people and knows it by name only.
ADMINISTRATOR = "system_admin"


def can_mind(by: Actor) -> bool:
    """Return whether ``by`` may resend and discard dead jobs."""
    return by.is_system or by.has_role(ADMINISTRATOR)


def check_mind(by: Actor) -> None:
    """Raise unless :func:`can_mind`.

    Raises:
        ForbiddenError: it does not hold.
    """
    if not can_mind(by):
        raise ForbiddenError(_("后台任务由系统管理员处理。"), code="jobs.role", hint=_("请联系本街道的系统管理员。"))
