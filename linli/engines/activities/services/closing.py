"""After the meeting: minutes go round for correction, remarks are answered, the minutes are sealed."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from linli.engines.activities import selectors
from linli.engines.activities.models import AgendaItem, Attendee, Meeting, Remark
from linli.engines.activities.permissions import check_lead
from linli.engines.activities.rules.sealing import fingerprint
from linli.engines.activities.services.steps import check_decided, check_state, lock, need, note, take_step, told
from linli.engines.activities.services.telling import tell_correcting
from linli.engines.activities.types import RemarkKind
from linli.engines.activities.workflow import MeetingState
from linli.foundation.core.actors import Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import ConflictError, ForbiddenError, InvalidError


@whole
def circulate(*, by: Actor, now: datetime, meeting: Meeting) -> Meeting:
    """Send the minutes to who came, for correction.

    Raises:
        ForbiddenError: not who leads it. ConflictError: the minutes are not finished.
    """
    check_lead(by, meeting)
    check_decided(meeting)
    take_step(by, now, meeting, "circulate", circulated_at=now)
    Attendee.objects.filter(meeting=meeting, checked_at__isnull=False).update(checked_at=None)
    tell_correcting(meeting, by, now)
    return meeting


@whole
def take_back(*, by: Actor, now: datetime, meeting: Meeting) -> Meeting:
    """Take the minutes back to put in what was remarked."""
    check_lead(by, meeting)
    return take_step(by, now, meeting, "take_back")


@whole
def remark(*, by: Actor, now: datetime, meeting: Meeting, text: str, item: AgendaItem | None = None) -> Remark:
    """Remark on minutes sent round: whoever may read the meeting.

    Raises:
        ConflictError: they are not out for correction. InvalidError: nothing written.
    """
    need(text=text)
    check_state(lock(meeting), frozenset({MeetingState.CORRECTING.value}))
    row = Remark.objects.create(
        meeting=meeting, item=item, kind=RemarkKind.COMMENT, text=told(text, 2_000), at=now, by_label=by.label
    )
    _checked(by, now, meeting)
    note(by, now, "remark", meeting, after={"length": len(row.text)})
    return row


def _checked(by: Actor, now: datetime, meeting: Meeting) -> bool:
    mine = selectors.attendee_of(by, meeting)
    return mine is not None and Attendee.objects.filter(pk=mine.pk).update(checked_at=now) == 1


@whole
def agree(*, by: Actor, now: datetime, meeting: Meeting) -> None:
    """Say that minutes sent round are right as they are: whoever was invited.

    Raises:
        ForbiddenError: not invited. ConflictError: they are not out for correction.
    """
    check_state(lock(meeting), frozenset({MeetingState.CORRECTING.value}))
    if not _checked(by, now, meeting):
        raise ForbiddenError(_("记录由参会人核对。"), code="activities.agree", hint=_("有意见的，请填写后提交。"))
    note(by, now, "agree", meeting)


@whole
def answer_remark(*, by: Actor, now: datetime, meeting: Meeting, row: Remark, answer: str) -> Remark:
    """Say what became of a remark.

    Raises:
        ForbiddenError: not who leads it. ConflictError: it was answered, or the minutes are sealed.
    """
    check_lead(by, meeting)
    need(answer=answer)
    check_state(lock(meeting), frozenset({MeetingState.CORRECTING.value, MeetingState.MINUTED.value}))
    rows = Remark.objects.filter(pk=row.pk, meeting=meeting, answered_at__isnull=True)
    if rows.update(answer=told(answer, 2_000), answered_at=now, answered_label=by.label) != 1:
        raise ConflictError(_("这条意见已经答复。"), code="activities.remark", hint=_("请刷新后查看。"))
    row.refresh_from_db()
    note(by, now, "answer_remark", meeting, after={"length": len(row.answer)})
    return row


@whole
def seal(*, by: Actor, now: datetime, meeting: Meeting) -> Meeting:
    """Seal the minutes: their fingerprint is kept, nothing is edited afterwards.

    Raises:
        ForbiddenError: not who leads it. InvalidError: a remark has no answer. ConflictError: not sent round yet.
    """
    check_lead(by, meeting)
    lock(meeting)
    waiting = meeting.remarks.filter(kind=RemarkKind.COMMENT, answered_at__isnull=True).count()
    if waiting:
        raise InvalidError(
            _("还有 %(n)s 条修改意见没有答复。") % {"n": waiting},
            code="activities.remarks",
            hint=_("请逐条写明采纳或不采纳的理由。"),
        )
    meeting.refresh_from_db()
    found = fingerprint(selectors.content(meeting))
    take_step(by, now, meeting, "seal", told={"seal": found}, seal=found, sealed_at=now, sealed_label=by.label)
    return meeting


def is_intact(meeting: Meeting) -> bool:
    """Return whether sealed minutes say what they said when they were sealed."""
    return bool(meeting.seal) and fingerprint(selectors.content(meeting)) == meeting.seal


@whole
def correct(*, by: Actor, now: datetime, meeting: Meeting, text: str) -> Remark:
    """Add a note that corrects sealed minutes; the minutes stay as they are.

    Raises:
        ForbiddenError: not who leads it. ConflictError: they are not sealed.
    """
    check_lead(by, meeting)
    need(text=text)
    check_state(lock(meeting), frozenset({MeetingState.SEALED.value}))
    row = Remark.objects.create(
        meeting=meeting, kind=RemarkKind.NOTE, text=told(text, 2_000), at=now, by_label=by.label
    )
    note(by, now, "correct", meeting, after={"text": row.text[:300]})
    return row
