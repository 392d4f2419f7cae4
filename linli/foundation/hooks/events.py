"""What rooms above may say of their things in an event: ids and states, never personal data."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

Describe = Callable[[Collection[UUID]], Mapping[UUID, Mapping[str, object]]]
_describers: dict[str, Describe] = {}
_offered: dict[str, Mapping[str, Any]] = {}
# What every event says, by the names that a mapping knows.
OWN: Mapping[str, Any] = {
    "event.id": _("事件编号"),
    "event.type": _("事件名"),
    "event.time": _("事件时间"),
    "event.kind": _("对象种类"),
    "event.object": _("对象编号"),
}


def describes(kind: str, offers: Mapping[str, Any] | None = None) -> Callable[[Describe], Describe]:
    """Register who says what an event holds of things of ``kind``, besides their uuid: one statement for many.

    Args:
        offers: field → its words, of those that a mapping may use.
    """

    def declare(function: Describe) -> Describe:
        _describers[kind] = function
        _offered[kind] = offers or {}
        return function

    return declare


def offered() -> dict[str, Mapping[str, Any]]:
    """Return kind → field → words of all that a mapping may use, besides :data:`OWN`."""
    return {kind: fields for kind, fields in _offered.items() if fields}


def described(kind: str, uuids: Collection[UUID]) -> Mapping[UUID, Mapping[str, object]]:
    """Return what is said of the things of ``kind``."""
    describe = _describers.get(kind)
    return describe(uuids) if describe is not None and uuids else {}
