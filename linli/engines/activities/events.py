"""What rooms above may hang on to: a meeting was planned, a meeting's minutes were finished."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from linli.foundation.core.actors import Actor

if TYPE_CHECKING:
    from linli.engines.activities.models import Meeting

Planned = Callable[["Meeting", Actor, datetime], int]
_fillers: list[Planned] = []


def on_filling(handler: Planned) -> Planned:
    """Register ``handler(meeting, by, now)``: it adds what waits for such a meeting and says how many items.

    It runs in the transaction of who asked for it.
    """
    if handler not in _fillers:
        _fillers.append(handler)
    return handler


def fillers() -> tuple[Planned, ...]:
    """Return the registered handlers."""
    return tuple(_fillers)
