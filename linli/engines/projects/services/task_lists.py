"""Named lists of tasks (任务清单), and acts on many tasks at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import Max
from django.utils.translation import gettext as _

from linli.engines.projects.models import Task, TaskList
from linli.engines.projects.services.task_clocks import local_day
from linli.engines.projects.services.task_doing import take_task
from linli.engines.projects.services.task_judging import extend_task
from linli.engines.projects.services.task_work import need
from linli.engines.projects.services.tasks import create_tasks
from linli.engines.projects.types import NewTask, NewTaskList
from linli.foundation.core.actors import Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import DomainError, ForbiddenError, InvalidError
from linli.foundation.core.text import clean, mask_personal
from linli.foundation.journal import services as journal

BULK_LIMIT = 200


@whole
def create_list(*, by: Actor, now: datetime, new: NewTaskList, tasks: Sequence[NewTask]) -> TaskList:
    """Enter a named list with its tasks: all of it or nothing.

    Raises:
        InvalidError: no title, no task, too many, or a task that cannot be given; ``params['row']`` says which.
    """
    need(title=new.title)
    if not tasks:
        raise InvalidError(_("清单里还没有任务。"), code="projects.list", fields={"rows": [_("请至少填写一项任务。")]})
    row = TaskList.objects.create(
        title=mask_personal(clean(new.title))[:120],
        note=mask_personal(clean(new.note)),
        unit_id=new.unit_id,
        body_id=new.body_id,
        source_kind=new.source_kind,
        source_uuid=new.source_uuid,
        source_label=new.source_label[:80],
        created_at=now,
        created_label=by.label,
    )
    made = add_to_list(by=by, now=now, task_list=row, tasks=tasks)
    journal.record(
        by=by, verb="projects.create_list", kind="task_list", uuid=row.uuid, label=row.title[:80], now=now,
        after={"tasks": len(made)},
    )  # fmt: skip
    return row


@whole
def add_to_list(*, by: Actor, now: datetime, task_list: TaskList, tasks: Sequence[NewTask]) -> list[Task]:
    """Give tasks as further items of a list, numbered on; where they came from is that of the list.

    Raises:
        InvalidError: more than 200 at once, or a day that is over.
    """
    if len(tasks) > BULK_LIMIT:
        raise InvalidError(
            _("一次最多布置 %(most)s 项。") % {"most": BULK_LIMIT},
            code="projects.list",
            fields={"rows": [_("请分几次布置。")]},
        )
    late = [i for i, t in enumerate(tasks, 1) if t.due_on < local_day(now)]
    if late:
        rows = "、".join(map(str, late))
        raise InvalidError(
            _("期限不能早于今天。"), code="projects.list", fields={"rows": [_("第 %(rows)s 项") % {"rows": rows}]}
        )
    last = TaskList.objects.select_for_update().filter(pk=task_list.pk).aggregate(n=Max("tasks__number"))["n"] or 0
    placed = [
        replace(
            t,
            list_id=task_list.pk,
            number=last + i,
            body_id=t.body_id or task_list.body_id,
            source_kind=t.source_kind or task_list.source_kind,
            source_uuid=t.source_uuid or task_list.source_uuid,
            source_label=t.source_label or task_list.source_label or task_list.title[:80],
        )
        for i, t in enumerate(tasks, 1)
    ]
    return create_tasks(by=by, now=now, tasks=placed)


def check_lister(by: Actor, task_list: TaskList) -> None:
    """Refuse whoever does not work in the unit that keeps the list.

    Raises:
        ForbiddenError: another unit's list.
    """
    if not by.is_system and task_list.unit_id not in by.unit_ids:
        raise ForbiddenError(_("清单由建立它的单位补充。"), code="projects.list", hint=_("请联系该单位。"))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one of many: the task, and why it was not done, empty where it was."""

    task: Task
    why: str = ""


def take_many(*, by: Actor, now: datetime, tasks: Sequence[Task]) -> list[Outcome]:
    """Take over several tasks of one's unit; each stands for itself."""
    return _each(tasks, lambda t: take_task(by=by, now=now, task=t, expected=t.version))


def extend_many(*, by: Actor, now: datetime, tasks: Sequence[Task], due_on: date, reason: str) -> list[Outcome]:
    """Move the day of several tasks that one gave; each stands for itself.

    Raises:
        InvalidError: no reason.
    """
    need(reason=reason)
    return _each(tasks, lambda t: extend_task(by=by, now=now, task=t, due_on=due_on, reason=reason, expected=t.version))


def _each(tasks: Sequence[Task], act: Callable[[Task], object]) -> list[Outcome]:
    found = []
    for task in tasks:
        try:
            act(task)
        except DomainError as error:
            found.append(Outcome(task, str(error)))
        else:
            found.append(Outcome(task))
    return found
