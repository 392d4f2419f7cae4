"""Plans with teams: the heuristic first, so that an answer always exists, then the solver from there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from typing import TYPE_CHECKING, cast

from linli.engines.projects.rules.scheduling.answers import Bounds, answer
from linli.engines.projects.rules.scheduling.chains import trace
from linli.engines.projects.rules.scheduling.critical import backward, forward, free, limits
from linli.engines.projects.rules.scheduling.frame import Frame, Times, build
from linli.engines.projects.rules.scheduling.heuristics import (
    best_plan,
    filled,
    pull_early,
    push_late,
    score,
)
from linli.engines.projects.rules.scheduling.types import Calendar, Network, Options, Plan, Proof, RainDays, Towards

if TYPE_CHECKING:
    from linli.engines.projects.rules.scheduling import solver

_DRY = RainDays()
_TRIES = 40
_USUAL = Options()


@dataclass(frozen=True, slots=True)
class Soonest:
    """The best plan known that ends early.

    Attributes:
        times: the plan; no activity can start earlier while the others stay.
        proven: that none is better.
        behind: no plan is less late, as far as shown.
        last: no plan that is no later ends sooner, as far as shown.
    """

    times: Times
    proven: bool
    behind: int
    last: int


def schedule(network: Network, calendar: Calendar, rain: RainDays = _DRY, options: Options = _USUAL) -> Plan:
    """Return a plan of ``network`` that never takes more of a team than there is.

    What is least first is the working days too late, then the end of all; the plan given leans as ``options`` say.
    ``Placed.slack`` counts within this plan: by how much an activity may slip while the order of the teams stays.

    Raises:
        InvalidError: the network cannot be computed (see :func:`..checks.check`).
    """
    frame = build(network, calendar, rain)
    soon = soonest(frame, options)
    planned = soon.times
    if options.towards is Towards.LATE and not score(frame, planned)[0]:
        planned = _leaning_late(frame, planned, options)
    return told(frame, planned, soon)


def told(frame: Frame, planned: Times, soon: Soonest) -> Plan:
    """Return ``planned`` in days, with the bounds and chains of the soonest plan."""
    return answer(
        frame,
        planned,
        bounds(frame, soon.times),
        trace(frame, soon.times, teams=True),
        proof=Proof.OPTIMAL if soon.proven else Proof.FEASIBLE,
        last=soon.last,
        at_least=soon.behind,
    )


def load_solver() -> type[solver.Search]:
    """Return the search that needs OR-Tools, loaded at the first call (0.7 s, 80 MB)."""
    module = import_module("linli.engines.projects.rules.scheduling.solver")
    return cast("type[solver.Search]", module.Search)


def contended(frame: Frame) -> bool:
    """Return whether any team is asked for."""
    return any(job.demands for job in frame.jobs)


def soonest(frame: Frame, options: Options) -> Soonest:
    """Return the best plan that the heuristic, and the solver in its time, find."""
    early = forward(frame)
    floor = score(frame, early)
    if not contended(frame):
        return Soonest(early, proven=True, behind=floor[0], last=floor[1])
    late = backward(frame, limits(frame, early.last))
    found = best_plan(frame, early, late, tries=_TRIES, seed=options.seed)
    if score(frame, found) == floor or options.seconds <= 0:
        return Soonest(found, score(frame, found) == floor, *floor)
    answered = load_solver()(frame, found, options, floors=early.starts).soon()
    if answered.times is not None:
        # Pulled early, so that no activity waits for nothing.
        plans = [pull_early(frame, answered.times), answered.times, found]
        found = min(plans, key=lambda times: score(frame, times))
    behind = max(floor[0], answered.behind)
    last = max(floor[1], answered.last) if behind == score(frame, found)[0] else floor[1]
    return Soonest(found, answered.proven, behind, last)


def _leaning_late(frame: Frame, early: Times, options: Options) -> Times:
    """Return the latest plan with the safety asked for, as far as ``early`` leaves it."""
    until = [max(a, b) for a, b in zip(limits(frame, early.last, options.safety), early.ends, strict=True)]
    late = push_late(frame, early, until)
    if not contended(frame) or options.seconds <= 0:
        return late
    search = load_solver()(frame, late, options, floors=forward(frame).starts)
    found = search.late(until).times
    if found is None:
        return late
    return max(late, push_late(frame, found, until), key=lambda times: sum(times.starts))


def bounds(frame: Frame, early: Times) -> Bounds:
    """Return the room that a plan pulled early leaves, the order of the teams staying as it is."""
    behind = score(frame, early)[0]
    until = [limit + behind for limit in limits(frame, early.last)]
    late = push_late(frame, early, until, begun=True)
    late = Times([s - behind for s in late.starts], [e - behind for e in late.ends])
    slack = [b - a for a, b in zip(early.starts, late.starts, strict=True)]
    return Bounds(early, late, slack, _free(frame, early, free(frame, early, slack)))


def _free(frame: Frame, early: Times, room: Sequence[int]) -> list[int]:
    """Return ``room`` less what other activities of the same teams take of it."""
    profile = filled(frame, early)
    found = []
    for n, job in enumerate(frame.jobs):
        start, end = early.starts[n], early.ends[n]
        clash = None
        if room[n] and job.demands:
            profile.add(n, start, end, -1)
            clash = profile.first_clash(n, start, job.span.end(start + room[n]))
            profile.add(n, start, end)
        found.append(room[n] if clash is None else max(0, min(room[n], job.span.latest(clash) - start)))
    return found


def lifted(frame: Frame, floors: Sequence[int]) -> Frame:
    """Return ``frame`` with no activity before its floor."""
    jobs = [
        replace(job, release=job.span.settle(max(job.release, f))) for job, f in zip(frame.jobs, floors, strict=True)
    ]
    return replace(frame, jobs=jobs)
