"""What rooms above and the ledgers may hang on to: a visit has learned something of a target; a record came in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from linli.foundation.core.actors import Actor

if TYPE_CHECKING:
    from linli.engines.fieldwork.models import Submission, Target


@dataclass(frozen=True, slots=True)
class Learned:
    """What a visit says of a target.

    Attributes:
        values: field of the ledger → value.
        at: when it was seen, never later than when it came in.
        source_kind, source_uuid: the record that says so.
    """

    values: Mapping[str, Any]
    at: datetime
    source_kind: str
    source_uuid: UUID


Learner = Callable[["Target", Learned, Actor, datetime], None]
Listener = Callable[["Submission", Actor, datetime], None]
_learners: list[Learner] = []
_listeners: list[Listener] = []


def on_learning(handler: Learner) -> Learner:
    """Register ``handler(target, learned, by, now)``; it runs in the transaction of the record that came in."""
    if handler not in _learners:
        _learners.append(handler)
    return handler


def on_counted(handler: Listener) -> Listener:
    """Register ``handler(submission, by, now)``: called in its transaction once a record stands and counts."""
    if handler not in _listeners:
        _listeners.append(handler)
    return handler


def learners() -> tuple[Learner, ...]:
    """Return who is told of facts."""
    return tuple(_learners)


def listeners() -> tuple[Listener, ...]:
    """Return who is told of records that count."""
    return tuple(_listeners)
