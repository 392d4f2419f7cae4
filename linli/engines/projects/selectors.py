"""Reading tasks."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from linli.engines.projects.models import Task
from linli.engines.projects.types import TaskState
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import NotFoundError
from linli.foundation.core.paging import Page, keyset
from linli.foundation.people.types import ADMIN_ROLES, Role

_IDLE = frozenset({Role.RESIDENT, *ADMIN_ROLES})
_OVERSEERS = ("dispatcher", "shift_leader", "grid_head", "street_leader", "supervisor")


def visible_q(actor: Actor) -> Q:
    """Return the filter of the tasks that ``actor`` may read: their units', their own, all for those who oversee."""
    if actor.is_system or actor.has_role(*_OVERSEERS):
        return Q()
    units = {g.unit_id for g in actor.grants if g.unit_id is not None and g.role not in _IDLE}
    q = Q(unit__in=units)
    return q | Q(user=actor.user_id) if actor.user_id is not None else q


def task_for(actor: Actor, uuid: UUID) -> Task:
    """Return the task with that uuid, if ``actor`` may read it.

    Raises:
        NotFoundError: there is none for this reader.
    """
    found = Task.objects.filter(visible_q(actor), uuid=uuid).select_related("unit").first()
    if found is None:
        raise NotFoundError(_("没有找到这项任务。"), code="projects.not_found")
    return found


def open_tasks(actor: Actor, *, cursor: str = "", size: int = 50) -> Page[Task]:
    """Return the open tasks that ``actor`` may read, soonest due first."""
    rows = Task.objects.filter(visible_q(actor), state=TaskState.OPEN).select_related("unit")
    return keyset(rows, keys=[("due_on", date), ("id", int)], cursor=cursor, size=size)


def may_end(actor: Actor, task: Task) -> bool:
    """Return whether ``actor`` may end the task: its unit's people, or whom it was given to."""
    units = {g.unit_id for g in actor.grants if g.role not in {Role.RESIDENT, *ADMIN_ROLES}}
    return actor.is_system or task.unit_id in units or (task.user_id is not None and task.user_id == actor.user_id)


BOXES = ("mine", "overdue", "all", "done")


def _box_q(actor: Actor, box: str, today: date) -> Q:
    own = Q(unit__in=actor.unit_ids) | Q(user=actor.user_id)
    return {
        "mine": own & Q(state=TaskState.OPEN),
        "overdue": Q(state=TaskState.OPEN, due_on__lt=today),
        "all": Q(state=TaskState.OPEN),
        "done": ~Q(state=TaskState.OPEN),
    }[box]


def task_list(actor: Actor, box: str, *, today: date, cursor: str = "", size: int = 50) -> Page[Task]:
    """Return one page of a box of :data:`BOXES` of what ``actor`` may read: by day, ended ones newest first."""
    rows = Task.objects.filter(visible_q(actor)).filter(_box_q(actor, box, today)).select_related("unit")
    if box == "done":
        return keyset(rows, keys=[("ended_at", datetime), ("id", int)], cursor=cursor, size=size, descending=True)
    return keyset(rows, keys=[("due_on", date), ("id", int)], cursor=cursor, size=size)


def task_counts(actor: Actor, *, today: date) -> dict[str, int]:
    """Return how many open tasks each box holds: one statement."""
    boxes = {box: Count("pk", filter=_box_q(actor, box, today)) for box in BOXES if box != "done"}
    return Task.objects.filter(visible_q(actor), state=TaskState.OPEN).aggregate(**boxes)


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
