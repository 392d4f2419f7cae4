"""Writing the journal (a stand-in until the room is built)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from linli.foundation.core.actors import Actor


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
    """Write one entry."""


def record_many(entries: Any) -> None:
    """Write several entries."""
