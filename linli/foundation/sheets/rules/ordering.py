"""What of a sheet comes before what: a row that names another row as its parent comes in a later stretch. Pure."""

from __future__ import annotations

from collections.abc import Sequence


def levels(names: Sequence[Sequence[str]], parents: Sequence[Sequence[str]]) -> list[int]:
    """Return for each row how many rows of the same sheet stand above it.

    Rows in a circle get level 0: whatever checks them finds that their parent is not there.

    Args:
        names: what each row may be called; the first row of a name has it.
        parents: what it calls the row above, the first that is a row's name counts; others are outside.
    """
    owner: dict[str, int] = {}
    for i, own in enumerate(names):
        for name in own:
            if name:
                owner.setdefault(name, i)
    above = [next((owner[p] for p in own if p and p in owner), None) for own in parents]
    known: dict[int, int] = {}
    for i in range(len(names)):
        _measure(i, above, known)
    return [known[i] for i in range(len(names))]


def _measure(start: int, above: Sequence[int | None], known: dict[int, int]) -> None:
    chain: list[int] = []
    seen: set[int] = set()
    at: int | None = start
    while at is not None and at not in known and at not in seen:
        chain.append(at)
        seen.add(at)
        at = above[at]
    if at is not None and at in seen:  # a circle
        known.update(dict.fromkeys(chain, 0))
        return
    base = known[at] if at is not None else -1
    for step in reversed(chain):
        base += 1
        known[step] = base


def stretches(order: Sequence[int], size: int) -> list[int]:
    """Return where each stretch ends (exclusive): at most ``size`` rows, never of two levels.

    Args:
        order: the levels of the rows, ascending.
    """
    ends: list[int] = []
    begin = 0
    for i in range(1, len(order) + 1):
        if i == len(order) or order[i] != order[begin] or i - begin >= size:
            ends.append(i)
            begin = i
    return ends
