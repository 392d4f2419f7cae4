"""Reading accounts."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from linli.foundation.accounts import permissions, rules
from linli.foundation.accounts.models import (
    API_DOOR,
    PHONE_PURPOSE,
    SCREEN_PURPOSE,
    AppPassword,
    Screen,
    Session,
    User,
    UserKind,
)
from linli.foundation.accounts.types import SessionInfo
from linli.foundation.core import crypto
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import NotFoundError
from linli.foundation.core.paging import Page, keyset


def find_login(identifier: str) -> User | None:
    """Return the user whose login name or telephone number was typed, or None."""
    match = Q(username=rules.normal_username(identifier))
    if phone := rules.normal_phone(identifier):
        match |= Q(phone_hash=crypto.keyed_hash(phone, PHONE_PURPOSE))
    return User.objects.filter(match).order_by("id").first()


def user_by_uuid(uuid: UUID) -> User:
    """Return a user.

    Raises:
        NotFoundError: there is none.
    """
    user = User.objects.filter(uuid=uuid).first()
    if user is None:
        raise NotFoundError(_("没有这个账号。"))
    return user


def ids_of(uuids: Collection[UUID]) -> list[int]:
    """Return the ids of the accounts with these uuids: one statement where any is named."""
    return list(User.objects.filter(uuid__in=uuids).order_by("id").values_list("id", flat=True)) if uuids else []


def named(text: str) -> Q:
    """Return the filter of accounts by a part of the name or login name, or by the whole telephone number."""
    wanted = text.strip()[:64]
    match = Q(display_name__icontains=wanted) | Q(username__icontains=rules.normal_username(wanted))
    if phone := rules.normal_phone(wanted):
        match |= Q(phone_hash=crypto.keyed_hash(phone, PHONE_PURPOSE))
    return match


def uuids_named(text: str, limit: int = 100) -> list[UUID]:
    """Return the accounts whose name or login name holds ``text``: one statement."""
    return list(User.objects.filter(named(text)).order_by("id").values_list("uuid", flat=True)[:limit])


def staff(*, by: Actor, state: str = "") -> QuerySet[User]:
    """Return the accounts of staff: all, or those ``active``, ``closed``, that ``never`` logged in;
    or the connected programs (``program``).

    Raises:
        ForbiddenError: ``by`` may neither manage accounts nor appoint.
    """
    if not by.has_role(permissions.APPOINTER):
        permissions.check_administer(by)
    rows = User.objects.filter(kind=UserKind.PROGRAM if state == "program" else UserKind.STAFF)
    narrowed = {
        "active": Q(is_active=True),
        "closed": Q(is_active=False),
        "never": Q(is_active=True, last_login__isnull=True),
    }
    return rows.filter(narrowed[state]) if state in narrowed else rows


def users(ids: list[int]) -> dict[int, User]:
    """Return the users with these ids, by id."""
    return User.objects.in_bulk(ids)


def handle_of(session_key: str) -> str:
    """Return the name by which a session is shown and ended; the key itself never leaves."""
    return crypto.keyed_hash(session_key, "accounts.session")[:20]


def app_passwords_of(*, by: Actor, user_id: int) -> list[AppPassword]:
    """Return the passwords of a user's programs on devices that are not revoked, the newest first; no tokens."""
    permissions.check_mind(by, user_id)
    rows = AppPassword.objects.filter(user_id=user_id, revoked_at=None).exclude(scope=API_DOOR)
    return list(rows.select_related("user").order_by("-id"))


def tokens_of(*, by: Actor, user_id: int) -> list[AppPassword]:
    """Return the tokens of a user or of a program that are not revoked, the newest first.

    Raises:
        ForbiddenError: ``by`` is not that user and keeps no accounts.
    """
    permissions.check_mind(by, user_id)
    rows = AppPassword.objects.filter(user_id=user_id, revoked_at=None, scope=API_DOOR)
    return list(rows.select_related("user").order_by("-id")[:200])


