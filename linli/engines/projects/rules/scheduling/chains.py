"""Why a plan ends when it does: chains of activities, each holding the next."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from linli.engines.projects.rules.scheduling.frame import Arc, Frame, Times
from linli.engines.projects.rules.scheduling.types import Because, Dependency

MOST = 10


@dataclass(frozen=True, slots=True)
class Hold:
    """What keeps a job from starting earlier.

    Attributes:
        before: the job that holds it, by number; None: none does.
        arc: the dependency between both, if that is the reason.
        resource: the team's number, if the team is.
        done: the dependency on a finished activity, if that is.
    """

    because: Because
    before: int | None = None
    arc: Arc | None = None
    resource: int | None = None
    done: Dependency | None = None


Chain = tuple[tuple[int, Hold], ...]


def trace(frame: Frame, times: Times, *, teams: bool) -> tuple[Chain, ...]:
    """Return the chains that decide the end, or the worst breach of a deadline, at most ten.

    Args:
        times: a plan in which no job can start earlier while the others stay.
        teams: whether teams may be what holds a job.
    """
    gaps = frame.gaps(times)
    least = min(gaps, default=0)
    place = {job: n for n, job in enumerate(frame.order)}
    ends = sorted((n for n, gap in enumerate(gaps) if gap == least), key=lambda n: (-times.ends[n], -place[n]))
    found: list[Chain] = []
    met: set[int] = set()
    for end in ends:
        if end in met:
            continue
        for chain in _back(frame, times, end, teams):
            if len(found) == MOST:
                return tuple(found)
            found.append(chain)
            met.update(job for job, _hold in chain)
    return tuple(found)


def _back(frame: Frame, times: Times, end: int, teams: bool) -> Iterator[Chain]:
    """Yield the chains that lead to ``end``, their first job first."""
    stack: list[tuple[int, Chain]] = [(end, ())]
    while stack:
        job, behind = stack.pop()
        # A team and a dependency between two finishes may hold each other: a chain meets nobody twice.
        met = {job, *(other for other, _hold in behind)}
        found = holds(frame, times, job, teams=teams)
        onward = [hold for hold in found if hold.before is not None and hold.before not in met]
        stack += [(hold.before, ((job, hold), *behind)) for hold in reversed(onward) if hold.before is not None]
        if not onward:
            yield ((job, found[0]), *behind)


def holds(frame: Frame, times: Times, job: int, *, teams: bool) -> list[Hold]:
    """Return what keeps ``job`` from starting earlier; at least one reason."""
    start = times.starts[job]
    found = [
        Hold(Because.AFTER, arc.before, arc)
        for arc in frame.into[job]
        if frame.held(arc, times.starts, times.ends) >= start
    ]
    own = frame.jobs[job]
    if not found and own.release >= start:
        return [Hold(own.because, done=own.holder)]
    if not found and teams:
        return [_team(frame, times, job)]
    return found or [Hold(own.because)]


def _team(frame: Frame, times: Times, job: int) -> Hold:
    """Return which job, or which lack, holds the team on the days just before ``job``."""
    start = times.starts[job]
    for day in range(start - 1, frame.jobs[job].span.back(start - 1) - 1, -1):
        for resource, units in frame.jobs[job].demands:
            others = [n for n in users(frame, times, resource, day) if n != job]
            if sum(need(frame, n, resource) for n in others) + units <= frame.units(resource, day):
                continue
            ended = [n for n in others if times.ends[n] <= start]
            if not ended:
                return Hold(Because.CAPACITY, resource=resource)
            before = max(ended, key=lambda n: (times.ends[n], need(frame, n, resource), -n))
            return Hold(Because.TEAM, before, resource=resource)
    return Hold(frame.jobs[job].because)


def users(frame: Frame, times: Times, resource: int, day: int) -> list[int]:
    """Return the jobs that hold units of ``resource`` on ``day``."""
    return [
        n
        for n, (start, end) in enumerate(zip(times.starts, times.ends, strict=True))
        if start <= day < end and need(frame, n, resource)
    ]


def need(frame: Frame, job: int, resource: int) -> int:
    """Return the units of ``resource`` that ``job`` takes."""
    return next((units for number, units in frame.jobs[job].demands if number == resource), 0)
