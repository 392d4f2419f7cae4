"""What the room does by itself: cases that ended answer what became them; results of tasks come back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from linli.engines.cases.events import on_moved
from linli.engines.projects import selectors as projects
from linli.foundation.core.actors import SYSTEM
from linli.foundation.jobs import services as jobs
from linli.foundation.jobs.services import handler
from linli.programmes.streets import services
from linli.programmes.streets.models import BlindSpot, Matter
from linli.programmes.streets.workflow import MatterState, SpotState

FOLLOW = "streets.case_moved"


@on_moved
def cases_moved(case_uuids: Sequence[UUID], now: datetime) -> None:
    """Ask for a look at each case that came of a matter or a spot."""
    of = {"case_uuid__in": list(case_uuids)}
    found = set(Matter.objects.filter(state=MatterState.HANDED, **of).values_list("case_uuid", flat=True))
    found |= set(BlindSpot.objects.filter(state=SpotState.OPEN, **of).values_list("case_uuid", flat=True))
    for uuid in sorted(map(str, found)):
        jobs.enqueue(name=FOLLOW, payload={"case": uuid}, now=now, key=f"{FOLLOW}:{uuid}")


@handler(FOLLOW)
def case_moved(payload: dict[str, Any], now: datetime) -> None:
    """Bring what became a case to where it stands."""
    uuid = UUID(payload["case"])
    if not services.follow_case(now=now, case_uuid=uuid):
        services.follow_spot(now=now, case_uuid=uuid)


@handler("lane.task_ended")
def task_ended(payload: dict[str, Any], now: datetime) -> None:
    """Bring the result of a task back to the lane's plan that it was given for."""
    task = projects.task_result(int(payload["task"]))
    if task is not None:
        services.note_task_ended(
            by=SYSTEM, now=now, source=UUID(payload["source"]), title=task.title, result=task.result
        )
