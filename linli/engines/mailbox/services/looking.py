"""A look into a mailbox: what is new is kept first, each message in a transaction of its own, and then dealt with.

What was kept is known by what it is, so a look that broke off, or two at once, take nothing twice.
"""

from __future__ import annotations

import hashlib
import logging
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from imaplib import IMAP4
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.timezone import localtime
from imap_tools.errors import ImapToolsError

from linli.engines.mailbox import rules
from linli.engines.mailbox.events import MAIL, MAILBOX
from linli.engines.mailbox.models import KEY, RAW, Mail, Mailbox, RawMail
from linli.engines.mailbox.permissions import check_keep
from linli.engines.mailbox.selectors import active_ids, numbers
from linli.engines.mailbox.services.connecting import TroubleError, opened, size_in
from linli.engines.mailbox.services.taking import take_all
from linli.engines.mailbox.services.telling import tell_keepers
from linli.engines.mailbox.types import Looked, MailState, Numbers, Reason
from linli.foundation.core.actors import SYSTEM, Actor
from linli.foundation.core.crypto import encrypt, keyed_hash
from linli.foundation.core.db.again import whole
from linli.foundation.jobs import services as jobs
from linli.foundation.journal import services as journal

JOB = "mailbox.read"
_MEGABYTE = 1024 * 1024
_AT_ONCE = frozenset({"login", "folder", "secure", "resolve"})
_log = logging.getLogger(__name__)
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


@dataclass(frozen=True, slots=True)
class _Fetched:
    uid: int
    size: int
    raw: bytes
    whole: bool


def look_soon(*, now: datetime) -> int:
    """Ask for a look into every mailbox in use; return how many."""
    ids = active_ids()
    for pk in ids:
        jobs.enqueue(name=JOB, payload={"mailbox": pk}, now=now, key=f"{JOB}:{pk}", max_attempts=1)
    return len(ids)


@whole
def look_by_hand(*, by: Actor, now: datetime, mailbox: Mailbox) -> None:
    """Ask for a look into one mailbox now.

    Raises:
        ForbiddenError: not theirs to keep.
    """
    check_keep(by)
    jobs.enqueue(name=JOB, payload={"mailbox": mailbox.pk}, now=now, key=f"{JOB}:{mailbox.pk}", max_attempts=1)
    journal.record(by=by, verb="mailbox.look", kind=MAILBOX, uuid=mailbox.uuid, label=mailbox.name, now=now)


def look(*, now: datetime, mailbox_id: int) -> Looked:
    """Take what is new in one mailbox and deal with it; a mailbox out of use is left alone.

    Returns:
        What came; ``trouble`` says why nothing could be read, and ``more`` that there is more than one look takes.
    """
    row = Mailbox.objects.filter(pk=mailbox_id, active=True).first()
    if row is None:
        return Looked()
    n = numbers(now)
    try:
        taken, seen, more = _read(row, n, now)
    except TroubleError as trouble:
        _note_failure(row.pk, trouble, n, now)
        take_all(now=now)
        return Looked(trouble=trouble.said)
    _note_success(row.pk, now)
    take_all(now=now)
    return Looked(taken, seen, more)


def _read(row: Mailbox, n: Numbers, now: datetime) -> tuple[int, int, bool]:
    taken = seen = 0
    with opened(row) as box:
        uids, validity = _new_uids(box, row, n, now)
        for mail in _fetched(box, uids[: n.most_at_once], n.most_megabytes * _MEGABYTE):
            fresh = _keep(row, mail, validity, now)
            taken, seen = taken + fresh, seen + (not fresh)
            _mark(box, mail.uid)
        if not uids:
            Mailbox.objects.filter(pk=row.pk).update(uid_validity=validity)
    return taken, seen, len(uids) > n.most_at_once


def _new_uids(box: Any, row: Mailbox, n: Numbers, now: datetime) -> tuple[list[int], int]:
    """Return the messages that were not looked at yet, in their order, and what their numbers count from."""
    known = box.folder.status(row.folder, ["UIDVALIDITY", "UIDNEXT"])
    validity, following = int(known.get("UIDVALIDITY", 0)), int(known.get("UIDNEXT", 0))
    if row.uid_validity == validity:
        found = sorted(int(uid) for uid in box.uids(f"UID {row.last_uid + 1}:*", charset=None))
        return [uid for uid in found if uid > row.last_uid], validity
    since = localtime(now).date() - timedelta(days=n.first_days)
    unread = "UNSEEN " if row.uid_validity is None else ""
    criteria = f"({unread}SINCE {since.day:02d}-{_MONTHS[since.month - 1]}-{since.year})"
    uids = sorted(int(uid) for uid in box.uids(criteria, charset=None))
    before = (min(uids) if uids else max(following, 1)) - 1
    # Numbered anew by the server, or never looked at: what lies before is not ours to take.
    Mailbox.objects.filter(pk=row.pk).update(uid_validity=validity, last_uid=before)
    row.uid_validity, row.last_uid = validity, before
    return uids, validity


