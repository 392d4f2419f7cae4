"""Who visits what and when: even loads, short walks, the right people, as a proposal that people change.

Each shift of each worker is a walk; checks by two get shifts in which two go together. The search makes small, in
seconds of walking: the walks, uneven loads, wishes for continuity not met, and visits without anybody. The answer
depends on the question, the steps and the seed, not on the order of the lists or the speed of the machine. Loads are
evened out over what people have been given to do; nothing here measures or ranks anybody (domain.md §13).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from linli.engines.fieldwork.rules.assignment_frame import Frame, eligible, frame
from linli.engines.fieldwork.rules.assignment_pairs import enter_crews
from linli.engines.fieldwork.types import (
    Assignment,
    Continuity,
    Day,
    Effort,
    Stop,
    Unplaced,
    Visit,
    Walking,
    Wishes,
    Worker,
)

if TYPE_CHECKING:
    from linli.engines.fieldwork.rules.assignment_plan import Plan

__all__ = ["assign", "eligible"]


def assign(
    visits: Sequence[Visit],
    workers: Sequence[Worker],
    *,
    wishes: Wishes | None = None,
    walking: Walking | None = None,
    effort: Effort | None = None,
    stop: Callable[[], bool] | None = None,
) -> Assignment:
    """Return a proposal: every visit with its people, day and hour, or why nobody comes.

    Args:
        visits: what is to be visited, each once, in any order; at most 5,000.
        workers: who may be sent, in any order.
        wishes: what a good assignment is.
        walking: how fast people get about.
        effort: how long is sought, in steps, and the seed.
        stop: asked every 256 steps, ends the search; an answer cut short may differ from one machine to the other.

    Raises:
        ValueError: keys are not unique, shifts of one worker overlap, or there are too many visits.
    """
    # What the search stands on is compiled; a second that only who asks for a proposal pays.
    from linli.engines.fieldwork.rules.assignment_search import Search  # noqa: PLC0415

    wishes, effort = wishes or Wishes(), effort or Effort()
    asked = frame(visits, workers, wishes, walking or Walking())
    enter_crews(asked)
    search = Search(asked, effort.seed)
    search.build()
    search.improve(effort.steps, stop)
    return _answer(search.plan)


def _answer(plan: Plan) -> Assignment:
    asked = plan.frame
    days = [_day(plan, c, stops) for c in range(len(asked.crews)) if (stops := plan.stops(c))]
    wanted = asked.wishes.continuity is not Continuity.NONE
    placed = [(v, c) for v, c in enumerate(plan.crews) if c >= 0]
    return Assignment(
        days=tuple(sorted(days, key=lambda d: (d.shift, d.people))),
        unplaced={asked.visits[v].key: _why(asked, v) for v in sorted(plan.absent)},
        loads={w.key: round(load / 60) for w, load in zip(asked.workers, plan.loads, strict=True)},
        walk_seconds=sum(d.walk_seconds for d in days),
        continuity_met=sum(not plan.unmet(v, c) for v, c in placed if asked.visits[v].last) if wanted else 0,
        continuity_asked=sum(bool(v.last) for v in asked.visits) if wanted else 0,
        cost=round(plan.cost()),
    )


def _day(plan: Plan, c: int, visits: Sequence[int]) -> Day:
    asked, crew = plan.frame, plan.frame.crews[c]
    now, before, stops = crew.shift.begin * 60, crew.home, []
    for v in visits:
        leg = asked.walk[before][v]
        begin = plan.begin(v, c, now + leg)
        now = begin + asked.service[v]
        stops.append(Stop(asked.visits[v].key, -(-leg // 60), -(-begin // 60), -(-now // 60)))
        before = v
    return Day(tuple(asked.workers[p].key for p in crew.people), crew.shift, tuple(stops), plan.walked(c))


def _why(asked: Frame, v: int) -> Unplaced:
    """Return why a visit has nobody, the most telling reason."""
    if asked.open[v]:
        return Unplaced.FULL
    visit = asked.visits[v]
    able = [w for w in asked.workers if eligible(visit, (w,))]
    if visit.people == 2:
        pairs = any(
            eligible(visit, (a, b)) for n, a in enumerate(asked.workers) for b in asked.workers[n + 1 :]
        )  # two of whom one belongs to the unit will do
        if not pairs:
            return Unplaced.NO_PAIR if able else Unplaced.NOBODY
        return Unplaced.NO_TIME
    return Unplaced.NO_TIME if able else Unplaced.NOBODY
