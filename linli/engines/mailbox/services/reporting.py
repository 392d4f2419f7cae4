"""A message as a report: what is new of it, where it is taken to be, and whom to answer."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from linli.engines.cases.services.intake import MAX_LETTER
from linli.engines.cases.types import Contact, FeedbackWay, Report, Source
from linli.engines.mailbox import rules
from linli.engines.mailbox.models import Mailbox
from linli.engines.mailbox.services.attaching import Stored
from linli.engines.mailbox.types import Incoming
from linli.foundation.core.text import clean


@dataclass(frozen=True, slots=True)
class Entry:
    """The report, and how many characters at its end were left out."""

    report: Report
    left_out: int


def entry_of(mailbox: Mailbox, mail: Incoming, *, uuid: UUID | None) -> Entry:
    """Return what a message reports; a subject alone is enough."""
    subject = clean(rules.bare_subject(mail.subject))
    text = clean(rules.cut(mail.text, answer=rules.is_answer(mail.subject, mail.answers))) or subject
    if not text and mail.parts:
        text = _("来信没有正文，见附件。")
    kept = text[:MAX_LETTER]
    contact = Contact(
        name=clean(mail.sender_name)[:40],
        email=mail.sender,
        mail_id=mail.message_id,
        reply_to=mailbox.address,
        way=FeedbackWay.EMAIL if mail.sender else FeedbackWay.NONE,
    )
    sent = mail.sent_at.isoformat() if mail.sent_at is not None else ""
    report = Report(
        text=kept,
        title=subject[:60],
        category=mailbox.category,
        area_id=mailbox.area_id,
        source=Source.EMAIL,
        contact=contact,
        uuid=uuid,
        origin={"mail": str(uuid or ""), "mailbox": mailbox.name, "written": sent},
    )
    return Entry(report, len(text) - len(kept))


def note_text(stored: Stored, left_out: int) -> str:
    """Return what staff should know of what was not taken from a message; empty if all of it was."""
    said = [_("来信附件“%(name)s”没有收下：%(why)s") % {"name": name, "why": why} for name, why in stored.refused]
    if stored.beyond:
        said.append(_("来信还有 %(n)s 个附件超出数量上限，没有收下。") % {"n": stored.beyond})
    if left_out:
        said.append(_("来信过长，后面的 %(n)s 个字没有登记，原信保存期内可以查看。") % {"n": left_out})
    return "\n".join(said)
