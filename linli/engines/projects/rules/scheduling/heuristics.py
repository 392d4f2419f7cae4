"""Plans with teams without a solver: one activity after another, then pushed late and pulled early.

Serial schedule generation with priority rules (Kolisch 1996), and double justification, which never makes a plan
longer (Valls, Ballestín and Quintanilla 2005). An answer exists always, and the solver starts from it.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from heapq import heappop, heappush

from linli.engines.projects.rules.scheduling.frame import Frame, Times

Score = tuple[int, int]
_ROUNDS = 3


class Profile:
    """What is taken of every resource, day by day."""

    def __init__(self, frame: Frame) -> None:
        """Begin with nothing taken."""
        self._frame = frame
        self._taken: list[dict[int, int]] = [{} for _ in frame.capacity]

    def add(self, job: int, start: int, end: int, sign: int = 1) -> None:
        """Take what ``job`` needs from ``start`` to ``end``; give it back with ``sign`` -1."""
        for resource, units in self._frame.jobs[job].demands:
            taken = self._taken[resource]
            for day in range(start, end):
                taken[day] = taken.get(day, 0) + sign * units

    def last_clash(self, job: int, start: int, end: int) -> int | None:
        """Return the last day on which too little is left for ``job``; None if it fits."""
        for day in range(end - 1, start - 1, -1):
            if self._short(job, day):
                return day
        return None

    def first_clash(self, job: int, start: int, end: int) -> int | None:
        """Return the first day on which too little is left for ``job``; None if it fits."""
        for day in range(start, end):
            if self._short(job, day):
                return day
        return None

    def _short(self, job: int, day: int) -> bool:
        units = self._frame.units
        return any(
            self._taken[resource].get(day, 0) + need > units(resource, day)
            for resource, need in self._frame.jobs[job].demands
        )


def earliest(frame: Frame, profile: Profile, job: int, start: int) -> int:
    """Return the first start at or after ``start`` at which ``job`` finds what it needs."""
    span = frame.jobs[job].span
    while True:
        start = span.settle(start)
        clash = profile.last_clash(job, start, span.end(start))
        if clash is None:
            return start
        start = clash + 1


def latest(frame: Frame, profile: Profile, job: int, start: int, floor: int) -> int:
    """Return the last start at or before ``start``, but not before ``floor``, at which ``job`` finds what it needs."""
    span = frame.jobs[job].span
    while start > floor:
        start = span.back(start)
        clash = profile.first_clash(job, start, span.end(start))
        if clash is None:
            return max(start, floor)
        start = span.latest(clash)
    return floor


def serial(frame: Frame, ranks: Sequence[float]) -> Times:
    """Return the plan that places, of the activities free to be placed, the one of the lowest rank first.

    What is under way comes before everything else: it holds its team already.
    """
    starts, ends = [0] * len(frame.jobs), [0] * len(frame.jobs)
    profile = Profile(frame)
    waits = [len(arcs) for arcs in frame.into]
    ready: list[tuple[bool, float, int]] = []
    for job, waiting in enumerate(waits):
        if not waiting:
            heappush(ready, (not frame.jobs[job].begun, ranks[job], job))
    while ready:
        _begun, _rank, job = heappop(ready)
        start = earliest(frame, profile, job, frame.bound(job, starts, ends))
        starts[job], ends[job] = start, frame.jobs[job].span.end(start)
        profile.add(job, start, ends[job])
        for arc in frame.out[job]:
            waits[arc.after] -= 1
            if not waits[arc.after]:
                heappush(ready, (not frame.jobs[arc.after].begun, ranks[arc.after], arc.after))
    return Times(starts, ends)


def push_late(frame: Frame, times: Times, limits: Sequence[int], *, begun: bool = False) -> Times:
    """Return ``times`` with every activity as late as its limit, what follows and the teams allow.

    The last end goes first; nothing moves to earlier, so that all keeps within capacity.

    Args:
        begun: whether what is under way moves too; else it stays.
    """
    starts, ends = list(times.starts), list(times.ends)
    profile = filled(frame, times)
    place = {job: n for n, job in enumerate(frame.order)}
    for job in sorted(range(len(starts)), key=lambda n: (-ends[n], -place[n])):
        if frame.jobs[job].begun and not begun:
            continue
        profile.add(job, starts[job], ends[job], -1)
        ceiling = frame.ceiling(job, starts, ends, limits[job])
        starts[job] = latest(frame, profile, job, ceiling, starts[job])
        ends[job] = frame.jobs[job].span.end(starts[job])
        profile.add(job, starts[job], ends[job])
    return Times(starts, ends)


def pull_early(frame: Frame, times: Times) -> Times:
    """Return ``times`` with every activity as early as it can be, in the order of their starts; never longer."""
    return serial(frame, times.starts)


def filled(frame: Frame, times: Times) -> Profile:
    """Return what ``times`` takes of every resource."""
    profile = Profile(frame)
    for job, (start, end) in enumerate(zip(times.starts, times.ends, strict=True)):
        profile.add(job, start, end)
    return profile


def score(frame: Frame, times: Times) -> Score:
    """Return how good a plan is, less being better: working days too late at worst, then its end."""
    return max(0, -min(frame.gaps(times), default=0)), times.last


def improve(frame: Frame, times: Times) -> Times:
    """Return ``times`` pushed late against its own end and pulled early again, while that helps."""
    best = times
    for _ in range(_ROUNDS):
        late = _limits(frame, best)
        other = pull_early(frame, push_late(frame, best, late))
        if score(frame, other) >= score(frame, best):
            break
        best = other
    return best


def _limits(frame: Frame, times: Times) -> list[int]:
    """Return by when each job must end for the plan to be no worse than it is."""
    behind = max(0, -min(frame.gaps(times), default=0))
    return [times.last if job.due is None else min(times.last, job.due + behind) for job in frame.jobs]


def best_plan(frame: Frame, early: Times, late: Times, *, tries: int, seed: int) -> Times:
    """Return the best plan of the priority rules, and of ``tries`` more drawn round the best rule.

    Args:
        early: earliest times without teams.
        late: latest times without teams.
        seed: of the draw; the same seed gives the same plan.
    """
    lot = random.Random(seed)  # noqa: S311  a search, not a secret
    rules = list(_rules(frame, early, late))
    plans = [improve(frame, serial(frame, ranks)) for ranks in rules]
    best = min(range(len(plans)), key=lambda n: score(frame, plans[n]))
    found, ranks = plans[best], rules[best]
    spread = max(1.0, (max(ranks, default=0) - min(ranks, default=0)) / 4)
    floor = score(frame, early)
    for _ in range(tries):
        if score(frame, found) <= floor:
            break
        other = improve(frame, serial(frame, [rank + lot.uniform(-spread, spread) for rank in ranks]))
        found = min(found, other, key=lambda times: score(frame, times))
    return found


def _rules(frame: Frame, early: Times, late: Times) -> Iterable[list[float]]:
    """Yield ranks: latest start, latest finish, least slack, most work behind it."""
    yield [float(s) for s in late.starts]
    yield [float(e) for e in late.ends]
    yield [float(b - a) for a, b in zip(early.starts, late.starts, strict=True)]
    followers = _followers(frame)
    yield [-float(sum(frame.jobs[n].span.length for n in behind)) for behind in followers]


def _followers(frame: Frame) -> list[set[int]]:
    """Return by job all that waits for it, directly or not, and itself."""
    found: list[set[int]] = [set() for _ in frame.jobs]
    for job in reversed(frame.order):
        found[job] = {job}.union(*(found[arc.after] for arc in frame.out[job]))
    return found
