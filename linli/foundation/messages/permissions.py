"""Who may change the words in which people are told things."""

from __future__ import annotations

from django.utils.translation import gettext as _

from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import ForbiddenError

# The code of people's Role.SYSTEM_ADMIN: messages lies below people and knows it by name only.
ADMINISTRATOR = "system_admin"


def can_word(by: Actor) -> bool:
    """Return whether ``by`` may change templates."""
    return by.is_system or by.has_role(ADMINISTRATOR)


def check_word(by: Actor) -> None:
    """Raise unless :func:`can_word`.

    Raises:
        ForbiddenError: it does not hold.
    """
    if not can_word(by):
        raise ForbiddenError(
            _("消息模板由系统管理员修改。"), code="messages.role", hint=_("请联系本街道的系统管理员。")
        )
