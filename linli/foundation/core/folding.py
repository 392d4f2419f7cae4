"""A row is the fold of its events: the property that holds the two together, for every room that appends facts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID


def plain(value: Any) -> Any:
    """Return a field's value as JSON holds it."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


def fold(changes: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return field → last value over the ``changes`` of events in order."""
    row: dict[str, Any] = {}
    for change in changes:
        row.update(change)
    return row
