"""How a list of the desk is said: for staff unless it has a door of its own; what its filters name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from linli.foundation.core.actors import Actor
from linli.foundation.exports.types import Words
from linli.interfaces.desk import directory
from linli.interfaces.desk.doors import check_staff, id_of, today
from linli.interfaces.web.exporting import building
from linli.interfaces.web.exporting.building import (
    SIZE,
    Col,
    Heads,
    PageOf,
    Told,
    all_of,
    dash,
    day,
    in_words,
    label,
    moment,
    number,
    one_of,
    ticked,
    yes,
)

__all__ = [
    "SIZE", "Col", "Told", "all_of", "area", "dash", "day", "enter", "in_words", "label", "moment", "number", "one_of",
    "ticked", "unit", "yes",
]  # fmt: skip


def enter(
    code: str,
    title: Words,
    columns: Sequence[Col] | Heads,
    page_of: PageOf,
    *,
    told: Mapping[str, Told],
    door: Callable[[Actor], None] = check_staff,
    **more: Any,
) -> None:
    """Let a list of the desk be taken out, by staff unless ``door`` says otherwise: as the room's own ``enter``."""
    building.enter(code, title, columns, page_of, told=told, door=door, **more)


def unit(value: str) -> str:
    """Return the unit that a filter names."""
    return directory.unit_name(id_of(value))


def area(value: str) -> str:
    """Return the area that a filter names."""
    wanted = id_of(value)
    return next((a.name for a in directory.areas(today()) if a.id == wanted), "")
