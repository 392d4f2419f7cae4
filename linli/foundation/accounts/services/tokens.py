"""Tokens for programs: what they may do, in whose name, until when and how often; and the programs themselves."""

from __future__ import annotations

import math
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import NoReturn

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _

from linli.foundation.accounts import permissions, rules
from linli.foundation.accounts.exceptions import LoginFailedError, RateError
from linli.foundation.accounts.models import API_DOOR, APP_PURPOSE, AppPassword, User, UserKind
from linli.foundation.accounts.services import throttle
from linli.foundation.accounts.services.users import create_user
from linli.foundation.accounts.types import LetIn, TokenScope
from linli.foundation.core import crypto
from linli.foundation.core.actors import Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import ConflictError, InvalidError
from linli.foundation.core.faults import several
from linli.foundation.core.text import clean
from linli.foundation.journal import services as journal

_SEEN_EVERY = timedelta(minutes=5)
_MINUTE = timedelta(minutes=1)
_MARK = "linli_"


def _hash(secret: str) -> str:
    return crypto.keyed_hash(f"{API_DOOR}:{secret.strip()[:200]}", APP_PURPOSE)


def _note(by: Actor, now: datetime, row: AppPassword, verb: str, after: dict[str, object], reason: str = "") -> None:
    journal.record(
        by=by, verb=f"accounts.{verb}", kind="user", uuid=row.user.uuid, label=row.user.display_name, now=now,
        after={"name": row.name, "prefix": row.prefix, **after}, reason=reason,
    )  # fmt: skip


def _check_holder(by: Actor, user: User, now: datetime) -> None:
    """Raise unless ``user`` is ``by``, or a program that ``by`` keeps."""
    if user.kind != UserKind.PROGRAM:
        permissions.check_own(by, user.pk)
        return
    permissions.check_way_in(by, user, now)
    if not user.is_active:
        raise ConflictError(_("这个对接程序已停用。"), hint=_("请先启用，再发放令牌。"))


def _checked(
    user: User, now: datetime, name: str, scopes: Collection[str], days: int, longest: int, per_minute: int
) -> str:
    """Return the name as it is kept; say all that is wrong at once."""
    shown, wrong = clean(name)[:40], {}
    open_ones = AppPassword.objects.filter(user=user, scope=API_DOOR, revoked_at=None, expires_at__gt=now)
    if not shown:
        wrong["name"] = [_("请写明给哪个程序使用，例如“区平台对接”。")]
    elif open_ones.filter(name=shown).exists():
        wrong["name"] = [_("已有同名的令牌，请换一个名称。")]
    if not scopes or not set(scopes) <= set(TokenScope.values):
        wrong["scopes"] = [_("请至少选择一项用途。")]
    if not 1 <= days <= longest:
        wrong["days"] = [_("有效期为 1 至 %(longest)s 天。") % {"longest": longest}]
    if not 1 <= per_minute <= rules.MOST_TOKEN_PER_MINUTE:
        wrong["per_minute"] = [_("每分钟 1 至 %(most)s 次。") % {"most": rules.MOST_TOKEN_PER_MINUTE}]
    if wrong:
        raise several("accounts", wrong)
    if open_ones.count() >= rules.MOST_TOKENS:
        raise ConflictError(
            _("最多保留 %(most)s 个令牌。") % {"most": rules.MOST_TOKENS},
            code="accounts.tokens", hint=_("请先撤销不再使用的。"),
        )  # fmt: skip
    return shown


@whole
def create_token(
    *, by: Actor, now: datetime, user: User, name: str, scopes: Collection[str], days: int,
    longest: int = rules.TOKEN_DAYS, per_minute: int = rules.TOKEN_PER_MINUTE,
) -> tuple[AppPassword, str]:  # fmt: skip
    """Make a token that acts in the name of ``user``; return it and its secret, which is kept nowhere.

    Args:
        user: ``by``, or a program (:func:`create_program`).
        scopes: codes of :class:`TokenScope`; the grants of ``user`` narrow them further.
        longest: the most days that are allowed (rule ``accounts.token_days``).
        per_minute: how many requests a minute are answered (rule ``accounts.token_per_minute``).

    Raises:
        ForbiddenError: it is not for ``by`` to let a program in under that name.
        InvalidError: no name or one that is there, no scope or an unknown one, days or rate out of bounds.
        ConflictError: as many as one may have, or the program is closed.
    """
    _check_holder(by, user, now)
    shown = _checked(user, now, name, scopes, days, longest, per_minute)
    prefix = _MARK + secrets.token_hex(4)
    secret = f"{prefix}_{secrets.token_urlsafe(32)}"
    row = AppPassword(
        user=user, scope=API_DOOR, name=shown, secret_hash=_hash(secret), prefix=prefix, created_at=now,
        token_scopes=" ".join(sorted(set(scopes))), per_minute=per_minute, made_by=by.label[:200],
        expires_at=now + timedelta(days=days),
    )  # fmt: skip
    row.save(force_insert=True)
    after = {"scopes": row.token_scopes, "per_minute": per_minute, "expires_at": row.expires_at.isoformat()}
    _note(by, now, row, "create_token", after)
    return row, secret


