"""The time, read once by whoever starts something and handed on as ``now``.

Interfaces, commands and jobs call :func:`now` and pass the result to services; services
never read the clock. The demonstration and the tests freeze it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

_frozen: ContextVar[datetime | None] = ContextVar("linli_frozen_clock", default=None)


def now() -> datetime:
    """Return the present moment, in UTC, or the frozen one."""
    return _frozen.get() or datetime.now(UTC)


@contextmanager
def frozen(moment: datetime) -> Iterator[None]:
    """Let :func:`now` answer ``moment`` (aware) inside the ``with`` block."""
    if moment.tzinfo is None:
        message = "a frozen clock needs a time zone"
        raise ValueError(message)
    token = _frozen.set(moment)
    try:
        yield
    finally:
        _frozen.reset(token)
