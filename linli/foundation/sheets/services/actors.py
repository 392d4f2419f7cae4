"""Who imports, kept so that a job goes on in their name: with the grants that they held when they said so."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any
from uuid import UUID

from linli.foundation.core.actors import SYSTEM, Actor, ActorKind, Grant


def to_data(by: Actor) -> dict[str, Any]:
    """Return an actor as JSON keeps it."""
    return {
        "kind": by.kind.value,
        "uuid": str(by.uuid) if by.uuid else None,
        "user_id": by.user_id,
        "label": by.label,
        "language": by.language,
        "on_behalf_of": by.on_behalf_of,
        "grants": [asdict(g) for g in by.grants],
    }


def from_data(data: dict[str, Any] | None) -> Actor:
    """Return the actor that :func:`to_data` was given; the system where nothing was kept."""
    if not data:
        return SYSTEM
    return Actor(
        kind=ActorKind(data["kind"]),
        uuid=UUID(data["uuid"]) if data["uuid"] else None,
        user_id=data["user_id"],
        label=data["label"],
        language=data["language"],
        on_behalf_of=data["on_behalf_of"],
        grants=tuple(Grant(**g) for g in data["grants"]),
    )
