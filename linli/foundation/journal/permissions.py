"""Who may read the journal."""

from __future__ import annotations

from django.utils.translation import gettext as _

from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import ForbiddenError

# The code of people's Role.AUDIT_ADMIN: the journal lies below people and knows it by name only.
AUDITOR = "audit_admin"


def can_read(by: Actor) -> bool:
    """Return whether ``by`` may read the whole journal and check its seals."""
    return by.is_system or by.has_role(AUDITOR)


def check_reader(by: Actor) -> None:
    """Raise unless :func:`can_read`.

    Raises:
        ForbiddenError: it does not hold.
    """
    if not can_read(by):
        raise ForbiddenError(_("日志由审计管理员查阅。"), hint=_("请联系本街道的审计管理员。"))
