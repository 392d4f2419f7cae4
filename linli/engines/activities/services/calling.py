"""Calling a meeting: invitations go out, who is invited answers, hands in texts and papers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from linli.engines.activities import selectors
from linli.engines.activities.models import AgendaItem, Attendee, ItemText, Meeting, Paper, Venue
from linli.engines.activities.models.meetings import SENT
from linli.engines.activities.permissions import check_lead, may_lead, working_units
from linli.engines.activities.services.planning import invite
from linli.engines.activities.services.steps import check_state, lock, need, note, take_step, told, wrong
from linli.engines.activities.services.telling import tell_invited
from linli.engines.activities.types import Guest, Reply
from linli.engines.activities.workflow import AGENDA_OPEN, OPEN_BEFORE, PRESENT, MeetingState
from linli.foundation.core.actors import Actor
from linli.foundation.core.crypto import encrypt_text
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import ConflictError, ForbiddenError, InvalidError
from linli.foundation.core.text import clean


@whole
def call_meeting(*, by: Actor, now: datetime, meeting: Meeting) -> int:
    """Send the invitations; return how many people were told.

    Raises:
        ForbiddenError: not who leads it. InvalidError: nobody is invited. ConflictError: it was called already.
    """
    check_lead(by, meeting)
    if not meeting.attendees.exists():
        raise InvalidError(
            _("还没有邀请任何人。"), code="activities.nobody", hint=_("请先在“签到”页添加参会单位或岗位。")
        )
    if meeting.ends_at <= now:
        raise InvalidError(_("会议时间已过。"), code="activities.past", hint=_("请先修改时间，或直接开始补记。"))
    take_step(by, now, meeting, "call", called_at=now)
    return tell_invited(meeting, by, now)


@whole
def invite_more(
    *,
    by: Actor,
    now: datetime,
    meeting: Meeting,
    groups: Sequence[str] = (),
    area_ids: Sequence[int] = (),
    unit_ids: Sequence[int] = (),
    guests: Sequence[Guest] = (),
) -> list[Attendee]:
    """Invite more people; where the meeting was called already they are told at once.

    Raises:
        ForbiddenError: not who leads it. InvalidError: nobody new. ConflictError: the minutes are finished.
    """
    check_lead(by, meeting)
    check_state(lock(meeting), PRESENT)
    made = invite(meeting, now, groups=groups, area_ids=area_ids, unit_ids=unit_ids, guests=guests)
    if not made:
        raise InvalidError(_("没有新增任何人：所选的已在名单中，或无人任职。"), code="activities.nobody")
    note(by, now, "invite", meeting, after={"added": len(made)})
    if meeting.state == MeetingState.CALLED:
        tell_invited(meeting, by, now)
    return made


@whole
def uninvite(*, by: Actor, now: datetime, meeting: Meeting, attendee: Attendee) -> None:
    """Take somebody off the list who has not come."""
    check_lead(by, meeting)
    check_state(lock(meeting), OPEN_BEFORE)
    if Attendee.objects.filter(pk=attendee.pk, meeting=meeting, came_at__isnull=True).delete()[0] == 0:
        raise ConflictError(_("已签到的不能移出名单。"), code="activities.attendee", hint=_("请刷新后查看。"))
    label = attendee.unit.name if attendee.unit else attendee.title
    note(by, now, "uninvite", meeting, before={"who": label})


@whole
def place_attendees(*, by: Actor, now: datetime, meeting: Meeting, venue: Venue, ids: Sequence[int]) -> int:
    """Let some of those invited meet at another venue; return how many."""
    check_lead(by, meeting)
    check_state(lock(meeting), PRESENT)
    if venue.meeting_id != meeting.pk:
        raise wrong("venue", _("请选择本次会议的会场。"))
    changed = Attendee.objects.filter(meeting=meeting, pk__in=ids).update(venue=venue)
    note(by, now, "place", meeting, after={"venue": venue.name, "attendees": changed})
    return changed


@whole
def answer(*, by: Actor, now: datetime, meeting: Meeting, reply: str, reason: str = "", sent: str = "") -> Attendee:
    """Say whether one comes, sends somebody (who), or cannot come (why).

    Raises:
        ForbiddenError: ``by`` is not invited. InvalidError: no reason, or nobody named. ConflictError: it is over.
    """
    check_state(lock(meeting), OPEN_BEFORE)
    mine = selectors.attendee_of(by, meeting)
    if mine is None:
        raise ForbiddenError(_("您不在这次会议的邀请名单中。"), code="activities.attendee")
    if reply not in {Reply.ATTEND.value, Reply.SEND.value, Reply.DECLINE.value}:
        raise wrong("reply", _("请选择是否参加。"))
    if reply == Reply.DECLINE:
        need(reason=reason)
    if reply == Reply.SEND:
        need(sent=sent)
    before = mine.reply
    mine.reply = reply
    mine.reason = told(reason, 200) if reply == Reply.DECLINE else ""
    mine.sent_sealed = encrypt_text(clean(sent)[:60], SENT) if reply == Reply.SEND else b""
    mine.replied_at = now
    mine.save(update_fields=["reply", "reason", "sent_sealed", "replied_at"])
    who = mine.unit.name if mine.unit else mine.title
    note(by, now, "answer", meeting, before={"reply": before}, after={"reply": reply, "who": who}, reason=mine.reason)
    return mine


def may_hand_in(by: Actor, meeting: Meeting, item: AgendaItem) -> bool:
    """Return whether ``by`` hands in an item's text: who leads the meeting, and the presenter's unit."""
    return may_lead(by, meeting) or (item.presenter_unit_id is not None and item.presenter_unit_id in working_units(by))


@whole
def hand_in_text(*, by: Actor, now: datetime, meeting: Meeting, item: AgendaItem, text: str) -> ItemText:
    """Hand in the text of a speaker (交流材料), or a better one, until the minutes are finished.

    Raises:
        ForbiddenError: another unit's item. InvalidError: nothing written. ConflictError: the minutes are finished.
    """
    if not may_hand_in(by, meeting, item):
        raise ForbiddenError(_("交流材料由发言单位提交。"), code="activities.text", hint=_("请联系发言单位或召集人。"))
    check_state(lock(meeting), AGENDA_OPEN)
    need(text=text)
    values = {"text": told(text, 20_000), "unit_id": item.presenter_unit_id, "at": now, "by_label": by.label}
    row, made = ItemText.objects.update_or_create(item=item, defaults=values)
    note(by, now, "hand_in", meeting, after={"item": item.title, "length": len(row.text), "again": not made})
    return row


def check_paper(by: Actor, meeting: Meeting, item: AgendaItem | None) -> None:
    """Raise ForbiddenError unless ``by`` hands in papers: who leads the meeting, for an item its presenter's unit."""
    if not (may_lead(by, meeting) or (item is not None and may_hand_in(by, meeting, item))):
        raise ForbiddenError(_("材料由召集人和发言单位上传。"), code="activities.paper", hint=_("请联系召集人。"))


@whole
def add_paper(
    *, by: Actor, now: datetime, meeting: Meeting, file_id: int, title: str, item: AgendaItem | None = None
) -> Paper:
    """Attach a stored file for the meeting.

    Raises:
        ForbiddenError: neither who leads it nor the item's presenter. ConflictError: the minutes are finished.
    """
    check_paper(by, meeting, item)
    check_state(lock(meeting), PRESENT)
    need(title=title)
    row = Paper.objects.create(
        meeting=meeting, item=item, file_id=file_id, title=clean(title)[:120], at=now, by_label=by.label
    )
    after = {"title": row.title} | ({"item": item.title} if item is not None else {})
    note(by, now, "add_paper", meeting, after=after)
    return row


@whole
def drop_paper(*, by: Actor, now: datetime, meeting: Meeting, paper: Paper) -> None:
    """Take a paper back; the file itself goes with the daily clean-up of what nothing names."""
    check_paper(by, meeting, paper.item)
    check_state(lock(meeting), PRESENT)
    note(by, now, "drop_paper", meeting, before={"title": paper.title})
    paper.delete()
