"""Which ways in are open."""

from __future__ import annotations

import time

from linli.engines.cases.models import ShutDoor
from linli.engines.cases.types import Source
from linli.foundation.core.namespaces import current

_MAX_AGE = 5.0
_cache: dict[str, tuple[float, dict[str, ShutDoor]]] = {}


def forget() -> None:
    """Drop what this process knows of the namespace's doors."""
    _cache.pop(current(), None)


def shut(source: Source) -> ShutDoor | None:
    """Return why and since when nothing is taken from ``source``; None where it is open.

    From memory; another process notices within five seconds.
    """
    found = _cache.get(current())
    if found is None or time.monotonic() - found[0] > _MAX_AGE:
        found = (time.monotonic(), {row.source: row for row in ShutDoor.objects.all()})
        _cache[current()] = found
    return found[1].get(source.value)
