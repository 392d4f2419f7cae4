"""Ending sessions."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from linli.foundation.accounts import permissions, selectors
from linli.foundation.accounts.events import sessions_ended
from linli.foundation.accounts.models import Session, User
from linli.foundation.core.actors import Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import NotFoundError
from linli.foundation.journal import services as journal


def _note(by: Actor, now: datetime, user: User, count: int, reason: str = "") -> None:
    journal.record(
        by=by,
        verb="accounts.end_sessions",
        kind="user",
        uuid=user.uuid,
        label=user.display_name,
        now=now,
        after={"count": count},
        reason=reason,
    )


@whole
def end_session(*, by: Actor, now: datetime, user: User, handle: str) -> None:
    """End the session of ``user`` that is shown as ``handle``.

    Raises:
        NotFoundError: the user has no such session.
    """
    permissions.check_mind(by, user.pk)
    keys = Session.objects.filter(user=user).values_list("session_key", flat=True)
    found = [key for key in keys if selectors.handle_of(key) == handle]
    if not found:
        raise NotFoundError(_("这个登录已经结束。"))
    Session.objects.filter(session_key__in=found).delete()
    sessions_ended(user.pk, frozenset({handle}), now)
    _note(by, now, user, len(found))


@whole
def end_sessions(*, by: Actor, now: datetime, user: User, except_key: str = "", reason: str = "") -> int:
    """End every session of ``user`` but the one with ``except_key``; return how many."""
    permissions.check_mind(by, user.pk)
    rows = Session.objects.filter(user=user).exclude(session_key=except_key)
    handles = frozenset(map(selectors.handle_of, rows.values_list("session_key", flat=True)))
    count, _each = rows.delete()
    sessions_ended(user.pk, handles, now)
    _note(by, now, user, count, reason)
    return count


def touch_session(*, session_key: str, now: datetime) -> None:
    """Note that a session is in use; the journal is not told."""
    Session.objects.filter(session_key=session_key).update(last_seen_at=now)
