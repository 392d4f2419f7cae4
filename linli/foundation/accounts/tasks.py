"""What accounts keeps how long; the days stand on the models."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.db.models import CharField, Q, Value
from django.db.models.functions import Cast, Concat

from linli.foundation.accounts.models import AppPassword, KeptAnswer, OneTimeCode, RecoveryCode, Session, Throttle, User
from linli.foundation.jobs.services import Keeping, dropping, keep

CLOSED = "closed-"


def _close(before: datetime, _now: datetime, limit: int) -> int:
    """Take the way in from accounts that were closed: their names stay, since records speak of them."""
    over = User.objects.filter(is_active=False, closed_at__lte=before).exclude(username__startswith=CLOSED)
    ids = list(over.order_by("pk").values_list("pk", flat=True)[:limit])
    if ids:
        User.objects.filter(pk__in=ids).update(
            username=Concat(Value(CLOSED), Cast("pk", CharField())),
            phone_sealed=b"",
            phone_hash="",
            password=make_password(None),
            totp_sealed=b"",
            totp_enrolled_at=None,
        )
    return len(ids)


keep(
    Keeping(
        "accounts.closed",
        "accounts.User",
        ("username", "phone_sealed", "phone_hash", "password", "totp_sealed"),
        since="the closing of the account",
        end="login name, telephone, password and second factor are blanked; the name shown in records stays",
        take=_close,
    )
)
keep(
    Keeping(
        "accounts.recovery_code",
        "accounts.RecoveryCode",
        ("code_hash",),
        since="the closing of the account",
        end="the row is deleted",
        take=dropping(lambda before: RecoveryCode.objects.filter(user__is_active=False, user__closed_at__lte=before)),
    )
)
keep(
    Keeping(
        "accounts.app_password",
        "accounts.AppPassword",
        ("name", "secret_hash", "made_by"),
        since="its revoking, its end, or the closing of the account",
        end="the row is deleted; the journal says that it was there",
        take=dropping(
            lambda before: AppPassword.objects.filter(
                Q(revoked_at__lte=before)
                | Q(expires_at__lte=before)
                | Q(user__is_active=False, user__closed_at__lte=before)
            )
        ),
    )
)
keep(
    Keeping(
        "accounts.kept_answer",
        "accounts.KeptAnswer",
        ("answer_sealed",),
        since="the request",
        end="the row is deleted; the same key is a new request then",
        take=dropping(lambda before: KeptAnswer.objects.filter(asked_at__lte=before)),
    )
)
keep(
    Keeping(
        "accounts.one_time_code",
        "accounts.OneTimeCode",
        ("phone_hash",),
        since="the end of its five minutes",
        end="the row is deleted",
        take=dropping(lambda before: OneTimeCode.objects.filter(expires_at__lte=before)),
    )
)
keep(
    Keeping(
        "accounts.throttle",
        "accounts.Throttle",
        ("key",),
        since="the last try",
        end="the row is deleted",
        take=dropping(lambda before: Throttle.objects.filter(last_at__lte=before)),
    )
)
keep(
    Keeping(
        "accounts.session",
        "accounts.Session",
        ("address", "user_agent", "session_data"),
        since="the end of the session",
        end="the row is deleted",
        take=dropping(lambda before: Session.objects.filter(expire_date__lte=before)),
    )
)
