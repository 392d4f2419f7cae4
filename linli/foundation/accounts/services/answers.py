"""Answers kept for requests that programs send again under the same key."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from linli.foundation.accounts.models import ANSWER_PURPOSE, AppPassword, KeptAnswer
from linli.foundation.accounts.types import Begun
from linli.foundation.core import crypto
from linli.foundation.core.errors import ConflictError, InvalidError

# A first sending that came to no end in this time (the server stopped) may be done again.
_GIVEN_UP = timedelta(minutes=2)
_LONGEST_KEY = 255


def begin_answer(*, token: AppPassword, key: str, request: bytes, now: datetime) -> Begun:
    """Note that a request with ``key`` is being worked on, or return what it was answered before.

    Args:
        request: method, address and body: another one under the same key is refused.

    Raises:
        InvalidError: the key is too long, or was used for another request.
        ConflictError: the first sending is still being worked on.
    """
    if not 1 <= len(key) <= _LONGEST_KEY:
        message = _("Idempotency-Key 须为 1 至 %(most)s 个字符。") % {"most": _LONGEST_KEY}
        raise InvalidError(message, code="api.key", fields={"Idempotency-Key": [message]})
    digest = hashlib.sha256(request).hexdigest()
    row = KeptAnswer(token=token, key_hash=crypto.keyed_hash(key, ANSWER_PURPOSE), request_hash=digest, asked_at=now)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        return _seen(row, now)
    return Begun(row.pk)


def _seen(row: KeptAnswer, now: datetime) -> Begun:
    found = KeptAnswer.objects.get(token=row.token, key_hash=row.key_hash)
    if found.request_hash != row.request_hash:
        message = _("这个 Idempotency-Key 已用于另一个请求。")
        raise InvalidError(
            message, code="api.key_reused", hint=_("请为每个请求使用新的键。"),
            fields={"Idempotency-Key": [message]},
        )  # fmt: skip
    if found.status:
        return Begun(found.pk, found.status, crypto.decrypt_text(found.answer_sealed, ANSWER_PURPOSE))
    late = KeptAnswer.objects.filter(pk=found.pk, status=0, asked_at__lte=now - _GIVEN_UP)
    if not late.update(asked_at=now):
        raise ConflictError(
            _("带有这个 Idempotency-Key 的请求正在处理。"), code="api.key_busy", hint=_("请稍后用同一个键重试。")
        )
    return Begun(found.pk)


def keep_answer(*, begun: Begun, status: int, body: str) -> None:
    """Keep what the request was answered."""
    sealed = crypto.encrypt_text(body, ANSWER_PURPOSE)
    KeptAnswer.objects.filter(pk=begun.id).update(status=status, answer_sealed=sealed)


def drop_answer(*, begun: Begun) -> None:
    """Forget a request that came to nothing through no fault of its own: it may be sent again."""
    KeptAnswer.objects.filter(pk=begun.id, status=0).delete()
