"""What a station must have: named groups of slots with counts, filled in by the installation, checked for each station.

Some standards are known by their numbers alone (“1、1、2、5”): then a group has a count and
its items get names once somebody finds out what they are. Pure.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

MAX_GROUPS, MAX_COUNT = 20, 50


class BadStandardError(ValueError):
    """A standard that cannot be; ``args[0]`` is a code: name, twice, count, items, many."""


@dataclass(frozen=True, slots=True)
class Group:
    """So many of something; ``items`` names as many of them as are known."""

    name: str
    count: int
    items: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Slot:
    """One thing that a station has or lacks. The code holds while group and item keep their names."""

    code: str
    group: str
    name: str
    number: int


def checked(groups: Sequence[Group]) -> tuple[Group, ...]:
    """Return ``groups`` if they can be a standard.

    Raises:
        BadStandardError: a group without a name or twice, a count out of range, too many items, or one twice.
    """
    if len(groups) > MAX_GROUPS:
        raise BadStandardError("many")
    names = [g.name for g in groups]
    if not all(names):
        raise BadStandardError("name")
    if len(set(names)) < len(names):
        raise BadStandardError("twice", next(n for n in names if names.count(n) > 1))
    for group in groups:
        if not 1 <= group.count <= MAX_COUNT:
            raise BadStandardError("count", group.name)
        if len(group.items) > group.count:
            raise BadStandardError("items", group.name)
        if len(set(group.items)) < len(group.items):
            raise BadStandardError("twice", group.name)
    return tuple(groups)


def slots(groups: Sequence[Group]) -> list[Slot]:
    """Return every slot in order; those without a name are counted on."""
    found = []
    for group in groups:
        for n in range(1, group.count + 1):
            name = group.items[n - 1] if n <= len(group.items) else ""
            found.append(Slot(f"{group.name}/{name or f'#{n}'}", group.name, name, n))
    return found


def missing(groups: Sequence[Group], present: Collection[str]) -> list[Slot]:
    """Return the slots that are not among the ``present`` ones."""
    return [s for s in slots(groups) if s.code not in present]


def to_json(groups: Sequence[Group]) -> list[dict[str, Any]]:
    """Return the standard as plain JSON."""
    return [{"name": g.name, "count": g.count, "items": list(g.items)} for g in groups]


def from_json(data: Sequence[Mapping[str, Any]]) -> tuple[Group, ...]:
    """Return what :func:`to_json` wrote."""
    return tuple(Group(g["name"], g["count"], tuple(g["items"])) for g in data)
