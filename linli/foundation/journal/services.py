"""Stand-in of the journal until the room is merged: keeps the last entries in memory."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from linli.foundation.core.actors import Actor

recorded: list[dict[str, Any]] = []


def record(
    *,
    by: Actor,
    verb: str,
    kind: str,
    uuid: UUID | None,
    label: str,
    now: datetime,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
    rule: str = "",
    personal: Collection[str] = (),
) -> None:
    """Keep one entry."""
    recorded.append({"by": by, "verb": verb, "kind": kind, "uuid": uuid, "label": label, "now": now,
                     "before": before, "after": after, "reason": reason, "rule": rule, "personal": personal})


def record_many(entries: Sequence[Any]) -> None:
    """Keep several entries."""
    recorded.extend({"entry": e} for e in entries)
