"""Writing tasks: give, finish, drop."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from linli.engines.projects.models import Task
from linli.engines.projects.selectors import may_end
from linli.engines.projects.services import admission
from linli.engines.projects.services.admission import end_entry, enter_entry, refuse_task
from linli.engines.projects.types import NewTask, TaskState
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import ConflictError, ForbiddenError, InvalidError
from linli.foundation.core.text import clean, mask_personal
from linli.foundation.jobs import services as jobs
from linli.foundation.journal import services as journal
from linli.foundation.journal.types import EntryData

__all__ = ["create_tasks", "end_entry", "end_task", "enter_entry", "hand_over", "refuse_task"]


@transaction.atomic
def create_tasks(*, by: Actor, now: datetime, tasks: Sequence[NewTask]) -> list[Task]:
    """Give tasks; each needs a title.

    Raises:
        InvalidError: a title is empty, or a task for a 居民区 names neither an entry of the list nor a reason.
    """
    if any(not clean(t.title) for t in tasks):
        raise InvalidError(_("任务需要写明做什么。"), code="projects.title", fields={"title": [_("请填写任务内容。")]})
    asked = admission.admit(by=by, now=now, tasks=tasks)
    made = Task.objects.bulk_create(
        Task(
            title=mask_personal(clean(t.title))[:200],
            unit_id=t.unit_id,
            user_id=t.user_id,
            due_on=t.due_on,
            source_kind=t.source_kind,
            source_uuid=t.source_uuid,
            source_label=t.source_label,
            created_at=now,
            created_label=by.label,
            what=t.what,
            sender_unit_id=admission.sender_of(by),
            admission_id=t.admission_id if t.unit_id in asked else None,
            outside_reason=mask_personal(clean(t.outside_reason)) if t.unit_id in asked else "",
            to_neighbourhood=t.unit_id in asked,
        )
        for t in tasks
    )
    journal.record_many(
        [
            EntryData(
                by=by,
                verb="projects.create_task",
                kind="task",
                uuid=t.uuid,
                label=t.title[:80],
                now=now,
                after={
                    "unit": t.unit_id,
                    "due_on": t.due_on.isoformat(),
                    "source": t.source_label,
                    **({"admission": t.admission_id} if t.to_neighbourhood else {}),
                },
                reason=t.outside_reason,
            )
            for t in made
        ]
    )
    return made


@transaction.atomic
def end_task(*, by: Actor, now: datetime, task: Task, result: str, dropped: bool = False) -> Task:
    """Finish a task with its result, or drop it with the reason; what it came from is told by a job.

    Raises:
        ForbiddenError: the task is another unit's. ConflictError: it was ended already.
    """
    text = mask_personal(clean(result))
    if not text:
        raise InvalidError(_("请写明结果。"), code="projects.result", fields={"result": [_("请填写这一项。")]})
    if not may_end(by, task):
        raise ForbiddenError(_("只有承担单位可以办结这项任务。"), code="projects.unit", hint=_("请联系承担单位。"))
    state = TaskState.DROPPED if dropped else TaskState.DONE
    changed = Task.objects.filter(pk=task.pk, state=TaskState.OPEN).update(
        state=state, result=text, ended_at=now, ended_label=by.label
    )
    if changed != 1:
        raise ConflictError(_("这项任务已经办结。"), code="projects.ended", hint=_("请刷新后查看。"))
    task.refresh_from_db()
    journal.record(
        by=by,
        verb="projects.end_task",
        kind="task",
        uuid=task.uuid,
        label=task.title[:80],
        now=now,
        before={"state": TaskState.OPEN.value},
        after={"state": state.value},
        reason=text,
    )
    if task.source_kind:
        payload = {"task": task.pk, "source": str(task.source_uuid), "by": by.label}
        jobs.enqueue(name=f"{task.source_kind}.task_ended", payload=payload, now=now)
    return task


@transaction.atomic
def hand_over(*, from_user: int, to_user: int | None, by: Actor, now: datetime) -> int:
    """Pass the open tasks given to a person to another, or to the unit alone; return how many."""
    tasks = list(Task.objects.select_for_update().filter(user=from_user, state=TaskState.OPEN))
    Task.objects.filter(pk__in=[t.pk for t in tasks]).update(user=to_user)
    journal.record_many(
        [
            EntryData(
                by=by,
                verb="projects.hand_over",
                kind="task",
                uuid=t.uuid,
                label=t.title[:80],
                now=now,
                before={"user": from_user},
                after={"user": to_user},
            )
            for t in tasks
        ]
    )
    return len(tasks)
