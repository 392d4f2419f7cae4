"""An assignment as the search sees it: visits, crews and walks by number, times in seconds of the day."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date

from linli.engines.fieldwork.rules.walking import walks_and_nearest
from linli.engines.fieldwork.types import Continuity, Span, Visit, Walking, Wishes, Worker
from linli.foundation.core.coordinates import Point

NEIGHBOURS = 32
MOST_VISITS = 5_000  # walks from each to each are kept: 25 million numbers

Kind = tuple[str, str, frozenset[str]]  # grid, unit, only: what decides who may come
Starts = tuple[tuple[int, int], ...]  # (first, last) second at which a visit may begin, in order


@dataclass(frozen=True, slots=True)
class Crew:
    """One person or two in one shift: what the search calls a route.

    Attributes:
        people: numbers of the workers.
        shift: when both are there.
        most: visits at most.
        home: number of the place where the walk begins and ends.
    """

    people: tuple[int, ...]
    shift: Span
    most: int
    home: int


@dataclass(slots=True)
class Frame:
    """Everything that does not change while the search goes on; build with :func:`frame`.

    Attributes:
        visits: by number, in the order of their keys.
        workers: by number, in the order of their keys.
        walk: seconds from place to place; visits first, then homes, the last one is nowhere (0 from everywhere).
        service: seconds of each visit.
        targets: seconds of visits that would be each worker's even share.
        near: for each visit the others, nearest first.
        crews: routes by number.
        open: for each visit the numbers of the crews that may take it.
        starts: for each visit, day → when it may begin; a visit that may at any time has no entry.
        wish: for each visit and crew, seconds lost where the wish for continuity is not met.
    """

    visits: tuple[Visit, ...]
    workers: tuple[Worker, ...]
    wishes: Wishes
    walk: list[list[int]]
    homes: dict[Point, int]
    service: list[int]
    targets: list[float]
    near: list[list[int]]
    crews: list[Crew] = field(default_factory=list)
    open: list[set[int]] = field(default_factory=list)
    starts: list[dict[date, Starts] | None] = field(default_factory=list)
    unplaced: int = 0
    kinds: list[Kind] = field(default_factory=list)
    _eligible: dict[tuple[Kind, tuple[int, ...]], bool] = field(default_factory=dict)

    @property
    def nowhere(self) -> int:
        """The number of the place that is at once everywhere."""
        return len(self.walk) - 1

    def starts_on(self, visit: int, day: date) -> Starts | None:
        """Return when a visit may begin on a day: None at any time, empty not at all."""
        found = self.starts[visit]
        return None if found is None else found.get(day, ())

    def lost_wish(self, visit: int, people: Sequence[int]) -> int:
        """Return the seconds that it counts when these people come and the wish was for others, or the same."""
        wishes = self.wishes
        last = self.visits[visit].last
        if wishes.continuity is Continuity.NONE or not last:
            return 0
        again = any(self.workers[p].key in last for p in people)
        return 0 if again == (wishes.continuity is Continuity.PREFER) else wishes.continuity_minutes * 60

    def add_crew(self, people: tuple[int, ...], shift: Span, visits: Collection[int]) -> int | None:
        """Enter a crew and return its number; None where it could take none of ``visits``."""
        start = self.workers[people[0]].start
        home = self.nowhere if start is None else self.homes[start]
        crew = Crew(people, shift, min(self.workers[p].most for p in people), home)
        may = [v for v in visits if self.may(v, crew)]
        if not may:
            return None
        number = len(self.crews)
        self.crews.append(crew)
        for v in may:
            self.open[v].add(number)
        return number

    def may(self, visit: int, crew: Crew) -> bool:
        """Return whether a crew may take a visit and could if it had nothing else to do."""
        if self.visits[visit].people > len(crew.people) or not self._comes(visit, crew.people):
            return False
        way = self.walk[crew.home][visit]
        first, last = crew.shift.begin * 60 + way, crew.shift.end * 60 - way - self.service[visit]
        starts = self.starts_on(visit, crew.shift.day)
        if starts is None:
            return first <= last
        return any(max(first, a) <= min(last, b) for a, b in starts)

    def _comes(self, visit: int, people: tuple[int, ...]) -> bool:
        key = (self.kinds[visit], people)
        if key not in self._eligible:
            self._eligible[key] = eligible(self.visits[visit], [self.workers[p] for p in people])
        return self._eligible[key]


def eligible(visit: Visit, people: Sequence[Worker]) -> bool:
    """Return whether these may come together: of the grid, of the list, and not all of the unit checked.

    Nobody checks the own unit alone (domain.md §1, 被反映单位); two together may be of it by halves.
    """
    if len({p.key for p in people}) < len(people):
        return False
    if visit.unit and all(p.unit == visit.unit for p in people):
        return False
    if visit.only and not all(p.key in visit.only for p in people):
        return False
    return not visit.grid or all(not p.grids or visit.grid in p.grids for p in people)


def _unique(keys: Sequence[str]) -> None:
    if len(set(keys)) < len(keys):
        raise ValueError("two visits or two workers have the same key")


def _starts(visit: Visit) -> dict[date, Starts] | None:
    """Return by day when a visit may begin so that it ends within the window."""
    if not visit.windows:
        return None
    found: dict[date, list[tuple[int, int]]] = defaultdict(list)
    for window in sorted(visit.windows):
        if window.minutes >= visit.minutes:
            found[window.day].append((window.begin * 60, (window.end - visit.minutes) * 60))
    return {day: tuple(pairs) for day, pairs in found.items()}


def _centres(visits: Sequence[Visit]) -> dict[str, Point]:
    """Return the middle of each grid, and under the empty name of all, as far as places are known."""
    found: dict[str, list[Point]] = defaultdict(list)
    for v in visits:
        if v.point is not None:
            found[""].append(v.point)
            if v.grid:
                found[v.grid].append(v.point)
    return {
        grid: Point(sum(p.lat for p in points) / len(points), sum(p.lon for p in points) / len(points))
        for grid, points in found.items()
    }


def frame(visits: Sequence[Visit], workers: Sequence[Worker], wishes: Wishes, walking: Walking) -> Frame:
    """Return the frame of an assignment, as yet without crews.

    A visit without a place counts as lying in the middle of its grid.

    Raises:
        ValueError: two keys are the same, shifts of one worker overlap, or there are more than 5,000 visits.
    """
    ordered = tuple(sorted(visits, key=lambda v: v.key))
    people = tuple(sorted(workers, key=lambda w: w.key))
    _unique([v.key for v in ordered])
    _unique([w.key for w in people])
    if len(ordered) > MOST_VISITS:
        raise ValueError(f"more than {MOST_VISITS} visits at once: assign by grid")
    for w in people:
        shifts = sorted(w.shifts)
        if any(a.day == b.day and a.end > b.begin for a, b in itertools.pairwise(shifts)):
            raise ValueError(f"shifts of {w.key} overlap")
    centres = _centres(ordered)
    places = [v.point or centres.get(v.grid) or centres.get("") for v in ordered]
    homes = sorted({w.start for w in people if w.start is not None}, key=lambda p: (p.lat, p.lon))
    count = len(ordered)
    walk, near = walks_and_nearest([*places, *homes], walking, count, NEIGHBOURS)
    for row in walk:
        row.append(0)
    walk.append([0] * (len(walk) + 1))
    service = [v.minutes * 60 for v in ordered]
    return Frame(
        ordered,
        people,
        wishes,
        walk,
        {home: count + n for n, home in enumerate(homes)},
        service,
        _targets(ordered, people),
        near,
        open=[set() for _ in ordered],
        starts=[_starts(v) for v in ordered],
        unplaced=wishes.unplaced_minutes * 60,
        kinds=[(v.grid, v.unit, v.only) for v in ordered],
    )


def _targets(visits: Sequence[Visit], workers: Sequence[Worker]) -> list[float]:
    """Return each worker's even share in seconds: all service by the minutes that each is there."""
    there = [sum(s.minutes for s in w.shifts) for w in workers]
    total = sum(v.minutes * v.people for v in visits) * 60
    whole = sum(there)
    return [max(1.0, total * t / whole) if whole else 1.0 for t in there]
