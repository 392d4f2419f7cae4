"""From numbers back to days: what was computed as a plan that people read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from linli.engines.projects.rules.scheduling.chains import Chain, Hold
from linli.engines.projects.rules.scheduling.frame import Frame, Times
from linli.engines.projects.rules.scheduling.types import (
    Activity,
    Because,
    ChainLink,
    Infeasible,
    Placed,
    Plan,
    Proof,
)


@dataclass(frozen=True, slots=True)
class Bounds:
    """Earliest and latest times with the slack between them, by job."""

    early: Times
    late: Times
    slack: list[int]
    free: list[int]


def answer(
    frame: Frame,
    planned: Times,
    bounds: Bounds,
    chains: tuple[Chain, ...],
    *,
    proof: Proof,
    last: int,
    at_least: int | None = None,
) -> Plan:
    """Return the plan in days.

    Args:
        chains: traced in the early times.
        last: no plan ends before this index, as far as shown.
        at_least: working days too late in any plan, as far as shown; None: what the early times say is proven.
    """
    decisive = {job for chain in chains for job, _hold in chain}
    placed = _placed(frame, planned, bounds, decisive)
    links = tuple(_links(frame, bounds.early, chain) for chain in chains)
    ends = [*planned.ends, *(end for _start, end in frame.done.values())]
    starts = [p.start for p in placed.values()] or [frame.network.start]
    return Plan(
        placed=placed,
        start=min(starts),
        finish=max((p.finish for p in placed.values()), default=frame.network.start),
        deadline=frame.network.deadline,
        margin=None if frame.due is None else frame.due - max(ends, default=frame.base),
        chains=links,
        must_start=_must_start(frame, bounds),
        infeasible=_infeasible(frame, bounds.early, chains, links, at_least),
        proof=proof,
        bound=last_day(frame, max(last, frame.base + 1)),
    )


def last_day(frame: Frame, end: int) -> date:
    """Return the last day before ``end``."""
    return frame.axis.day(end - 1)


def days(frame: Frame, job: int, start: int, end: int) -> tuple[date, date]:
    """Return the first and last day of ``job`` between two indexes; of what has begun, from its true start."""
    own = frame.jobs[job]
    if own.begun and own.activity.started:
        return own.activity.started, max(own.activity.started, last_day(frame, end))
    if end > start:
        return frame.axis.day(start), last_day(frame, end)
    # A milestone is reached at the end of the day before; with nothing before it, on the first day.
    on = frame.axis.day(start - 1 if start > frame.base else start)
    return on, on


def _placed(frame: Frame, planned: Times, bounds: Bounds, decisive: set[int]) -> dict[str, Placed]:
    numbers = {job.activity.key: n for n, job in enumerate(frame.jobs)}
    least = min(bounds.slack, default=0)
    found = {}
    for activity in frame.network.activities:
        n = numbers.get(activity.key)
        if n is None:
            found[activity.key] = _finished(activity)
        else:
            found[activity.key] = _open(frame, n, planned, bounds, critical=n in decisive or bounds.slack[n] == least)
    return found


def _finished(activity: Activity) -> Placed:
    finish = activity.finished or activity.started or date.min
    start = activity.started or finish
    return Placed(
        activity.key, activity.title, start, finish, start, finish, start, finish,
        slack=0, free=0, critical=False, begun=True, done=True,
    )  # fmt: skip


def _open(frame: Frame, n: int, planned: Times, bounds: Bounds, *, critical: bool) -> Placed:
    activity = frame.jobs[n].activity
    spans = [days(frame, n, t.starts[n], t.ends[n]) for t in (planned, bounds.early, bounds.late)]
    (start, finish), (early_start, early_finish), (late_start, late_finish) = spans
    return Placed(
        activity.key, activity.title, start, finish, early_start, early_finish, late_start, late_finish,
        slack=bounds.slack[n], free=bounds.free[n], critical=critical, begun=frame.jobs[n].begun,
    )  # fmt: skip


def _must_start(frame: Frame, bounds: Bounds) -> tuple[str, ...]:
    return tuple(
        job.activity.key
        for n, job in enumerate(frame.jobs)
        if not job.begun and job.span.length and bounds.late.starts[n] <= 0
    )


def _infeasible(
    frame: Frame,
    early: Times,
    chains: tuple[Chain, ...],
    links: tuple[tuple[ChainLink, ...], ...],
    at_least: int | None,
) -> Infeasible | None:
    worst = -min(frame.gaps(early), default=0)
    if worst <= 0 or not chains:
        return None
    job = frame.jobs[chains[0][-1][0]]
    due = job.activity.latest if job.own else frame.network.deadline
    return Infeasible(
        key=job.activity.key,
        due=due or frame.network.start,
        by_days=worst,
        at_least=worst if at_least is None else min(worst, max(0, at_least)),
        own=job.own,
        chain=links[0],
    )


def _links(frame: Frame, early: Times, chain: Chain) -> tuple[ChainLink, ...]:
    found = []
    for job, hold in chain:
        if hold.done is not None:
            found.append(_fact(frame, hold.done.before))
        found.append(_link(frame, early, job, hold))
    return tuple(found)


def _link(frame: Frame, early: Times, job: int, hold: Hold) -> ChainLink:
    activity = frame.jobs[job].activity
    start, finish = days(frame, job, early.starts[job], early.ends[job])
    tie = hold.arc or hold.done
    resource = "" if hold.resource is None else frame.network.resources[hold.resource].key
    return ChainLink(
        activity.key, activity.title, start, finish, hold.because, resource,
        tie.kind if tie else None, tie.lag if tie else 0,
    )  # fmt: skip


def _fact(frame: Frame, key: str) -> ChainLink:
    """Return the link of an activity that is a fact: it has begun, or is finished already."""
    activity = next(a for a in frame.network.activities if a.key == key)
    start = activity.started or activity.finished or frame.axis.origin
    return ChainLink(key, activity.title, start, activity.finished or start, Because.UNDERWAY)
