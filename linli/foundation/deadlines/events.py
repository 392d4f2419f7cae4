"""What can happen: a clock reaches a mark. Each kind of subject has one function that is told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from linli.foundation.deadlines.types import Reached

MarkHandler = Callable[[Sequence[Reached], datetime], None]
_handlers: dict[str, MarkHandler] = {}


class NobodyToTellError(LookupError):
    """No room has said what is to happen when a clock of this kind reaches a mark."""


def on_mark(kind: str) -> Callable[[MarkHandler], MarkHandler]:
    """Let the decorated function be told of marks that clocks of ``kind`` reach.

    It gets the marks in due order, inside the transaction that notes them as told: what it
    writes to the database happens exactly once per mark. What leaves the database (a mail)
    it enqueues as a job.
    """

    def register(function: MarkHandler) -> MarkHandler:
        _handlers[kind] = function
        return function

    return register


def handler_for(kind: str) -> MarkHandler:
    """Return the function that is told of marks of ``kind``.

    Raises:
        NobodyToTellError: there is none; the sweep then holds the clock back and reports it.
    """
    try:
        return _handlers[kind]
    except KeyError:
        raise NobodyToTellError(kind) from None
