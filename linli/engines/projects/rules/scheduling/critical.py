"""The critical path both ways: earliest days from the first, latest days back from the deadline.

Method: Kelley and Walker, "Critical-Path Planning and Scheduling" (1959), with the four kinds of dependency and
lags of the precedence diagram (Elmaghraby and Kamburowski 1992: minimal lags only), on the days of a working
calendar. Teams are left out; :mod:`.resourced` takes them in.
"""

from __future__ import annotations

from collections.abc import Sequence

from linli.engines.projects.rules.scheduling.answers import Bounds, answer
from linli.engines.projects.rules.scheduling.chains import trace
from linli.engines.projects.rules.scheduling.frame import FROM_START, TO_START, Frame, Times, build
from linli.engines.projects.rules.scheduling.types import (
    Calendar,
    Network,
    Plan,
    Proof,
    RainDays,
    Towards,
)

_DRY = RainDays()


def forward(frame: Frame) -> Times:
    """Return the earliest times."""
    starts, ends = [0] * len(frame.jobs), [0] * len(frame.jobs)
    for job in frame.order:
        starts[job] = frame.bound(job, starts, ends)
        ends[job] = frame.jobs[job].span.end(starts[job])
    return Times(starts, ends)


def backward(frame: Frame, limits: Sequence[int]) -> Times:
    """Return the latest times with which every job ends by its limit."""
    starts, ends = [0] * len(frame.jobs), [0] * len(frame.jobs)
    for job in reversed(frame.order):
        starts[job] = frame.ceiling(job, starts, ends, limits[job])
        ends[job] = frame.jobs[job].span.end(starts[job])
    return Times(starts, ends)


def limits(frame: Frame, last: int, spare: int = 0) -> list[int]:
    """Return by when each job is to end: its deadline less ``spare``; the end of all where there is none."""
    return [last if job.due is None else job.due - spare for job in frame.jobs]


def free(frame: Frame, times: Times, slack: Sequence[int]) -> list[int]:
    """Return by how much each job may slip without moving another from ``times``."""
    found = []
    for n, job in enumerate(frame.jobs):
        room = slack[n]
        for arc in frame.out[n]:
            until = (times.starts if arc.kind in TO_START else times.ends)[arc.after] - arc.lag
            latest = job.span.back(until) if arc.kind in FROM_START else job.span.latest(until)
            room = min(room, latest - times.starts[n])
        found.append(max(0, room))
    return found


def critical_path(
    network: Network,
    calendar: Calendar,
    rain: RainDays = _DRY,
    *,
    towards: Towards = Towards.EARLY,
    safety: int = 0,
) -> Plan:
    """Return the plan of ``network`` without regard to teams, with both bounds of every activity.

    Args:
        towards: where the planned days lie: at the earliest, or (倒排工期) at the latest that the deadline allows.
        safety: when late, working days kept free before each deadline, as far as there is slack.

    Raises:
        InvalidError: the network cannot be computed (see :func:`..frame.check`).
    """
    frame = build(network, calendar, rain)
    early = forward(frame)
    late = backward(frame, limits(frame, early.last))
    slack = [b - a for a, b in zip(early.starts, late.starts, strict=True)]
    planned = early
    if towards is Towards.LATE and min(slack, default=0) >= 0:
        planned = _leaning_late(frame, early, safety)
    bounds = Bounds(early, late, slack, free(frame, early, slack))
    return answer(frame, planned, bounds, trace(frame, early, teams=False), proof=Proof.EXACT, last=early.last)


def _leaning_late(frame: Frame, early: Times, safety: int) -> Times:
    """Return the latest times with ``safety`` days spare, but nothing before its earliest; what has begun goes on."""
    latest = backward(frame, limits(frame, early.last, safety))
    starts, ends = list(early.starts), list(early.ends)
    for n in frame.order:
        # The later of two plans that keep every dependency keeps them too.
        late = frame.bound(n, starts, ends) if frame.jobs[n].begun else latest.starts[n]
        starts[n] = max(early.starts[n], late)
        ends[n] = frame.jobs[n].span.end(starts[n])
    return Times(starts, ends)
