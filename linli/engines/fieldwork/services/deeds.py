"""What was done on a phone and sent later: done once, however often it comes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from linli.engines.fieldwork.models import Deed
from linli.engines.fieldwork.rules.sending import digest
from linli.engines.fieldwork.types import Done
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import ConflictError, ForbiddenError


def once(
    *,
    by: Actor,
    now: datetime,
    uuid: UUID,
    kind: str,
    content: Mapping[str, Any],
    act: Callable[[], Mapping[str, Any]],
) -> Done:
    """Do ``act`` in one transaction with the note that it was done; asked again, answer what was answered then.

    Args:
        uuid: given by the phone, once for each deed.
        content: what was sent: the same uuid with other content is a conflict.
        act: does it, and returns what the phone is told (JSON).

    Raises:
        ConflictError: the uuid came with other content, or from somebody else.
        ForbiddenError: nobody is logged in. DomainError: whatever ``act`` raises; then nothing was done.
    """
    if by.user_id is None:
        raise ForbiddenError(_("请先登录再提交。"), code="fieldwork.login", hint=_("记录仍保留在本机。"))
    sent = digest({"kind": kind, **content})
    if (seen := _seen(by, uuid, sent)) is not None:
        return seen
    try:
        with transaction.atomic():
            # The note first: of two at once the second waits here, and then finds it.
            row = Deed.objects.create(uuid=uuid, kind=kind, digest=sent, user_id=by.user_id, at=now)
            row.answer = dict(act())
            row.save(update_fields=["answer"])
    except IntegrityError:
        if (seen := _seen(by, uuid, sent)) is not None:
            return seen
        raise
    return Done(uuid, sent, now, row.answer, seen_before=False)


def _seen(by: Actor, uuid: UUID, sent: str) -> Done | None:
    row = Deed.objects.filter(uuid=uuid).first()
    if row is None:
        return None
    if row.user_id != by.user_id or row.digest != sent:
        raise ConflictError(
            _("这个编号已经用过，内容与这次提交的不同。"), code="fieldwork.other_content", there=row.digest, here=sent,
            hint=_("已收到的一份没有改动；请把本机的一份另存为新记录后提交。"),
        )  # fmt: skip
    return Done(row.uuid, row.digest, row.at, row.answer, seen_before=True)
