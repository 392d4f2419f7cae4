"""Giving tasks, and passing them on when somebody leaves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import F
from django.utils.translation import gettext as _

from linli.engines.projects.models import Task, TaskEvent, TaskHelper, TaskTag
from linli.engines.projects.services import admission
from linli.engines.projects.services.task_clocks import end_of, start_doing
from linli.engines.projects.services.task_work import Work, need, picture, tell, write
from linli.engines.projects.types import NewTask, Standing, TagKind, TaskState
from linli.engines.projects.workflow import DOING
from linli.foundation.core.actors import Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import InvalidError
from linli.foundation.core.text import clean, mask_personal
from linli.foundation.journal import services as journal
from linli.foundation.journal.types import EntryData

CLOCK_BATCH = 500


@whole
def create_tasks(*, by: Actor, now: datetime, tasks: Sequence[NewTask]) -> list[Task]:
    """Give tasks; each needs a title. Their clocks start, and their owners are told.

    Raises:
        InvalidError: a title is empty, or a task for a 居民区 names neither an entry of the list nor a reason.
    """
    if any(not clean(t.title) for t in tasks):
        raise InvalidError(_("任务需要写明做什么。"), code="projects.title", fields={"title": [_("请填写任务内容。")]})
    asked = admission.admit(by=by, now=now, tasks=tasks)
    sender = admission.sender_of(by)
    made = Task.objects.bulk_create([_row(t, by, now, sender, asked=t.unit_id in asked) for t in tasks])
    TaskHelper.objects.bulk_create(
        TaskHelper(task=row, unit_id=unit)
        for row, t in zip(made, tasks, strict=True)
        for unit in dict.fromkeys(t.helper_ids)
        if unit != t.unit_id
    )
    TaskTag.objects.bulk_create(
        TaskTag(task=row, kind=kind, name=name)
        for row, t in zip(made, tasks, strict=True)
        for kind, name in dict.fromkeys(_tags(t))
    )
    start_doing(made, now)
    events = TaskEvent.objects.bulk_create(_given(t, by, now) for t in made)
    journal.record_many([_entry(t, by, now) for t in made])
    tell(events, now)
    return made


def _tags(task: NewTask) -> list[tuple[str, str]]:
    topics = [clean(name)[:40] for name in task.topics]
    return [*((TagKind.STRAND.value, s.value) for s in task.strands), *((TagKind.TOPIC.value, t) for t in topics if t)]


def _row(task: NewTask, by: Actor, now: datetime, sender: int | None, *, asked: bool) -> Task:
    giver = task.giver_id or by.user_id
    own = giver is not None and giver == task.user_id
    return Task(
        title=mask_personal(clean(task.title))[:200],
        detail=mask_personal(clean(task.detail)),
        unit_id=task.unit_id,
        user_id=task.user_id,
        due_on=task.due_on,
        due_at=end_of(task.due_on),
        source_kind=task.source_kind,
        source_uuid=task.source_uuid,
        source_label=task.source_label[:80],
        created_at=now,
        created_label=by.label,
        what=task.what,
        sender_unit_id=task.sender_unit_id if by.is_system and task.sender_unit_id else sender,
        giver_id=giver,
        admission_id=task.admission_id if asked else None,
        outside_reason=mask_personal(clean(task.outside_reason)) if asked else "",
        to_neighbourhood=asked,
        weight=task.weight,
        priority=task.priority,
        evidence=mask_personal(clean(task.evidence))[:200],
        evidence_files=task.evidence_files,
        needs_acceptance=task.needs_acceptance and not own,
        parent_id=task.parent_id,
        task_list_id=task.list_id,
        number=task.number,
        body_id=task.body_id,
        series_id=task.series_id,
        series_on=task.series_on,
        version=1,
    )


def _given(task: Task, by: Actor, now: datetime) -> TaskEvent:
    return TaskEvent(
        task=task, seq=1, verb="give", at=now, by_uuid=by.uuid, by_label=by.label,
        to_standing=Standing.GIVEN, reason=task.outside_reason, changes=picture(task),
    )  # fmt: skip


def _entry(task: Task, by: Actor, now: datetime) -> EntryData:
    return EntryData(
        by=by,
        verb="projects.create_task",
        kind="task",
        uuid=task.uuid,
        label=task.title[:80],
        now=now,
        after={
            "unit": task.unit_id,
            "due_on": task.due_on.isoformat(),
            "source": task.source_label,
            **({"admission": task.admission_id} if task.to_neighbourhood else {}),
        },
        reason=task.outside_reason,
    )


@whole
def end_task(
    *, by: Actor, now: datetime, task: Task, result: str, dropped: bool = False, expected: int | None = None
) -> Task:
    """Finish a task with its result, or drop it with the reason; what it came from is told by a job.

    A task that needs acceptance is handed in instead (:func:`hand_in`), and dropped by who gave it.

    Raises:
        ForbiddenError: the task is another unit's. ConflictError: it was ended already, or needs acceptance.
    """
    need(result=result)
    text = mask_personal(clean(result))
    verb = "drop" if dropped else "end"
    work = Work(task, by=by, now=now, expected=expected)
    checked = not (by.is_system and task.state == TaskState.OPEN)
    changes = {"result": text} if dropped else {"result": text, "percent": 100}
    if not dropped and checked:
        check_evidence(work, ())
    work.act(verb, text=text, changes=changes, checked=checked)
    return work.save()


def check_evidence(work: Work, files: Sequence[object]) -> None:
    """Refuse the end of a task without the evidence that was wanted.

    Raises:
        InvalidError: fewer files than were asked for.
    """
    task = work.task
    if task.evidence_files and task.files.count() + len(files) < task.evidence_files:
        wanted = _("至少上传 %(n)s 个文件：%(what)s") % {
            "n": task.evidence_files,
            "what": task.evidence or _("佐证材料"),
        }
        raise InvalidError(_("还缺佐证材料。"), code="projects.evidence", hint=wanted, fields={"files": [wanted]})


@whole
def hand_over(*, from_user: int, to_user: int | None, by: Actor, now: datetime) -> int:
    """Pass the open tasks given to a person to another, or to the unit alone; return how many."""
    tasks = list(Task.objects.select_for_update().filter(user=from_user, state=TaskState.OPEN).order_by("pk"))
    works = []
    for task in tasks:
        work = Work(task, by=by, now=now)
        work.act("hand_over", changes={"user_id": to_user}, data={"user": to_user}, checked=False)
        works.append(work)
    if works:
        Task.objects.filter(pk__in=[t.pk for t in tasks]).update(user=to_user, version=F("version") + 1)
        write(works, told=False)
    return len(tasks)


@whole
def clock_unclocked(*, now: datetime) -> int:
    """Start the clock of open tasks that have none, those from before there were clocks; return how many."""
    rows = Task.objects.select_for_update().filter(state=TaskState.OPEN, due_at__isnull=True, standing__in=DOING)
    tasks = list(rows.order_by("pk")[:CLOCK_BATCH])
    start_doing(tasks, now)
    Task.objects.bulk_update(tasks, ["due_at"])
    return len(tasks)
