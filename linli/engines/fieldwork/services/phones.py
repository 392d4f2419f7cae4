"""The key by which a phone reads what it keeps: lent to one person's app on one phone, and taken back."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from linli.engines.fieldwork.models import Phone
from linli.foundation.accounts import selectors as accounts
from linli.foundation.accounts.events import on_sessions_ended
from linli.foundation.core.actors import SYSTEM, Actor
from linli.foundation.core.crypto import keyed_hash
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import ConflictError, ForbiddenError
from linli.foundation.journal import services as journal
from linli.foundation.rulebook import selectors as rulebook

_KEY, _TOKEN = "fieldwork.phone.key", "fieldwork.phone.token"


@dataclass(frozen=True, slots=True)
class Lease:
    """The key of one person's data on one phone.

    Attributes:
        key: 64 hexadecimal digits, the same for the same person on the same phone, so that what was kept under it can
            be read again after the next login.
        token: by which the phone, without a session, may ask whether it was signed out.
        until: when the phone must let the key go, unless it comes again before.
    """

    key: str
    token: str
    until: datetime


def _name(user: UUID, install: UUID) -> str:
    return f"{user}:{install}"


def lease(*, by: Actor, now: datetime, install: UUID, session_key: str, wiped: bool = False) -> Lease:
    """Lend the key for as long as the rulebook says.

    Args:
        wiped: the phone, which was signed out from elsewhere, has wiped what had been sent. What had not is kept there
            sealed, and opens with the same key.

    Raises:
        ForbiddenError: nobody is logged in. ConflictError: the app on this phone was signed out, and must wipe first.
    """
    if by.user_id is None or by.uuid is None:
        raise ForbiddenError(_("请先登录。"), code="fieldwork.login")
    row, made = Phone.objects.get_or_create(
        install=install, user_id=by.user_id, defaults={"first_at": now, "seen_at": now}
    )
    if row.ended_at is not None and not wiped:
        raise ConflictError(
            _("这部手机已被远程退出。"),
            code="fieldwork.signed_out",
            hint=_("已送达的内容将从本机清除，未发送的仍然保留。"),
        )
    again = row.ended_at is not None
    row.handle, row.seen_at, row.ended_at = accounts.handle_of(session_key), now, None
    row.save(update_fields=["handle", "seen_at", "ended_at"])
    if made or again:
        journal.record(by=by, verb="fieldwork.lend_key", kind="phone", uuid=install, label=by.label[:80], now=now)
    hours = int(rulebook.value("fieldwork.offline.hours", on=timezone.localdate(now)))
    name = _name(by.uuid, install)
    return Lease(keyed_hash(name, _KEY), keyed_hash(name, _TOKEN), now + timedelta(hours=hours))


def is_token(user: UUID, install: UUID, token: str) -> bool:
    """Return whether ``token`` is the one that was lent with the key."""
    return bool(token) and token == keyed_hash(_name(user, install), _TOKEN)


def is_signed_out(user: UUID, install: UUID) -> bool:
    """Return whether a phone must wipe what it keeps for a person: it was signed out, or the person has left."""
    row = Phone.objects.select_related("user").filter(install=install, user__uuid=user).first()
    return row is not None and (row.ended_at is not None or not row.user.is_active)


@whole
def sign_out(*, by: Actor, now: datetime, user_id: int, handles: Collection[str] | None = None) -> int:
    """Sign a person's phones out: those that last came with one of the sessions, or all; return how many."""
    rows = Phone.objects.filter(user=user_id, ended_at=None)
    if handles is not None:
        rows = rows.filter(handle__in=list(handles))
    found = list(rows)
    for row in found:
        row.ended_at = now
        row.save(update_fields=["ended_at"])
        journal.record(by=by, verb="fieldwork.sign_out", kind="phone", uuid=row.install, label=by.label[:80], now=now)
    return len(found)


@on_sessions_ended
def _ended(user_id: int, handles: frozenset[str], now: datetime) -> None:
    """A session that is ended from elsewhere takes the phone with it on which it was last used."""
    sign_out(by=SYSTEM, now=now, user_id=user_id, handles=handles)
