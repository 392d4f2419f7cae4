"""Accounts: made, given first passwords, changed, closed."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX, check_password, make_password
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from linli.foundation.accounts import permissions, rules
from linli.foundation.accounts.models import PHONE_PURPOSE, ElderMode, User, UserKind
from linli.foundation.accounts.services import login, throttle
from linli.foundation.accounts.services.secondfactor import remove_second_factor
from linli.foundation.accounts.services.sessions import end_sessions
from linli.foundation.accounts.types import Slip
from linli.foundation.core import crypto
from linli.foundation.core.actors import Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import ConflictError, InvalidError
from linli.foundation.core.text import clean
from linli.foundation.journal import services as journal

_common: list[CommonPasswordValidator] = []


def _is_common(password: str) -> bool:
    if not _common:
        _common.append(CommonPasswordValidator())
    try:
        _common[0].validate(password)
    except ValidationError:
        return True
    return False


def _words(problems: Sequence[str], minimum: int) -> list[str]:
    words = {
        "short": _("密码至少需要 %(count)d 个字符。") % {"count": minimum},
        "long": _("密码不能超过 256 个字符。"),
        "common": _("这个密码太常见，容易被猜到。"),
        "name": _("密码中不能包含账号或姓名。"),
        "simple": _("密码中重复的字符太多。"),
    }
    return [words[problem] for problem in problems]


def check_new_password(user: User, password: str, *, field: str = "password") -> None:
    """Raise InvalidError where ``password`` breaks the rules for this kind of user."""
    minimum = rules.PASSWORD_LENGTH[user.kind]
    problems = rules.password_problems(
        password, minimum=minimum, names=[user.username, user.display_name], is_common=_is_common
    )
    if problems:
        raise InvalidError(_("新密码不符合要求。"), code="accounts.password", fields={field: _words(problems, minimum)})


def _note(
    by: Actor, now: datetime, user: User, verb: str, reason: str = "", after: dict[str, object] | None = None
) -> None:
    journal.record(
        by=by, verb=verb, kind="user", uuid=user.uuid, label=user.display_name, now=now, reason=reason, after=after
    )


def _checked_name(username: str) -> str:
    name = rules.normal_username(clean(username))
    message = ""
    if not 2 <= len(name) <= 64:
        message = _("账号需要 2 至 64 个字符。")
    elif not all(c.isalnum() or c in "._-@" for c in name):
        message = _("账号只能包含文字、数字和 . _ - @。")
    elif rules.normal_phone(name):
        message = _("账号不能是电话号码；电话请填在手机号一栏，也可以用来登录。")
    if message:
        raise InvalidError(message, fields={"username": [message]})
    return name


def check_username(username: str) -> str:
    """Return a login name as it is kept.

    Raises:
        InvalidError: too short, too long, with strange characters, or a telephone number.
    """
    return _checked_name(username)


def phone_hash(phone: str) -> str:
    """Return by what an account is found that has the telephone number ``phone``; nothing for no number."""
    number = rules.normal_phone(phone)
    return crypto.keyed_hash(number, PHONE_PURPOSE) if number else ""


def _checked_phone(phone: str) -> str:
    number = rules.normal_phone(phone) if phone else ""
    if phone and not number:
        message = _("请输入正确的手机号码。")
        raise InvalidError(message, fields={"phone": [message]})
    return number


def _save_new(user: User) -> None:
    try:
        with transaction.atomic():
            user.save(force_insert=True)
    except IntegrityError as error:
        raise ConflictError(_("这个账号或手机号已经有人使用。"), code="accounts.taken") from error


@whole
def create_user(
    *,
    username: str,
    display_name: str,
    password: str | None = None,
    phone: str = "",
    kind: str = UserKind.STAFF,
    is_demo: bool = False,
    by: Actor,
    now: datetime,
) -> User:
    """Create an account; without a password it can be entered after :func:`issue_password` or by telephone code.

    Raises:
        InvalidError: name, telephone or password break the rules.
        ConflictError: the name or the telephone is taken.
    """
    permissions.check_administer(by)
    shown = clean(display_name)[:64]
    if not shown:
        raise InvalidError(_("请填写姓名或称呼。"), fields={"display_name": [_("请填写姓名或称呼。")]})
    user = User(username=_checked_name(username), display_name=shown, kind=kind, is_demo=is_demo, created_at=now)
    user.set_phone(_checked_phone(phone))
    if password is not None and not is_demo:
        check_new_password(user, password)
    user.password = make_password(password)
    _save_new(user)
    _note(by, now, user, "accounts.create", after={"kind": kind, "is_demo": is_demo})
    return user


@whole
def issue_password(*, by: Actor, now: datetime, user: User, reason: str = "") -> Slip:
    """Give ``user`` a random password for a printed slip; it must be changed at the first login.

    For imported staff, and for those who forgot theirs. Every open session ends. It is good for
    as many days as the rulebook says (``accounts.first_password_days``).
    """
    permissions.check_way_in(by, user, now)
    if user.kind == UserKind.PROGRAM:
        raise ConflictError(_("对接程序不能登录，请为它发放令牌。"), code="accounts.program")
    password = rules.readable_password(secrets.choice)
    user.password = make_password(password)
    user.must_change_password, user.first_password_at = True, now
    user.save(update_fields=["password", "must_change_password", "first_password_at"])
    end_sessions(by=by, now=now, user=user, reason=reason)
    _note(by, now, user, "accounts.issue_password", reason)
    return Slip(username=user.username, display_name=user.display_name, password=password)


def issue_first_passwords(*, by: Actor, now: datetime, usernames: Sequence[str], limit: int = 50) -> list[Slip]:
    """Give first passwords to those of ``usernames`` who never had one, ``limit`` at most: for printed slips.

    Each costs some work on purpose, so that a page asks for a few dozen at a time.
    """
    permissions.check_administer(by)
    rows = User.objects.filter(username__in=usernames, kind=UserKind.STAFF, is_active=True)
    fresh = rows.filter(password__startswith=UNUSABLE_PASSWORD_PREFIX, first_password_at__isnull=True)
    return [issue_password(by=by, now=now, user=u) for u in fresh.order_by("username")[:limit]]


@whole
def let_in_again(*, by: Actor, now: datetime, user: User, reason: str, second_factor: bool = False) -> Slip:
    """Give a locked-out ``user`` a new first password, forget the failed tries; on request turn the second factor off.

    Raises:
        ForbiddenError: it is not for ``by`` to change how this user gets in.
    """
    slip = issue_password(by=by, now=now, user=user, reason=reason)
    throttle.clear(throttle.account_key(login.identity_of(user, user.username)))
    if second_factor and user.has_second_factor:
        remove_second_factor(by=by, now=now, user=user, reason=reason)
    return slip


def change_password(
    *, by: Actor, now: datetime, user: User, old: str, new: str, address: str, keep_session: str = ""
) -> None:
    """Let a user change their own password; their other sessions end.

    Raises:
        ForbiddenError: somebody else's account.
        LockedError, InvalidError: the old one is wrong; the new one breaks the rules or is the old one.
    """
    permissions.check_own(by, user.pk)
    login.count_try(user, user.username, address, now)
    if user.has_usable_password() and not check_password(old[:1024], user.password):
        login.note_failure(user, now, "change password")
        raise InvalidError(_("原密码不正确。"), fields={"old": [_("原密码不正确。")]})
    login.uncount(user, address)
    if old == new:
        message = _("新密码不能与原密码相同。")
        raise InvalidError(message, fields={"new": [message]})
    check_new_password(user, new, field="new")
    with transaction.atomic():
        user.password = make_password(new)
        user.must_change_password, user.first_password_at = False, None
        user.save(update_fields=["password", "must_change_password", "first_password_at"])
        end_sessions(by=by, now=now, user=user, except_key=keep_session)
        _note(by, now, user, "accounts.change_password")


@whole
def set_active(*, by: Actor, now: datetime, user: User, active: bool, reason: str) -> None:
    """Close an account (its sessions end) or open it again."""
    permissions.check_administer(by)
    if by.user_id == user.pk and not active:
        raise ConflictError(_("不能停用自己的账号。"), hint=_("请由另一位系统管理员操作。"))
    user.is_active, user.closed_at = active, None if active else now
    user.save(update_fields=["is_active", "closed_at"])
    if not active:
        end_sessions(by=by, now=now, user=user, reason=reason)
    _note(by, now, user, "accounts.set_active", reason, {"active": active})


@whole
def set_phone(*, by: Actor, now: datetime, user: User, phone: str) -> None:
    """Enter or remove the telephone number: by an administrator, who has seen the person."""
    permissions.check_way_in(by, user, now)
    user.set_phone(_checked_phone(phone))
    try:
        with transaction.atomic():
            user.save(update_fields=["phone_sealed", "phone_hash"])
    except IntegrityError as error:
        raise ConflictError(_("这个账号或手机号已经有人使用。"), code="accounts.taken") from error
    _note(by, now, user, "accounts.set_phone")


@whole
def set_preferences(*, by: Actor, now: datetime, user: User, language: str, elder_mode: int) -> None:
    """Keep how the user wants pages: language (empty: the browser's) and size."""
    permissions.check_mind(by, user.pk)
    if language not in {"", "zh-hans", "en"} or elder_mode not in ElderMode.values:
        raise InvalidError(_("没有这个选项。"))
    user.language, user.elder_mode = language, elder_mode
    user.save(update_fields=["language", "elder_mode"])
    _note(by, now, user, "accounts.set_preferences", after={"language": language, "elder_mode": elder_mode})
