"""Which rows teach and which examine: by hash of the id or by month, near-copies always on one side; pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from hashlib import sha256
from itertools import pairwise

import numpy as np

from linli.engines.judgement.rules.category_features import hashed, squeezed

SHINGLE = 4
SIGNATURE = 64
BAND = 2
# Two texts are near-copies where they share half of all their shingles, or the shorter 4/5 of its own.
ALIKE, HELD = 0.5, 0.8
_MOST_IN_A_BAND = 200


def shingles(texts: Sequence[str]) -> list[np.ndarray]:
    """Return for each text the hashes of every four neighbouring characters, marks and small words left out, sorted.

    A text shorter than that has one: itself.
    """
    plain = [t if len(t) >= SHINGLE else t.ljust(SHINGLE, "\ufffe") for t in map(squeezed, texts)]
    ((row, _at, run),) = hashed(plain, (SHINGLE,)) if plain else ((np.zeros(0), None, np.zeros(0)),)
    ends = np.searchsorted(row, np.arange(len(plain) + 1))
    return [np.unique(run[a:b]) for a, b in pairwise(ends)]


def near_copies(a: np.ndarray, b: np.ndarray) -> bool:
    """Return whether two texts are copies of each other, or the shorter mostly a part of the longer."""
    both = len(np.intersect1d(a, b, assume_unique=True))
    return bool(both >= ALIKE * (len(a) + len(b) - both) or both >= HELD * min(len(a), len(b)))


def _signatures(sets: Sequence[np.ndarray]) -> np.ndarray:
    """Return minhash signatures, one row for each set; none is empty."""
    rng = np.random.default_rng(20261123)
    turn = rng.integers(1, 2**61, SIGNATURE, dtype=np.uint64) | np.uint64(1)
    shift = rng.integers(0, 2**61, SIGNATURE, dtype=np.uint64)
    every, starts = np.concatenate(sets), np.cumsum([0, *(len(s) for s in sets)])[:-1]
    return np.stack(
        [np.minimum.reduceat((every * t + s) >> np.uint64(32), starts) for t, s in zip(turn, shift, strict=True)],
        axis=1,
    )


def _candidates(sets: Sequence[np.ndarray]) -> set[tuple[int, int]]:
    pairs: set[tuple[int, int]] = set()
    if not sets:
        return pairs
    signatures = _signatures(sets)
    for band in range(0, SIGNATURE, BAND):
        places: dict[tuple[int, ...], list[int]] = defaultdict(list)
        for row, key in enumerate(map(tuple, signatures[:, band : band + BAND].tolist())):
            places[key].append(row)
        for rows in places.values():
            if 1 < len(rows) <= _MOST_IN_A_BAND:
                pairs.update((rows[0], other) for other in rows[1:])
                pairs.update(pairwise(rows))
    return pairs


def groups(texts: Sequence[str]) -> list[int]:
    """Return for each text the row of the first of its group; near-copies are in one group (minhash, then counted)."""
    sets = shingles(texts)
    above = list(range(len(texts)))

    def root(row: int) -> int:
        while above[row] != row:
            above[row] = above[above[row]]
            row = above[row]
        return row

    for a, b in sorted(_candidates(sets)):
        one, two = root(a), root(b)
        if one != two and near_copies(sets[a], sets[b]):
            above[max(one, two)] = min(one, two)
    return [root(row) for row in range(len(texts))]


def share_of(key: str) -> float:
    """Return a number from 0 to below 1 that is always the same for ``key``."""
    return int(sha256(key.encode()).hexdigest()[:8], 16) / 2**32


def held_out(keys: Sequence[str], group: Sequence[int], share: float) -> list[bool]:
    """Return for each row whether it examines: about ``share`` of the groups, by hash of the group's least key."""
    least: dict[int, str] = {}
    for key, row in zip(keys, group, strict=True):
        least[row] = min(least.get(row, key), key)
    return [share_of(least[row]) < share for row in group]


def folds(keys: Sequence[str], group: Sequence[int], count: int) -> np.ndarray:
    """Return for each row one of ``count`` parts, whole groups together."""
    least: dict[int, str] = {}
    for key, row in zip(keys, group, strict=True):
        least[row] = min(least.get(row, key), key)
    return np.array([int(share_of(f"fold {least[row]}") * count) for row in group], dtype=np.int64)
