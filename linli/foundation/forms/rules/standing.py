"""Where an expression stands in a filled form: which answers it sees."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from linli.foundation.forms.rules.answers import in_words
from linli.foundation.forms.rules.expressions import NAME, Budget, Moment, text
from linli.foundation.forms.rules.shape import Path, Place, Shape
from linli.foundation.forms.types import Choice, Question

_REFERENCE = re.compile(rf"\$\{{\s*({NAME})\s*\}}")
Index = tuple[int, ...]
"""The numbers, from 1, of the instances of the repeats that something stands in, the outermost first."""
FORM_STEPS = 500_000


@dataclass
class Sheet:
    """A form while it is worked out.

    Attributes:
        kept: (path, index) → answer, of questions that are asked.
        asked: (path, index) → whether an item is asked.
        counts: (path, index) → how many instances a repeat has.
    """

    shape: Shape
    moment: Moment
    kept: dict[tuple[Path, Index], Any] = field(default_factory=dict)
    asked: dict[tuple[Path, Index], bool] = field(default_factory=dict)
    counts: dict[tuple[Path, Index], int] = field(default_factory=dict)
    budget: Budget = field(default_factory=lambda: Budget(FORM_STEPS))

    def indexes(self, place: Place, fixed: Callable[[int, Index], int | None] = lambda _n, _i: None) -> list[Index]:
        """Return where ``place`` is found: once for each instance of the repeats above it.

        Args:
            place: the item.
            fixed: (length of a repeat's path, index of it) → the one instance that is meant, None for all.
        """
        found: list[Index] = [()]
        for size in place.parent_repeats:
            path = place.path[:size]
            further: list[Index] = []
            for index in found:
                only = fixed(size, index)
                count = self.counts.get((path, index), 0)
                further += [(*index, n) for n in (range(1, count + 1) if only is None else [only]) if 1 <= n <= count]
            found = further
        return found


@dataclass
class Standing:
    """What an expression of one item sees: :class:`~linli.foundation.forms.rules.expressions.Scope`."""

    sheet: Sheet
    place: Place
    index: Index
    own: Any = None
    row: Choice | None = None

    @property
    def moment(self) -> Moment | None:
        """Return what time it is."""
        return self.sheet.moment

    @property
    def budget(self) -> Budget:
        """Return the work that the whole form has left."""
        return self.sheet.budget

    def _mine(self, target: Place) -> Callable[[int, Index], int | None]:
        """Return which instance is meant of the repeats in which both stand."""
        mine = dict(zip(self.place.repeats, self.index, strict=False))

        def same(size: int, index: Index) -> int | None:
            shared = self.place.path[:size] == target.path[:size] and size in mine
            return mine[size] if shared and self.index[: len(index)] == index else None

        return same

    def value(self, name: str) -> Any:
        """Return the answer of this very instance; of a repeat further off the first."""
        target = self.sheet.shape.by_name[name][0]
        same = self._mine(target)
        indexes = self.sheet.indexes(target, lambda size, index: same(size, index) or 1)
        return self.sheet.kept.get((target.path, indexes[0])) if indexes else None

    def values(self, name: str, *, everywhere: bool) -> list[Any]:
        """Return the answers of this instance's reach, or of all; of a repeat an empty text for each instance."""
        target = self.sheet.shape.by_name[name][0]
        fixed = (lambda _size, _index: None) if everywhere else self._mine(target)
        indexes = self.sheet.indexes(target, fixed)
        self.budget.spend(len(indexes) + 1)
        if not isinstance(target.item, Question):
            if not target.item.repeat:
                return [""] * len(indexes)
            return [""] * sum(self.sheet.counts.get((target.path, index), 0) for index in indexes)
        return [self.sheet.kept.get((target.path, i)) for i in indexes if self.sheet.asked.get((target.path, i))]

    def indexed(self, name: str, places: Mapping[str, int]) -> Any:
        """Return the answer in the instances with these numbers."""
        target = self.sheet.shape.by_name[name][0]
        same = self._mine(target)
        indexes = self.sheet.indexes(
            target, lambda size, index: places.get(target.path[size - 1], same(size, index) or 1)
        )
        return self.sheet.kept.get((target.path, indexes[0])) if indexes else None

    def position(self) -> int:
        """Return the number of the innermost instance."""
        return self.index[-1] if self.index else 0

    def choice_label(self, name: str, code: str) -> str:
        """Return the label of a chosen code, in the language of the form; the code itself for an unknown one."""
        target = self.sheet.shape.by_name[name][0].item
        form = self.sheet.shape.form
        for choice in form.choices(target) if isinstance(target, Question) else ():
            if choice.code == code:
                language = form.settings.default_language
                return choice.label.get(language) or in_words(choice.label, language) or code
        return code

    def column(self, name: str) -> Any:
        """Return a column of the choice that is being looked at."""
        if self.row is None:
            return None
        if name == "name":
            return self.row.code
        if name == "label":
            return self.row.label.get(self.sheet.shape.form.settings.default_language, "")
        return self.row.columns.get(name, "")


def spoken(words: str, scope: Standing) -> str:
    """Return words with the answers that they refer to: ``${name}`` in a label."""
    return _REFERENCE.sub(lambda found: text(scope.value(found.group(1))), words)


def references(words: str) -> set[str]:
    """Return the questions that words refer to."""
    return {found.group(1) for found in _REFERENCE.finditer(words)}


def written(path: Path, place_repeats: tuple[int, ...], index: Index) -> str:
    """Return ``group/repeat[2]/code``."""
    numbers = dict(zip(place_repeats, index, strict=False))
    return "/".join(f"{code}[{numbers[n]}]" if n in numbers else code for n, code in enumerate(path, 1))


__all__ = ["Index", "Sheet", "Standing", "references", "spoken", "written"]
