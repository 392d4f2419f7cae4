"""Logging in with a code sent to a telephone: six digits, five minutes, five tries."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from linli.foundation.accounts import rules, selectors
from linli.foundation.accounts.models import PHONE_PURPOSE, OneTimeCode, User, UserKind
from linli.foundation.accounts.services import login, throttle
from linli.foundation.core import crypto
from linli.foundation.core.actors import GUEST
from linli.foundation.core.errors import ConflictError, InvalidError
from linli.foundation.core.text import clean
from linli.foundation.journal import services as journal

Deliver = Callable[[User, str, str, datetime], None]
_delivery: list[Deliver] = []


def deliver_code_by(deliver: Deliver) -> Deliver:
    """Register who carries a code to a telephone: ``deliver(user, phone, code, now)``, inside the transaction."""
    _delivery[:] = [deliver]
    return deliver


def _hash(phone: str, code: str) -> str:
    return crypto.keyed_hash(f"{phone}:{code}", "accounts.code")


def _phone(text: str) -> str:
    phone = rules.normal_phone(text)
    if not phone:
        message = _("请输入正确的手机号码。")
        raise InvalidError(message, fields={"phone": [message]})
    return phone


def send_code(*, phone: str, address: str, now: datetime) -> str:
    """Send a one-time code to ``phone`` if an open account has that number; do the same work if none has.

    Returns:
        The code, in the demonstration only, to be shown on the page; else "".

    Raises:
        InvalidError: that is no telephone number.
        LockedError: too many codes for this number or from this address.
    """
    number = _phone(phone)
    throttle.count(throttle.source_key(address, "code-address"), rules.CODE_ADDRESS_LIMIT, now)
    throttle.count("code-phone:" + crypto.keyed_hash(number, PHONE_PURPOSE), rules.CODE_PHONE_LIMIT, now)
    code = f"{secrets.randbelow(1_000_000):06d}"
    user = selectors.find_login(number)
    with transaction.atomic():
        OneTimeCode.objects.create(
            phone_hash=crypto.keyed_hash(number, PHONE_PURPOSE),
            code_hash=_hash(number, code),
            created_at=now,
            expires_at=now + timedelta(seconds=rules.CODE_SECONDS),
        )
        journal.record(
            by=GUEST,
            verb="accounts.send_code",
            kind="user",
            uuid=user.uuid if user else None,
            label=user.display_name if user else "",
            now=now,
        )
        if user is not None and login.may_log_in(user):
            for deliver in _delivery:
                deliver(user, number, code, now)
    return code if settings.DEMO else ""


def codes_arrive() -> bool:
    """Return whether a code reaches anybody: somebody carries them, or the demonstration shows them on the page."""
    return bool(_delivery) or settings.DEMO


def send_registration_code(*, phone: str, address: str, now: datetime) -> str:
    """Make a code for somebody who has no account yet, to prove that ``phone`` is theirs.

    Returns:
        The code, in the demonstration only, to be shown on the page; else "".

    Raises:
        ConflictError: nobody carries codes to telephones here.
        InvalidError, LockedError: as :func:`send_code`.
    """
    if not codes_arrive():
        raise ConflictError(
            _("本站还没有开通短信，暂时不能用手机号登记。"),
            code="accounts.no_sms",
            hint=_("不登记也可以反映问题、凭查询码查进度；如需账号，请到居委会或街道窗口办理。"),
        )
    return send_code(phone=phone, address=address, now=now)


def register_resident(*, phone: str, code: str, display_name: str, address: str, now: datetime) -> User:
    """Return the resident who has ``phone`` and typed the code sent to it; make their account if there is none.

    Raises:
        InvalidError: no telephone number, or no name for a new account.
        LockedError: too many failures. LoginFailedError: the code is wrong or over, or the account is staff's.
    """
    number = _phone(phone)
    shown = clean(display_name)[:64]
    if not shown:
        raise InvalidError(_("请填写称呼。"), fields={"display_name": [_("请填写称呼，例如“王阿姨”。")]})
    user = selectors.find_login(number)
    login.count_try(user, number, address, now)
    right = _use(number, code, now)
    if not right or (user is not None and (user.kind != UserKind.RESIDENT or not login.may_log_in(user))):
        login.note_failure(user, now, "register")
        raise login.failed()
    if user is not None:
        login.uncount(user, address)
        return user
    user = User(username=f"r-{secrets.token_hex(8)}", display_name=shown, kind=UserKind.RESIDENT, created_at=now)
    user.set_phone(number)
    user.set_unusable_password()
    with transaction.atomic():
        user.save(force_insert=True)
        journal.record(
            by=GUEST,
            verb="accounts.register",
            kind="user",
            uuid=user.uuid,
            label="",
            now=now,
            after={"kind": "resident"},
        )
    return user


def _use(number: str, code: str, now: datetime) -> bool:
    row = (
        OneTimeCode.objects.filter(phone_hash=crypto.keyed_hash(number, PHONE_PURPOSE))
        .order_by("-created_at", "-id")
        .first()
    )
    if row is None:
        return False
    open_row = OneTimeCode.objects.filter(pk=row.pk, used_at__isnull=True, expires_at__gt=now)
    if not open_row.filter(tries__lt=rules.CODE_TRIES).update(tries=F("tries") + 1):
        return False
    if not constant_time_compare(row.code_hash, _hash(number, "".join(code.split()))):
        return False
    return open_row.update(used_at=now) == 1


def authenticate_by_code(*, phone: str, code: str, second: str = "", address: str, now: datetime) -> User:
    """Return the user who has the telephone ``phone`` and typed the code sent to it.

    Raises:
        InvalidError: that is no telephone number.
        LockedError: too many failures.
        LoginFailedError: wrong, used up or expired, or nobody has that number.
        SecondFactorNeededError: right, and an authenticator is enrolled.
    """
    number = _phone(phone)
    user = selectors.find_login(number)
    login.count_try(user, number, address, now)
    right = _use(number, code, now)
    if not right or user is None or not login.may_log_in(user):
        login.note_failure(user, now, "code")
        raise login.failed()
    throttle.clear("code-phone:" + crypto.keyed_hash(number, PHONE_PURPOSE))
    return login.pass_first(user, second, address, now, "code")
