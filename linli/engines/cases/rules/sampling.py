"""Which closed cases are called back: a sample drawn by a recorded seed, so that anybody can draw it again."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil


@dataclass(frozen=True, slots=True)
class Candidate:
    """One closed case: its id, what it is sampled by (rating where rated, else outcome), the unit that handled it."""

    id: int
    group: str
    unit_id: int = 0


def order_of(candidate_id: int | str, seed: str) -> str:
    """Return what the candidates are ordered by: the hash of seed and id, which nobody can steer."""
    return hashlib.sha256(f"{seed}:{candidate_id}".encode()).hexdigest()


def wanted(count: int, percent: int) -> int:
    """Return how many of ``count`` a share of ``percent`` asks for, rounded up."""
    return min(count, ceil(Fraction(count * max(0, percent), 100)))


def draw(candidates: Collection[Candidate], shares: Mapping[str, int], minimum: int, seed: str) -> list[int]:
    """Return the ids drawn, in the order of the lot.

    From every group its share; then for every unit that has fewer than ``minimum`` as many more as
    it has, groups of a share of nothing left out. The order of ``candidates`` does not matter.

    Args:
        shares: group → percent; a group without one has none.
        minimum: cases per unit and week, as far as it has closed so many.
        seed: any text; the same seed draws the same.
    """
    lot = sorted(candidates, key=lambda c: (order_of(c.id, seed), c.id))
    sizes = Counter(c.group for c in lot)
    left = {group: wanted(count, shares.get(group, 0)) for group, count in sizes.items()}
    taken: set[int] = set()
    per_unit: Counter[int] = Counter()
    for c in lot:
        if left[c.group] > 0:
            left[c.group] -= 1
            taken.add(c.id)
            per_unit[c.unit_id] += 1
    for c in lot:
        if c.id not in taken and c.unit_id and shares.get(c.group, 0) > 0 and per_unit[c.unit_id] < minimum:
            taken.add(c.id)
            per_unit[c.unit_id] += 1
    return [c.id for c in lot if c.id in taken]


def group_of(outcome: str, rating: str) -> str:
    """Return what a closed case is sampled by: the rating where there is one, else the outcome."""
    return rating or outcome


def as_rows(candidates: Sequence[Candidate]) -> list[list[int | str]]:
    """Return candidates as they are kept beside a drawn sample."""
    return [[c.id, c.group, c.unit_id] for c in candidates]


def from_rows(rows: Sequence[Sequence[int | str]]) -> list[Candidate]:
    """Return the candidates that :func:`as_rows` kept."""
    return [Candidate(int(row[0]), str(row[1]), int(row[2])) for row in rows]
