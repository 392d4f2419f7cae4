"""The daily digest: what stands unread in the inbox, in one mail."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings

from linli.foundation.core.crypto import decrypt_text
from linli.foundation.core.db.again import whole
from linli.foundation.messages import selectors, services
from linli.foundation.messages.models import ADDRESS, Message, Preference
from linli.foundation.messages.types import ChannelCode, Outgoing, Recipient

BATCH = 200
LINES = 30


def send_digests(now: datetime) -> int:
    """Send today's digests that have not gone yet, once the hour has come; return how many."""
    local = now.astimezone(ZoneInfo(settings.TIME_ZONE))
    if local.timetz().replace(tzinfo=None) < selectors.limits(now).digest_at:
        return 0
    sent = 0
    while people := _waiting(local.date()):
        sent += _send(people, local.date(), now)
    return sent


def _waiting(today: date) -> list[Preference]:
    rows = Preference.objects.filter(digest=True, enabled=True)
    return list(rows.exclude(digested_on__gte=today).order_by("id")[:BATCH])


@whole
def _send(people: list[Preference], today: date, now: datetime) -> int:
    items: dict[int, list[Message]] = defaultdict(list)
    unread = Message.objects.filter(
        user_id__in=[p.user_id for p in people],
        channel=ChannelCode.IN_APP.value,
        read_at__isnull=True,
        digested_at__isnull=True,
        created_at__lte=now,
    )
    for row in unread.order_by("created_at", "id"):
        if row.user_id is not None:
            items[row.user_id].append(row)
    letters = [_digest(p, items[p.user_id], today) for p in people if items[p.user_id]]
    services.send_many(messages=letters, now=now)
    Message.objects.filter(pk__in=[r.pk for rows in items.values() for r in rows]).update(digested_at=now)
    Preference.objects.filter(pk__in=[p.pk for p in people]).update(digested_on=today)
    return len(letters)


def _digest(person: Preference, rows: list[Message], today: date) -> Outgoing:
    lines = [f"· {selectors.words_of(row, person.language).subject}" for row in rows[:LINES]]
    if len(rows) > LINES:
        lines.append("· ……")
    return Outgoing(
        template="messages.digest",
        params={"count": len(rows), "lines": "\n".join(lines), "day": today.isoformat()},
        recipient=Recipient(
            user_id=person.user_id,
            email=decrypt_text(person.address_sealed, ADDRESS),
            language=person.language,
        ),
        channel=ChannelCode.EMAIL,
        key=f"digest:{person.user_id}:{today.isoformat()}",
    )
