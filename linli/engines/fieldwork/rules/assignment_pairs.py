"""Who goes together: shifts set aside for checks by two, as few as do."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from linli.engines.fieldwork.rules.assignment_frame import Frame, eligible
from linli.engines.fieldwork.types import Span, Visit

_WALKED = 30  # per cent of a shift that is taken to be walked
_LEAST = 30  # minutes of a shift left over that are worth going out for

_Class = tuple[str, str, frozenset[str], frozenset[date]]


@dataclass(frozen=True, slots=True)
class _Meeting:
    """Two workers who are there at once."""

    people: tuple[int, int]
    span: Span

    @property
    def room(self) -> int:
        return self.span.minutes * (100 - _WALKED) // 100


def _class_of(visit: Visit) -> _Class:
    return visit.grid, visit.unit, visit.only, frozenset(w.day for w in visit.windows)


def _meetings(frame: Frame, free: dict[int, list[Span]]) -> Iterator[_Meeting]:
    for a, b in combinations(range(len(frame.workers)), 2):
        for one in free[a]:
            for other in free[b]:
                begin, end = max(one.begin, other.begin), min(one.end, other.end)
                if one.day == other.day and end - begin >= _LEAST:
                    yield _Meeting((a, b), Span(one.day, begin, end))


def _without(spans: Iterable[Span], taken: Span) -> list[Span]:
    """Return what is left of shifts, scraps thrown away."""
    left = []
    for s in spans:
        if s.day != taken.day or s.end <= taken.begin or taken.end <= s.begin:
            left.append(s)
            continue
        for begin, end in ((s.begin, taken.begin), (taken.end, s.end)):
            if end - begin >= _LEAST:
                left.append(Span(s.day, begin, end))
    return left


class _Pairing:
    """Chooses meetings until the checks by two have room, or none is left that helps."""

    def __init__(self, frame: Frame, free: dict[int, list[Span]]) -> None:
        self.frame = frame
        self.free = free
        self.pending: dict[_Class, list[int]] = defaultdict(list)
        for number, visit in enumerate(frame.visits):
            if visit.people == 2:
                self.pending[_class_of(visit)].append(number)
        self.used: Counter[int] = Counter()
        self.minutes = self._count()
        self.example = {kind: frame.visits[visits[0]] for kind, visits in self.pending.items()}
        self._may: dict[tuple[tuple[int, int], _Class], bool] = {}

    def _count(self) -> dict[_Class, int]:
        """Return how many minutes of each kind have no room yet."""
        return {
            kind: sum(self.frame.visits[v].minutes for v in visits) for kind, visits in self.pending.items() if visits
        }

    def _fits(self, meeting: _Meeting, kind: _Class) -> bool:
        if kind[3] and meeting.span.day not in kind[3]:
            return False
        key = (meeting.people, kind)
        if key not in self._may:
            one, other = (self.frame.workers[p] for p in meeting.people)
            self._may[key] = eligible(self.example[kind], (one, other))
        return self._may[key]

    def _worth(self, meeting: _Meeting) -> tuple[int, int, int]:
        minutes = sum(total for kind, total in self.minutes.items() if self._fits(meeting, kind))
        a, b = meeting.people
        return min(minutes, meeting.room), -self.used[a] - self.used[b], -meeting.span.minutes

    def _fill(self, meeting: _Meeting) -> None:
        """Strike off what the meeting has room for, near to each other; at least one."""
        room = meeting.room
        fitting = [v for kind, visits in self.pending.items() if visits and self._fits(meeting, kind) for v in visits]
        row = self.frame.walk[fitting[0]]
        struck: set[int] = set()
        for v in sorted(fitting, key=lambda v: (row[v], v)):
            if struck and self.frame.visits[v].minutes > room:
                break
            room -= self.frame.visits[v].minutes
            struck.add(v)
        for kind, visits in self.pending.items():
            self.pending[kind] = [v for v in visits if v not in struck]
        self.minutes = self._count()

    def chosen(self) -> Iterator[_Meeting]:
        """Yield the meetings one by one."""
        possible = list(_meetings(self.frame, self.free)) if self.pending else []
        while possible and any(self.pending.values()):
            worth, best = max(((self._worth(m), -n) for n, m in enumerate(possible)))
            if not worth[0]:
                return
            meeting = possible[-best]
            yield meeting
            self._fill(meeting)
            for p in meeting.people:
                self.used[p] += 1
                self.free[p] = _without(self.free[p], meeting.span)
            possible = [m for m in possible if self._still(m, meeting)]

    def _still(self, one: _Meeting, taken: _Meeting) -> bool:
        """Return whether a meeting can still be held after another was chosen."""
        if one.span.day != taken.span.day or not set(one.people) & set(taken.people):
            return True
        span = one.span
        return all(
            any(s.day == span.day and s.begin <= span.begin and span.end <= s.end for s in self.free[p])
            for p in one.people
        )


def enter_crews(frame: Frame) -> None:
    """Enter every crew: first as many shifts of two as the checks by two need, then each person's own time.

    What a shift of two leaves of the shifts of both stays with each of them, where it is 30 minutes or more.
    """
    free = {n: sorted(w.shifts) for n, w in enumerate(frame.workers)}
    numbers = range(len(frame.visits))
    for meeting in _Pairing(frame, free).chosen():
        frame.add_crew(meeting.people, meeting.span, numbers)
    for n, spans in free.items():
        for span in spans:
            frame.add_crew((n,), span, numbers)
