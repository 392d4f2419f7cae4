"""From whose work a round comes: what its programme calls it, and the page on which its result stands.

A programme registers its rounds once, by what they came from (``source_kind``) or by the programme's code::

    origins.register("civility_trial", trial)

``trial(request, round_)`` returns an :class:`Origin`, or None where there is nothing for whoever asks; it is called on
every page of such a round and asks its own doors.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest

if TYPE_CHECKING:
    from linli.engines.fieldwork.models import Round


@dataclass(frozen=True, slots=True)
class Origin:
    """What a round is to its programme: in its words, where its result stands, and what is to be seen there."""

    name: Any
    url: str
    about: Any = ""


Find = Callable[[HttpRequest, "Round"], "Origin | None"]
ORIGINS: dict[str, Find] = {}


def register(code: str, find: Find) -> None:
    """Make the rounds of a source or a programme known."""
    ORIGINS[code] = find


def origin_of(request: HttpRequest, round_: Round) -> Origin | None:
    """Return whence a round is: by its source, else by its programme."""
    find = ORIGINS.get(round_.source_kind) or ORIGINS.get(round_.programme)
    return find(request, round_) if find is not None else None
