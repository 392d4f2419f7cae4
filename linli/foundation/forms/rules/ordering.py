"""In which order a form is worked out, and the circles in which that cannot be."""

from __future__ import annotations

from linli.foundation.forms.rules.expressions import ExpressionError, names, parse
from linli.foundation.forms.rules.shape import Path, Place, Shape, deciding


def dependencies(shape: Shape) -> dict[Path, set[Path]]:
    """Return place → the places that must be worked out before it.

    An item waits for its group and for all that its own expressions ask about; who asks about a group or repeat
    waits for all that stands in it.
    """
    found: dict[Path, set[Path]] = {}
    for place in shape.places:
        wanted: set[Path] = {place.path[:-1]} if len(place.path) > 1 else set()
        for field, text in deciding(place.item):
            for target in _targets(shape, field, text):
                wanted.add(target.path)
                if target.path != place.path and target.path != place.path[: len(target.path)]:
                    wanted.update(inner.path for inner in shape.inside(target))
        found[place.path] = wanted
    return found


def _targets(shape: Shape, field: str, text: str) -> list[Place]:
    try:
        asked = names(parse(text, columns=field == "choice_filter"))
    except ExpressionError:
        return []
    return [shape.by_name[name][0] for name in asked if name in shape.by_name]


def ordered(shape: Shape) -> tuple[list[Place], list[list[Path]]]:
    """Return the places in the order of working out, as near to the form's as can be, and the circles found.

    A place of a circle comes where it is first met, so that the order is whole even then.
    """
    wanted = dependencies(shape)
    rank = {place.path: n for n, place in enumerate(shape.places)}
    order: list[Place] = []
    circles: list[list[Path]] = []
    state: dict[Path, int] = {}
    for place in shape.places:
        _visit(place.path, wanted, rank, state, order, circles, shape)
    return order, circles


def _visit(
    start: Path, wanted: dict[Path, set[Path]], rank: dict[Path, int], state: dict[Path, int],
    order: list[Place], circles: list[list[Path]], shape: Shape,
) -> None:  # fmt: skip
    """Put ``start`` and all that it waits for into ``order``; without recursion, for long chains."""
    if start in state:
        return
    stack = [(start, sorted(wanted[start], key=rank.__getitem__))]
    state[start] = 1
    while stack:
        path, waiting = stack[-1]
        if not waiting:
            stack.pop()
            state[path] = 2
            order.append(shape.by_path[path])
            continue
        following = waiting.pop(0)
        if state.get(following) == 1:
            trail = [p for p, _rest in stack]
            circles.append(trail[trail.index(following) :])
        elif following not in state:
            state[following] = 1
            stack.append((following, sorted(wanted[following], key=rank.__getitem__)))
