"""Replays requests in time and counts: was the earlier report of the same matter found, and who was asked in vain."""

from __future__ import annotations

import random
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from linli.engines.judgement.rules.duplicates import (
    FEATURES,
    RADIUS,
    Pair,
    Sketch,
    Weights,
    cell_of,
    compare,
    metres_between,
)

DAYS = 90
MOST_IN_CELL = 150
NEAR, NEAR_DAYS = 100.0, 30
_AROUND = (-1, 0, 1)


@dataclass(frozen=True, slots=True)
class Replayed:
    """One new report with the earlier ones it is compared with; ``truth``: the id of its matter's, None if new."""

    new: Sketch
    truth: int | None
    pairs: tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured of one way to rank."""

    name: str
    first: float
    five: float
    asked: float | None = None
    offered: float | None = None
    rows: float = 0.0


class Past:
    """Reports in time, by cell: only what is earlier is ever a candidate."""

    def __init__(self, sketches: Iterable[Sketch], closed: Mapping[int, float]) -> None:
        """Keep ``sketches``; ``closed``: when each was ended, by id."""
        self.closed = closed
        self.cells: dict[tuple[int, int], list[Sketch]] = {}
        for each in sorted(sketches, key=lambda s: (s.at, s.id)):
            if each.lat is not None and each.lon is not None:
                self.cells.setdefault(cell_of(each.lat, each.lon), []).append(each)
        self._times = {cell: [s.at for s in rows] for cell, rows in self.cells.items()}

    def candidates(self, new: Sketch) -> list[Sketch]:
        """Return the earlier reports within the radius and the days, the newest of each cell at most."""
        if new.lat is None or new.lon is None:
            return []
        row, column = cell_of(new.lat, new.lon)
        found = []
        for cell in ((row + r, column + c) for r in _AROUND for c in _AROUND):
            rows = self.cells.get(cell)
            if rows is None:
                continue
            times = self._times[cell]
            end, start = bisect_left(times, new.at), bisect_left(times, new.at - DAYS * 86_400)
            found += rows[max(start, end - MOST_IN_CELL) : end]
        near = [s for s in found if (metres_between(new, s) or 0.0) <= RADIUS and s.id != new.id]
        return [replace(s, open=self.closed.get(s.id, float("inf")) > new.at) for s in near]

    def replay(self, new: Sketch, truth: int | None) -> Replayed:
        """Return ``new`` beside what had been reported by then."""
        return Replayed(new, truth, tuple(compare(new, self.candidates(new))))


def chosen(ids: Sequence[int], count: int, seed: int) -> list[int]:
    """Return ``count`` of ``ids``, the same for the same seed whatever their order."""
    return random.Random(seed).sample(sorted(ids), min(count, len(ids)))  # noqa: S311  a sample, no secret


Rank = Callable[[Replayed], list[int]]


def by_model(model: Weights) -> Rank:
    """Return the ranking of ``model``."""
    return lambda r: [p.id for p in sorted(r.pairs, key=lambda p: (-model.probability(p.figures), p.hours))]


def by_distance(replayed: Replayed) -> list[int]:
    """Return the baseline: the nearest of the same service within 100 metres and 30 days."""
    same = FEATURES.index("same_category")
    near = [p for p in replayed.pairs if p.figures[same] and (p.metres or 0.0) <= NEAR and p.hours <= NEAR_DAYS * 24]
    return [p.id for p in sorted(near, key=lambda p: (p.metres or 0.0, p.hours))]


def by_words(replayed: Replayed) -> list[int]:
    """Return the baseline of words alone."""
    words = FEATURES.index("words")
    return [p.id for p in sorted(replayed.pairs, key=lambda p: (-p.figures[words], p.hours))]


def recall(rank: Rank, duplicates: Sequence[Replayed]) -> tuple[float, float]:
    """Return how often the right one came first, and among the first five."""
    ranks = [rank(r) for r in duplicates]
    first = sum(bool(found) and found[0] == r.truth for found, r in zip(ranks, duplicates, strict=True))
    five = sum(r.truth in found[:5] for found, r in zip(ranks, duplicates, strict=True))
    return first / max(1, len(ranks)), five / max(1, len(ranks))


def best(model: Weights, replayed: Replayed) -> float:
    """Return the highest probability that a report's candidates get."""
    return max((model.probability(p.figures) for p in replayed.pairs), default=0.0)


def threshold_for(model: Weights, others: Sequence[Replayed], asked: float) -> float:
    """Return the threshold at which at most ``asked`` of reports without an earlier one are offered any."""
    highest = sorted((best(model, r) for r in others), reverse=True)
    if not highest:
        return model.threshold
    return min(1.0, highest[min(len(highest) - 1, int(asked * len(highest)))] + 1e-6)


def measure(model: Weights, duplicates: Sequence[Replayed], others: Sequence[Replayed]) -> Figures:
    """Return the figures of ``model``, at its own threshold."""
    first, five = recall(by_model(model), duplicates)
    asked = sum(best(model, r) >= model.threshold for r in others) / max(1, len(others))
    right = 0
    for r in duplicates:
        over = [p for p in r.pairs if model.probability(p.figures) >= model.threshold]
        right += r.truth in by_model(model)(replace(r, pairs=tuple(over)))[:5]
    rows = sum(len(r.pairs) for r in others) / max(1, len(others))
    return Figures("model", first, five, asked, right / max(1, len(duplicates)), rows)
