"""What the room `civility` does by itself: results of tasks come back to the entry that they were given for."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from linli.engines.projects import selectors as projects
from linli.foundation.core.actors import SYSTEM
from linli.foundation.jobs.services import handler
from linli.programmes.civility import services
from linli.programmes.civility.types import TODO


@handler(f"{TODO}.task_ended")
def task_ended(payload: dict[str, Any], now: datetime) -> None:
    """Bring the result of a task back to the entry of the lists that it was given for."""
    task = projects.task_result(int(payload["task"]))
    if task is not None:
        services.note_task_ended(by=SYSTEM, now=now, source=UUID(payload["source"]), result=task.result)
