"""For whom a meeting is held: each face that shows such a body registers what its meetings begin with.

A meeting keeps the kind, the uuid and the name of its body (``held_for_kind``, …); the room that meetings live in
knows none of those bodies. A face registers its kind when Django starts::

    hosts.register("alliance_body", host_of_body)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import NotFoundError

if TYPE_CHECKING:
    from linli.engines.activities.models import Meeting


@dataclass(frozen=True, slots=True)
class Host:
    """A body that meets.

    Attributes:
        url: where it is shown.
        unit_ids: its members that are units here; they are invited as such.
        guests: its other members, by name of the organisation.
        unit_id: the unit that convenes for it, where there is one.
        area_id: the area that it is for, where there is one.
    """

    kind: str
    uuid: UUID
    label: str
    url: str
    unit_ids: tuple[int, ...] = ()
    guests: tuple[str, ...] = ()
    unit_id: int | None = None
    area_id: int | None = None

    @property
    def code(self) -> str:
        """How a form names it."""
        return f"{self.kind}:{self.uuid}"


Find = Callable[[Actor, UUID], Host]
HOSTS: dict[str, Find] = {}


def register(kind: str, find: Find) -> None:
    """Make a kind of body known; ``find`` raises NotFoundError where there is none for the reader."""
    HOSTS[kind] = find


def named(actor: Actor, code: str) -> Host | None:
    """Return the body that a form names, None where it names none that there is for ``actor``."""
    kind, _colon, text = code.partition(":")
    try:
        return HOSTS[kind](actor, UUID(text))
    except (KeyError, ValueError, NotFoundError):
        return None


def of(actor: Actor, meeting: Meeting) -> Host | None:
    """Return the body for which a meeting is held, None where ``actor`` may not see it."""
    return named(actor, f"{meeting.held_for_kind}:{meeting.held_for_uuid}") if meeting.held_for_uuid else None
