"""What a slip changes: a plan already agreed, moved as little as can be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from linli.engines.projects.rules.scheduling.answers import days
from linli.engines.projects.rules.scheduling.calendars import Axis
from linli.engines.projects.rules.scheduling.critical import backward, forward, limits
from linli.engines.projects.rules.scheduling.frame import Frame, Times, build
from linli.engines.projects.rules.scheduling.heuristics import best_plan, pull_early, score, serial
from linli.engines.projects.rules.scheduling.resourced import Soonest, lifted, load_solver, told
from linli.engines.projects.rules.scheduling.types import (
    Activity,
    Broken,
    Calendar,
    Move,
    Moves,
    Network,
    Options,
    Plan,
    RainDays,
    Slip,
    Spell,
)

_DRY = RainDays()
_USUAL = Options(seconds=1.0)
_TRIES = 5


def slipped(network: Network, slips: Mapping[str, Slip]) -> Network:
    """Return ``network`` with what has slipped: later starts, other durations, other deadlines."""
    return replace(
        network, activities=tuple(_slipped(a, slips[a.key]) if a.key in slips else a for a in network.activities)
    )


def replan(
    network: Network,
    agreed: Mapping[str, Spell],
    calendar: Calendar,
    rain: RainDays = _DRY,
    options: Options = _USUAL,
) -> Moves:
    """Return a plan of ``network`` as it is now that keeps as close to the agreed days as can be.

    What is least first is the working days too late, then the sum of working days by which starts move, to earlier
    or to later. ``options.towards`` and ``safety`` do not matter here.

    Args:
        network: with what has slipped in it (true days, durations, earliest days; see :func:`slipped`).
        agreed: the days agreed by key; an activity without any is new, and placed where it fits.

    Raises:
        InvalidError: the network cannot be computed (see :func:`..checks.check`).
    """
    frame = build(network, calendar, rain)
    before = [_begin(frame, n, agreed) for n in range(len(frame.jobs))]
    planned, proven, behind = _stillest(frame, before, options)
    soon = min((pull_early(frame, planned), planned), key=lambda times: score(frame, times))
    plan = told(frame, planned, Soonest(soon, proven, behind, forward(frame).last))
    return Moves(_moved(frame, planned, agreed), _kept(frame, planned, agreed), _broken(frame, agreed, plan), plan)


def _slipped(activity: Activity, slip: Slip) -> Activity:
    changed = activity
    if slip.not_before is not None:
        changed = replace(changed, earliest=slip.not_before)
    if slip.duration is not None:
        changed = replace(changed, duration=slip.duration)
    return changed


def _begin(frame: Frame, n: int, agreed: Mapping[str, Spell]) -> int | None:
    """Return the start agreed of a job; None: it has begun, or is new."""
    job = frame.jobs[n]
    spell = agreed.get(job.activity.key)
    if spell is None or job.begun:
        return None
    if job.span.length:
        return frame.axis.index(spell.start)
    end = frame.axis.end(spell.finish)
    return frame.base if end <= frame.base + 1 and not frame.into[n] else end


def _stillest(frame: Frame, before: list[int | None], options: Options) -> tuple[Times, bool, int]:
    """Return the plan that moves least, whether that is proven, and how late any plan is at least."""
    early = forward(frame)
    floor = score(frame, early)[0]
    pushed = serial(
        lifted(frame, [early.starts[n] if b is None else b for n, b in enumerate(before)]),
        [early.starts[n] if b is None else b for n, b in enumerate(before)],
    )
    plans = [pushed]
    if score(frame, pushed)[0] > floor:
        late = backward(frame, limits(frame, early.last))
        plans += [pull_early(frame, pushed), best_plan(frame, early, late, tries=_TRIES, seed=options.seed)]
    best = min(plans, key=lambda times: _disturbance(frame, times, before))
    if _disturbance(frame, best, before) == (floor, 0) or options.seconds <= 0:
        return best, _disturbance(frame, best, before) == (floor, 0), floor
    found = load_solver()(frame, best, options, floors=early.starts).still(before)
    if found.times is not None:
        best = min(best, found.times, key=lambda times: _disturbance(frame, times, before))
    return best, found.proven, max(floor, found.behind)


def _disturbance(frame: Frame, times: Times, before: list[int | None]) -> tuple[int, int]:
    moved = sum(abs(start - b) for start, b in zip(times.starts, before, strict=True) if b is not None)
    return score(frame, times)[0], moved


def _moved(frame: Frame, planned: Times, agreed: Mapping[str, Spell]) -> tuple[Move, ...]:
    found = []
    for n, job in enumerate(frame.jobs):
        was = agreed.get(job.activity.key)
        now = Spell(*days(frame, n, planned.starts[n], planned.ends[n]))
        if was is not None and was != now:
            found.append(_move(frame.axis, job.activity.key, job.activity.title, was, now))
    return tuple(sorted(found, key=lambda move: (move.now.start, move.now.finish)))


def _move(axis: Axis, key: str, title: str, was: Spell, now: Spell) -> Move:
    shift = axis.index(now.start) - axis.index(was.start)
    return Move(key, title, was, now, shift, axis.end(now.finish) - axis.end(was.finish) - shift)


def _kept(frame: Frame, planned: Times, agreed: Mapping[str, Spell]) -> int:
    known = sum(job.activity.key in agreed for job in frame.jobs)
    return known - len(_moved(frame, planned, agreed))


def _broken(frame: Frame, agreed: Mapping[str, Spell], plan: Plan) -> tuple[Broken, ...]:
    network, axis = frame.network, frame.axis
    found = []
    if network.deadline is not None:
        was = max((spell.finish for spell in agreed.values()), default=None)
        found.append(Broken("", "", network.deadline, plan.finish, *_late(axis, network.deadline, plan.finish, was)))
    for activity in network.activities:
        if activity.latest is not None:
            finish = plan.placed[activity.key].finish
            spell = agreed.get(activity.key)
            late = _late(axis, activity.latest, finish, spell.finish if spell else None)
            found.append(Broken(activity.key, activity.title, activity.latest, finish, *late))
    return tuple(broken for broken in found if broken.by_days > 0)


def _late(axis: Axis, due: date, now: date, was: date | None) -> tuple[int, int]:
    """Return the working days after ``due`` of the new finish and of the one before."""
    end = axis.end(due)
    return axis.end(now) - end, 0 if was is None else max(0, axis.end(was) - end)
