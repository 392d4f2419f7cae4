"""What a mark of a task's clock sets off: it is noted, the tier rises, those concerned are told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from linli.engines.projects.models import Task
from linli.engines.projects.services.task_clocks import number
from linli.engines.projects.services.task_work import Work, write
from linli.engines.projects.types import TaskLevel, TaskState
from linli.engines.projects.workflow import Stage
from linli.foundation.core.actors import SYSTEM
from linli.foundation.deadlines.types import Reached

FULL = 100


def escalate(reached: Sequence[Reached], now: datetime) -> None:
    """Note the marks on their tasks: few statements however many; what has ended meanwhile is hurried no more."""
    ids = {r.subject_id for r in reached}
    # Without waiting: the sweep holds clocks, a person who writes the task holds the task and wants them.
    rows = Task.objects.select_for_update(of=("self",), nowait=True).filter(pk__in=ids, state=TaskState.OPEN)
    tasks = {t.pk: t for t in rows.order_by("pk")}
    works = {pk: Work(t, by=SYSTEM, now=now) for pk, t in tasks.items()}
    raise_at = [int(p) for p in number("projects.task.raise_on_percent", [150, 200], now)]
    for mark in reached:
        if mark.subject_id in works:
            _note(works[mark.subject_id], mark, raise_at)
    if works:
        Task.objects.bulk_update(tasks.values(), ["was_overdue", "level", "version"])
        write(list(works.values()))


def _note(work: Work, mark: Reached, raise_at: Sequence[int]) -> None:
    task = work.task
    over = mark.stage == Stage.DO and mark.percent >= FULL
    tier = min(sum(mark.percent >= p for p in raise_at), TaskLevel.STREET.value) if over else TaskLevel.UNIT.value
    work.act(
        "escalate",
        data={"stage": mark.stage, "mark": mark.percent, "due": mark.due_at.isoformat()},
        changes={"was_overdue": task.was_overdue or over, "level": max(task.level, tier)},
    )
