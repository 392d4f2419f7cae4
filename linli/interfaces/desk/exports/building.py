"""How a list of the desk is said: for staff unless it has a door of its own; what its filters name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar
from uuid import UUID

from django.http import HttpRequest

from linli.foundation.core.actors import Actor
from linli.foundation.exports.types import Words
from linli.interfaces.desk import directory
from linli.interfaces.desk.doors import actor_of, check_staff, id_of, once, today, uuid_of
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
    day_of,
    in_words,
    label,
    moment,
    number,
    one_of,
    point_of,
    span,
    ticked,
    yes,
)

__all__ = [
    "SIZE", "Col", "Told", "all_of", "area", "dash", "day", "day_of", "enter", "in_words", "label", "moment",
    "named", "neighbourhood", "number", "one_of", "point_of", "span", "ticked", "unit", "uuid_named", "yes",
]  # fmt: skip
T = TypeVar("T")


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


def neighbourhood(path: str) -> str:
    """Return the 居民区 that a filter names by its path."""
    return directory.neighbourhoods(today()).get(path, "")


def uuid_named(request: HttpRequest, name: str) -> UUID:
    """Return the uuid that the address has under ``name``; for anything else one that nothing has."""
    return uuid_of(request.GET.get(name, "")) or UUID(int=0)


def named(request: HttpRequest, name: str, read: Callable[[Actor, UUID], T]) -> T:
    """Return what the address names by a uuid, read once.

    Args:
        read: returns it for who asks; raises where there is none for them.
    """
    return once(request, name, lambda: read(actor_of(request), uuid_named(request, name)))
