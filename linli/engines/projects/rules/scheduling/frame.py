"""A network in numbers: activities not yet finished, arcs between them, days from 0 on.

Everything that computes works on a :class:`Frame`; dates come back in at the very end. What is finished has
become bounds on what follows; what is under way has become its remainder, which starts today.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from linli.engines.projects.rules.scheduling.calendars import Axis
from linli.engines.projects.rules.scheduling.checks import check
from linli.engines.projects.rules.scheduling.types import (
    Activity,
    Because,
    Calendar,
    Dependency,
    Kind,
    Network,
    RainDays,
    Resource,
)
from linli.engines.projects.rules.scheduling.weather import Span, Weather

_FULL = 100
FROM_START = (Kind.SS, Kind.SF)
TO_START = (Kind.FS, Kind.SS)


@dataclass(frozen=True, slots=True)
class Arc:
    """A dependency between two unfinished activities, by number."""

    before: int
    after: int
    kind: Kind
    lag: int


@dataclass(frozen=True, slots=True)
class Times:
    """Starts and ends by job, in numbers of working days."""

    starts: list[int]
    ends: list[int]

    @property
    def last(self) -> int:
        """The end of all; 0 if there is nothing to do."""
        return max(self.ends, default=0)


@dataclass(slots=True)
class Job:
    """An unfinished activity in numbers.

    Attributes:
        span: its work, or what remains of it.
        release: not before this index.
        because: why not.
        holder: of a release by a finished activity, that activity's key and the dependency.
        due: to end by this index; None: no deadline bears on it.
        own: that deadline is its own.
        demands: (number of the resource, units).
    """

    activity: Activity
    span: Span
    release: int
    because: Because
    begun: bool
    due: int | None = None
    own: bool = False
    holder: Dependency | None = None
    demands: tuple[tuple[int, int], ...] = ()


@dataclass(slots=True)
class Frame:
    """A network in numbers.

    Attributes:
        order: numbers of the jobs, each after all that it waits for.
        into: by job, the arcs that end there; ``out``: those that begin there.
        capacity: by resource, its units on an ordinary day; ``exceptions``: index → units.
        base: the index of the first day on which something new may start.
        done: finished activities by key, each with its (start, end).
        due: the project's deadline as an end; None without one.
    """

    network: Network
    axis: Axis
    jobs: list[Job]
    order: list[int]
    into: list[list[Arc]]
    out: list[list[Arc]]
    base: int
    due: int | None
    done: dict[str, tuple[int, int]]
    capacity: list[int] = field(default_factory=list)
    exceptions: list[dict[int, int]] = field(default_factory=list)

    def units(self, resource: int, day: int) -> int:
        """Return how many units of ``resource`` there are on ``day``."""
        return self.exceptions[resource].get(day, self.capacity[resource])

    def gaps(self, times: Times) -> list[int]:
        """Return by job the working days between its end and its deadline, or the end of all; negative: too late."""
        last = times.last
        return [(last if job.due is None else job.due) - end for job, end in zip(self.jobs, times.ends, strict=True)]

    def bound(self, job: int, starts: Sequence[int], ends: Sequence[int]) -> int:
        """Return the first start that its release and the jobs it waits for allow."""
        found = self.jobs[job].release
        for arc in self.into[job]:
            found = max(found, self.held(arc, starts, ends))
        return self.jobs[job].span.settle(found)

    def held(self, arc: Arc, starts: Sequence[int], ends: Sequence[int]) -> int:
        """Return the first start of the arc's later job that the arc allows."""
        since = (starts if arc.kind in FROM_START else ends)[arc.before] + arc.lag
        span = self.jobs[arc.after].span
        return span.settle(since) if arc.kind in TO_START else span.soonest(since)

    def ceiling(self, job: int, starts: Sequence[int], ends: Sequence[int], limit: int) -> int:
        """Return the last start with an end by ``limit`` that the jobs waiting for it allow."""
        span = self.jobs[job].span
        found = span.latest(limit)
        for arc in self.out[job]:
            until = (starts if arc.kind in TO_START else ends)[arc.after] - arc.lag
            found = min(found, span.back(until) if arc.kind in FROM_START else span.latest(until))
        return found


