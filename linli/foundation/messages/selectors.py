"""Public reads of the room `messages`. Keep it small and stable."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from linli.foundation.core.crypto import decrypt_text
from linli.foundation.core.paging import Page, keyset
from linli.foundation.messages import templates
from linli.foundation.messages.channels import channel
from linli.foundation.messages.exceptions import MessageNotFoundError
from linli.foundation.messages.models import ADDRESS, NOTE, PARAMS, THREAD, URL, ContactRecord, Message, Preference
from linli.foundation.messages.rules import Template
from linli.foundation.messages.types import ChannelCode, InboxItem, Limits, Rendered, State, Thread
from linli.foundation.rulebook import selectors as rulebook

# What a gateway has not got rid of for so long, a person may send.
_LATE = timedelta(hours=1)
BY_HAND = (ChannelCode.PHONE.value, ChannelCode.VISIT.value, ChannelCode.SMS.value)
_NEWEST: list[tuple[str, type]] = [("created_at", datetime), ("id", int)]


def limits(now: datetime) -> Limits:
    """Return the numbers of this room on the day of ``now``, as the rulebook says (``messages.*``)."""
    on = localtime(now).date()

    def value(name: str) -> Any:
        return rulebook.value(f"messages.{name}", on=on)

    return Limits(
        quiet_from=time.fromisoformat(value("quiet_from")),
        quiet_until=time.fromisoformat(value("quiet_until")),
        digest_at=time.fromisoformat(value("digest_at")),
        attempts=int(value("attempts")),
        first_wait=timedelta(minutes=int(value("first_wait"))),
        longest_wait=timedelta(minutes=int(value("longest_wait"))),
        gateway_hour=int(value("gateway_hour")),
    )


def template_list() -> list[tuple[Template, bool]]:
    """Return every template as it is in force, and whether any of its words are the installation's own."""
    own = templates.own_codes()
    return [(templates.template(code) if code in own else t, code in own) for code, t in templates.shipped().items()]


def shipped_template(code: str) -> Template:
    """Return a template as it came with Linli."""
    return templates.shipped_template(code)


def template_in_force(code: str) -> Template:
    """Return a template with the installation's own words."""
    return templates.template(code)


def own_words(code: str) -> dict[tuple[str, str], str]:
    """Return the installation's own words of a template by (language, part)."""
    return templates.own_words(code)


def preview(code: str, language: str, texts: Mapping[str, str]) -> Rendered:
    """Return a template with ``texts`` (part → words; empty: the shipped ones) and made-up values, in words."""
    found, samples = templates.shipped_template(code), templates.samples(code, language)
    new = {(language, part): text.strip() or found.texts[language, part] for part, text in texts.items()}
    return templates.render_words(replace(found, texts={**found.texts, **new}), language, samples)


def params_known(code: str) -> frozenset[str]:
    """Return the names of the parameters that the template ``code`` knows."""
    found = templates.shipped_template(code)
    return found.required | found.optional


def params_of(row: Message) -> dict[str, str]:
    """Return the parameters of a message; empty once they were wiped."""
    text = decrypt_text(row.params_sealed, PARAMS)
    found: dict[str, str] = json.loads(text) if text else {}
    return found


def words_of(row: Message, language: str = "") -> Rendered:
    """Return a message in words, in its own language or the given one."""
    return templates.render(row.template, language or row.language, params_of(row))


def address_of(row: Message) -> str:
    """Return the address in clear: for the channel, or for a person who must call and whose look is journalled."""
    return decrypt_text(row.address_sealed, ADDRESS)


def url_of(row: Message) -> str:
    """Return where the reader can look."""
    return decrypt_text(row.url_sealed, URL)


def thread_of(row: Message) -> Thread:
    """Return the mail that a message answers; an empty one where it answers none."""
    kept = decrypt_text(row.thread_sealed, THREAD)
    return Thread(**json.loads(kept)) if kept else Thread()


def subjects_of(kind: str, uuids: Collection[UUID]) -> dict[UUID, UUID]:
    """Return what those of the messages ``uuids`` are about that are about something of ``kind``: one statement."""
    if not uuids:
        return {}
    rows = Message.objects.filter(uuid__in=uuids, subject_kind=kind, subject_uuid__isnull=False)
    return {uuid: about for uuid, about in rows.values_list("uuid", "subject_uuid") if about is not None}


