"""Jobs of the room `messages`."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from linli.foundation.jobs.services import Keeping, blanking, handler, keep, schedule
from linli.foundation.messages import delivery, digests
from linli.foundation.messages.models import ContactRecord, Message
from linli.foundation.messages.types import State


@handler("messages.deliver")
def deliver(payload: dict[str, Any], now: datetime) -> None:
    """Send what of a batch is due."""
    delivery.deliver(UUID(payload["batch"]), now)


@schedule("messages.digest", every=timedelta(minutes=15))
def digest(payload: dict[str, Any], now: datetime) -> None:
    """Send today's digests that have not gone yet."""
    digests.send_digests(now)


def _delete_messages(before: datetime, _now: datetime, limit: int) -> int:
    """Delete old messages, whatever came of them; what a person did to reach somebody stays, without the words."""
    over = Message.objects.filter(created_at__lte=before).exclude(state=State.SENDING.value)
    ids = list(over.order_by("id").values_list("id", flat=True)[:limit])
    if ids:
        ContactRecord.objects.filter(message__in=ids).update(message=None)
        Message.objects.filter(id__in=ids).delete()
    return len(ids)


keep(
    Keeping(
        "messages.contact_note",
        "linli_messages.ContactRecord",
        ("note_sealed",),
        since="the attempt to reach the person",
        end="the note is blanked; that and when somebody tried stays",
        take=blanking(
            lambda before: ContactRecord.objects.filter(at__lte=before).exclude(note_sealed=b""), note_sealed=b""
        ),
    )
)
keep(
    Keeping(
        "messages.message",
        "linli_messages.Message",
        ("user_id", "address_sealed", "address_hash", "address_masked", "params_sealed", "url_sealed", "thread_sealed"),
        since="the sending",
        end="the row is deleted",
        take=_delete_messages,
    )
)
