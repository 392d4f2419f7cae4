"""Reading tasks: lists by box and filter, and one for the rooms that gave it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Q, QuerySet, prefetch_related_objects
from django.utils.translation import gettext as _

from linli.engines.projects.models import Task, TaskHelper, TaskTag
from linli.engines.projects.permissions import may_end, visible_q, working_units
from linli.engines.projects.types import Standing, TagKind, TaskState
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import NotFoundError
from linli.foundation.core.paging import Page, keyset

__all__ = ["may_end", "visible_q"]
BOXES = ("mine", "overdue", "giving", "accepting", "helping", "body", "all", "done")
_SHOWN_WITH = ("unit", "user", "sender_unit", "admission", "task_list", "body__unit", "parent", "series")
_LIST_WITH = ("unit", "user")


@dataclass(frozen=True, slots=True)
class TaskFilters:
    """What a list of tasks is narrowed to; empty values narrow nothing.

    Attributes:
        text: words of the title, of what is asked, or of where it came from.
        body: a leading group; topic, strand: tags; source: the kind of thing it came from.
        year: due in that year; dropped and refused ones are left out.
    """

    text: str = ""
    unit: int | None = None
    body: int | None = None
    topic: str = ""
    strand: str = ""
    source: str = ""
    year: int | None = None
    task_list: int | None = None
    series: int | None = None


def task_for(actor: Actor, uuid: UUID) -> Task:
    """Return the task with that uuid, if ``actor`` may read it.

    Raises:
        NotFoundError: there is none for this reader.
    """
    found = Task.objects.filter(visible_q(actor), uuid=uuid).select_related(*_SHOWN_WITH).first()
    if found is None:
        raise NotFoundError(_("没有找到这项任务。"), code="projects.not_found")
    return found


def tasks_named(actor: Actor, uuids: Collection[UUID]) -> list[Task]:
    """Return those of the tasks that ``actor`` may read, soonest due first: one statement."""
    rows = Task.objects.filter(visible_q(actor), uuid__in=list(uuids)[:500]).select_related(*_LIST_WITH)
    return list(rows.order_by("due_on", "id"))


def tasks_with_helpers(actor: Actor, uuids: Collection[UUID]) -> list[Task]:
    """Return those of the tasks that ``actor`` may read with their helping units, soonest due first: two statements."""
    rows = tasks_named(actor, uuids)
    prefetch_related_objects(rows, "helpers__unit")
    return rows


def open_tasks(actor: Actor, *, cursor: str = "", size: int = 50) -> Page[Task]:
    """Return the open tasks that ``actor`` may read, soonest due first."""
    rows = Task.objects.filter(visible_q(actor), state=TaskState.OPEN).select_related("unit")
    return keyset(rows, keys=[("due_on", date), ("id", int)], cursor=cursor, size=size)


def own_q(actor: Actor) -> Q:
    """Return the filter of what the actor's units, or they themselves, owe."""
    return Q(unit__in=working_units(actor)) | Q(user=actor.user_id)


def given_q(actor: Actor) -> Q:
    """Return the filter of what the actor, or their units, asked for."""
    return Q(giver=actor.user_id) | Q(sender_unit__in=working_units(actor))


def _box_q(actor: Actor, box: str, today: date) -> Q:
    open_q = Q(state=TaskState.OPEN)
    if box == "done":
        return ~open_q
    if box == "helping":
        helping = TaskHelper.objects.filter(unit__in=working_units(actor)).values("task_id")
        return open_q & Q(pk__in=helping)
    return (
        open_q
        & {
            "mine": own_q(actor),
            "overdue": Q(due_on__lt=today) & ~Q(standing=Standing.HANDED_IN),
            "giving": given_q(actor),
            "accepting": given_q(actor) & Q(standing=Standing.HANDED_IN),
            "body": Q(body__in=actor.bodies),
            "all": Q(),
        }[box]
    )


