"""What other rooms may hang on to: saying what hangs on an area that is to end, telling of places that they know."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import date

from linli.foundation.places.types import Audience, Hanging, KnownPlace

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


@dataclass(frozen=True, slots=True)
class Teller:
    """A room that knows of places by name or address.

    Attributes:
        audiences: whom it tells. places: what it knows on a day; stamp: something that changes whenever that does.
    """

    audiences: frozenset[Audience]
    places: Callable[[date], Sequence[KnownPlace]]
    stamp: Callable[[], Hashable]


_tellers: list[Teller] = []


def on_places_told(teller: Teller) -> Teller:
    """Register a room that knows of places which a text may mean."""
    if teller not in _tellers:
        _tellers.append(teller)
    return teller


def tellers(audience: Audience) -> tuple[Teller, ...]:
    """Return who tells ``audience`` of places, in the order of registration."""
    return tuple(t for t in _tellers if audience in t.audiences)
