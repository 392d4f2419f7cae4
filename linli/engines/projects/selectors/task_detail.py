"""Reading what hangs on a task: its course, files, orders; lists, recurring tasks, the report by strand."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from linli.engines.projects.models import (
    Task,
    TaskEvent,
    TaskExtension,
    TaskFile,
    TaskHelper,
    TaskList,
    TaskOrder,
    TaskSeries,
    TaskTag,
)
from linli.engines.projects.permissions import visible, visible_q, working_units
from linli.engines.projects.rules.tasks import Light, Limits, Part, light, percent_of
from linli.engines.projects.types import Granted, Standing, TagKind, TaskState
from linli.engines.projects.workflow import DOING, OVERSEERS
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import NotFoundError
from linli.foundation.core.paging import Page, keyset
from linli.foundation.people import selectors as people
from linli.foundation.rulebook import selectors as rulebook
from linli.foundation.rulebook.exceptions import RuleMissingError


@dataclass(frozen=True, slots=True)
class TaskFacts:
    """What hangs on one task, for its page."""

    events: list[TaskEvent]
    files: list[TaskFile]
    orders: list[TaskOrder]
    extensions: list[TaskExtension]
    tags: list[TaskTag]
    children: list[Task]

    @property
    def waiting(self) -> TaskExtension | None:
        """The extension that is waiting to be decided, if any."""
        return next((e for e in self.extensions if e.decision == Granted.PENDING), None)

    @property
    def percent(self) -> Fraction:
        """How far the whole of its parts is."""
        return percent_of([Part(c.weight, c.percent) for c in self.children if c.state != TaskState.DROPPED])


def task_facts(task: Task) -> TaskFacts:
    """Return what hangs on a task, newest acts first: six statements."""
    return TaskFacts(
        list(TaskEvent.objects.filter(task=task).order_by("-seq")[:500]),
        list(TaskFile.objects.filter(task=task).select_related("file").order_by("event_seq", "id")[:200]),
        list(TaskOrder.objects.filter(task=task).order_by("-ordered_at", "-id")[:50]),
        list(TaskExtension.objects.filter(task=task).order_by("-asked_at", "-id")[:50]),
        list(TaskTag.objects.filter(task=task).order_by("kind", "id")),
        list(Task.objects.filter(parent=task).select_related("unit").order_by("number", "due_on", "id")[:200]),
    )


def task_file_for(actor: Actor, task_uuid: UUID, uuid: UUID) -> TaskFile:
    """Return a file of a task that ``actor`` may read.

    Raises:
        NotFoundError: there is none for this reader.
    """
    rows = TaskFile.objects.filter(file__uuid=uuid, task__uuid=task_uuid, task__in=visible(actor))
    found = rows.select_related("file", "task").first()
    if found is None:
        raise NotFoundError(_("没有找到这个文件。"), code="projects.file")
    return found


def attached(file_ids: Collection[int]) -> set[int]:
    """Return those of the files that are attached to a task already: one statement."""
    return set(TaskFile.objects.filter(file__in=list(file_ids)).values_list("file_id", flat=True))


def light_limits(on: date) -> Limits:
    """Return when a light is yellow on a day, as the rulebook says."""
    shipped = Limits()
    return Limits(
        int(_value("projects.light.warn_percent", shipped.warn_percent, on)),
        int(_value("projects.light.behind_points", shipped.behind_points, on)),
    )


def _value(code: str, default: int, on: date) -> Any:
    try:
        return rulebook.value(code, on=on)
    except RuleMissingError:
        return default


def task_light(task: Task, today: date, limits: Limits) -> Light:
    """Return the light of a task today; one that waits to be accepted is as it was when it was handed in."""
    if task.standing == Standing.HANDED_IN:
        return Light.RED if task.was_overdue else Light.GREEN
    return light(
        begun=people.local_day(task.created_at),
        due=task.due_on,
        today=today,
        percent=task.percent,
        ended=task.state != TaskState.OPEN,
        done=task.state == TaskState.DONE,
        ordered=task.open_orders > 0,
        limits=limits,
    )


def _lists(actor: Actor) -> QuerySet[TaskList]:
    """Return the lists that ``actor`` may read: their units' and groups', and those with a task that they may read."""
    rows = TaskList.objects.select_related("unit", "body__unit")
    if actor.is_system or actor.has_role(*OVERSEERS):
        return rows
    inside = Task.objects.filter(visible_q(actor), task_list=OuterRef("pk"))
    return rows.filter(Q(unit__in=working_units(actor)) | Q(body__in=actor.bodies) | Exists(inside))


def lists(actor: Actor, today: date, *, text: str = "", cursor: str = "", size: int = 50) -> Page[Any]:
    """Return a page of the task lists that ``actor`` may read, newest first, each with its counts: one statement."""
    rows = _lists(actor).annotate(
        size=Count("tasks"),
        done=Count("tasks", filter=Q(tasks__state=TaskState.DONE)),
        late=Count("tasks", filter=Q(tasks__standing__in=DOING, tasks__due_on__lt=today)),
    )
    if text:
        rows = rows.filter(title__icontains=text)
    return keyset(rows, keys=[("created_at", datetime), ("id", int)], cursor=cursor, size=size, descending=True)


def list_for(actor: Actor, uuid: UUID) -> TaskList:
    """Return a task list.

    Raises:
        NotFoundError: there is none for this reader.
    """
    found = _lists(actor).filter(uuid=uuid).first()
    if found is None:
        raise NotFoundError(_("没有找到这份任务清单。"), code="projects.list")
    return found


def list_items(actor: Actor, row: TaskList, *, limit: int = 1_000) -> list[Task]:
    """Return the items of a list with their helpers, in its order: two statements.

    Whose list it is reads all of it; others what they may read of it.
    """
    rows = Task.objects.filter(task_list=row)
    if row.unit_id not in working_units(actor):
        rows = rows.filter(visible_q(actor))
    rows = rows.select_related("unit", "user").prefetch_related("helpers__unit")
    return list(rows.order_by("number", "id")[:limit])


def series_list(
    actor: Actor, *, ended: bool = False, text: str = "", cursor: str = "", size: int = 50
) -> Page[TaskSeries]:
    """Return a page of the recurring tasks that ``actor`` may read: those they gave and those they owe."""
    rows = _series(actor).filter(ended_at__isnull=not ended)
    if text:
        rows = rows.filter(title__icontains=text)
    return keyset(rows, keys=[("id", int)], cursor=cursor, size=size, descending=True)


def _series(actor: Actor) -> QuerySet[TaskSeries]:
    rows = TaskSeries.objects.select_related("unit", "sender_unit")
    if actor.is_system or actor.has_role(*OVERSEERS):
        return rows
    units = working_units(actor)
    return rows.filter(Q(unit__in=units) | Q(sender_unit__in=units) | Q(giver=actor.user_id))


def series_for(actor: Actor, uuid: UUID) -> TaskSeries:
    """Return a recurring task.

    Raises:
        NotFoundError: there is none for this reader.
    """
    found = _series(actor).filter(uuid=uuid).first()
    if found is None:
        raise NotFoundError(_("没有找到这项周期任务。"), code="projects.series")
    return found


def order_of(task: Task, pk: int) -> TaskOrder:
    """Return an order (督办) of a task.

    Raises:
        NotFoundError: there is none.
    """
    found = TaskOrder.objects.filter(task=task, pk=pk).select_related("task").first()
    if found is None:
        raise NotFoundError(_("没有找到这份督办。"), code="projects.order")
    return found


def topics(actor: Actor, *, limit: int = 200) -> list[str]:
    """Return the topics of the tasks that ``actor`` may read, by name: one statement."""
    rows = TaskTag.objects.filter(kind=TagKind.TOPIC, task__in=visible(actor))
    return list(rows.order_by("name").values_list("name", flat=True).distinct()[:limit])


@dataclass(frozen=True, slots=True)
class StrandLine:
    """How the tasks of one tag stand: all of them, done, done in time, open, late; of those of a period."""

    kind: str
    name: str
    total: int
    done: int
    in_time: int
    open: int
    late: int
    percent: Fraction


def by_tag(actor: Actor, kind: TagKind, since: date, until: date, today: date) -> list[StrandLine]:
    """Return how the tasks of a period (by their due day) stand, by tag: one statement."""
    rows: Any = (
        TaskTag.objects.filter(kind=kind, task__in=visible(actor), task__due_on__range=(since, until))
        .exclude(task__state__in=(TaskState.DROPPED, TaskState.REFUSED))
        .order_by()
        .values("name")
        .annotate(
            total=Count("pk"),
            done=Count("pk", filter=Q(task__state=TaskState.DONE)),
            in_time=Count("pk", filter=Q(task__state=TaskState.DONE, task__was_overdue=False)),
            open=Count("pk", filter=Q(task__state=TaskState.OPEN)),
            late=Count("pk", filter=Q(task__standing__in=DOING, task__due_on__lt=today)),
            weighed=Sum(F("task__weight") * F("task__percent")),
            weight=Sum("task__weight"),
        )
        .order_by("name")
    )
    return [
        StrandLine(
            kind, r["name"], r["total"], r["done"], r["in_time"], r["open"], r["late"],
            Fraction(r["weighed"] or 0, r["weight"]) if r["weight"] else Fraction(0),
        )
        for r in rows
    ]  # fmt: skip


def helpers_of(tasks: Sequence[Task]) -> dict[int, list[str]]:
    """Return the names of the helping units of several tasks: one statement."""
    found: dict[int, list[str]] = {}
    rows = TaskHelper.objects.filter(task__in=[t.pk for t in tasks]).select_related("unit").order_by("id")
    for row in rows:
        found.setdefault(row.task_id, []).append(row.unit.name)
    return found


def tags_of(tasks: Sequence[Task]) -> dict[int, list[tuple[str, str]]]:
    """Return the (kind, name) of the tags of several tasks: one statement."""
    found: dict[int, list[tuple[str, str]]] = {}
    for row in TaskTag.objects.filter(task__in=[t.pk for t in tasks]).order_by("id"):
        found.setdefault(row.task_id, []).append((row.kind, row.name))
    return found
