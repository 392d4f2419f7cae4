"""Which ways in are open."""

from __future__ import annotations

from linli.engines.cases.models import ShutDoor
from linli.engines.cases.types import Source
from linli.foundation.core.kept import Kept

_kept = Kept(5.0)


def forget() -> None:
    """Drop what this process knows of the namespace's doors."""
    _kept.forget()


def shut(source: Source) -> ShutDoor | None:
    """Return why and since when nothing is taken from ``source``; None where it is open.

    From memory; another process notices within five seconds.
    """
    return _kept.get(lambda: {row.source: row for row in ShutDoor.objects.all()}).get(source.value)