@whole
def revoke_token(*, by: Actor, now: datetime, token: AppPassword, reason: str = "") -> None:
    """Close a token for good: one's own, or anybody's by who keeps accounts.

    Raises:
        ForbiddenError: neither.
        ConflictError: it was revoked before.
    """
    permissions.check_mind(by, token.user_id)
    if not AppPassword.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=now):
        raise ConflictError(_("这个令牌已经撤销。"))
    token.revoked_at = now
    _note(by, now, token, "revoke_token", {"revoked_at": now.isoformat()}, clean(reason)[:200])


@whole
def create_program(*, by: Actor, now: datetime, name: str, is_demo: bool = False) -> User:
    """Enter a program that connects in its own name; it has no password, and the posts that it is given are its grants.

    Raises:
        ForbiddenError: ``by`` keeps no accounts.
        InvalidError: no name, or one that is there.
    """
    permissions.check_administer(by)
    shown = clean(name)[:64]
    if shown and User.objects.filter(kind=UserKind.PROGRAM, display_name=shown, is_active=True).exists():
        message = _("已有同名的对接程序，请换一个名称。")
        raise InvalidError(message, fields={"name": [message]})
    if not shown:
        message = _("请写明是哪个系统，例如“区城运平台”。")
        raise InvalidError(message, fields={"name": [message]})
    # Long enough to be no telephone number.
    return create_user(
        username=f"program-{secrets.token_hex(12)}", display_name=shown, kind=UserKind.PROGRAM, is_demo=is_demo,
        by=by, now=now,
    )  # fmt: skip


def authenticate_token(*, secret: str, address: str, now: datetime) -> LetIn:
    """Return whose program gave a right token, its use counted: two statements, a third once in five minutes.

    A wrong one is counted against the address it came from; a right one is let through whatever was counted.

    Raises:
        LockedError: too many wrong ones from this address.
        LoginFailedError: it does not fit, was revoked, is past its time, or its account is closed; never says which.
        RateError: more requests in this minute than it allows.
    """
    found = AppPassword.objects.select_related("user").filter(secret_hash=_hash(secret), scope=API_DOOR).first()
    if found is None or not found.is_open(now) or not _is_let(found.user):
        _refuse(address, now)
    used, resets_at = throttle.spend(throttle.Use(f"token:{found.pk}", found.per_minute, _MINUTE), now=now)
    if used > found.per_minute:
        wait = max(1, math.ceil((resets_at - now).total_seconds()))
        raise RateError(
            _("请求过于频繁：这个令牌每分钟最多 %(most)s 次。") % {"most": found.per_minute},
            hint=_("请在 %(seconds)d 秒后重试。") % {"seconds": wait}, wait=wait, most=found.per_minute,
        )  # fmt: skip
    if found.last_used_at is None or now - found.last_used_at >= _SEEN_EVERY:
        seen = Q(last_used_at=None) | Q(last_used_at__lte=now - _SEEN_EVERY)
        AppPassword.objects.filter(seen, pk=found.pk).update(last_used_at=now)
    return LetIn(found.user, found, used, found.per_minute, resets_at)


def _is_let(user: User) -> bool:
    return user.is_active and not user.must_change_password and (not user.is_demo or settings.DEMO)


def _refuse(address: str, now: datetime) -> NoReturn:
    throttle.count(throttle.source_key(address, "token_address"), rules.ADDRESS_LIMIT, now)
    raise LoginFailedError(
        _("令牌不正确，或已撤销、过期。"), code="accounts.token", hint=_("请在“我的账号”页面重新发放令牌。")
    )
