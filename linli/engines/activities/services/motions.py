"""The deputies' work: drafts with their versions, what became of them outside, talks with third parties."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.engines.activities.models import Motion, MotionText, Negotiation, NegotiationStep
from linli.engines.activities.permissions import check_deputies
from linli.engines.activities.services.steps import need, record, told, wrong
from linli.engines.activities.types import MotionKind, MotionState, NewMotion
from linli.foundation.core.actors import Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import ConflictError, StaleError


def _note(by: Actor, now: datetime, verb: str, motion: Motion, **more: Any) -> None:
    record(by, now, verb, "motion", motion.uuid, motion.title, **more)


@whole
def draft_motion(*, by: Actor, now: datetime, data: NewMotion) -> Motion:
    """Draft a motion or suggestion; proposers by role and number, never by name.

    Raises:
        ForbiddenError: not who keeps these records. InvalidError: by field.
    """
    check_deputies(by)
    need(title=data.title, text=data.text)
    if data.kind not in MotionKind.values:
        raise wrong("kind", _("请选择议案或代表建议。"))
    row = Motion.objects.create(
        title=told(data.title, 120),
        kind=data.kind,
        proposers=told(data.proposers, 80),
        meeting_id=data.meeting_id,
        topic_id=data.topic_id,
        created_at=now,
        created_label=by.label,
    )
    MotionText.objects.create(motion=row, number=1, text=told(data.text, 20_000), at=now, by_label=by.label)
    _note(by, now, "draft_motion", row, after={"kind": data.kind})
    return row


@whole
def rewrite_motion(*, by: Actor, now: datetime, motion: Motion, text: str, expected: int) -> MotionText:
    """Write the next version of a draft, as seen at version ``expected`` of its text.

    Raises:
        StaleError: somebody wrote a version meanwhile. ConflictError: it was submitted.
    """
    check_deputies(by)
    need(text=text)
    Motion.objects.select_for_update().get(pk=motion.pk)
    _check_state(motion, MotionState.DRAFT)
    last = MotionText.objects.filter(motion=motion).order_by("-number").first()
    number = last.number if last else 0
    if number != expected:
        raise StaleError(
            _("他人刚刚保存了新的一稿。"), code="activities.stale", hint=_("请对照最新一稿，再保存您的修改。")
        )
    row = MotionText.objects.create(
        motion=motion, number=number + 1, text=told(text, 20_000), at=now, by_label=by.label
    )
    _note(by, now, "rewrite_motion", motion, before={"number": number}, after={"number": row.number})
    return row


def _check_past(field: str, on: date, now: datetime) -> None:
    if on > timezone.localtime(now).date():
        raise wrong(field, _("日期不能晚于今天。"))


def _check_state(motion: Motion, *states: str) -> None:
    fresh = Motion.objects.get(pk=motion.pk)
    if fresh.state not in states:
        raise ConflictError(
            _("它现在是“%(state)s”，不能这样做。") % {"state": MotionState(fresh.state).label},
            code="activities.motion_state",
            hint=_("请刷新后查看。"),
        )


def _move(motion: Motion, origins: tuple[str, ...], **values: Any) -> None:
    rows = Motion.objects.filter(pk=motion.pk, state__in=origins)
    if rows.update(**values, version=F("version") + 1) != 1:
        _check_state(motion, *origins)
    motion.refresh_from_db()


@whole
def submit_motion(
    *, by: Actor, now: datetime, motion: Motion, platform: str, number: str, on: date, reply_due_on: date | None
) -> Motion:
    """Record that it was submitted outside: on which platform, under which number, when, until when they answer.

    Raises:
        InvalidError: no platform or number, or an answer due before it was submitted. ConflictError: submitted already.
    """
    check_deputies(by)
    need(platform=platform, number=number)
    _check_past("submitted_on", on, now)
    if reply_due_on is not None and reply_due_on < on:
        raise wrong("reply_due_on", _("答复期限不能早于提交日期。"))
    _move(
        motion, (MotionState.DRAFT,), state=MotionState.SUBMITTED, platform=told(platform, 80),
        outside_number=told(number, 60), submitted_on=on, reply_due_on=reply_due_on,
    )  # fmt: skip
    _note(by, now, "submit_motion", motion, after={"number": motion.outside_number, "on": on.isoformat()})
    return motion


@whole
def reply_motion(*, by: Actor, now: datetime, motion: Motion, on: date, replied_by: str, reply: str) -> Motion:
    """Record the answer that came: when, from whom, what it says."""
    check_deputies(by)
    need(reply=reply, replied_by=replied_by)
    _check_past("replied_on", on, now)
    if motion.submitted_on is not None and on < motion.submitted_on:
        raise wrong("replied_on", _("答复日期不能早于提交日期。"))
    _move(
        motion, (MotionState.SUBMITTED,), state=MotionState.REPLIED, replied_on=on,
        replied_by=told(replied_by, 80), reply=told(reply, 8_000),
    )  # fmt: skip
    _note(by, now, "reply_motion", motion, after={"on": on.isoformat(), "by": motion.replied_by})
    return motion


@whole
def end_motion(*, by: Actor, now: datetime, motion: Motion, on: date, result: str) -> Motion:
    """Record what came of it in the end."""
    check_deputies(by)
    need(result=result)
    origins = (MotionState.SUBMITTED, MotionState.REPLIED)
    _move(motion, origins, state=MotionState.ENDED, result=told(result, 8_000), ended_on=on)
    _note(by, now, "end_motion", motion, after={"on": on.isoformat()}, reason=told(result, 300))
    return motion


@whole
def open_negotiation(
    *,
    by: Actor,
    now: datetime,
    title: str,
    third_party: str,
    unit_id: int | None = None,
    motion_id: int | None = None,
    topic_id: int | None = None,
    meeting_id: int | None = None,
) -> Negotiation:
    """Open the record of talks with a third party over one matter."""
    check_deputies(by)
    need(title=title, third_party=third_party)
    row = Negotiation.objects.create(
        title=told(title, 120), third_party=told(third_party, 120), unit_id=unit_id, motion_id=motion_id,
        topic_id=topic_id, meeting_id=meeting_id, created_at=now, created_label=by.label,
    )  # fmt: skip
    record(by, now, "open_negotiation", "negotiation", row.uuid, row.title, after={"third_party": row.third_party})
    return row


@whole
def add_round(
    *, by: Actor, now: datetime, negotiation: Negotiation, on: date, who: str, said: str, next_step: str = "",
    next_on: date | None = None,
) -> NegotiationStep:  # fmt: skip
    """Record a round: when, who took part by role, what was said, what comes next by when.

    Raises:
        InvalidError: by field. ConflictError: the talks have ended.
    """
    check_deputies(by)
    need(who=who, said=said)
    _check_past("on", on, now)
    if Negotiation.objects.select_for_update().get(pk=negotiation.pk).ended_on is not None:
        raise ConflictError(_("协商已经结束。"), code="activities.negotiation", hint=_("请另开一份协商记录。"))
    row = NegotiationStep.objects.create(
        negotiation=negotiation, on=on, who=told(who, 200), said=told(said, 8_000),
        next_step=told(next_step, 300), next_on=next_on, at=now, by_label=by.label,
    )  # fmt: skip
    record(by, now, "add_round", "negotiation", negotiation.uuid, negotiation.title, after={"on": on.isoformat()})
    return row


@whole
def end_negotiation(*, by: Actor, now: datetime, negotiation: Negotiation, on: date, result: str) -> Negotiation:
    """Record how the talks ended."""
    check_deputies(by)
    need(result=result)
    rows = Negotiation.objects.filter(pk=negotiation.pk, ended_on__isnull=True)
    if rows.update(ended_on=on, result=told(result, 8_000)) != 1:
        raise ConflictError(_("协商已经结束。"), code="activities.negotiation", hint=_("请刷新后查看。"))
    negotiation.refresh_from_db()
    record(by, now, "end_negotiation", "negotiation", negotiation.uuid, negotiation.title, reason=told(result, 300))
    return negotiation
