"""Who reads warnings and takes note of them, and who brings them in."""

from __future__ import annotations

from django.utils.translation import gettext as _

from linli.engines.cases.workflow import CENTRE, STAFF
from linli.foundation.accounts import selectors as accounts
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import ForbiddenError

READERS = frozenset(STAFF)
KEEPERS = CENTRE


def check_read(by: Actor) -> None:
    """Raise ForbiddenError unless ``by`` has a part in the work, and so reads warnings and takes note of them."""
    if not (by.is_system or by.has_role(*READERS)):
        raise ForbiddenError(_("预警供工作人员查看。"), code="alerts.read")


def check_note(by: Actor) -> int:
    """Return whose note it is, or raise ForbiddenError: of a person who reads warnings, since no program does."""
    check_read(by)
    user = accounts.users([by.user_id]).get(by.user_id) if by.user_id is not None else None
    if user is None or user.kind == "program":
        raise ForbiddenError(
            _("由收到预警的人本人确认。"), code="alerts.person", hint=_("对接程序请使用本人账号的令牌。")
        )
    return user.pk


def can_keep(by: Actor) -> bool:
    """Return whether ``by`` brings warnings in, changes and lifts them."""
    return by.is_system or by.has_role(*KEEPERS)


def check_keep(by: Actor) -> None:
    """Raise ForbiddenError unless :func:`can_keep`."""
    check_read(by)
    if not can_keep(by):
        raise ForbiddenError(
            _("预警由派单员、值班长或城市平台的对接程序报送。"), code="alerts.keep",
            hint=_("您可以查看和确认收到。"),
        )  # fmt: skip
