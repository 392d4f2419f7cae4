"""A form changed in small steps: an item put, added, moved, removed; names that are referred to follow.

Each returns a new form; whether it can be is for ``problems`` to say. A path is ``group/code``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from linli.foundation.forms.rules.shape import Item, Shape
from linli.foundation.forms.types import Choice, Group, Question, QuestionType, WholeForm

_EXPRESSIONS = (
    "relevant", "calculation", "default_expression", "choice_filter", "count", "constraint", "required_when",
    "read_only", "finds",
)  # fmt: skip
_WORDS = ("label", "hint")
UNFINISHED = frozenset({"empty", "empty_group"})
"""What a draft may still lack."""


def item_at(form: WholeForm, path: str) -> Item | None:
    """Return the item at a path; None for none."""
    place = Shape.of(form).by_path.get(tuple(path.split("/")))
    return place.item if place else None


def free_code(form: WholeForm, start: str) -> str:
    """Return ``start``, or it with the first number that makes it a name that nobody bears."""
    taken = {code.lower() for code in Shape.of(form).by_name}
    return next(
        code for n in range(1, len(taken) + 3) if (code := start if n == 1 else f"{start}_{n}").lower() not in taken
    )


def put(form: WholeForm, path: str, item: Item) -> WholeForm:
    """Return the form with ``item`` at ``path``; a new name is known wherever the old one was."""
    *above, code = path.split("/")
    changed = _within(form, above, lambda items: tuple(item if i.code == code else i for i in items))
    return changed if item.code == code else _renamed(changed, code, item.code)


def add(form: WholeForm, item: Item, at: str = "") -> WholeForm:
    """Return the form with ``item`` behind the question at ``at``, at the end of the group at ``at``, or of all."""
    found = item_at(form, at) if at else None
    if isinstance(found, Group):
        return _within(form, at.split("/"), lambda items: (*items, item))
    *above, code = at.split("/") if found else [""]
    return _within(form, above, lambda items: _behind(items, code, item))


def _behind(items: tuple[Item, ...], code: str, item: Item) -> tuple[Item, ...]:
    place = next((n for n, each in enumerate(items, 1) if each.code == code), len(items))
    return (*items[:place], item, *items[place:])


def remove(form: WholeForm, path: str) -> WholeForm:
    """Return the form without the item at ``path``; lists that nobody uses any more go with it."""
    *above, code = path.split("/")
    return without_idle_lists(_within(form, above, lambda items: tuple(i for i in items if i.code != code)))


def move(form: WholeForm, path: str, way: str) -> tuple[WholeForm, str]:
    """Return the form with the item moved, and where it stands now.

    Args:
        form: the form.
        path: the item.
        way: ``up``, ``down``; ``out`` of its group, behind it; ``in``: to the end of the group before it.
    """
    *above, code = path.split("/")
    item = item_at(form, path)
    neighbours = _items(form, above)
    place = next((n for n, each in enumerate(neighbours) if each.code == code), -1)
    if item is None or place < 0:
        return form, path
    if way in {"up", "down"}:
        other = place + (1 if way == "down" else -1)
        if not 0 <= other < len(neighbours):
            return form, path
        order = [*neighbours]
        order[place], order[other] = order[other], order[place]
        return _within(form, above, lambda _items: tuple(order)), path
    rest = _within(form, above, lambda items: tuple(i for i in items if i.code != code))
    if way == "out" and above:
        return add_behind(rest, item, "/".join(above)), "/".join([*above[:-1], code])
    before = neighbours[place - 1] if place else None
    if way == "in" and isinstance(before, Group):
        into = [*above, before.code]
        return _within(rest, into, lambda items: (*items, item)), "/".join([*into, code])
    return form, path


def add_behind(form: WholeForm, item: Item, path: str) -> WholeForm:
    """Return the form with ``item`` behind what stands at ``path``, a group too."""
    *above, code = path.split("/")
    return _within(form, above, lambda items: _behind(items, code, item))


def place_before(form: WholeForm, path: str, target: str) -> tuple[WholeForm, str]:
    """Return the form with the item at ``path`` taken before ``target``, and where it stands now.

    ``target`` is a path, or ``group/`` for the end of a group (``/`` for the end of all). What cannot be (into itself,
    or a name that stands there already) changes nothing.
    """
    item = item_at(form, path)
    end = target.endswith("/")
    above = [part for part in target.split("/")[:-1] if part]
    into = "/".join(above)
    if item is None or f"{into}/".startswith(f"{path}/") or target == path:
        return form, path
    *_own, code = path.split("/")
    here = path.split("/")[:-1]
    if here != above and any(i.code == code for i in _items(form, above)):
        return form, path
    rest = _within(form, here, lambda items: tuple(i for i in items if i.code != code))
    before = "" if end else target.split("/")[-1]

    def placed(items: tuple[Item, ...]) -> tuple[Item, ...]:
        place = next((n for n, each in enumerate(items) if each.code == before), len(items))
        return (*items[:place], item, *items[place:])

    return _within(rest, above, placed), "/".join([*above, code])


def copied(form: WholeForm, path: str) -> tuple[WholeForm, str]:
    """Return the form with a copy of the item behind it, under names that are free, and where the copy stands."""
    item = item_at(form, path)
    if item is None:
        return form, path
    taken = form

    def fresh(each: Item) -> Item:
        nonlocal taken
        code = free_code(taken, re.sub(r"_\d+$", "", each.code))
        taken = add(taken, Question(code, QuestionType.NOTE, {}))
        if isinstance(each, Group):
            return replace(each, code=code, items=tuple(fresh(inner) for inner in each.items))
        return replace(each, code=code)

    copy = fresh(item)
    return add_behind(form, copy, path), "/".join([*path.split("/")[:-1], copy.code])


def with_list(form: WholeForm, name: str, choices: tuple[Choice, ...]) -> WholeForm:
    """Return the form with a choice list."""
    return replace(form, lists={**form.lists, name: choices})


def without_idle_lists(form: WholeForm) -> WholeForm:
    """Return the form without the lists that no question uses."""
    used = {p.item.list for p in Shape.of(form).places if isinstance(p.item, Question)}
    return replace(form, lists={name: choices for name, choices in form.lists.items() if name in used})


def users_of(form: WholeForm, name: str) -> list[str]:
    """Return the paths of the questions that use a list."""
    return [p.name for p in Shape.of(form).places if isinstance(p.item, Question) and name and p.item.list == name]


def outline(form: WholeForm) -> Iterator[tuple[str, int, Item]]:
    """Return (path, how deep, item) of all items in order."""
    return ((p.name, len(p.path) - 1, p.item) for p in Shape.of(form).places)


def _items(form: WholeForm, above: list[str]) -> tuple[Item, ...]:
    found = item_at(form, "/".join(above)) if above else None
    return form.items if not above else found.items if isinstance(found, Group) else ()


def _within(form: WholeForm, above: list[str], change: Callable[[tuple[Item, ...]], tuple[Item, ...]]) -> WholeForm:
    return replace(form, items=_changed(form.items, above, change))


def _changed(
    items: tuple[Item, ...], above: list[str], change: Callable[[tuple[Item, ...]], tuple[Item, ...]]
) -> tuple[Item, ...]:
    if not above:
        return change(items)
    return tuple(
        replace(i, items=_changed(i.items, above[1:], change)) if isinstance(i, Group) and i.code == above[0] else i
        for i in items
    )


def _renamed(form: WholeForm, old: str, new: str) -> WholeForm:
    """Return the form in which every reference to ``old`` says ``new``."""
    name = re.escape(old)
    pattern = re.compile(rf"(\$\{{\s*){name}(?=\s*\}})|((?:\.\.|/data(?:/[^\s/()\[\],]+)*)/){name}(?![\w.·-])")

    def said(text: str) -> str:
        return pattern.sub(lambda found: (found.group(1) or found.group(2)) + new, text)

    def each(item: Item) -> Item:
        fields: dict[str, Any] = {n: said(v) for n in _EXPRESSIONS if (v := getattr(item, n, ""))}
        fields |= {n: {k: said(v) for k, v in w.items()} for n in _WORDS if (w := getattr(item, n, {}))}
        if isinstance(item, Group):
            return replace(item, items=tuple(map(each, item.items)), **fields)
        score = replace(item.score, passes=said(item.score.passes)) if item.score else None
        return replace(item, score=score, trigger=new if item.trigger == old else item.trigger, **fields)

    settings = replace(form.settings, instance_name=said(form.settings.instance_name))
    return replace(form, settings=settings, items=tuple(map(each, form.items)))
