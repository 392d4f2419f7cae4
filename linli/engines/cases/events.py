"""What rooms above may hang on to: cases were written, or have moved."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

if TYPE_CHECKING:
    from linli.engines.cases.models import Case

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


class Written(Protocol):
    """What follows the writing of a case."""

    def __call__(self, case: Case, *, fresh: bool) -> None:
        """Write what hangs on the words, the place or the kind of ``case``, in its transaction."""


_writers: list[Written] = []


def on_written(handler: Written) -> Written:
    """Register ``handler(case, fresh=…)``, called in the transaction that writes new words or a place of a case."""
    if handler not in _writers:
        _writers.append(handler)
    return handler


def writers() -> tuple[Written, ...]:
    """Return the registered handlers."""
    return tuple(_writers)