def build(network: Network, calendar: Calendar, rain: RainDays) -> Frame:
    """Return ``network`` in numbers.

    Raises:
        InvalidError: as :func:`check` says.
    """
    check(network)
    axis = Axis(calendar, network.today or network.start)
    weather = Weather(axis, rain)
    base = max(0, axis.index(network.start))
    due = None if network.deadline is None else axis.end(network.deadline)
    done = {a.key: _true_span(a, axis) for a in network.activities if _is_done(a)}
    numbers = {r.key: n for n, r in enumerate(network.resources)}
    jobs = [_job(a, axis, weather, base, due, numbers) for a in network.activities if a.key not in done]
    where = {job.activity.key: n for n, job in enumerate(jobs)}
    into: list[list[Arc]] = [[] for _ in jobs]
    out: list[list[Arc]] = [[] for _ in jobs]
    for dependency in network.dependencies:
        arc = _tie(dependency, jobs, where, done, axis)
        if arc is not None:
            into[arc.after].append(arc)
            out[arc.before].append(arc)
    for job in jobs:
        job.release = job.span.settle(job.release)
    frame = Frame(network, axis, jobs, _topological(into, out), into, out, base, due, done)
    frame.capacity = [r.capacity for r in network.resources]
    frame.exceptions = [_exceptions(r, axis, calendar) for r in network.resources]
    return frame


def _is_done(activity: Activity) -> bool:
    return activity.finished is not None or (activity.started is not None and not activity.duration)


def _true_span(activity: Activity, axis: Axis) -> tuple[int, int]:
    finished = activity.finished or activity.started or axis.origin
    return axis.index(activity.started or finished), axis.end(finished)


def _job(
    activity: Activity, axis: Axis, weather: Weather, base: int, due: int | None, numbers: Mapping[str, int]
) -> Job:
    begun = activity.started is not None
    length = activity.duration
    release, because = base, Because.START
    if begun:
        length = -(-length * (_FULL - activity.percent) // _FULL)
        release, because = 0, Because.UNDERWAY
    elif activity.earliest is not None:
        own = axis.index(activity.earliest) if length else axis.end(activity.earliest)
        if own > release:
            release, because = own, Because.DATE
    job = Job(activity, weather.span(length, outdoor=activity.outdoor), release, because, begun, due)
    if activity.latest is not None:
        own_due = axis.end(activity.latest)
        job.own = due is None or own_due < due
        job.due = own_due if job.own else due
    if length:
        job.demands = tuple((numbers[key], units) for key, units in sorted(activity.demands.items()) if units)
    return job


def _tie(
    dependency: Dependency,
    jobs: list[Job],
    where: Mapping[str, int],
    done: Mapping[str, tuple[int, int]],
    axis: Axis,
) -> Arc | None:
    """Return the arc of ``dependency``, or turn it into a release where its first end is a fact already.

    What has begun does not wait any more for anything to start it.
    """
    after = where.get(dependency.after)
    if after is None or (jobs[after].begun and dependency.kind in TO_START):
        return None
    before = where.get(dependency.before)
    begun = before is not None and jobs[before].begun
    if before is not None and not (begun and dependency.kind in FROM_START):
        return Arc(before, after, dependency.kind, dependency.lag)
    if before is None:
        start, end = done[dependency.before]
    else:
        start = end = _begin(jobs[before].activity, axis)
    since = (start if dependency.kind in FROM_START else end) + dependency.lag
    job = jobs[after]
    release = since if dependency.kind in TO_START else job.span.soonest(since)
    if release > job.release:
        job.release, job.because, job.holder = release, Because.AFTER, dependency
    return None


def _begin(activity: Activity, axis: Axis) -> int:
    return axis.index(activity.started or axis.origin)


def _topological(into: Sequence[Sequence[Arc]], out: Sequence[Sequence[Arc]]) -> list[int]:
    waits = [len(arcs) for arcs in into]
    ready = deque(n for n, count in enumerate(waits) if not count)
    order: list[int] = []
    while ready:
        job = ready.popleft()
        order.append(job)
        for arc in out[job]:
            waits[arc.after] -= 1
            if not waits[arc.after]:
                ready.append(arc.after)
    return order


def _exceptions(resource: Resource, axis: Axis, calendar: Calendar) -> dict[int, int]:
    """Return its exceptions by index; those on rest days and before the origin say nothing."""
    found: dict[int, int] = {}
    for day, units in resource.exceptions.items():
        if day >= axis.origin and calendar.is_workday(day):
            found[axis.index(day)] = units
    return found
