"""Passwords of programs: made by chance, shown once, for one door alone, revoked at any time."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from linli.foundation.accounts import permissions, rules, selectors
from linli.foundation.accounts.models import APP_PURPOSE, AppPassword, User
from linli.foundation.accounts.services import throttle
from linli.foundation.accounts.services.login import failed, identity_of, may_log_in, note_failure
from linli.foundation.core import crypto
from linli.foundation.core.actors import Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import ConflictError, InvalidError, NotFoundError
from linli.foundation.core.text import clean
from linli.foundation.journal import services as journal

_SEEN_EVERY = timedelta(minutes=5)


def _hash(secret: str, scope: str) -> str:
    return crypto.keyed_hash(f"{scope}:{rules.normal_app_password(secret)}", APP_PURPOSE)


def _note(by: Actor, now: datetime, row: AppPassword, verb: str, after: dict[str, object]) -> None:
    journal.record(
        by=by, verb=f"accounts.{verb}", kind="user", uuid=row.user.uuid, label=row.user.display_name, now=now,
        after={"name": row.name, "scope": row.scope, **after},
    )  # fmt: skip


@whole
def create_app_password(*, by: Actor, now: datetime, user: User, name: str, scope: str) -> tuple[AppPassword, str]:
    """Make a password for one program; return it and what is typed there, which is kept nowhere.

    Args:
        name: the device, as the user calls it.
        scope: the door that it opens.

    Raises:
        ForbiddenError: ``by`` is not that user.
        InvalidError: no name, or one that is there already.
        ConflictError: as many as one may have.
    """
    permissions.check_own(by, user.pk)
    shown = clean(name)[:40]
    open_ones = AppPassword.objects.filter(user=user, scope=scope, revoked_at=None, expires_at__gt=now)
    if not shown or open_ones.filter(name=shown).exists():
        message = _("请写明用在哪台设备上，例如“值班手机”。") if not shown else _("已有同名的设备，请换一个名称。")
        raise InvalidError(message, fields={"name": [message]})
    if open_ones.count() >= rules.MOST_APP_PASSWORDS:
        raise ConflictError(
            _("每人最多保留 %(most)s 个应用密码。") % {"most": rules.MOST_APP_PASSWORDS},
            code="accounts.app_passwords", hint=_("请先撤销不再使用的。"),
        )  # fmt: skip
    secret = rules.app_password(secrets.choice)
    row = AppPassword(
        user=user, scope=scope, name=shown, secret_hash=_hash(secret, scope), created_at=now,
        expires_at=now + timedelta(days=rules.APP_PASSWORD_DAYS),
    )  # fmt: skip
    row.save(force_insert=True)
    _note(by, now, row, "create_app_password", {"expires_at": row.expires_at.isoformat()})
    return row, secret


@whole
def revoke_app_password(*, by: Actor, now: datetime, user: User, handle: str) -> None:
    """Close one for good; the program that uses it is refused from now on.

    Raises:
        NotFoundError: the user has no such open password.
    """
    permissions.check_own(by, user.pk)
    rows = selectors.app_passwords_of(by=by, user_id=user.pk)
    row = next((r for r in rows if str(r.uuid) == handle), None)
    if row is None or not AppPassword.objects.filter(pk=row.pk, revoked_at=None).update(revoked_at=now):
        raise NotFoundError(_("这个应用密码已经撤销。"))
    _note(by, now, row, "revoke_app_password", {"revoked_at": now.isoformat()})


def authenticate_app(*, username: str, secret: str, scope: str, address: str, now: datetime) -> User:
    """Return the user whose program gave a right password for the door ``scope``.

    A wrong one is counted as a failed login is, by itself: a forgotten phone that tries again and again locks nobody
    out of their own login. A right one is let through whatever was counted, since nobody finds it by guessing.

    Raises:
        LockedError: too many wrong ones for this account or from this address.
        LoginFailedError: it does not fit, was revoked, or is past its time; never says which.
    """
    user = selectors.find_login(username)
    found = AppPassword.objects.select_related("user").filter(secret_hash=_hash(secret, scope), scope=scope).first()
    fits = found is not None and user is not None and found.user_id == user.pk and found.is_open(now)
    if fits and found is not None and may_log_in(found.user) and not found.user.must_change_password:
        if found.last_used_at is None or now - found.last_used_at >= _SEEN_EVERY:
            seen = Q(last_used_at=None) | Q(last_used_at__lte=now - _SEEN_EVERY)
            AppPassword.objects.filter(seen, pk=found.pk).update(last_used_at=now)
        return found.user
    throttle.count(throttle.source_key(address, "app_address"), rules.ADDRESS_LIMIT, now)
    throttle.count(throttle.account_key(f"{scope}:{identity_of(user, username)}"), rules.ACCOUNT_LIMIT, now)
    note_failure(user, now, "app password")
    raise failed()
