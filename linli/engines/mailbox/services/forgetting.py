"""What is kept of messages how long: numbers of the rulebook."""

from __future__ import annotations

from datetime import datetime, timedelta

from linli.engines.mailbox.models import Mail, RawMail
from linli.engines.mailbox.selectors import numbers
from linli.engines.mailbox.types import MailState

BATCH = 2_000
_OPEN = (MailState.WAITING, MailState.ASIDE)


def forget(*, now: datetime) -> int:
    """Delete messages as they came, with who wrote and what, when their days are over; later the rows as well.

    What still waits for a person is kept until it is decided.

    Returns:
        How many messages were touched.
    """
    n = numbers(now)
    old = Mail.objects.filter(came_at__lte=now - timedelta(days=n.raw_days)).exclude(state__in=_OPEN)
    ids = list(RawMail.objects.filter(mail__in=old).order_by("id").values_list("mail_id", flat=True)[:BATCH])
    Mail.objects.filter(pk__in=ids).update(sender_sealed=b"", sender_masked="", subject="", text="", content_sealed=b"")
    RawMail.objects.filter(mail__in=ids).delete()
    ended = Mail.objects.filter(came_at__lte=now - timedelta(days=n.row_days)).exclude(state__in=_OPEN)
    gone = list(ended.order_by("id").values_list("pk", flat=True)[:BATCH])
    Mail.objects.filter(pk__in=gone).delete()
    return len(set(ids) | set(gone))
