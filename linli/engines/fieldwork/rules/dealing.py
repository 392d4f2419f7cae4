"""Visits dealt out by grid: to who works nearest to the target, evenly."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class InGrid:
    """Somebody who works in a grid; who leads it gets visits only where nobody else works there."""

    key: int
    path: str
    leads: bool = False


def deal(
    visits: Sequence[tuple[str, str]], people: Sequence[InGrid], loads: Mapping[int, int], *, each: int = 1
) -> dict[str, tuple[int, ...]]:
    """Return visit → who goes; a visit for which there are not so many people is left out.

    Of those in whose grid a target lies the smallest grid's come first, who does not lead before who does, then who has
    fewest visits, then the lower key.

    Args:
        visits: key and area path, in the order in which they are dealt.
        people: who works where.
        loads: visits that people have already.
        each: how many go together.
    """
    load = {p.key: loads.get(p.key, 0) for p in people}
    near: dict[str, list[InGrid]] = {}
    found: dict[str, tuple[int, ...]] = {}
    for key, path in visits:
        if path not in near:
            near[path] = [p for p in people if p.path and path.startswith(p.path)]
        rank: dict[int, tuple[bool, int]] = {}
        for p in near[path]:
            rank[p.key] = min(rank.get(p.key, (True, 0)), (p.leads, -len(p.path)))
        order = sorted(rank, key=lambda k: (rank[k], load[k], k))
        if len(order) < each:
            continue
        found[key] = tuple(order[:each])
        for taken in found[key]:
            load[taken] += 1
    return found
