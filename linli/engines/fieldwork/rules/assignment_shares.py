"""Whose each visit had best be before anybody walks: loads and wishes weighed at once, as a flow of least cost.

A search that moves a few visits at a time evens out loads from one person to the next only slowly. The flow of minutes
from visits to workers weighs all at once; walks stand in it only as the way from home (Ahuja, Magnanti and Orlin,
Network Flows, 1993, chapter 14: convex costs as parallel arcs).
"""

from __future__ import annotations

from collections.abc import Sequence

from ortools.graph.python import min_cost_flow

from linli.engines.fieldwork.rules.assignment_frame import Frame

_PIECE = 20  # minutes of load that cost the same
_TRIP = 10  # visits among which the way there and back is shared
_FULL = 85  # per cent of the time that somebody is there, at most spent at visits
_SCALE = 100  # the solver takes whole numbers


def shares(frame: Frame, loads: Sequence[int]) -> dict[int, int]:
    """Return visit → worker for the visits by one; a visit for which nobody has time is left out.

    Args:
        loads: seconds that each worker has already.
    """
    flow = min_cost_flow.SimpleMinCostFlow()
    count, sink = len(frame.visits), len(frame.visits) + len(frame.workers)
    arcs: list[tuple[int, int, int]] = []
    total = 0
    for v, visit in enumerate(frame.visits):
        if visit.people > 1:
            continue
        total += visit.minutes
        flow.set_node_supply(v, visit.minutes)
        flow.add_arc_with_capacity_and_unit_cost(v, sink, visit.minutes, _SCALE * frame.unplaced // visit.minutes)
        homes = {crew.people[0]: crew.home for c in frame.open[v] if len((crew := frame.crews[c]).people) == 1}
        for p, home in sorted(homes.items()):
            cost = frame.lost_wish(v, (p,)) + 2 * frame.walk[home][v] / _TRIP
            arc = flow.add_arc_with_capacity_and_unit_cost(
                v, count + p, visit.minutes, round(_SCALE * cost / visit.minutes)
            )
            arcs.append((arc, v, p))
    for p, load in enumerate(loads):
        _load(flow, frame, p, load // 60, (count + p, sink))
    flow.set_node_supply(sink, -total)
    if flow.solve() != flow.OPTIMAL:
        return {}
    found: dict[int, tuple[int, int]] = {}
    for arc, v, p in arcs:
        minutes = flow.flow(arc)
        if minutes > found.get(v, (0, 0))[0]:
            found[v] = minutes, p
    return {v: p for v, (_, p) in found.items()}


def _load(flow: min_cost_flow.SimpleMinCostFlow, frame: Frame, p: int, load: int, ends: tuple[int, int]) -> None:
    """Let a minute more cost the more, the more somebody has."""
    most = sum(c.shift.minutes for c in frame.crews if c.people == (p,)) * _FULL // 100
    target, begun = frame.targets[p] / 60, load
    while load < begun + most:
        piece = min(_PIECE, begun + most - load)
        cost = 2 * frame.wishes.balance * 60 * (load + piece / 2) / target
        flow.add_arc_with_capacity_and_unit_cost(*ends, piece, round(_SCALE * cost))
        load += piece
