"""The second factor: an authenticator's codes (TOTP), and recovery codes for the day it is lost."""

from __future__ import annotations

from datetime import datetime

import pyotp
from django.utils.translation import gettext as _

from linli.foundation.accounts import permissions
from linli.foundation.accounts.models import TOTP_PURPOSE, RecoveryCode, User
from linli.foundation.accounts.types import Enrolment
from linli.foundation.core import crypto
from linli.foundation.core.actors import Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import ConflictError, InvalidError
from linli.foundation.core.ids import normal_code, tracking_code
from linli.foundation.journal import services as journal

_STEP = 30
_RECOVERY = 10


def _hash(user: User, code: str) -> str:
    return crypto.keyed_hash(f"{user.uuid}:{normal_code(code)}", "accounts.recovery")


def _matching_step(secret: str, code: str, now: datetime) -> int | None:
    totp = pyotp.TOTP(secret)
    at = int(now.timestamp()) // _STEP
    for step in (at, at - 1, at + 1):
        if pyotp.utils.strings_equal(code, totp.at(step * _STEP)):
            return step
    return None


def accepts(user: User, code: str, now: datetime) -> bool:
    """Return whether ``code`` is a fresh code of the user's authenticator or an unused recovery code; uses it up."""
    code = "".join(code.split())
    if code.isdigit() and len(code) == 6:
        step = _matching_step(crypto.decrypt_text(user.totp_sealed, TOTP_PURPOSE), code, now)
        if step is None:
            return False
        # A code serves once: only a later step than the last one used may follow.
        return User.objects.filter(pk=user.pk, totp_last_step__lt=step).update(totp_last_step=step) == 1
    unused = RecoveryCode.objects.filter(user=user, code_hash=_hash(user, code), used_at__isnull=True)
    return unused.update(used_at=now) == 1


def begin_enrolment(*, user: User, issuer: str) -> Enrolment:
    """Return a new secret to be shown as a QR code; nothing is kept until :func:`enrol`."""
    secret = pyotp.random_base32()
    uri = pyotp.TOTP(secret).provisioning_uri(name=user.username, issuer_name=issuer)
    return Enrolment(secret=secret, uri=uri)


def _new_codes(user: User) -> list[str]:
    codes = [tracking_code() for _number in range(_RECOVERY)]
    RecoveryCode.objects.filter(user=user).delete()
    RecoveryCode.objects.bulk_create([RecoveryCode(user=user, code_hash=_hash(user, c)) for c in codes])
    return codes


@whole
def enrol(*, by: Actor, now: datetime, user: User, secret: str, code: str) -> list[str]:
    """Turn the second factor on, once ``code`` shows that the authenticator holds ``secret``; return recovery codes.

    Raises:
        InvalidError: the code does not fit.
        ConflictError: it is on already.
    """
    permissions.check_own(by, user.pk)
    step = _matching_step(secret, "".join(code.split()), now)
    if step is None:
        raise InvalidError(
            _("动态验证码不正确。"),
            hint=_("请确认手机时间准确后重新输入。"),
            fields={"code": [_("动态验证码不正确。")]},
        )
    changed = User.objects.filter(pk=user.pk, totp_enrolled_at__isnull=True).update(
        totp_sealed=crypto.encrypt_text(secret, TOTP_PURPOSE), totp_enrolled_at=now, totp_last_step=step
    )
    if not changed:
        raise ConflictError(_("已经开启过动态验证码。"))
    user.refresh_from_db()
    codes = _new_codes(user)
    _note(by, now, user, "accounts.enrol")
    return codes


@whole
def renew_recovery_codes(*, by: Actor, now: datetime, user: User) -> list[str]:
    """Return ten new recovery codes; the old ones no longer serve."""
    permissions.check_own(by, user.pk)
    codes = _new_codes(user)
    _note(by, now, user, "accounts.renew_recovery_codes")
    return codes


@whole
def remove_second_factor(*, by: Actor, now: datetime, user: User, reason: str = "") -> None:
    """Turn the second factor off: the user themselves, or an administrator when the telephone is lost."""
    if by.user_id != user.pk:
        permissions.check_way_in(by, user, now)
    User.objects.filter(pk=user.pk).update(totp_sealed=b"", totp_enrolled_at=None)
    RecoveryCode.objects.filter(user=user).delete()
    user.refresh_from_db()
    _note(by, now, user, "accounts.remove_second_factor", reason)


def _note(by: Actor, now: datetime, user: User, verb: str, reason: str = "") -> None:
    journal.record(by=by, verb=verb, kind="user", uuid=user.uuid, label=user.display_name, now=now, reason=reason)
