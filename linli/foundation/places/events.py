"""What other rooms may hang on to: saying what of theirs hangs on an area that is to end or to move."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from linli.foundation.places.types import Hanging

Asked = Callable[[int, str, date], Sequence[Hanging]]
_handlers: list[Asked] = []


def on_hanging(handler: Asked) -> Asked:
    """Register ``handler(area_id, path, day)``: what would be left hanging if the area ended on ``day``.

    It is asked of the area with everything below it (``path``), and answers words with a number.
    """
    if handler not in _handlers:
        _handlers.append(handler)
    return handler


def handlers() -> tuple[Asked, ...]:
    """Return the registered handlers, in the order of registration."""
    return tuple(_handlers)
