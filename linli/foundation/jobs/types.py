"""Handlers and schedules, as rooms declare them in their ``tasks.py``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from typing import Any

Payload = dict[str, Any]
Function = Callable[[Payload, datetime], None]
Together = Callable[[Sequence[Payload], datetime], None]
HANDLERS: dict[str, Function] = {}
TOGETHER: dict[str, Together] = {}
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


def handler_together(name: str) -> Callable[[Together], Together]:
    """Declare the function that does many jobs called ``name`` at once, from the list of their payloads.

    Its work and the end of the jobs are one transaction, so it is done exactly once. If that fails, each
    job is tried alone, so that one bad job holds up no other.
    """

    def declare(function: Together) -> Together:
        handler(name)(_alone(function))
        TOGETHER[name] = function
        return function

    return declare


def _alone(function: Together) -> Function:
    @wraps(function)
    def alone(payload: Payload, now: datetime) -> None:
        function([payload], now)

    return alone


def schedule(name: str, *, every: timedelta) -> Callable[[Function], Function]:
    """Declare a function that runs once every period, in each namespace, with an empty payload.

    After a pause of the workers it runs once, not once for each period missed.
    """

    def declare(function: Function) -> Function:
        handler(name)(function)
        SCHEDULES[name] = every
        return function

    return declare
