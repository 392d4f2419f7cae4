"""What every write on a meeting shares: checks of what was typed, one step of its life, the journal."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F
from django.utils.translation import gettext as _

from linli.engines.activities.models import Meeting
from linli.engines.activities.rules.finding import words
from linli.engines.activities.types import Doing
from linli.engines.activities.workflow import MEETING, MeetingState, next_meeting
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import ConflictError, InvalidError, StaleError
from linli.foundation.core.text import clean, mask_personal
from linli.foundation.journal import services as journal


def told(text: str, longest: int = 10_000) -> str:
    """Return typed words as they are kept: cleaned, personal numbers masked, cut."""
    return mask_personal(clean(text))[:longest]


def need(**values: str) -> None:
    """Raise InvalidError for each of the named texts that is empty."""
    wrong = {name: [_("请填写这一项。")] for name, value in values.items() if not clean(value)}
    if wrong:
        raise InvalidError(_("还有内容需要填写。"), code="activities.missing", fields=wrong)


def wrong(field: str, message: str) -> InvalidError:
    """Return the error of one field."""
    return InvalidError(message, code=f"activities.{field}", fields={field: [message]})


def record(
    by: Actor,
    now: datetime,
    verb: str,
    kind: str,
    uuid: UUID | None,
    label: str,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
    rule: str = "",
) -> None:
    """Enter one act of this room in the journal."""
    journal.record(
        by=by,
        verb=f"activities.{verb}",
        kind=kind,
        uuid=uuid,
        label=label[:80],
        now=now,
        before=before,
        after=after,
        reason=reason,
        rule=rule,
    )


def note(by: Actor, now: datetime, verb: str, meeting: Meeting, **more: Any) -> None:
    """Enter one act on a meeting in the journal."""
    record(by, now, verb, "meeting", meeting.uuid, meeting.title, **more)


def lock(meeting: Meeting) -> Meeting:
    """Take the meeting's row for this transaction and read how it stands now."""
    fresh = Meeting.objects.select_for_update().get(pk=meeting.pk)
    meeting.state, meeting.version = fresh.state, fresh.version
    return meeting


def check_state(meeting: Meeting, states: frozenset[str]) -> None:
    """Raise ConflictError unless the meeting, which the caller holds locked, stands in one of ``states``."""
    if meeting.state not in states:
        raise ConflictError(
            _("会议现在是“%(state)s”，不能这样做。") % {"state": MeetingState(meeting.state).label},
            code="activities.state",
            hint=_("请刷新后查看。"),
        )


def take_step(
    by: Actor,
    now: datetime,
    meeting: Meeting,
    code: str,
    *,
    reason: str = "",
    told: Mapping[str, Any] | None = None,
    **values: Any,
) -> Meeting:
    """Do one step of the workflow: compare and set, so that of two at once one is told; journalled with ``told``.

    Raises:
        ConflictError: the meeting does not stand where the step begins.
    """
    lock(meeting)
    to = next_meeting(code, meeting.state)
    if to is None:
        raise ConflictError(
            _("会议现在是“%(state)s”，不能“%(step)s”。")
            % {"state": MeetingState(meeting.state).label, "step": MEETING[code].label},
            code="activities.state",
            hint=_("可能已由他人处理，请刷新后查看。"),
        )
    before = meeting.state
    Meeting.objects.filter(pk=meeting.pk).update(state=to, version=F("version") + 1, **values)
    meeting.refresh_from_db()
    note(by, now, code, meeting, before={"state": before}, after={"state": to, **(told or {})}, reason=reason)
    return meeting


def check_version(meeting: Meeting, expected: int | None) -> None:
    """Raise StaleError if somebody changed the meeting since it was at version ``expected``."""
    if expected is not None and meeting.version != expected:
        raise StaleError(_("会议已被他人修改。"), hint=_("请核对现在的内容，再保存您的修改。"))


def searched(meeting: Meeting) -> str:
    """Return the words by which a meeting is found."""
    return words(meeting.title, meeting.theme, meeting.chair, meeting.unit.name)[:600]


def check_decided(meeting: Meeting) -> None:
    """Raise ConflictError while a case on the agenda has no decision."""
    waiting = meeting.items.filter(kind=Doing.CASE, record="").count()
    if waiting:
        raise ConflictError(
            _("还有 %(n)s 个综合问题没有形成决定。") % {"n": waiting},
            code="activities.undecided",
            hint=_("请先在会商页逐件记录决定；会议要改期，请修改时间。"),
        )
