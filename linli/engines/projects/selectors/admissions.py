"""Reading the list of what may be asked of a 居民区, and what was sent to each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from linli.engines.projects.models import Admission, Task
from linli.engines.projects.selectors.tasks import visible_q
from linli.engines.projects.types import Asked, TaskState
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import NotFoundError
from linli.foundation.core.paging import Page, keyset


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


def forms_asked_again(actor: Actor, since: datetime, until: datetime) -> dict[int, int]:
    """Return 居民区's unit → how many forms it was sent in a period that it had been sent already: one statement.

    A form is the same by its title: what it asks for is known, and is to be reused.
    """
    rows: Any = _sent(actor, since, until).filter(what=Asked.FORM).order_by().values("unit", "title")
    found: dict[int, int] = {}
    for row in rows.annotate(times=Count("pk")).filter(times__gt=1):
        found[row["unit"]] = found.get(row["unit"], 0) + row["times"] - 1
    return found


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
