"""Logging in with a password, and the second step.

No answer tells whether an account exists: the same message, the same counting, the same
work for the hasher and the same journal write for a name that is none.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import lru_cache

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.utils.translation import gettext as _

from linli.foundation.accounts import rules, selectors
from linli.foundation.accounts.exceptions import FirstPasswordExpiredError, LoginFailedError, SecondFactorNeededError
from linli.foundation.accounts.models import User
from linli.foundation.accounts.services import secondfactor, throttle
from linli.foundation.core.actors import SYSTEM, Actor, ActorKind
from linli.foundation.journal import services as journal

_lifetimes: list[Callable[[datetime], int]] = []


@lru_cache(maxsize=1)
def _dummy_hash() -> str:
    return make_password("nobody has this password")


def failed() -> LoginFailedError:
    """Return the one error for every failed login."""
    return LoginFailedError(
        _("登录信息不正确。"), hint=_("请核对账号、密码或验证码。忘记密码请联系本街道的系统管理员。")
    )


def may_log_in(user: User | None) -> bool:
    """Return whether the account is open here: active, and of the demonstration only in the demonstration."""
    return user is not None and user.is_active and (not user.is_demo or settings.DEMO)


def identity_of(user: User | None, typed: str) -> str:
    """Return under which identity tries are counted: the account's, else the name that was typed."""
    return str(user.uuid) if user is not None else rules.normal_username(typed)[:200]


def as_actor(user: User) -> Actor:
    """Return the user as an actor without roles: for entries about their own account."""
    return Actor(kind=ActorKind.USER, uuid=user.uuid, user_id=user.pk, label=user.display_name)


def first_passwords_live(days: Callable[[datetime], int]) -> None:
    """Register who tells for how many days a first password is good (the rulebook does, which stands above)."""
    _lifetimes[:] = [days]


def _has_expired(user: User, now: datetime) -> bool:
    """Return whether the first password that ``user`` was given is older than it may be."""
    if not user.must_change_password or user.first_password_at is None:
        return False
    days = min((lifetime(now) for lifetime in _lifetimes), default=rules.FIRST_PASSWORD_DAYS)
    return now >= user.first_password_at + timedelta(days=days)


def note_failure(user: User | None, now: datetime, reason: str) -> None:
    """Write into the journal that a login failed."""
    journal.record(
        by=SYSTEM,
        verb="accounts.login_failed",
        kind="user",
        uuid=user.uuid if user else None,
        label=user.display_name if user else "",
        now=now,
        reason=reason,
    )


def finish_login(*, user: User, address: str, now: datetime, how: str) -> None:
    """Clear what was counted against the user and note the login in the journal."""
    with transaction.atomic():
        uncount(user, address)
        User.objects.filter(pk=user.pk).update(last_login=now)
        journal.record(
            by=as_actor(user),
            verb="accounts.login",
            kind="user",
            uuid=user.uuid,
            label=user.display_name,
            now=now,
            after={"how": how},
        )


def count_try(user: User | None, typed: str, address: str, now: datetime) -> None:
    """Count a try against the account and the address before it is judged.

    Raises:
        LockedError: one of the two has to wait.
    """
    throttle.count(throttle.source_key(address), rules.ADDRESS_LIMIT, now)
    throttle.count(throttle.account_key(identity_of(user, typed)), rules.ACCOUNT_LIMIT, now)


def uncount(user: User, address: str) -> None:
    """Clear what was counted against the account and give back the try from the address: it was right."""
    throttle.clear(throttle.account_key(str(user.uuid)))
    throttle.give_back(throttle.source_key(address))


def authenticate(*, username: str, password: str, code: str = "", address: str, now: datetime) -> User:
    """Return the user who gave the right password (and code, where a second factor is enrolled).

    Each step commits by itself, so that a failure stays counted.

    Raises:
        LockedError: too many failures for this account or from this address.
        LoginFailedError: anything does not fit.
        FirstPasswordExpiredError: the first password fits, and was not used in time.
        SecondFactorNeededError: the password fits and ``code`` is empty.
    """
    user = selectors.find_login(username)
    count_try(user, username, address, now)
    usable = user is not None and user.has_usable_password()
    right = check_password(password[:1024], user.password if user and usable else _dummy_hash())
    if not (usable and right and may_log_in(user)) or user is None:
        note_failure(user, now, "password")
        raise failed()
    if _has_expired(user, now):
        note_failure(user, now, "first password expired")
        uncount(user, address)
        raise FirstPasswordExpiredError(_("初始密码已过期。"), hint=_("请联系本街道的系统管理员重新发放初始密码。"))
    return pass_first(user, code, address, now, "password")


def pass_first(user: User, code: str, address: str, now: datetime, how: str) -> User:
    """Go on after a right first factor: ask for the second one where it is enrolled, else finish."""
    if user.has_second_factor:
        if not code:
            throttle.give_back(throttle.account_key(str(user.uuid)))
            throttle.give_back(throttle.source_key(address))
            raise SecondFactorNeededError(_("请输入动态验证码或一枚恢复码。"), user=user)
        if not secondfactor.accepts(user, code, now):
            note_failure(user, now, "second factor")
            raise failed()
        how += "+totp"
    finish_login(user=user, address=address, now=now, how=how)
    return user


def second_step(*, user_id: int, code: str, address: str, now: datetime) -> User:
    """Return the user whose first factor was accepted before and whose code is right.

    Raises:
        LockedError: too many failures.
        LoginFailedError: the code is wrong, used, or the account was closed meanwhile.
    """
    user = User.objects.filter(pk=user_id).first()
    count_try(user, str(user_id), address, now)
    if user is None or not may_log_in(user) or not code:
        note_failure(user, now, "second factor")
        raise failed()
    return pass_first(user, code, address, now, "password")


def confirm_password(*, user: User, password: str, code: str = "", address: str, now: datetime) -> None:
    """Check the password of somebody logged in, and the code of their authenticator, before a dangerous act.

    Raises:
        LockedError: too many failures.
        LoginFailedError: one of them is wrong.
    """
    count_try(user, user.username, address, now)
    right = check_password(password[:1024], user.password)
    if not right or (user.has_second_factor and not secondfactor.accepts(user, code, now)):
        note_failure(user, now, "confirm")
        raise failed()
    uncount(user, address)
    journal.record(
        by=as_actor(user),
        verb="accounts.confirm",
        kind="user",
        uuid=user.uuid,
        label=user.display_name,
        now=now,
    )


def note_logout(*, by: Actor, now: datetime, user: User) -> None:
    """Note in the journal that a user ended their session."""
    journal.record(by=by, verb="accounts.logout", kind="user", uuid=user.uuid, label=user.display_name, now=now)
