"""What is written down of targets that an import made and took back."""

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
    journal.record_many([_entry(by, now, reason, uuid, label, was) for uuid, label, was in found])


def _entry(by: Actor, now: datetime, reason: str, uuid: UUID | None, label: str, was: Mapping[str, str]) -> EntryData:
    before = {n: v for n, v in was.items() if v}
    return EntryData(by, "fieldwork.remove", "target", uuid, label[:80], now, before, None, reason)
