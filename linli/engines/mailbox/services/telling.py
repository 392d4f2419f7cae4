"""Tells the administrators that a mailbox cannot be read or can again, and the sender that a case was made."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from linli.engines.cases.permissions import mail_mark, reporter_for_code
from linli.engines.cases.types import Receipt
from linli.engines.mailbox.events import MAILBOX
from linli.engines.mailbox.models import Mailbox
from linli.engines.mailbox.types import Incoming
from linli.foundation.messages import services as messages
from linli.foundation.messages.types import ChannelCode, Outgoing, Recipient, Thread
from linli.foundation.people import selectors as people

NOTICE, RECEIPT = "mailbox.state", "mailbox.receipt"


def tell_keepers(row: Mailbox, *, failing: bool, since: datetime, now: datetime) -> None:
    """Tell the administrators once that a mailbox fails since ``since``, or that it is read again."""
    what = row.trouble if failing else _("已恢复：重新可以收取来信。")
    messages.tell_users(
        people.holders("system_admin", "", now), template=NOTICE,
        params={"title": row.name, "what": what},
        url=f"/console/mailboxes/{row.uuid}/", now=now, subject_kind=MAILBOX, subject_uuid=row.uuid,
        key=f"{NOTICE}:{row.uuid}:{'failing' if failing else 'back'}:{since.isoformat()}",
    )  # fmt: skip


def send_receipt(mailbox: Mailbox, mail: Incoming, receipt: Receipt, title: str, now: datetime) -> None:
    """Send the number and the tracking code to who wrote, once, as an answer to their mail."""
    _actor, reporter, _case = reporter_for_code(receipt.tracking_code)
    thread = Thread(mail.message_id, mailbox.address, mail_mark(reporter))
    out = Outgoing(
        template=RECEIPT,
        params={"number": receipt.number, "title": title, "tracking_code": receipt.tracking_code, "link": "/track/"},
        recipient=Recipient(email=mail.sender, thread=thread),
        channel=ChannelCode.EMAIL,
        subject_kind="case",
        subject_uuid=receipt.uuid,
        url="/track/",
        key=f"{RECEIPT}:{receipt.uuid}",
        urgent=True,
    )
    messages.send_many(messages=[out], now=now)
