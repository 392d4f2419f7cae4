"""Reading tasks."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from linli.engines.projects.models import Admission, Task
from linli.engines.projects.types import Asked, TaskState
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
    found = Task.objects.filter(visible_q(actor), uuid=uuid).select_related("unit", "sender_unit", "admission").first()
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


def entries(on: date | None = None) -> list[Admission]:
    """Return the list of what may be asked of a 居民区, by title: what is in force on a day, or all there ever was."""
    rows = Admission.objects.order_by("title", "valid_from", "id")
    if on is not None:
        rows = rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=on), valid_from__lte=on)
    return list(rows[:1_000])


def entry_for(uuid: UUID) -> Admission:
    """Return an entry of the list.

    Raises:
        NotFoundError: there is none.
    """
    found = Admission.objects.filter(uuid=uuid).first()
    if found is None:
        raise NotFoundError(_("没有找到这个清单事项。"), code="projects.admission")
    return found


@dataclass(frozen=True, slots=True)
class Sent:
    """How much one unit sent to one 居民区 in a period; never an order of 居民区."""

    unit_id: int
    unit: str
    sender_id: int
    sender: str
    tasks: int
    forms: int
    outside: int
    refused: int


def _sent(actor: Actor, since: datetime, until: datetime) -> QuerySet[Task]:
    return Task.objects.filter(visible_q(actor), to_neighbourhood=True, created_at__gte=since, created_at__lt=until)


def sent_counts(actor: Actor, since: datetime, until: datetime) -> list[Sent]:
    """Return what was sent to each 居民区 by each sender, by the names of the two: one statement."""
    rows: Any = (
        _sent(actor, since, until)
        .order_by()
        .values("unit", "unit__name", "sender_unit", "sender_unit__name")
        .annotate(
            tasks=Count("pk", filter=Q(what=Asked.TASK)),
            forms=Count("pk", filter=Q(what=Asked.FORM)),
            outside=Count("pk", filter=Q(admission__isnull=True)),
            refused=Count("pk", filter=Q(state=TaskState.REFUSED)),
        )
        .order_by("unit__name", "sender_unit__name")
    )
    return [
        Sent(
            r["unit"],
            r["unit__name"],
            r["sender_unit"] or 0,
            r["sender_unit__name"] or "",
            r["tasks"],
            r["forms"],
            r["outside"],
            r["refused"],
        )
        for r in rows
    ]


def sent_rows(
    actor: Actor,
    since: datetime,
    until: datetime,
    *,
    unit_id: int | None = None,
    sender_id: int | None = None,
    cursor: str = "",
    size: int = 50,
) -> Page[Task]:
    """Return one page of what was sent to 居民区 in a period, newest first; ``sender_id`` 0: by no unit."""
    rows = _sent(actor, since, until).select_related("unit", "sender_unit", "admission")
    if unit_id is not None:
        rows = rows.filter(unit=unit_id)
    if sender_id is not None:
        rows = rows.filter(sender_unit=sender_id or None)
    return keyset(rows, keys=[("created_at", datetime), ("id", int)], cursor=cursor, size=size, descending=True)


def task_result(task_id: int) -> Task | None:
    """Return a task for the room that it came from, None if it is gone."""
    return Task.objects.filter(pk=task_id).first()
