"""Which unit of a kind is in charge of a place, from a short cache: routing asks often."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linli.foundation.core.kept import Kept
from linli.foundation.people import selectors as people

if TYPE_CHECKING:
    from linli.foundation.people.models import Unit

_kept = Kept(10.0)


def forget() -> None:
    """Drop what this process knows."""
    _kept.clear()


def unit_for(kind: str, area_path: str) -> int | None:
    """Return the id of the unit of ``kind`` nearest above ``area_path``, None if there is none.

    ``department/<short name>`` means the department of that name.
    """
    kind, _slash, name = kind.partition("/")
    units = [u for u in _units() if u.kind == kind]
    if name:
        return next((u.pk for u in units if name in {u.short_name, u.name}), None)
    unit = people.nearest(units, area_path)
    return unit.pk if unit is not None else None


def _units() -> list[Unit]:
    """Return every working unit, from the process's memory for some seconds: one statement for all meanwhile."""
    return _kept.get(people.active_units)
