"""What the room `visits` does by itself: records that count, answers that come by a task, what is kept how long."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Q, QuerySet

from linli.engines.fieldwork.events import on_counted
from linli.engines.projects import selectors as projects
from linli.foundation.core.actors import Actor
from linli.foundation.jobs.services import Keeping, blanking, handler, keep, schedule
from linli.programmes.visits import services
from linli.programmes.visits.models import CondolenceEntry, Demand
from linli.programmes.visits.workflow import OPEN

if TYPE_CHECKING:
    from linli.engines.fieldwork.models import Submission


@on_counted
def counted(submission: Submission, by: Actor, now: datetime) -> None:
    """Keep what a visit brought and what it leaves to be done."""
    services.take_in(submission, by, now)


@handler("demand.task_ended")
def task_ended(payload: dict[str, Any], now: datetime) -> None:
    """Bring the result of a task back as the answer to the need that it was given for."""
    task = projects.task_result(int(payload["task"]))
    if task is not None and task.state == "done":
        services.note_task_ended(
            now=now, source=UUID(payload["source"]), task=task.uuid, result=task.result, label=task.ended_label
        )


@schedule("visits.details", every=timedelta(days=1))
def forget_details(_payload: dict[str, Any], now: datetime) -> None:
    """Forget what was noted about persons and is over."""
    services.forget_over(now=now)


def _needs(before: datetime) -> QuerySet[Demand]:
    return Demand.objects.filter(~Q(sealed=b""), created_at__lte=before).exclude(state__in=OPEN)


def _persons(before: datetime) -> QuerySet[CondolenceEntry]:
    return CondolenceEntry.objects.filter(~Q(person_sealed=b""), list__day__lte=before.date())


keep(
    Keeping(
        "visits.demand", "visits.Demand", ("sealed",),
        since="the entry of a need that is over",
        end="its words are blanked; the state and the days stay",
        take=blanking(_needs, sealed=b""),
    )
)  # fmt: skip
keep(
    Keeping(
        "visits.condolence", "visits.CondolenceEntry", ("person_sealed",),
        since="the festival",
        end="the name is blanked; sum and day stay",
        take=blanking(_persons, person_sealed=b""),
    )
)  # fmt: skip
