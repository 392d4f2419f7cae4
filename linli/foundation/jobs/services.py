"""Stand-in of the jobs room until it is merged: keeps what was enqueued in memory."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

Handler = Callable[[dict[str, Any], datetime], None]
handlers: dict[str, Handler] = {}
schedules: dict[str, timedelta] = {}
enqueued: list[dict[str, Any]] = []


def enqueue(
    *,
    name: str,
    payload: dict[str, Any],
    now: datetime,
    run_at: datetime | None = None,
    key: str | None = None,
    priority: int = 0,
) -> None:
    """Keep one job."""
    enqueued.append({"name": name, "payload": payload, "run_at": run_at or now, "key": key, "priority": priority})


def handler(name: str) -> Callable[[Handler], Handler]:
    """Register a handler."""

    def register(function: Handler) -> Handler:
        handlers[name] = function
        return function

    return register


def schedule(name: str, *, every: timedelta) -> Callable[[Handler], Handler]:
    """Register a handler that runs regularly."""

    def register(function: Handler) -> Handler:
        handlers[name] = function
        schedules[name] = every
        return function

    return register
