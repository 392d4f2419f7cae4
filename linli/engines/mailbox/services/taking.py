"""What becomes of a message that came: a case, an addition to one, a place in the list of a person, or nothing."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from linli.engines.cases import permissions as case_doors
from linli.engines.cases import services as cases
from linli.engines.cases.types import Receipt
from linli.engines.mailbox import rules
from linli.engines.mailbox.events import MAIL as MAIL_KIND
from linli.engines.mailbox.models import KEY, MAIL, Mail
from linli.engines.mailbox.rules.reading import UnreadableError
from linli.engines.mailbox.selectors import numbers, own_addresses, raw_of
from linli.engines.mailbox.services.attaching import Stored, store_parts
from linli.engines.mailbox.services.reporting import entry_of, note_text
from linli.engines.mailbox.services.telling import send_receipt
from linli.engines.mailbox.types import Incoming, MailState, Reason
from linli.foundation.core.actors import SYSTEM
from linli.foundation.core.crypto import encrypt_text, keyed_hash
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import DomainError
from linli.foundation.core.text import clean, mask_personal
from linli.foundation.journal import services as journal
from linli.foundation.messages import selectors as messages
from linli.foundation.messages.rules import mask_address
from linli.foundation.messages.types import ChannelCode

LEASE = timedelta(minutes=10)
MOST = 500
SHOWN = 600
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Meant:
    """Which case a message means: ``proved`` where it answers a mail of ours, or names the code of one."""

    case: UUID
    proved: bool


def take_all(*, now: datetime) -> int:
    """Deal with every message that waits, each by whoever claims it first; return how many were dealt with here."""
    ids = Mail.objects.filter(_free(now), state=MailState.WAITING).order_by("id").values_list("pk", flat=True)[:MOST]
    return sum(_take(pk, now) for pk in list(ids))


def _free(now: datetime) -> Q:
    return Q(claimed_at__isnull=True) | Q(claimed_at__lt=now - LEASE)


def _take(pk: int, now: datetime) -> bool:
    claimed = Mail.objects.filter(_free(now), pk=pk, state=MailState.WAITING).update(claimed_at=now)
    if claimed != 1:
        return False
    row = Mail.objects.select_related("mailbox", "mailbox__area").get(pk=pk)
    try:
        mail = _described(row)
    except UnreadableError:
        mail = rules.read_headers(raw_of(row))
        _describe(row, mail)
        return settle(row, now, MailState.ASIDE, Reason.UNREADABLE)
    try:
        return _decide(row, mail, now)
    except DomainError as error:
        return settle(row, now, MailState.ASIDE, Reason.REFUSED, detail=_said(error))


def _said(error: DomainError) -> str:
    fields = "；".join(text for texts in error.fields.values() for text in texts)
    return fields or error.message


def _described(row: Mail) -> Incoming:
    """Return what the message says, and note it on the row for the lists."""
    raw = raw_of(row)
    mail = rules.read_headers(raw) if row.reason == Reason.OVERSIZED else rules.read(raw)
    _describe(row, mail)
    return mail


def _describe(row: Mail, mail: Incoming) -> None:
    text = clean(mail.text)
    row.sender_sealed = encrypt_text(f"{mail.sender_name} <{mail.sender}>".strip(), MAIL)
    row.sender_hash = keyed_hash(mail.sender, KEY) if mail.sender else ""
    row.sender_masked = mask_address(ChannelCode.EMAIL, mail.sender)[:120] if mail.sender else ""
    row.subject = mask_personal(clean(mail.subject))[:200]
    row.text = mask_personal(text[: SHOWN * 4])[:SHOWN]
    row.content_sealed = encrypt_text(f"{clean(mail.subject)}\n\n{text}".strip(), MAIL)
    row.attachments = min(len(mail.parts), 999)


def meant(mail: Incoming) -> Meant | None:
    """Return which case a message answers: by the mail that it answers, by what answers it, or by its subject."""
    ours = messages.subjects_of("case", rules.uuids_of(mail.answers))
    for uuid in rules.uuids_of(mail.answers):
        if uuid in ours:
            return Meant(ours[uuid], proved=True)
    hashes = [keyed_hash(i, KEY) for i in mail.answers]
    known = Mail.objects.filter(id_hash__in=hashes, state__in=[MailState.CASE, MailState.ANSWER])
    rows = dict(known.values_list("id_hash", "case_uuid"))
    for hashed in hashes:
        if (case := rows.get(hashed)) is not None:
            return Meant(case, proved=True)
    found = [m for m in map(case_doors.marked_case, rules.marks_in(mail.subject)) if m is not None]
    found.sort(key=lambda m: not m[1])
    return Meant(*found[0]) if found else None


def _aside(row: Mail, mail: Incoming, now: datetime) -> tuple[Reason, str]:
    """Return why a person has to look at a message that somebody wrote, and what to know of it."""
    n = numbers(now)
    if row.reason == Reason.OVERSIZED:
        return Reason.OVERSIZED, _("约 %(mb)s MB，上限 %(most)s MB。") % {
            "mb": -(-row.size // (1024 * 1024)), "most": n.most_megabytes,
        }  # fmt: skip
    if not mail.sender:
        return Reason.NO_SENDER, ""
    if rules.suspicious(mail):
        return Reason.SPAM, ""
    recent = Mail.objects.filter(sender_hash=row.sender_hash, came_at__gt=now - timedelta(hours=1)).exclude(pk=row.pk)
    if recent[: n.sender_hour].count() >= n.sender_hour:
        return Reason.TOO_MANY, _("一小时内超过 %(most)s 封。") % {"most": n.sender_hour}
    return Reason.NONE, ""


def _decide(row: Mail, mail: Incoming, now: datetime) -> bool:
    nobody = rules.automatic(mail, own_addresses())
    if nobody is not Reason.NONE:
        return settle(row, now, MailState.IGNORED, nobody)
    why, detail = _aside(row, mail, now)
    if why is not Reason.NONE:
        return settle(row, now, MailState.ASIDE, why, detail=detail)
    case = meant(mail)
    if case is None:
        return _to_case(row, mail, now)
    if not case.proved:
        return settle(row, now, MailState.ASIDE, Reason.NO_CODE, case=case.case)
    who = case_doors.reporter_by_mail(case.case, mail.sender)
    if who is None:
        return settle(row, now, MailState.ASIDE, Reason.NOT_REPORTER, case=case.case)
    return _to_answer(row, mail, who, now)


def _to_case(row: Mail, mail: Incoming, now: datetime) -> bool:
    entry = entry_of(row.mailbox, mail, uuid=row.uuid)
    cases.check_report(entry.report)
    stored = store_parts(mail, now=now, by=SYSTEM)
    return _enter(row, mail, replace(entry.report, files=stored.refs), entry.left_out, stored, now)


@whole
def _enter(row: Mail, mail: Incoming, report: Any, left_out: int, stored: Stored, now: datetime) -> bool:
    if not settle(row, now, MailState.CASE, Reason.NONE, case=row.uuid):
        return False
    receipt = cases.report(by=SYSTEM, now=now, report=report)
    finish_case(row, mail, receipt, stored, now, left_out=left_out)
    return True


def finish_case(row: Mail, mail: Incoming, receipt: Receipt, stored: Stored, now: datetime, *, left_out: int) -> None:
    """Note the case on the message, what was not taken on the case, and send the receipt."""
    Mail.objects.filter(pk=row.pk).update(case_number=receipt.number, case_uuid=receipt.uuid)
    case = case_doors.get_case_for(SYSTEM, receipt.uuid)
    if said := note_text(stored, left_out):
        cases.note(by=SYSTEM, now=now, case=case, text=said)
    if not receipt.seen_before and mail.sender and not rules.no_receipt(mail):
        send_receipt(row.mailbox, mail, receipt, case.title, now)


def _to_answer(row: Mail, mail: Incoming, who: tuple[Any, Any, Any], now: datetime) -> bool:
    stored = store_parts(mail, now=now, by=SYSTEM)
    return _add(row, mail, who[1].uuid, stored, now)


@whole
def _add(row: Mail, mail: Incoming, reporter: UUID, stored: Stored, now: datetime) -> bool:
    actor, _reporter, case = case_doors.reporter_by_uuid(reporter)
    if not settle(row, now, MailState.ANSWER, Reason.NONE, case=case.uuid):
        return False
    entry = entry_of(row.mailbox, mail, uuid=None)
    cases.reporter_says(by=actor, now=now, case=case, text=entry.report.text, files=stored.refs)
    Mail.objects.filter(pk=row.pk).update(case_number=case.number)
    if said := note_text(stored, entry.left_out):
        cases.note(by=SYSTEM, now=now, case=case_doors.get_case_for(SYSTEM, case.uuid), text=said)
    return True


@whole
def settle(
    row: Mail, now: datetime, state: MailState, reason: Reason, *, detail: str = "", case: UUID | None = None
) -> bool:
    """Say what becomes of a message that waits, by compare-and-set; return False where somebody was first."""
    number = ""
    if case is not None and state is MailState.ASIDE:
        number = case_doors.get_case_for(SYSTEM, case).number
    changed = Mail.objects.filter(pk=row.pk, state=MailState.WAITING).update(
        state=state, reason=reason.value, detail=mask_personal(clean(detail))[:300], case_uuid=case,
        case_number=number, sender_sealed=row.sender_sealed, sender_hash=row.sender_hash,
        sender_masked=row.sender_masked, subject=row.subject, text=row.text, content_sealed=row.content_sealed,
        attachments=row.attachments,
    )  # fmt: skip
    if changed == 1:
        journal.record(
            by=SYSTEM, verb=f"mailbox.{state.value}", kind=MAIL_KIND, uuid=row.uuid, label=row.mailbox.name, now=now,
            after={"reason": reason.value} | ({"case": str(case)} if case else {}),
        )  # fmt: skip
    return changed == 1
