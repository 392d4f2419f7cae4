"""While a meeting runs: what was said, what was decided, what it means for the topics; finishing and going on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from linli.engines.activities import selectors
from linli.engines.activities.models import AgendaItem, Decision, Meeting
from linli.engines.activities.permissions import check_lead
from linli.engines.activities.services.merging import merge, separate, sync_topics
from linli.engines.activities.services.steps import check_state, lock, need, note, take_step, told, wrong
from linli.engines.activities.types import Doing, Outcome, TaskLine
from linli.engines.activities.workflow import WRITING
from linli.engines.projects import selectors as projects_read
from linli.engines.projects import services as projects
from linli.engines.projects.types import NewTask, TaskState
from linli.foundation.core.actors import SYSTEM, Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import StaleError

PROPOSALS = ("raise", "own", "solve", "accept", "return", "drop")


@whole
def begin(*, by: Actor, now: datetime, meeting: Meeting) -> Meeting:
    """Begin: from now on what is said and decided may be written; open topics of the series are on the agenda.

    Raises:
        ForbiddenError: not who leads it. ConflictError: it has begun, or was called off.
    """
    check_lead(by, meeting)
    sync_topics(meeting)
    return take_step(by, now, meeting, "begin", began_at=now)


@whole
def write_record(
    *, by: Actor, now: datetime, meeting: Meeting, item: AgendaItem, text: str, expected: int
) -> AgendaItem:
    """Write what was said on an item, as seen at version ``expected``; the first of two at once wins, none is lost.

    Raises:
        ForbiddenError: not who leads it. ConflictError: it does not run.
        StaleError: somebody wrote meanwhile; ``params`` hold their text (``theirs``), who (``who``) and ``version``.
    """
    check_lead(by, meeting)
    check_state(lock(meeting), WRITING)
    new = told(text, 20_000)
    rows = AgendaItem.objects.filter(pk=item.pk, meeting=meeting, version=expected)
    if rows.update(record=new, version=F("version") + 1, recorded_at=now, recorded_label=by.label) != 1:
        fresh = selectors.item_for(meeting, item.pk)
        if fresh.record == new:
            return fresh
        raise StaleError(
            _("%(who)s刚刚保存了这一条记录。") % {"who": fresh.recorded_label or _("他人")},
            code="activities.stale",
            hint=_("两份文字都在下面，合并后再保存，不会丢失。"),
            theirs=fresh.record,
            who=fresh.recorded_label,
            version=fresh.version,
        )
    before = item.record
    fresh = selectors.item_for(meeting, item.pk)
    if before != new:
        after = {"item": fresh.title, "version": fresh.version, "length": len(new)}
        note(by, now, "write", meeting, before={"length": len(before)}, after=after)
    return fresh


@whole
def write_summary(*, by: Actor, now: datetime, meeting: Meeting, text: str) -> None:
    """Write what the whole meeting came to, above its items."""
    check_lead(by, meeting)
    check_state(lock(meeting), WRITING)
    before = meeting.summary
    meeting.summary = told(text)
    meeting.save(update_fields=["summary"])
    note(by, now, "write", meeting, before={"length": len(before)}, after={"length": len(meeting.summary)})


@whole
def decide(
    *,
    by: Actor,
    now: datetime,
    meeting: Meeting,
    kind: str,
    text: str,
    item: AgendaItem | None = None,
    tasks: Sequence[TaskLine] = (),
) -> Decision:
    """Record what was decided; a task goes to each unit named, a 居民区 under the rule of what may be asked of it.

    Raises:
        ForbiddenError: not who leads it. ConflictError: it does not run. InvalidError: by field.
    """
    check_lead(by, meeting)
    check_state(lock(meeting), WRITING)
    need(text=text)
    if kind not in Outcome.values:
        raise wrong("kind", _("请选择知晓、决定或任务。"))
    if kind == Outcome.TASK and not tasks:
        raise wrong("unit", _("任务需要责任单位和期限。"))
    row = Decision.objects.create(
        meeting=meeting, item=item, kind=kind, text=told(text, 2_000), at=now, by_label=by.label
    )
    new = [
        NewTask(
            title=row.text[:200],
            unit_id=t.unit_id,
            due_on=t.due_on,
            user_id=t.user_id,
            source_kind="meeting",
            source_uuid=row.uuid,
            source_label=meeting.title[:80],
            admission_id=t.admission_id,
            outside_reason=t.outside_reason,
        )
        for t in tasks
    ]
    if kind == Outcome.TASK:
        projects.create_tasks(by=by, now=now, tasks=new)
    note(by, now, "decide", meeting, after={"kind": kind, "text": row.text[:200], "tasks": len(new)})
    return row


@whole
def withdraw_decision(*, by: Actor, now: datetime, meeting: Meeting, decision: Decision, reason: str) -> None:
    """Take back what was recorded by mistake; its open tasks are dropped, and their units see why.

    Raises:
        ForbiddenError: not who leads it. ConflictError: it does not run, or a task was done already.
    """
    check_lead(by, meeting)
    check_state(lock(meeting), WRITING)
    need(reason=reason)
    tasks = projects_read.tasks_of(decision.uuid)
    if any(t.state == TaskState.DONE for t in tasks):
        raise wrong("decision", _("任务已经完成，不能撤回。"))
    why = _("%(who)s撤回会议记录：%(reason)s") % {"who": by.label, "reason": told(reason, 200)}
    for task in tasks:
        if task.state == TaskState.OPEN:
            projects.end_task(by=SYSTEM, now=now, task=task, result=why, dropped=True)
    before = {"kind": decision.kind, "text": decision.text[:200], "tasks": len(tasks)}
    note(by, now, "withdraw", meeting, before=before, reason=told(reason, 200))
    decision.delete()


@whole
def propose(
    *, by: Actor, now: datetime, meeting: Meeting, item: AgendaItem, act: str, data: Mapping[str, Any]
) -> AgendaItem:
    """Note what the meeting means for a topic; it takes effect when the minutes are finished. Empty: take it back.

    Raises:
        ForbiddenError, ConflictError: as for writing. InvalidError: what the act needs is missing.
    """
    check_lead(by, meeting)
    check_state(lock(meeting), frozenset({"running"}))
    if act and act not in PROPOSALS:
        raise wrong("act", _("请选择对难题的处理。"))
    _check_proposal(item, act, data)
    item.proposal = {"act": act, **dict(data)} if act else {}
    item.save(update_fields=["proposal"])
    note(by, now, "propose", meeting, after={"item": item.title, "act": act})
    return item


def _check_proposal(item: AgendaItem, act: str, data: Mapping[str, Any]) -> None:
    if not act:
        return
    if (act == "raise") != (item.topic_id is None):
        raise wrong("act", _("这一条已经关联难题。") if item.topic_id else _("请先提为难题。"))
    if act == "own" and not (data.get("unit_id") and data.get("due_on")):
        raise wrong("unit", _("领题需要责任单位和期限。"))
    if act == "solve":
        need(result=str(data.get("result", "")), evidence=str(data.get("evidence", "")))
    if act in {"return", "drop"}:
        need(text=str(data.get("text", "")))


@whole
def finish(*, by: Actor, now: datetime, meeting: Meeting) -> Meeting:
    """Finish the minutes: what was meant for topics takes effect, the review of earlier tasks is kept as it stood.

    Raises:
        ForbiddenError: not who leads it. InvalidError: nothing was written. ConflictError: it does not run.
    """
    check_lead(by, meeting)
    items = list(meeting.items.all())
    if not (meeting.summary or any(i.record for i in items) or meeting.decisions.exists()):
        raise wrong("record", _("还没有任何记录或决定。"))
    take_step(by, now, meeting, "finish", finished_at=now)
    for item in items:
        if item.kind == Doing.REVIEW:
            item.snapshot = selectors.snapshot(selectors.review_of(meeting, now))
            item.save(update_fields=["snapshot"])
        if item.proposal:
            merge(item, meeting, by=by, now=now)
    after = selectors.following(meeting)
    if after is not None:
        sync_topics(after)
    return meeting


@whole
def reopen(*, by: Actor, now: datetime, meeting: Meeting, reason: str) -> Meeting:
    """Go on writing: what finishing did to the topics is undone exactly.

    Raises:
        ForbiddenError: not who leads it. InvalidError: no reason.
        ConflictError: the minutes were sent out or sealed, or a topic has moved on since.
    """
    check_lead(by, meeting)
    need(reason=reason)
    take_step(by, now, meeting, "reopen", reason=told(reason, 300), finished_at=None)
    for item in reversed(list(meeting.items.all())):
        if item.undo:
            separate(item, meeting)
        if item.snapshot:
            item.snapshot = {}
            item.save(update_fields=["snapshot"])
    after = selectors.following(meeting)
    if after is not None:
        sync_topics(after)
    return meeting
