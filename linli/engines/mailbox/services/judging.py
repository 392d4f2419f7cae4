"""A person looks at a message that was set aside: a case, an addition to one, or nothing, with the reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from linli.engines.cases import permissions as case_doors
from linli.engines.cases import services as cases
from linli.engines.cases.types import Receipt
from linli.engines.mailbox import rules
from linli.engines.mailbox.events import MAIL as MAIL_KIND
from linli.engines.mailbox.models import MAIL, Mail
from linli.engines.mailbox.permissions import check_judge, check_read
from linli.engines.mailbox.rules.reading import UnreadableError
from linli.engines.mailbox.selectors import raw_of
from linli.engines.mailbox.services.attaching import Stored, store_parts
from linli.engines.mailbox.services.reporting import entry_of, note_text
from linli.engines.mailbox.services.taking import finish_case
from linli.engines.mailbox.types import Incoming, MailState, Reason
from linli.foundation.core.actors import Actor
from linli.foundation.core.crypto import decrypt_text
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import ConflictError
from linli.foundation.core.faults import one
from linli.foundation.core.text import clean, mask_personal
from linli.foundation.journal import services as journal


def _read(mail: Mail) -> Incoming:
    """Return what the message says; of one that is too large or cannot be read what its headers say."""
    raw = raw_of(mail)
    if not raw:
        raise ConflictError(
            _("原信的保存期已满，不能再立案。"), code="mailbox.gone", hint=_("请按列表中的内容人工登记。")
        )
    try:
        return rules.read_headers(raw) if mail.reason == Reason.OVERSIZED else rules.read(raw)
    except UnreadableError:
        return rules.read_headers(raw)


def _decide(mail: Mail, by: Actor, now: datetime, state: MailState, **fields: Any) -> None:
    changed = Mail.objects.filter(pk=mail.pk, state=MailState.ASIDE).update(
        state=state, decided_at=now, decided_label=by.label[:80], **fields
    )
    if not changed:
        seen = Mail.objects.get(pk=mail.pk)
        raise ConflictError(
            _("这封来信已由%(who)s办理：%(state)s。")
            % {"who": seen.decided_label or _("系统"), "state": seen.get_state_display()},
            code="mailbox.decided", hint=_("请看下一封。"),
        )  # fmt: skip


def _note(by: Actor, now: datetime, mail: Mail, verb: str, **more: Any) -> None:
    journal.record(
        by=by, verb=f"mailbox.{verb}", kind=MAIL_KIND, uuid=mail.uuid, label=mail.mailbox.name, now=now, **more
    )  # fmt: skip


def make_case(*, by: Actor, now: datetime, mail: Mail, category: str = "", text: str = "") -> Receipt:
    """Make a case of a message that was set aside; who wrote is answered as ever, unless it looks like spam.

    Args:
        category: a code of the catalogue; empty: the mailbox's.
        text: in place of what the message says; needed where it cannot be read.

    Raises:
        ForbiddenError: not theirs to judge.
        ConflictError: somebody decided it before, or what came is gone.
        InvalidError: what the intake refuses; the message then still waits.
    """
    check_judge(by)
    came = _read(mail)
    entry = entry_of(mail.mailbox, came, uuid=mail.uuid)
    report = replace(
        entry.report, text=clean(text) or entry.report.text, category=category or mail.mailbox.category
    )  # fmt: skip
    cases.check_report(report)
    stored = store_parts(came, now=now, by=by)
    return _make(by, now, mail, came, replace(report, files=stored.refs), stored, 0 if text else entry.left_out)


@whole
def _make(by: Actor, now: datetime, mail: Mail, came: Incoming, report: Any, stored: Stored, left_out: int) -> Receipt:
    _decide(mail, by, now, MailState.CASE, case_uuid=mail.uuid)
    receipt = cases.report(by=by, now=now, report=report)
    answered = replace(came, sender="") if mail.reason == Reason.SPAM else came
    finish_case(mail, answered, receipt, stored, now, left_out=left_out)
    _note(by, now, mail, "make_case", after={"case": receipt.number})
    return receipt


def add_to_case(*, by: Actor, now: datetime, mail: Mail, number: str) -> str:
    """Add a message that was set aside to a case as an internal note, with what is attached; return the number.

    It is not taken for the reporter's word: that is for who decides to say.

    Raises:
        ForbiddenError: not theirs to judge.
        NotFoundError: no such case for this reader.
        ConflictError: somebody decided it before, or what came is gone.
    """
    check_judge(by)
    if not clean(number):
        raise one("mailbox", "number", _("请填写案件编号。"))
    case = case_doors.get_case_for(by, clean(number).upper())
    came = _read(mail)
    stored = store_parts(came, now=now, by=by)
    entry = entry_of(mail.mailbox, came, uuid=None)
    return _attach(by, now, mail, case.pk, entry.report.text, stored, entry.left_out)


@whole
def _attach(by: Actor, now: datetime, mail: Mail, case_id: int, said: str, stored: Stored, left_out: int) -> str:
    case = case_doors.get_case_for(by, case_id)
    _decide(mail, by, now, MailState.ANSWER, case_uuid=case.uuid, case_number=case.number)
    told = _("%(sender)s 来信：%(text)s") % {"sender": mail.sender_masked or _("未知地址"), "text": said or "—"}
    parts = [told, note_text(stored, left_out)]
    cases.note(by=by, now=now, case=case, text="\n".join(p for p in parts if p), files=stored.refs)
    _note(by, now, mail, "add_to_case", after={"case": case.number})
    return case.number


@whole
def discard(*, by: Actor, now: datetime, mail: Mail, reason: str) -> None:
    """Make nothing of a message that was set aside.

    Raises:
        ForbiddenError: not theirs to judge.
        InvalidError: no reason.
        ConflictError: somebody decided it before.
    """
    check_judge(by)
    said = mask_personal(clean(reason))[:300]
    if not said:
        raise one("mailbox", "reason", _("请写明舍弃的原因。"))
    _decide(mail, by, now, MailState.DISCARDED, decided_reason=said)
    _note(by, now, mail, "discard", reason=said)


def open_mail(*, by: Actor, now: datetime, mail: Mail, purpose: str) -> tuple[str, str]:
    """Return (who wrote, all that was written) in clear; the look is journalled with its purpose.

    Raises:
        ForbiddenError: ``by`` reads none.
        InvalidError: no purpose.
    """
    check_read(by)
    said = mask_personal(clean(purpose))[:300]
    if not said:
        raise one("mailbox", "purpose", _("请写明查看原信的用途。"))
    with transaction.atomic():
        _note(by, now, mail, "open", reason=said)
    return decrypt_text(mail.sender_sealed, MAIL), decrypt_text(mail.content_sealed, MAIL)