def _narrowed(rows: QuerySet[Task], filters: TaskFilters) -> QuerySet[Task]:
    plain = {
        "unit": filters.unit, "body": filters.body, "source_kind": filters.source, "task_list": filters.task_list,
        "series": filters.series,
    }  # fmt: skip
    rows = rows.filter(**{k: v for k, v in plain.items() if v not in {None, ""}})
    for kind, name in ((TagKind.TOPIC, filters.topic), (TagKind.STRAND, filters.strand)):
        if name:
            rows = rows.filter(pk__in=TaskTag.objects.filter(kind=kind, name=name).values("task_id"))
    if filters.year and 1 < filters.year < date.max.year:
        rows = rows.filter(due_on__range=(date(filters.year, 1, 1), date(filters.year, 12, 31)))
        rows = rows.exclude(state__in=(TaskState.DROPPED, TaskState.REFUSED))
    for word in filters.text.split()[:5]:
        rows = rows.filter(Q(title__icontains=word) | Q(detail__icontains=word) | Q(source_label__icontains=word))
    return rows


def task_list(
    actor: Actor,
    box: str,
    *,
    today: date,
    filters: TaskFilters | None = None,
    cursor: str = "",
    size: int = 50,
) -> Page[Task]:
    """Return one page of a box of :data:`BOXES` of what ``actor`` may read: by day, ended ones newest first."""
    rows = Task.objects.filter(visible_q(actor)).filter(_box_q(actor, box, today)).select_related(*_LIST_WITH)
    rows = _narrowed(rows, filters or TaskFilters())
    if box == "done":
        return keyset(rows, keys=[("ended_at", datetime), ("id", int)], cursor=cursor, size=size, descending=True)
    return keyset(rows, keys=[("due_on", date), ("id", int)], cursor=cursor, size=size)


def task_counts(actor: Actor, *, today: date, filters: TaskFilters | None = None) -> dict[str, int]:
    """Return how many open tasks each box holds: one statement."""
    boxes = {box: Count("pk", filter=_box_q(actor, box, today)) for box in BOXES if box != "done"}
    rows = Task.objects.filter(visible_q(actor), state=TaskState.OPEN)
    return _narrowed(rows, filters or TaskFilters()).aggregate(**boxes)


def tasks_of_many(source_uuids: Collection[UUID]) -> dict[UUID, list[Task]]:
    """Return the tasks that came from each of several objects, soonest due first: one statement."""
    found: dict[UUID, list[Task]] = {}
    for task in Task.objects.filter(source_uuid__in=source_uuids).select_related("unit").order_by("due_on", "id"):
        if task.source_uuid is not None:
            found.setdefault(task.source_uuid, []).append(task)
    return found


def tasks_of(source_uuid: UUID) -> list[Task]:
    """Return every task that came from the object with that uuid, soonest due first."""
    return list(Task.objects.filter(source_uuid=source_uuid).select_related("unit").order_by("due_on", "id"))


def task_result(task_id: int) -> Task | None:
    """Return a task for the room that it came from, None if it is gone."""
    return Task.objects.filter(pk=task_id).first()


def owed(actor: Actor, *, until: date, units: bool, accepting: bool = False, limit: int = 300) -> list[Task]:
    """Return the open tasks due until a day that the actor owes, or that all their units owe: one statement.

    With ``units`` false: those given to them, and those of their units that nobody has taken. ``accepting``: also
    what was handed in and waits for the actor's acceptance, whenever it is due.
    """
    q = own_q(actor) if units else Q(user=actor.user_id) | Q(user__isnull=True, unit__in=working_units(actor))
    q &= Q(due_on__lte=until) & ~Q(standing=Standing.HANDED_IN)
    if accepting:
        q |= given_q(actor) & Q(standing=Standing.HANDED_IN)
    rows = Task.objects.filter(q, state=TaskState.OPEN)
    return list(rows.select_related(*_LIST_WITH).order_by("due_on", "id")[:limit])
