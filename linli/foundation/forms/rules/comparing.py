"""Two versions of a form compared: what changed for answers that were kept under the old one."""

from __future__ import annotations

from collections.abc import Iterator

from linli.foundation.forms.rules.shape import Item, Place, Shape
from linli.foundation.forms.types import Change, Choice, Group, Question, WholeForm

# field → what changed, and whether a kept answer may not mean the same any more.
_FIELDS: dict[str, tuple[str, bool]] = {
    "label": ("label", False), "relevant": ("condition", True), "constraint": ("constraint", True),
    "required": ("required", True), "required_when": ("required", True), "calculation": ("calculation", True),
    "choice_filter": ("condition", True), "score": ("score", True), "count": ("repeat", True),
    "least": ("required", True), "most": ("constraint", True), "parameters": ("other", True),
    "hint": ("other", False), "guidance": ("other", False), "appearance": ("other", False),
    "constraint_message": ("other", False), "required_message": ("other", False), "media": ("other", False),
    "default": ("other", False), "default_expression": ("other", False), "read_only": ("other", False),
    "trigger": ("other", False), "finds": ("score", True), "extra": ("other", True),
    "same_spot": ("other", False), "personal": ("other", True),
}  # fmt: skip


def compare_forms(old: WholeForm, new: WholeForm) -> list[Change]:
    """Return what changed, in the order of the new form, what was removed last."""
    before, after = Shape.of(old), Shape.of(new)
    found: list[Change] = []
    met: set[tuple[str, ...]] = set()
    for place in after.places:
        earlier = _earlier(before, after, place)
        if earlier is None:
            found.append(Change(place.name, "added", None, _label(place.item), _is_asked(place.item)))
            continue
        met.add(earlier.path)
        if earlier.path != place.path:
            found.append(Change(place.name, "moved", earlier.name, place.name, matters=True))
        found += _fields(place.name, earlier.item, place.item)
        if isinstance(earlier.item, Question) and isinstance(place.item, Question):
            found += _choices(place.name, old.choices(earlier.item), new.choices(place.item))
    gone = [p for p in before.places if p.path not in met]
    return found + [Change(p.name, "removed", _label(p.item), None, matters=True) for p in gone]


def _earlier(before: Shape, after: Shape, place: Place) -> Place | None:
    """Return the same item in the old form: at the same path, or under the same name where only one bears it."""
    if place.path in before.by_path:
        return before.by_path[place.path]
    code = place.path[-1]
    named = before.by_name.get(code, [])
    if len(named) == 1 and len(after.by_name[code]) == 1 and named[0].path not in after.by_path:
        return named[0]
    return None


def _label(item: Item) -> dict[str, str]:
    return dict(item.label)


def _is_asked(item: Item) -> bool:
    """Return whether kept answers lack something that is now asked for."""
    return isinstance(item, Question) and (item.required or bool(item.required_when) or bool(item.least))


def _kind(item: Item) -> str:
    if isinstance(item, Group):
        return "repeat" if item.repeat else "group"
    return item.type.value


def _fields(path: str, old: Item, new: Item) -> Iterator[Change]:
    if _kind(old) != _kind(new):
        yield Change(path, "type", _kind(old), _kind(new), matters=True)
    for name, (what, matters) in _FIELDS.items():
        before, after = getattr(old, name, None), getattr(new, name, None)
        if (before or None) != (after or None):
            yield Change(path, what, before, after, matters)


def _choices(path: str, old: tuple[Choice, ...], new: tuple[Choice, ...]) -> Iterator[Change]:
    before, after = {c.code: c for c in old}, {c.code: c for c in new}
    gone, come = [c for c in before if c not in after], [c for c in after if c not in before]
    if gone:
        yield Change(path, "choices_removed", gone, None, matters=True)
    if come:
        yield Change(path, "choices_added", None, come)
    for code in (c for c in after if c in before):
        one, other = before[code], after[code]
        if dict(one.label) != dict(other.label):
            yield Change(path, "choice_label", {code: dict(one.label)}, {code: dict(other.label)})
        if one.mark != other.mark:
            yield Change(path, "score", {code: one.mark}, {code: other.mark}, matters=True)
