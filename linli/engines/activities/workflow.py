"""How a meeting and a topic run: one table each."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class MeetingState(models.TextChoices):
    """Where a meeting stands."""

    PLANNED = "planned", _("筹备中")
    CALLED = "called", _("已通知")
    RUNNING = "running", _("进行中")
    MINUTED = "minuted", _("已记录")
    CORRECTING = "correcting", _("征求意见")
    SEALED = "sealed", _("已定稿")
    CANCELLED = "cancelled", _("已取消")


class TopicState(models.TextChoices):
    """Where a topic stands: named, owned, solved and waiting for acceptance, closed; or dropped with a reason."""

    RAISED = "raised", _("识题")
    OWNED = "owned", _("领题")
    SOLVED = "solved", _("破题待验收")
    CLOSED = "closed", _("已破题")
    DROPPED = "dropped", _("不再跟进")


@dataclass(frozen=True, slots=True)
class Step:
    """One act: from which states, to which, and what it is called."""

    code: str
    label: Promise
    origins: frozenset[str]
    to: str


def _step(code: str, label: Promise, origins: tuple[str, ...], to: str) -> Step:
    return Step(code, label, frozenset(origins), to)


_M, _T = MeetingState, TopicState
MEETING: dict[str, Step] = {
    s.code: s
    for s in (
        _step("call", _("发出通知"), (_M.PLANNED,), _M.CALLED),
        _step("begin", _("开始会议"), (_M.PLANNED, _M.CALLED), _M.RUNNING),
        _step("finish", _("结束记录"), (_M.RUNNING,), _M.MINUTED),
        _step("reopen", _("退回继续记录"), (_M.MINUTED,), _M.RUNNING),
        _step("circulate", _("送参会人征求意见"), (_M.MINUTED,), _M.CORRECTING),
        _step("take_back", _("收回修改"), (_M.CORRECTING,), _M.MINUTED),
        _step("seal", _("定稿"), (_M.CORRECTING,), _M.SEALED),
        _step("cancel", _("取消会议"), (_M.PLANNED, _M.CALLED), _M.CANCELLED),
    )
}
TOPIC: dict[str, Step] = {
    s.code: s
    for s in (
        _step("own", _("领题"), (_T.RAISED, _T.OWNED), _T.OWNED),
        _step("pass", _("转交"), (_T.OWNED,), _T.OWNED),
        _step("solve", _("破题"), (_T.OWNED,), _T.SOLVED),
        _step("accept", _("验收"), (_T.SOLVED,), _T.CLOSED),
        _step("return", _("退回"), (_T.SOLVED,), _T.OWNED),
        _step("drop", _("不再跟进"), (_T.RAISED, _T.OWNED), _T.DROPPED),
    )
}
# While the agenda, the invitations and the papers may still change.
OPEN_BEFORE = frozenset({_M.PLANNED.value, _M.CALLED.value})
# While what is said and decided may be written.
WRITING = frozenset({_M.RUNNING.value, _M.MINUTED.value})
AGENDA_OPEN = OPEN_BEFORE | {_M.RUNNING.value}
PRESENT = OPEN_BEFORE | WRITING
ENDED = frozenset({_M.SEALED.value, _M.CANCELLED.value})
TOPIC_OPEN = frozenset({_T.RAISED.value, _T.OWNED.value, _T.SOLVED.value})


def next_meeting(code: str, state: str) -> str | None:
    """Return the state that ``code`` leads to from ``state``, None if it may not be done there."""
    step = MEETING[code]
    return step.to if state in step.origins else None


def next_topic(code: str, state: str) -> str | None:
    """Return the state that ``code`` leads a topic to from ``state``, None if it may not be done there."""
    step = TOPIC[code]
    return step.to if state in step.origins else None


def meeting_steps(state: str) -> list[Step]:
    """Return what may be done with a meeting in ``state``."""
    return [s for s in MEETING.values() if state in s.origins]


def topic_steps(state: str) -> list[Step]:
    """Return what may be done with a topic in ``state``."""
    return [s for s in TOPIC.values() if state in s.origins]
