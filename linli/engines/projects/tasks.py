"""What other rooms and the clock set off in the room `projects`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.engines.projects import selectors, services
from linli.engines.projects.models import Blocker, TaskEvent
from linli.engines.projects.services import retention  # noqa: F401  what is kept how long becomes known
from linli.engines.projects.services.task_clocks import SUBJECT
from linli.engines.projects.services.task_marks import escalate
from linli.engines.projects.services.task_telling import tell_all, tell_mornings
from linli.engines.projects.services.task_work import TELL
from linli.foundation.core.actors import SYSTEM, Actor
from linli.foundation.deadlines.events import on_mark
from linli.foundation.deadlines.types import Reached
from linli.foundation.jobs.services import handler, schedule
from linli.foundation.messages import services as messages
from linli.foundation.people import selectors as people
from linli.foundation.people.events import on_hand_over
from linli.foundation.people.types import HandedOver
from linli.foundation.places.events import on_hanging
from linli.foundation.places.types import Hanging


@on_hand_over
def hand_over(from_user: int, to_user: int | None, by: Actor, now: datetime) -> list[HandedOver]:
    """Pass on the open tasks and projects of somebody who leaves."""
    tasks = services.hand_over(from_user=from_user, to_user=to_user, by=by, now=now)
    projects = services.hand_over_projects(from_user=from_user, to_user=to_user, by=by, now=now)
    found = [HandedOver(_("待完成任务"), tasks), HandedOver(_("负责的项目"), projects)]
    return [one for one in found if one.count]


@on_hanging
def hanging(area_id: int, path: str, day: date) -> Sequence[Hanging]:
    """Return the open projects of an area and of those below it, were it to end."""
    del area_id, day
    count = selectors.open_below(path)
    return [Hanging(_("未结束的项目"), count)] if count else []


@handler("project.task_ended")
def node_task_ended(payload: dict[str, Any], now: datetime) -> None:
    """Mark the node done whose task has been ended."""
    task = selectors.task_result(int(payload["task"]))
    if task is not None:
        services.task_ended(by=SYSTEM, now=now, task=task)


@schedule("projects.lights", every=timedelta(hours=6))
def lights(_payload: dict[str, Any], now: datetime) -> None:
    """Work out anew, once a day, the lights of every project that runs: time passes without an event."""
    for project in selectors.stale_lights(timezone.localdate(now)):
        with transaction.atomic():
            services.relight(project, now=now)


@handler("projects.blocker_due")
def blocker_due(payload: dict[str, Any], now: datetime) -> None:
    """Remind who leads the project on the morning of a blocker's next step; one that changed since is left alone."""
    rows = Blocker.objects.select_related("project").filter(pk=payload["blocker"], state="open")
    blocker = rows.first()
    if blocker is None or blocker.next_on is None or blocker.next_on.isoformat() != payload["on"]:
        return
    project = blocker.project
    heads = {h.user_id for h in people.members_of(project.unit_id, {"unit_head", "neighbourhood_secretary"}, now=now)}
    told = heads | ({project.user_id} if project.user_id is not None else set())
    words = {"title": project.name, "cause": str(blocker), "step": blocker.next_step, "day": payload["on"]}
    messages.tell_users(
        told,
        template="projects.blocker_due",
        params=words,
        subject_kind="project",
        subject_uuid=project.uuid,
        url=f"/desk/projects/blockers/{blocker.uuid}/",
        key=f"blocker:{blocker.pk}:{payload['on']}",
        now=now,
    )


@handler(TELL)
def tell(payload: dict[str, Any], now: datetime) -> None:
    """Tell everybody concerned what happened to tasks."""
    rows = TaskEvent.objects.filter(uuid__in=[UUID(u) for u in payload["events"]]).order_by("pk")
    tell_all(list(rows.select_related("task__unit__area").prefetch_related("task__helpers")), now)


@on_mark(SUBJECT)
def marked(reached: Sequence[Reached], now: datetime) -> None:
    """Note the marks that clocks of tasks reached, and escalate."""
    escalate(reached, now)


@schedule("projects.task_series", every=timedelta(hours=1))
def give_recurring(_payload: dict[str, Any], now: datetime) -> None:
    """Give the recurring tasks whose day has come."""
    services.make_due(now=now)


@schedule("projects.task_mornings", every=timedelta(hours=1))
def tell_in_the_morning(_payload: dict[str, Any], now: datetime) -> None:
    """Tell everybody once a day which tasks they owe by today."""
    tell_mornings(now)


@schedule("projects.task_clocks", every=timedelta(hours=1))
def clock_tasks(_payload: dict[str, Any], now: datetime) -> None:
    """Start the clocks of tasks from before tasks had any."""
    while services.clock_unclocked(now=now):
        pass
