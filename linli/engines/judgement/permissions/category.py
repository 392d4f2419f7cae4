"""Who sees how suggestions of categories do, and who decides which version is used."""

from __future__ import annotations

from django.utils.translation import gettext as _

from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import ForbiddenError, NotFoundError
from linli.foundation.people import permissions as people

CONFIGURE = "console:configure"
READERS = frozenset({"shift_leader", "street_leader", "supervisor", "system_admin"})


def may_read(by: Actor) -> bool:
    """Return whether ``by`` sees versions and figures."""
    return by.is_system or by.has_role(*READERS)


def check_read(by: Actor) -> None:
    """Raise NotFoundError unless :func:`may_read`: to others there is no such page."""
    if not may_read(by):
        raise NotFoundError(_("没有找到这个页面。"))


def may_decide(by: Actor) -> bool:
    """Return whether ``by`` has versions trained and puts them to use."""
    return by.is_system or people.can(by, CONFIGURE)


def check_decide(by: Actor) -> None:
    """Raise unless :func:`may_decide`.

    Raises:
        NotFoundError: not even a reader.
        ForbiddenError: a reader.
    """
    check_read(by)
    if not may_decide(by):
        raise ForbiddenError(
            _("分类建议的版本由系统管理员启用。"), code="judgement.category", hint=_("请联系系统管理员。")
        )