def _fetched(box: Any, uids: list[int], most: int) -> Iterator[_Fetched]:
    """Give the messages one by one; of one that is too large only the headers."""
    for uid in uids:
        size = max((size_in(line) for line in _lines(box, uid, "(RFC822.SIZE)")), default=0)
        fits = size <= most
        answer = _answer(box, uid, "(BODY.PEEK[])" if fits else "(BODY.PEEK[HEADER])")
        raw = next((bytes(item[1]) for item in answer if isinstance(item, tuple) and len(item) > 1), b"")
        if raw:
            yield _Fetched(uid, max(size, len(raw)), raw[:most], fits and len(raw) <= most)


def _answer(box: Any, uid: int, what: str) -> list[Any]:
    status, found = box.client.uid("FETCH", str(uid), what)
    if status != "OK":
        raise IMAP4.error(status)
    return [item for item in found if item is not None]


def _lines(box: Any, uid: int, what: str) -> list[bytes]:
    return [item if isinstance(item, bytes) else bytes(item[0]) for item in _answer(box, uid, what)]


def _mark(box: Any, uid: int) -> None:
    """Mark a message as read, for whoever opens the mailbox by hand; nothing here depends on it."""
    with suppress(ImapToolsError, IMAP4.error):
        box.flag(str(uid), r"\Seen", True)


def key_of(message_id: str, sender: str, raw: bytes) -> str:
    """Return by what a message is known, in whichever mailbox it lies."""
    what = f"{message_id}|{sender}" if message_id else hashlib.sha256(raw).hexdigest()
    return keyed_hash(what, KEY)


@whole
def _keep(row: Mailbox, mail: _Fetched, validity: int, now: datetime) -> bool:
    """Keep a message to be dealt with, and note how far the mailbox was read; return whether it is new."""
    head = rules.read_headers(mail.raw)
    kept = Mail(
        mailbox=row, uid_validity=validity, uid=mail.uid, key=key_of(head.message_id, head.sender, mail.raw),
        id_hash=keyed_hash(head.message_id, KEY) if head.message_id else "", size=mail.size, came_at=now,
        sent_at=head.sent_at, state=MailState.WAITING, reason="" if mail.whole else Reason.OVERSIZED.value,
    )  # fmt: skip
    fresh = True
    try:
        with transaction.atomic():
            kept.save(force_insert=True)
    except IntegrityError:
        fresh = False
    if fresh:
        RawMail.objects.create(mail=kept, sealed=encrypt(zlib.compress(mail.raw), RAW))
        journal.record(
            by=SYSTEM, verb="mailbox.receive", kind=MAIL, uuid=kept.uuid, label=row.name, now=now,
            after={"uid": mail.uid, "size": mail.size},
        )  # fmt: skip
    Mailbox.objects.filter(pk=row.pk, uid_validity=validity, last_uid__lt=mail.uid).update(last_uid=mail.uid)
    return fresh


@whole
def _note_failure(pk: int, trouble: TroubleError, n: Numbers, now: datetime) -> None:
    """Note that a mailbox could not be read; tell once: at once where somebody must act, else where it goes on."""
    row = Mailbox.objects.select_for_update().get(pk=pk)
    row.failing_since, row.failures = row.failing_since or now, row.failures + 1
    row.trouble, row.looked_at = trouble.said[:300], now
    if row.told_at is None and (trouble.step in _AT_ONCE or row.failures >= n.failures_before_notice):
        row.told_at = now
        tell_keepers(row, failing=True, since=row.failing_since, now=now)
        journal.record(
            by=SYSTEM, verb="mailbox.fail", kind=MAILBOX, uuid=row.uuid, label=row.name, now=now,
            after={"step": trouble.step},
        )  # fmt: skip
    row.save(update_fields=["failing_since", "failures", "trouble", "looked_at", "told_at"])
    _log.warning("mailbox %s cannot be read: %s", row.pk, trouble.step)


@whole
def _note_success(pk: int, now: datetime) -> None:
    row = Mailbox.objects.select_for_update().get(pk=pk)
    told, since = row.told_at, row.failing_since
    Mailbox.objects.filter(pk=pk).update(
        looked_at=now, fine_at=now, failing_since=None, failures=0, trouble="", told_at=None
    )
    if told is not None and since is not None:
        tell_keepers(row, failing=False, since=since, now=now)
        journal.record(by=SYSTEM, verb="mailbox.recover", kind=MAILBOX, uuid=row.uuid, label=row.name, now=now)
