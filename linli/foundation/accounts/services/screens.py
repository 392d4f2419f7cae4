"""Links for screens on a wall: made, shown once, revoked."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from linli.foundation.accounts import permissions, rules
from linli.foundation.accounts.models import SCREEN_PURPOSE, Screen
from linli.foundation.core import crypto
from linli.foundation.core.actors import Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import ConflictError, InvalidError
from linli.foundation.core.text import clean
from linli.foundation.journal import services as journal

_SEEN_EVERY = timedelta(minutes=5)


def _note(by: Actor, now: datetime, screen: Screen, verb: str, after: dict[str, object], reason: str = "") -> None:
    journal.record(
        by=by,
        verb=f"accounts.{verb}",
        kind="screen",
        uuid=screen.uuid,
        label=screen.name,
        now=now,
        after=after,
        reason=reason,
    )


@whole
def create_screen(
    *, by: Actor, now: datetime, name: str, days: int, longest: int = rules.SCREEN_DAYS
) -> tuple[Screen, str]:
    """Let a screen in for ``days`` days; return it and its token, which is kept nowhere and shown this once.

    Args:
        name: where the screen hangs.
        longest: the most days that are allowed (rule ``accounts.screen_days``).

    Raises:
        ForbiddenError: ``by`` is no system administrator.
        InvalidError: no name; fewer than one day, or more than ``longest``.
    """
    permissions.check_administer(by)
    shown = clean(name)[:64]
    if not shown:
        message = _("请写明屏幕挂在哪里，例如“城运中心大厅”。")
        raise InvalidError(message, fields={"name": [message]})
    if not 1 <= days <= longest:
        message = _("有效期为 1 至 %(longest)s 天。") % {"longest": longest}
        raise InvalidError(message, fields={"days": [message]})
    token = secrets.token_urlsafe(32)
    made = Screen(
        name=shown,
        token_hash=crypto.keyed_hash(token, SCREEN_PURPOSE),
        created_at=now,
        created_label=by.label,
        expires_at=now + timedelta(days=days),
    )
    made.save(force_insert=True)
    _note(by, now, made, "create_screen", {"expires_at": made.expires_at.isoformat()})
    return made, token


@whole
def revoke_screen(*, by: Actor, now: datetime, screen: Screen, reason: str = "") -> None:
    """Close the link of a screen at once and for good.

    Raises:
        ForbiddenError: ``by`` is no system administrator.
        ConflictError: it was revoked before.
    """
    permissions.check_administer(by)
    if not Screen.objects.filter(pk=screen.pk, revoked_at__isnull=True).update(revoked_at=now):
        raise ConflictError(_("这个大屏链接已经撤销。"))
    screen.revoked_at = now
    _note(by, now, screen, "revoke_screen", {"revoked_at": now.isoformat()}, clean(reason)[:200])


def touch_screen(*, screen: Screen, now: datetime) -> None:
    """Note, once in five minutes, that a screen asked; the journal is not told."""
    if screen.last_seen_at is None or now - screen.last_seen_at >= _SEEN_EVERY:
        seen = Q(last_seen_at__isnull=True) | Q(last_seen_at__lte=now - _SEEN_EVERY)
        Screen.objects.filter(seen, pk=screen.pk).update(last_seen_at=now)