def token_page(
    *, by: Actor, now: datetime, text: str = "", state: str = "open", cursor: str = "", size: int = 50
) -> Page[AppPassword]:
    """Return a page of everybody's tokens, the newest first: one statement.

    Args:
        text: a part of the token's name, of its holder's name or login name, or the beginning of its prefix.
        state: ``open``, ``ended`` (revoked or past its time) or ``all``.

    Raises:
        ForbiddenError: ``by`` keeps no accounts.
    """
    permissions.check_administer(by)
    rows = AppPassword.objects.filter(scope=API_DOOR).select_related("user")
    opened = Q(revoked_at=None, expires_at__gt=now)
    if state in {"open", "ended"}:
        rows = rows.filter(opened if state == "open" else ~opened)
    if wanted := text.strip()[:64]:
        owner = Q(user__display_name__icontains=wanted) | Q(user__username__icontains=rules.normal_username(wanted))
        rows = rows.filter(owner | Q(name__icontains=wanted) | Q(prefix__startswith=wanted[:16]))
    return keyset(rows, keys=[("id", int)], cursor=cursor, size=size, descending=True)


def token(*, by: Actor, uuid: UUID) -> AppPassword:
    """Return a token: one's own, or anybody's for who keeps accounts.

    Raises:
        NotFoundError: there is none, or it is not for ``by`` to know.
    """
    found = AppPassword.objects.select_related("user").filter(uuid=uuid, scope=API_DOOR).first()
    if found is None or not (found.user_id == by.user_id or permissions.can_administer(by)):
        raise NotFoundError(_("没有这个令牌。"))
    return found


def programs(*, by: Actor) -> list[User]:
    """Return the programs that are connected here, by name (at most 500).

    Raises:
        ForbiddenError: ``by`` keeps no accounts.
    """
    permissions.check_administer(by)
    return list(User.objects.filter(kind=UserKind.PROGRAM).order_by("display_name", "id")[:500])


def sessions_of(*, by: Actor, user_id: int, now: datetime, current_key: str = "") -> list[SessionInfo]:
    """Return a user's open sessions, the last used first (at most 100)."""
    permissions.check_mind(by, user_id)
    rows = Session.objects.filter(user_id=user_id, expire_date__gt=now).order_by("-last_seen_at")[:100]
    return [
        SessionInfo(
            handle=handle_of(row.session_key),
            address=row.address,
            user_agent=row.user_agent,
            created_at=row.created_at,
            last_seen_at=row.last_seen_at,
            current=row.session_key == current_key,
        )
        for row in rows
    ]


def demo_users() -> list[User]:
    """Return the demonstration accounts of this namespace."""
    return list(User.objects.filter(is_demo=True).order_by("id"))


def demo_accounts_present() -> bool:
    """Return whether this namespace holds active demonstration accounts: ``serve`` refuses them outside the demo."""
    return User.objects.filter(is_demo=True, is_active=True).exists()


def screen_for(token: str, now: datetime) -> Screen | None:
    """Return the screen whose link holds ``token``, None where there is none, or it has ended: one statement."""
    if not 20 <= len(token) <= 100:
        return None
    found = Screen.objects.filter(token_hash=crypto.keyed_hash(token, SCREEN_PURPOSE)).first()
    return found if found is not None and found.is_open(now) else None


def screens(*, by: Actor, limit: int = 200) -> list[Screen]:
    """Return the screens ever let in, the newest first.

    Raises:
        ForbiddenError: ``by`` is no system administrator.
    """
    permissions.check_administer(by)
    return list(Screen.objects.order_by("-created_at", "-id")[:limit])


def screen(uuid: UUID) -> Screen:
    """Return a screen.

    Raises:
        NotFoundError: there is none.
    """
    found = Screen.objects.filter(uuid=uuid).first()
    if found is None:
        raise NotFoundError(_("没有这个大屏链接。"))
    return found
