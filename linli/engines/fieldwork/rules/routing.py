"""The shortest walk for one person's day, and the times of a walk that the person has put in order.

The order is a proposal: whoever walks may pin stops or put all in another order (domain.md §13), and the rules then
only say when each visit would be and which window breaks. Sought by OR-Tools routing; up to :data:`EXACT` stops all
orders are tried instead, which is certain and quick.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise, permutations

from ortools.constraint_solver import pywrapcp, routing_enums_pb2

from linli.engines.fieldwork.rules.walking import walk_seconds
from linli.engines.fieldwork.types import Span, Visit, Walking
from linli.foundation.core.coordinates import Point

EXACT = 6  # stops: 720 orders
MOST = 100  # stops of one day
_SOLUTIONS = 400  # improvements looked at; counted, so that the answer does not hang on the machine


@dataclass(frozen=True, slots=True)
class Timed:
    """One stop of a walk.

    Attributes:
        visit: the visit's key.
        walk: seconds walked to it.
        arrive: second of the day of arrival.
        begin: second of the day when the visit begins, after waiting for a window.
        end: when it ends.
        broken: no window of the day holds it; it then begins on arrival.
    """

    visit: str
    walk: int
    arrive: int
    begin: int
    end: int
    broken: bool


@dataclass(frozen=True, slots=True)
class Walk:
    """One person's day in an order.

    Attributes:
        stops: in the order walked.
        walk_seconds: walked in all, way out and way home included.
        home: second of the day when the person is back, or done where there is no end.
        late: seconds after the end of the shift; 0 in time.
    """

    stops: tuple[Timed, ...]
    walk_seconds: int
    home: int
    late: int

    @property
    def broken(self) -> tuple[str, ...]:
        """Keys of the visits whose windows break."""
        return tuple(s.visit for s in self.stops if s.broken)

    @property
    def feasible(self) -> bool:
        """Whether every window holds and the shift does."""
        return not self.late and not any(s.broken for s in self.stops)


class _Ways:
    """Stops and ends by number: visits first, then the start, then the end."""

    def __init__(self, visits: Sequence[Visit], start: Point | None, end: Point | None, walking: Walking) -> None:
        self.visits = visits
        self.seconds = walk_seconds([*(v.point for v in visits), start, end], walking)
        self.start, self.end = len(visits), len(visits) + 1
        for number, place in ((self.start, start), (self.end, end)):
            if place is None:  # no way out, or none home
                for row in self.seconds:
                    row[number] = 0
                self.seconds[number] = [0] * len(self.seconds)

    def starts(self, number: int, shift: Span) -> list[tuple[int, int]]:
        """Return first and last second at which a visit may begin on the day; all day long without windows."""
        visit = self.visits[number]
        if not visit.windows:
            return [(0, shift.end * 60)]
        return sorted(
            (w.begin * 60, (w.end - visit.minutes) * 60)
            for w in visit.windows
            if w.day == shift.day and w.minutes >= visit.minutes
        )

    def timed(self, order: Sequence[int], shift: Span) -> Walk:
        """Return the times of an order."""
        now, before, walked, stops = shift.begin * 60, self.start, 0, []
        for number in order:
            leg = self.seconds[before][number]
            arrive = now + leg
            walked += leg
            fitting = [max(arrive, first) for first, last in self.starts(number, shift) if arrive <= last]
            broken = not fitting
            begin = arrive if broken else fitting[0]
            now = begin + self.visits[number].minutes * 60
            stops.append(Timed(self.visits[number].key, leg, arrive, begin, now, broken))
            before = number
        leg = self.seconds[before][self.end] if order else 0
        home = now + leg
        return Walk(tuple(stops), walked + leg, home, max(0, home - shift.end * 60))


def times(
    visits: Sequence[Visit],
    shift: Span,
    *,
    start: Point | None = None,
    end: Point | None = None,
    walking: Walking | None = None,
) -> Walk:
    """Return when each visit would be in the order given, and which windows break.

    Args:
        visits: in the order in which the person means to walk.
        shift: when the person is there.
        start: where the walk begins; None: with the first visit.
        end: where it ends; None: with the last.
        walking: speed and detour.
    """  # fmt: skip
    return _Ways(visits, start, end, walking or Walking()).timed(range(len(visits)), shift)


def route(
    visits: Sequence[Visit],
    shift: Span,
    *,
    start: Point | None = None,
    end: Point | None = None,
    walking: Walking | None = None,
    pinned: Sequence[str] = (),
) -> Walk:
    """Return a short walk; where no order keeps every window, one that breaks as few as were found.

    Args:
        visits: in any order; their order does not change the answer.
        pinned: keys of the visits that come first, in this order, as the person wishes.
        shift: as in :func:`times`, and so ``start``, ``end``, ``walking``.

    Raises:
        ValueError: a pinned key is not there or there twice, keys are not unique, or there are more than 100 visits.
    """
    keys = [v.key for v in visits]
    if len(set(keys)) < len(keys) or len(set(pinned)) < len(pinned) or not set(pinned) <= set(keys):
        raise ValueError("every visit is there once, and so is what is pinned")
    if len(visits) > MOST:
        raise ValueError(f"a day has at most {MOST} stops")
    ordered = sorted(visits, key=lambda v: v.key)
    ways = _Ways(ordered, start, end, walking or Walking())
    place = {v.key: n for n, v in enumerate(ordered)}
    head = [place[key] for key in pinned]
    rest = [n for n in range(len(ordered)) if n not in set(head)]
    if len(rest) <= EXACT:
        return min((ways.timed([*head, *tail], shift) for tail in permutations(rest)), key=_worth)
    tried = [ways.timed([*head, *tail], shift) for tail in (_greedy(ways, head, rest, shift), rest)]
    found = _solved(ways, head, rest, shift)
    if found is not None:
        tried.insert(0, ways.timed([*head, *found], shift))
    return min(tried, key=_worth)


def _worth(walk: Walk) -> tuple[int, int, int, int]:
    return len(walk.broken), walk.late, walk.walk_seconds, walk.home


def _greedy(ways: _Ways, head: Sequence[int], rest: Sequence[int], shift: Span) -> list[int]:
    """Return an order by the next visit that could begin soonest."""
    left, order = set(rest), list(head)
    while left:
        walked = {n: ways.timed([*order, n], shift).stops[-1] for n in left}
        best = min(left, key=lambda n: (walked[n].broken, walked[n].begin, n))
        order.append(best)
        left.discard(best)
    return order[len(head) :]


def _solved(ways: _Ways, head: Sequence[int], rest: Sequence[int], shift: Span) -> list[int] | None:
    """Return the order of ``rest`` after ``head`` that OR-Tools finds within all windows; None where it finds none."""
    before = ways.timed(head, shift)
    nodes = [head[-1] if head else ways.start, ways.end, *rest]  # begins at 0, ends at 1
    manager = pywrapcp.RoutingIndexManager(len(nodes), 1, [0], [1])
    model = pywrapcp.RoutingModel(manager)
    service = [0, 0, *(ways.visits[n].minutes * 60 for n in rest)]
    legs = [[ways.seconds[a][b] for b in nodes] for a in nodes]
    spent = [[leg + service[a] for leg in legs[a]] for a in range(len(nodes))]
    model.SetArcCostEvaluatorOfAllVehicles(model.RegisterTransitMatrix(legs))
    horizon = shift.end * 60
    model.AddDimension(model.RegisterTransitMatrix(spent), horizon, horizon, False, "time")
    clock = model.GetDimensionOrDie("time")
    begin = before.stops[-1].end if before.stops else shift.begin * 60
    if begin > horizon:
        return None
    clock.CumulVar(model.Start(0)).SetValue(begin)
    for place, number in enumerate(rest, start=2):
        starts = [(max(a, begin), min(b, horizon)) for a, b in ways.starts(number, shift)]
        moments = [(a, b) for a, b in starts if a <= b]
        if not moments:
            return None
        variable = clock.CumulVar(manager.NodeToIndex(place))
        variable.SetRange(moments[0][0], moments[-1][1])
        for (_, end), (following, _) in pairwise(moments):
            if end + 1 < following:
                variable.RemoveInterval(end + 1, following - 1)
    search = pywrapcp.DefaultRoutingSearchParameters()
    search.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
    search.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    search.solution_limit = _SOLUTIONS
    search.time_limit.FromSeconds(20)  # a last resort only; the limit above is reached long before
    answer = model.SolveWithParameters(search)
    if answer is None:
        return None
    order, at = [], answer.Value(model.NextVar(model.Start(0)))
    while not model.IsEnd(at):
        order.append(rest[manager.IndexToNode(at) - 2])
        at = answer.Value(model.NextVar(at))
    return order
