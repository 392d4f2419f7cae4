"""What is written down of members and lines that an import brought in and that are taken back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from linli.foundation.core.actors import Actor
from linli.foundation.journal import services as journal
from linli.foundation.journal.types import EntryData
from linli.foundation.sheets.types import Found


def note_removed(*, by: Actor, now: datetime, reason: str, kind: str, found: Sequence[Found]) -> None:
    """Journal that each of ``found`` was taken back; telephones are left out."""
    journal.record_many(
        [
            EntryData(
                by, f"alliance.remove_{kind}", f"alliance_{kind}", f.uuid, f.label, now,
                {n: v for n, v in f.values.items() if v and n != "phone"}, None, reason,
            )
            for f in found
        ]
    )  # fmt: skip
