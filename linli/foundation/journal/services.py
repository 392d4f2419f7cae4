"""The journal's writes: one entry for each write, in its transaction."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
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


def record_many(entries: Sequence[Any]) -> None:
    """Write several entries with one INSERT."""
