"""Where each question, group and repeat of a form stands, and which expressions it has."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from linli.foundation.forms.types import Group, Question, WholeForm

Item = Question | Group
Path = tuple[str, ...]
_DECIDING = ("relevant", "calculation", "default_expression", "choice_filter", "count", "trigger")
_CHECKING = ("constraint", "required_when", "read_only", "finds")


@dataclass(frozen=True, slots=True)
class Place:
    """An item and where it stands.

    Attributes:
        path: codes from the outermost group to the item.
        repeats: the lengths of those beginnings of the path that are repeats, the item itself among them.
    """

    item: Item
    path: Path
    repeats: tuple[int, ...] = ()

    @property
    def name(self) -> str:
        """Return the path as text."""
        return "/".join(self.path)

    @property
    def parent_repeats(self) -> tuple[int, ...]:
        """Return the repeats that the item stands in, itself left out."""
        return tuple(n for n in self.repeats if n < len(self.path))


@dataclass
class Shape:
    """All places of a form, in order, a group before what stands in it."""

    form: WholeForm
    places: list[Place] = field(default_factory=list)

    @classmethod
    def of(cls, form: WholeForm) -> Shape:
        """Return the shape of a form."""
        return cls(form, list(_walk(form.items, (), ())))

    @cached_property
    def by_path(self) -> dict[Path, Place]:
        """Return path → place."""
        return {place.path: place for place in self.places}

    @cached_property
    def by_name(self) -> dict[str, list[Place]]:
        """Return code → the places with it; a reference needs exactly one."""
        found: dict[str, list[Place]] = {}
        for place in self.places:
            found.setdefault(place.path[-1], []).append(place)
        return found

    def inside(self, place: Place) -> list[Place]:
        """Return the places in a group."""
        size = len(place.path)
        return [p for p in self.places if len(p.path) > size and p.path[:size] == place.path]


def _walk(items: tuple[Item, ...], above: Path, repeats: tuple[int, ...]) -> Iterator[Place]:
    for item in items:
        path = (*above, item.code)
        if isinstance(item, Group):
            here = (*repeats, len(path)) if item.repeat else repeats
            yield Place(item, path, here)
            yield from _walk(item.items, path, here)
        else:
            yield Place(item, path, repeats)


def expressions(item: Item) -> list[tuple[str, str]]:
    """Return (field, expression) of an item; of those fields alone that hold one."""
    found = [(name, str(getattr(item, name, "") or "")) for name in (*_DECIDING, *_CHECKING)]
    if isinstance(item, Question) and item.score and item.score.passes:
        found.append(("score", item.score.passes))
    return [(name, f"${{{text}}}" if name == "trigger" else text) for name, text in found if text.strip()]


def deciding(item: Item) -> list[tuple[str, str]]:
    """Return (field, expression) of what an item's answer or being asked hangs on."""
    return [(name, text) for name, text in expressions(item) if name in _DECIDING]
