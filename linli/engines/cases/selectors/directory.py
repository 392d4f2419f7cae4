"""Which unit of a kind is in charge of a place, from a short cache: routing asks often."""

from __future__ import annotations

import time
from typing import NamedTuple

from linli.foundation.core.namespaces import current
from linli.foundation.people import selectors as people

_MAX_AGE = 10.0


class _Unit(NamedTuple):
    id: int
    names: frozenset[str]
    area_path: str


_cache: dict[tuple[str, str], tuple[float, list[_Unit]]] = {}


def forget() -> None:
    """Drop what this process knows."""
    _cache.clear()


def unit_for(kind: str, area_path: str) -> int | None:
    """Return the id of the unit of ``kind`` nearest above ``area_path``, None if there is none.

    ``department/<short name>`` means the department of that name. The answer is the one of
    :func:`linli.foundation.people.selectors.unit_for`; the units of a kind are read once in ten seconds.
    """
    kind, _slash, name = kind.partition("/")
    units = _units(kind)
    if name:
        return next((u.id for u in units if name in u.names), None)
    above = [u for u in units if not u.area_path or area_path.startswith(u.area_path)]
    return max(above, key=lambda u: (len(u.area_path), -u.id)).id if above else None


def _units(kind: str) -> list[_Unit]:
    key = (current(), kind)
    found = _cache.get(key)
    if found is None or time.monotonic() - found[0] > _MAX_AGE:
        rows = people.units_of_kind(kind)
        units = [_Unit(u.pk, frozenset({u.short_name, u.name}), u.area.path if u.area else "") for u in rows]
        found = _cache[key] = (time.monotonic(), units)
    return found[1]
