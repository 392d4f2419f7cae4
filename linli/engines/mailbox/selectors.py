"""Public reads of the room `mailbox`. Keep it small and stable."""

from __future__ import annotations

import zlib
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from linli.engines.mailbox.models import RAW, Mail, Mailbox, RawMail
from linli.engines.mailbox.permissions import check_keep, check_read
from linli.engines.mailbox.types import MailFilters, MailState, Numbers, Reason
from linli.foundation.core.actors import Actor
from linli.foundation.core.crypto import decrypt
from linli.foundation.core.errors import NotFoundError
from linli.foundation.core.paging import Page, keyset
from linli.foundation.rulebook import selectors as rulebook

QUEUE = 60


def numbers(now: datetime) -> Numbers:
    """Return the numbers of this room on the day of ``now``."""
    on = localtime(now).date()
    return Numbers(**{name: int(rulebook.value(f"mailbox.{name}", on=on)) for name in Numbers.__dataclass_fields__})


def mailboxes(by: Actor) -> list[Mailbox]:
    """Return the mailboxes by name, with how many messages of theirs wait for a person.

    Raises:
        ForbiddenError: ``by`` keeps none.
    """
    check_keep(by)
    aside = Count("mails", filter=Q(mails__state=MailState.ASIDE))
    return list(Mailbox.objects.select_related("area").annotate(aside=aside).order_by("-active", "name")[:200])


def mailbox(by: Actor, uuid: UUID) -> Mailbox:
    """Return one mailbox.

    Raises:
        ForbiddenError: ``by`` keeps none.
        NotFoundError: there is none.
    """
    check_keep(by)
    found = Mailbox.objects.select_related("area").filter(uuid=uuid).first()
    if found is None:
        raise NotFoundError(_("没有这个收件邮箱。"), code="mailbox.no_mailbox")
    return found


def active_ids() -> list[int]:
    """Return the mailboxes that are read."""
    return list(Mailbox.objects.filter(active=True).order_by("pk").values_list("pk", flat=True))


def own_addresses() -> frozenset[str]:
    """Return the addresses that are ours: mailboxes, their accounts, and what we send from."""
    rows = Mailbox.objects.values_list("address", "user")
    ours = {settings.DEFAULT_FROM_EMAIL.rpartition("<")[2].strip("> "), *(a for pair in rows for a in pair)}
    return frozenset(a.strip().lower() for a in ours if "@" in a)


def _named(rows: QuerySet[Mail], text: str) -> QuerySet[Mail]:
    words = text.strip()[:60]
    if not words:
        return rows
    found = Q(subject__icontains=words) | Q(text__icontains=words) | Q(sender_masked__icontains=words)
    return rows.filter(found | Q(case_number__iexact=words))


def waiting(by: Actor, *, text: str = "", reason: str = "") -> tuple[list[Mail], bool]:
    """Return the messages that wait for a person, the first that came first, at most :data:`QUEUE`; and if more."""
    check_read(by)
    rows = _named(Mail.objects.filter(state=MailState.ASIDE), text)
    if reason in Reason.values and reason:
        rows = rows.filter(reason=reason)
    found = list(rows.select_related("mailbox").defer("content_sealed").order_by("came_at", "id")[: QUEUE + 1])
    return found[:QUEUE], len(found) > QUEUE


def settled(by: Actor, filters: MailFilters, *, cursor: str = "", size: int = 50) -> Page[Mail]:
    """Return one page of all messages but those that wait for a person, the last that came first."""
    check_read(by)
    rows = _named(Mail.objects.exclude(state=MailState.ASIDE), filters.text)
    if filters.state in MailState.values:
        rows = rows.filter(state=filters.state)
    if filters.reason in Reason.values and filters.reason:
        rows = rows.filter(reason=filters.reason)
    rows = rows.select_related("mailbox").defer("content_sealed")
    return keyset(rows, keys=[("came_at", datetime), ("id", int)], cursor=cursor, size=size, descending=True)


def mail_for(by: Actor, uuid: UUID) -> Mail:
    """Return one message.

    Raises:
        ForbiddenError: ``by`` reads none.
        NotFoundError: there is none.
    """
    check_read(by)
    found = Mail.objects.filter(uuid=uuid).select_related("mailbox", "mailbox__area").first()
    if found is None:
        raise NotFoundError(_("没有这封来信。"), code="mailbox.no_mail")
    return found


def raw_of(mail: Mail) -> bytes:
    """Return a message as it came; empty where its days are over."""
    row = RawMail.objects.filter(mail=mail).first()
    return zlib.decompress(decrypt(bytes(row.sealed), RAW)) if row is not None else b""
