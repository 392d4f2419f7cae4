"""Which unit of a kind is in charge of a place, from a short cache: routing asks often."""

from __future__ import annotations

import time

from linli.foundation.core.namespaces import current
from linli.foundation.people import selectors as people

_MAX_AGE = 10.0
_cache: dict[tuple[str, str, str], tuple[float, int | None]] = {}


def forget() -> None:
    """Drop what this process knows."""
    _cache.clear()


def unit_for(kind: str, area_path: str) -> int | None:
    """Return the id of the unit of ``kind`` nearest above ``area_path``, None if there is none.

    ``department/<short name>`` means the department of that name.
    """
    key = (current(), kind, area_path)
    found = _cache.get(key)
    if found is None or time.monotonic() - found[0] > _MAX_AGE:
        if len(_cache) > 20_000:
            _cache.clear()
        found = _cache[key] = (time.monotonic(), _look_up(kind, area_path))
    return found[1]


def _look_up(kind: str, area_path: str) -> int | None:
    kind, _slash, name = kind.partition("/")
    if name:
        return next((u.pk for u in people.units_of_kind(kind) if name in {u.short_name, u.name}), None)
    unit = people.unit_for(kind, area_path)
    return unit.pk if unit is not None else None
