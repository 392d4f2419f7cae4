"""Who may mind whose account."""

from __future__ import annotations

from django.utils.translation import gettext as _

from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import ForbiddenError

# The code of people's Role.SYSTEM_ADMIN: accounts lies below people and knows it by name only.
ADMINISTRATOR = "system_admin"


def can_administer(by: Actor) -> bool:
    """Return whether ``by`` may create accounts, reset passwords and end sessions of others."""
    return by.is_system or by.has_role(ADMINISTRATOR)


def check_administer(by: Actor) -> None:
    """Raise unless :func:`can_administer`."""
    if not can_administer(by):
        raise ForbiddenError(_("只有系统管理员可以管理他人的账号。"), hint=_("请联系本街道的系统管理员。"))


def check_mind(by: Actor, user_id: int) -> None:
    """Raise unless ``by`` is that user or may administer accounts."""
    if by.user_id != user_id:
        check_administer(by)
