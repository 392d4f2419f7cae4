"""What other rooms may hang on to: the hand-over of open work."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from linli.foundation.core.actors import Actor
from linli.foundation.people.types import HandedOver

HandOver = Callable[[int, int | None, Actor, datetime], Sequence[HandedOver]]
_handlers: list[HandOver] = []


def on_hand_over(handler: HandOver) -> HandOver:
    """Register ``handler(from_user_id, to_user_id, by, now)``: it passes open work on and says what it was.

    It runs in the transaction of the hand-over; ``to_user_id`` is None where nobody was named.
    """
    if handler not in _handlers:
        _handlers.append(handler)
    return handler


def handlers() -> tuple[HandOver, ...]:
    """Return the registered handlers, in the order of registration."""
    return tuple(_handlers)
