"""What rooms above may hang on to: cases have moved."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

Moved = Callable[[Sequence[UUID], datetime], None]
_followers: list[Moved] = []


def on_moved(handler: Moved) -> Moved:
    """Register ``handler(case_uuids, now)``: told, after the commit, of cases that were sent, ended or taken up again.

    It may be told twice of the same; how a case stands now it reads for itself.
    """
    if handler not in _followers:
        _followers.append(handler)
    return handler


def followers() -> tuple[Moved, ...]:
    """Return the registered handlers."""
    return tuple(_followers)
