"""What the room `alliance` does by itself: silent claims lapse, endings are told, results of tasks come back."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from linli.engines.projects import selectors as projects
from linli.foundation.core.actors import SYSTEM
from linli.foundation.jobs.services import handler, schedule
from linli.programmes.alliance import services
from linli.programmes.alliance.services import retention  # noqa: F401  what is kept how long becomes known


@schedule("alliance.day", every=timedelta(days=1))
def day(_payload: dict[str, Any], now: datetime) -> None:
    """End claims that nobody signed, and tell of agreements that run out."""
    services.lapse_silent(by=SYSTEM, now=now)
    services.remind(now=now)


@handler("claim.task_ended")
def task_ended(payload: dict[str, Any], now: datetime) -> None:
    """Bring the result of a task back to the claim that it was given for."""
    task = projects.task_result(int(payload["task"]))
    if task is not None:
        services.note_task_ended(
            by=SYSTEM, now=now, source=UUID(payload["source"]), title=task.title, result=task.result
        )