def note_of(record: ContactRecord) -> str:
    """Return what was noted of a contact."""
    return decrypt_text(record.note_sealed, NOTE)


def _item(row: Message, language: str) -> InboxItem:
    words = words_of(row, language)
    return InboxItem(
        id=row.pk,
        uuid=row.uuid,
        template=row.template,
        subject=words.subject,
        body=words.body,
        url=url_of(row),
        subject_kind=row.subject_kind,
        subject_uuid=row.subject_uuid,
        urgent=row.urgent,
        created_at=row.created_at,
        read_at=row.read_at,
    )


def inbox(
    user_id: int, cursor: str = "", *, size: int = 30, unread: bool = False, language: str = ""
) -> Page[InboxItem]:
    """Return a page of a user's inbox, newest first; one statement."""
    rows = Message.objects.filter(user_id=user_id, channel=ChannelCode.IN_APP.value)
    if unread:
        rows = rows.filter(read_at__isnull=True)
    page = keyset(rows, keys=_NEWEST, cursor=cursor, size=size, descending=True)
    return Page([_item(r, language) for r in page.rows], page.next, page.previous, page.size)


def unread_count(user_id: int, *, most: int = 100) -> int:
    """Return how many messages a user has not read, counted up to ``most``; from a partial index."""
    # Every page of staff asks this: as text it costs a tenth of what the query builder takes.
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT COUNT(*) FROM (SELECT id FROM linli_messages_message"
            " WHERE user_id = %s AND channel = %s AND read_at IS NULL LIMIT %s) AS unread",
            [user_id, ChannelCode.IN_APP.value, most],
        )
        return int(cursor.fetchone()[0])


def message(uuid: UUID) -> Message:
    """Return one message.

    Raises:
        MessageNotFoundError: there is none.
    """
    row = Message.objects.filter(uuid=uuid).first()
    if row is None:
        raise MessageNotFoundError(_("找不到这条消息。"))
    return row


def about(kind: str, uuid: UUID, *, limit: int = 100) -> list[Message]:
    """Return what people were told about one thing, newest first."""
    rows = Message.objects.filter(subject_kind=kind, subject_uuid=uuid)
    return list(rows.order_by("-created_at", "-id")[:limit])


def failed(cursor: str = "", *, size: int = 50) -> Page[Message]:
    """Return a page of messages that did not go out, newest first."""
    rows = Message.objects.filter(state=State.FAILED.value)
    return keyset(rows, keys=_NEWEST, cursor=cursor, size=size, descending=True)


def to_do(now: datetime, cursor: str = "", *, channels: Collection[str] = BY_HAND, size: int = 50) -> Page[Message]:
    """Return a page of calls, visits and texts that a person has yet to make, oldest first.

    A text message stands there at once if no gateway sends it, else once the gateway is an hour late.
    """
    sent = [code for code in channels if channel(code).sends]
    late = Q(channel__in=sent) & Q(not_before__gt=now - _LATE)
    rows = Message.objects.filter(state=State.QUEUED.value, channel__in=channels, not_before__lte=now).exclude(late)
    return keyset(rows, keys=[("not_before", datetime), ("id", int)], cursor=cursor, size=size)


def contacts_of(kind: str, uuid: UUID, *, limit: int = 100) -> list[ContactRecord]:
    """Return the recorded attempts to reach somebody about one thing, newest first."""
    rows = ContactRecord.objects.filter(subject_kind=kind, subject_uuid=uuid)
    return list(rows.order_by("-at", "-id")[:limit])


def preferences_of(user_id: int) -> dict[str, Preference]:
    """Return a user's preferences by channel; a channel without one is on."""
    return {p.channel: p for p in Preference.objects.filter(user_id=user_id)}


def switched_off(user_ids: Collection[int], channel: str) -> set[int]:
    """Return which users want nothing by a channel."""
    rows = Preference.objects.filter(user_id__in=user_ids, channel=channel, enabled=False)
    return set(rows.values_list("user_id", flat=True))


def due_of_batch(batch: UUID, channels: Collection[str], now: datetime) -> list[Message]:
    """Return what of a batch is to be sent now, or was being sent when a worker stopped."""
    rows = Message.objects.filter(
        Q(state=State.QUEUED.value, not_before__lte=now) | Q(state=State.SENDING.value),
        batch=batch,
        channel__in=channels,
    )
    return list(rows.order_by("id"))
