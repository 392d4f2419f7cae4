"""What is written down of venues that are gone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from linli.foundation.core.actors import Actor
from linli.foundation.journal import services as journal
from linli.foundation.journal.types import EntryData


def note_removed(
    *, by: Actor, now: datetime, reason: str, found: Sequence[tuple[UUID | None, str, Mapping[str, str]]]
) -> None:
    """Journal that each of ``found`` (uuid, name, what it was) was taken back."""
    journal.record_many(
        [
            EntryData(by, "venues.remove", "venue", uuid, label, now, {n: v for n, v in was.items() if v}, None, reason)
            for uuid, label, was in found
        ]
    )
