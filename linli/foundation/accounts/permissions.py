"""Who may mind whose account."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.utils.translation import gettext as _

from linli.foundation.accounts.models import User
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import ForbiddenError

# The code of people's Role.SYSTEM_ADMIN: accounts lies below people and knows it by name only.
ADMINISTRATOR = "system_admin"
# Likewise Role.SECURITY_ADMIN, who puts people into posts and so looks them up.
APPOINTER = "security_admin"
_guards: list[Callable[[User, datetime], bool]] = []


def guard_by(guard: Callable[[User, datetime], bool]) -> None:
    """Register who tells whether a user's way in is closed to the system administrator (people does)."""
    if guard not in _guards:
        _guards.append(guard)


def can_administer(by: Actor) -> bool:
    """Return whether ``by`` may create accounts, reset passwords and end sessions of others."""
    return by.is_system or by.has_role(ADMINISTRATOR)


def check_administer(by: Actor) -> None:
    """Raise unless :func:`can_administer`."""
    if not can_administer(by):
        raise ForbiddenError(_("只有系统管理员可以管理他人的账号。"), hint=_("请联系本街道的系统管理员。"))


def check_own(by: Actor, user_id: int) -> None:
    """Raise unless ``by`` is that user."""
    if by.user_id != user_id:
        raise ForbiddenError(_("只能由本人操作。"))


def check_mind(by: Actor, user_id: int) -> None:
    """Raise unless ``by`` is that user or may administer accounts."""
    if by.user_id != user_id:
        check_administer(by)


def check_way_in(by: Actor, user: User, now: datetime) -> None:
    """Raise where ``by`` may not change how ``user`` gets in: it would let them act as the other administrators."""
    check_administer(by)
    if not by.is_system and by.user_id != user.pk and any(guard(user, now) for guard in _guards):
        raise ForbiddenError(
            _("安全管理员和审计管理员的登录方式不能由系统管理员更改。"),
            hint=_("请由本机构负责人在服务器上用命令行重设。"),
        )
