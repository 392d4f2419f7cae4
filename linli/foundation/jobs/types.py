"""Handlers and schedules, as rooms declare them in their ``tasks.py``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

Payload = dict[str, Any]
Function = Callable[[Payload, datetime], None]
HANDLERS: dict[str, Function] = {}
SCHEDULES: dict[str, timedelta] = {}


@dataclass(frozen=True, slots=True)
class Claimed:
    """A job that this worker holds."""

    id: int
    name: str
    payload: Payload
    key: str
    attempts: int
    max_attempts: int
    schedule: str | None


@dataclass(frozen=True, slots=True)
class Counts:
    """How the queue stands."""

    due: int
    waiting: int
    running: int
    dead: int
    oldest_due: datetime | None


@dataclass(frozen=True, slots=True)
class DeadKind:
    """How many jobs of one kind failed for good, and when the first of them did."""

    name: str
    count: int
    since: datetime


def handler(name: str) -> Callable[[Function], Function]:
    """Declare the function that does the jobs called ``name``.

    It may run more than once for one job (a worker may die between work and report).
    """

    def declare(function: Function) -> Function:
        known = HANDLERS.setdefault(name, function)
        if (known.__module__, known.__qualname__) != (function.__module__, function.__qualname__):
            message = f"two handlers for {name!r}"
            raise ValueError(message)
        HANDLERS[name] = function
        return function

    return declare


def schedule(name: str, *, every: timedelta) -> Callable[[Function], Function]:
    """Declare a function that runs once every period, in each namespace, with an empty payload.

    After a pause of the workers it runs once, not once for each period missed.
    """

    def declare(function: Function) -> Function:
        handler(name)(function)
        SCHEDULES[name] = every
        return function

    return declare
