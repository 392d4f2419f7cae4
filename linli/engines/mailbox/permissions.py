"""Who keeps mailboxes, who reads the list of messages, and who decides what becomes of one."""

from __future__ import annotations

from django.utils.translation import gettext as _

from linli.engines.cases.workflow import CENTRE, READERS_ALL
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import ForbiddenError
from linli.foundation.people import permissions as people

KEEP = "console:configure"
JUDGES = CENTRE
READERS = READERS_ALL


def can_keep(by: Actor) -> bool:
    """Return whether ``by`` sets mailboxes up; what was written is not for them."""
    return by.is_system or people.can(by, KEEP)


def check_keep(by: Actor) -> None:
    """Raise unless :func:`can_keep`."""
    if not can_keep(by):
        raise ForbiddenError(_("只有系统管理员可以管理收件邮箱。"), hint=_("请联系本街道的系统管理员。"))


def check_read(by: Actor) -> None:
    """Raise ForbiddenError unless ``by`` reads the list of messages."""
    if not (by.is_system or by.has_role(*READERS)):
        raise ForbiddenError(_("来信由街道城运中心查看。"), code="mailbox.read", hint=_("确需了解的，请联系值班长。"))


def can_judge(by: Actor) -> bool:
    """Return whether ``by`` makes cases of messages that were set aside, or discards them."""
    return by.is_system or by.has_role(*JUDGES)


def check_judge(by: Actor) -> None:
    """Raise ForbiddenError unless :func:`can_judge`."""
    check_read(by)
    if not can_judge(by):
        raise ForbiddenError(_("由派单员或值班长办理。"), code="mailbox.judge", hint=_("您可以查看。"))
