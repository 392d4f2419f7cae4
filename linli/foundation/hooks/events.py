"""What rooms above may say of their things in an event: ids and states, never personal data."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from uuid import UUID

Describe = Callable[[Collection[UUID]], Mapping[UUID, Mapping[str, object]]]
_describers: dict[str, Describe] = {}


def describes(kind: str) -> Callable[[Describe], Describe]:
    """Register who says what an event holds of things of ``kind``, besides their uuid: one statement for many."""

    def declare(function: Describe) -> Describe:
        _describers[kind] = function
        return function

    return declare


def described(kind: str, uuids: Collection[UUID]) -> Mapping[UUID, Mapping[str, object]]:
    """Return what is said of the things of ``kind``."""
    describe = _describers.get(kind)
    return describe(uuids) if describe is not None and uuids else {}
