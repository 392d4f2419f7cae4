"""The walks of all crews while they are being changed, as arrays for :mod:`assignment_kernel`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from linli.engines.fieldwork.rules import assignment_kernel as kernel
from linli.engines.fieldwork.rules.assignment_frame import Frame

_NEAR = 10  # neighbours beside whom a place is sought
_CHUNK = 256  # steps between two questions whether to stop


def _lists(rows: Iterable[Iterable[int]]) -> tuple[Any, Any]:
    """Return a list of lists as two arrays: where each begins (one more than there are), and all in a row."""
    begins: list[int] = [0]
    flat: list[int] = []
    for row in rows:
        flat.extend(row)
        begins.append(len(flat))
    return np.array(begins, dtype=np.int64), np.array(flat, dtype=np.int64)


def _copies(arrays: Sequence[Any]) -> Any:
    """Return copies of arrays, to be spread."""
    return [a.copy() for a in arrays]


def _question(frame: Frame) -> kernel.Question:
    """Return a frame as arrays."""
    crews, count = frame.crews, len(frame.visits)
    homes = [crew.home for crew in crews]
    nodes = count + len(crews)
    places = np.array(frame.walk, dtype=np.int32)
    which = np.array([*range(count), *homes], dtype=np.int64)
    walk = places[np.ix_(which, which)]
    walk[count:, count:] = 0
    open_ = [sorted(found) for found in frame.open]
    fee = np.full((count, max(1, len(crews))), kernel.NOT, dtype=np.int64)
    for v, found in enumerate(open_):
        for c in found:
            fee[v, c] = frame.lost_wish(v, crews[c].people)
    some = [any(fee[v, c] > 0 for c in found) for v, found in enumerate(open_)]
    near = [
        [u for u in found if not frame.open[u].isdisjoint(frame.open[v])] for v, found in enumerate(frame.near)
    ]  # fmt: skip
    days = sorted({crew.shift.day for crew in crews})
    starts = [() if (f := frame.starts[v]) is None else f.get(day, ()) for v in range(count) for day in days]
    starts_at, first = _lists([a for a, _ in found] for found in starts)
    _, last = _lists([b for _, b in found] for found in starts)
    pull = [2 * frame.wishes.balance / t for t in frame.targets]
    mine: list[list[int]] = [[] for _ in frame.workers]
    for c, crew in enumerate(crews):
        for p in crew.people:
            mine[p].append(c)
    return kernel.Question(
        np.ascontiguousarray(walk).reshape(nodes, nodes),
        np.array(frame.service, dtype=np.int64),
        fee,
        np.array([f is not None for f in frame.starts], dtype=np.bool_),
        starts_at,
        first,
        last,
        np.array([days.index(crew.shift.day) for crew in crews], dtype=np.int64),
        *_lists(frame.near),
        *_lists(found[:_NEAR] for found in near),
        *_lists(found if wish else () for found, wish in zip(near, some, strict=True)),
        *_lists([count + c for c in open_[v] if not fee[v, c]] if wish else () for v, wish in enumerate(some)),
        *_lists(open_),
        np.array([(*crew.people, -1)[:2] for crew in crews], dtype=np.int64).reshape(-1, 2),
        *_lists(mine),
        np.array(pull, dtype=np.float64),
        np.array([sum(pull[p] / 2 for p in crew.people) for crew in crews], dtype=np.float64),
        np.array([frame.unplaced], dtype=np.int64),
        np.array([len(days)], dtype=np.int64),
    )


def _walks(frame: Frame, question: kernel.Question) -> kernel.Walks:
    """Return rings with nothing in them."""
    crews, count = frame.crews, len(frame.visits)
    nodes = count + len(crews)
    rings = np.arange(nodes, dtype=np.int64)
    begins = [crew.shift.begin * 60 for crew in crews]
    ends = [crew.shift.end * 60 for crew in crews]
    slope = [-sum(question.pull[p] * frame.targets[p] for p in crew.people) for crew in crews]
    now = (
        rings,
        rings.copy(),
        np.zeros(nodes, dtype=np.int64),
        np.array([0] * count + begins, dtype=np.int64),
        np.array([0] * count + ends, dtype=np.int64),
    )
    sums = (
        np.array([crew.most for crew in crews], dtype=np.int64),
        np.zeros(len(frame.workers), dtype=np.int64),
        np.array(slope, dtype=np.float64),
    )
    away = np.arange(count, dtype=np.int64)
    arrays: list[Any] = [
        *now,
        np.array([-1] * count + list(range(len(crews))), dtype=np.int64),
        *sums,
        away,
        np.arange(count, dtype=np.int64),
        np.empty((count + 1, 2), dtype=np.int64),
        np.empty(len(crews) + 1, dtype=np.int64),
        np.zeros(len(crews), dtype=np.bool_),
        np.array([count, 0, 0, count], dtype=np.int64),
        np.zeros(2, dtype=np.float64),
        *_copies(now),
        *_copies(sums),
        away.copy(),
    ]
    return kernel.Walks(*arrays)


class Plan:
    """Who visits what in which order; every change keeps windows, shifts and numbers.

    Attributes:
        count: of the visits; a crew's home is the node with this number and its own together.
        question: what does not change.
        walks: what does.
    """

    def __init__(self, frame: Frame) -> None:
        """Begin with nothing placed."""
        self.frame = frame
        self.count = len(frame.visits)
        self.question = _question(frame)
        self.walks = _walks(frame, self.question)
        self.walks.total[:] = self.cost()

    @property
    def total(self) -> float:
        """The whole cost in seconds of walking, as reckoned step by step."""
        return float(self.walks.total[0])

    @property
    def absent(self) -> set[int]:
        """Visits that nobody makes."""
        return {int(v) for v in self.walks.away[: self.walks.sizes[0]]}

    @property
    def loads(self) -> list[int]:
        """Seconds of visits of each worker."""
        return [int(load) for load in self.walks.loads]

    @property
    def crews(self) -> list[int]:
        """For each visit the crew, -1 where it has none."""
        return [int(c) for c in self.walks.where[: self.count]]

    def unmet(self, v: int, c: int) -> bool:
        """Return whether a visit's wish for continuity is not met with a crew."""
        return bool(self.question.fee[v, c])

    def begin(self, v: int, c: int, moment: int) -> int:
        """Return the second at which a crew who has come by ``moment`` begins a visit of its walk."""
        return int(kernel.begin_at(self.question, v, int(self.question.day[c]), moment))

    def cost(self) -> float:
        """Return the whole cost in seconds of walking, reckoned anew."""
        frame, crews = self.frame, self.crews
        uneven: float = sum(
            float(p) / 2 * (load - t) ** 2
            for p, load, t in zip(self.question.pull, self.loads, frame.targets, strict=True)
        )
        lost = sum(int(self.question.fee[v, c]) for v, c in enumerate(crews) if c >= 0)
        walked = sum(self.walked(c) for c in range(len(frame.crews)))
        return walked + uneven + lost + frame.unplaced * len(self.absent)

    def stops(self, c: int) -> list[int]:
        """Return the visits of a crew in their order."""
        found, home = [], self.count + c
        v = int(self.walks.after[home])
        while v != home:
            found.append(v)
            v = int(self.walks.after[v])
        return found

    def walked(self, c: int) -> int:
        """Return the seconds that a crew walks."""
        return int(self.walks.leg[self.count + c] + sum(self.walks.leg[v] for v in self.stops(c)))

    def insert_anywhere(self, v: int, only: int = -1) -> bool:
        """Put a visit where it costs least of all places, or of those with one worker alone; say if it found one."""
        return bool(kernel.insert_anywhere(self.question, self.walks, v, only))

    def remove(self, first: int, last: int) -> None:
        """Take out what stands from one visit to another of the same walk."""
        kernel.remove(self.question, self.walks, first, last)

    def keep(self) -> None:
        """Let what was changed be so."""
        kernel.keep(self.question, self.walks)

    def undo(self) -> None:
        """Put back what was changed since the last :meth:`keep`."""
        kernel.undo(self.question, self.walks)

    def improve(self, steps: int, seed: int, stop: Callable[[], bool] | None) -> int:
        """Ruin and recreate so many times, or until ``stop`` says so; lay the best. Return the steps made."""
        dice = np.array([seed], dtype=np.int64).astype(np.uint64)
        best, rings, done = self.walks.total[:1].copy(), self.walks.after.copy(), 0
        out = np.empty(self.count + 2, dtype=np.int64)
        while done < steps and not (stop is not None and stop()):
            end = min(steps, done + _CHUNK)
            kernel.improve(self.question, self.walks, dice, out, best, rings, done, end, steps)
            done = end
        self.lay(rings)
        return done

    def lay(self, rings: Sequence[int]) -> None:
        """Make all walks what they were when ``rings`` was copied."""
        self.walks = _walks(self.frame, self.question)
        kernel.lay(self.question, self.walks, np.array(rings, dtype=np.int64))
        self.walks.total[:] = self.cost()
        kernel.keep(self.question, self.walks)
