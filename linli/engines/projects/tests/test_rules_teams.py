"""Plans with teams: never over capacity, whoever finds them."""

from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.engines.projects.rules.scheduling import critical_path, schedule
from linli.engines.projects.rules.scheduling.types import (
    Activity,
    Because,
    Network,
    Options,
    Proof,
    RainDays,
    Resource,
    Towards,
)
from linli.engines.projects.tests.networks import (
    CALENDAR,
    START,
    assert_kept,
    assert_within_capacity,
    assert_worked_enough,
    networks,
    rains,
    workday,
)

QUICK = Options(seconds=0)
SOLVED = Options(seconds=1)
DRY = RainDays()


def planned(*args, **more):
    return schedule(*args, **more)


def alone_path(*args, **more):
    return critical_path(*args, **more)


def painters(*durations, capacity=1, **more):
    """Walls to paint by one team."""
    walls = tuple(Activity(f"w{n}", f"{n}号楼外墙", d, {"team": 1}) for n, d in enumerate(durations))
    return Network(walls, START, resources=(Resource("team", capacity, "外墙班组"),), **more)


def test_one_team_paints_one_wall_after_another():
    plan = planned(painters(3, 4, 5), CALENDAR)
    assert plan.finish == workday(11)
    assert plan.proof is Proof.OPTIMAL
    assert plan.bound == plan.finish
    chain = plan.chains[0]
    assert [link.because for link in chain] == [Because.START, Because.TEAM, Because.TEAM]
    assert {link.resource for link in chain[1:]} == {"team"}
    assert all(p.critical for p in plan.placed.values())


def test_cannot_be_met_with_the_team_says_by_how_much_and_why():
    plan = planned(painters(3, 4, 5, deadline=workday(8)), CALENDAR)
    assert (plan.infeasible.by_days, plan.infeasible.at_least) == (3, 3)
    assert [link.because for link in plan.infeasible.chain] == [Because.START, Because.TEAM, Because.TEAM]
    assert alone_path(painters(3, 4, 5, deadline=workday(8)), CALENDAR).feasible
    assert planned(painters(3, 4, 5, capacity=2, deadline=workday(8)), CALENDAR).feasible


def test_a_team_on_leave_is_waited_for():
    network = painters(3)
    network = Network(network.activities, START, resources=(Resource("team", 1, exceptions={workday(1): 0}),))
    for options in (QUICK, SOLVED):
        plan = planned(network, CALENDAR, options=options)
        assert plan.placed["w0"].start == workday(2)
        assert plan.chains[0][0].because is Because.CAPACITY


def test_more_hands_on_single_days():
    network = painters(2, 2)
    network = Network(
        network.activities, START, resources=(Resource("team", 1, exceptions={workday(n): 2 for n in range(2)}),)
    )
    assert planned(network, CALENDAR).finish == workday(1)


def test_backwards_from_the_deadline_with_a_safety():
    network = painters(3, 4, 5, deadline=workday(19))
    plan = planned(network, CALENDAR, options=Options(towards=Towards.LATE, safety=2))
    assert plan.finish == workday(17)
    assert plan.start == workday(6)
    assert plan.margin == 2
    # The longest wall last: then the sum of what is begun late is greatest.
    assert {p.slack for p in plan.placed.values()} == {8}
    assert_within_capacity(network, plan)
    tight = planned(painters(3, 4, 5, deadline=workday(12)), CALENDAR, options=Options(towards=Towards.LATE, safety=5))
    assert (tight.finish, tight.margin) == (workday(11), 1)


def test_what_is_under_way_keeps_its_team():
    activities = (
        Activity("a", duration=4, demands={"team": 1}),
        Activity("b", duration=9, demands={"team": 1}, started=START, percent=50),
    )
    network = Network(activities, START, resources=(Resource("team", 1),), today=workday(3), deadline=workday(20))
    for towards in Towards:
        plan = planned(network, CALENDAR, options=Options(towards=towards))
        assert plan.placed["b"].finish == workday(7)
        assert plan.placed["a"].start >= workday(8)


def test_the_same_question_has_the_same_answer():
    network = painters(3, 4, 5, 2, 6, capacity=2, deadline=workday(30))
    options = Options(towards=Towards.LATE, seconds=2)
    assert planned(network, CALENDAR, options=options) == planned(network, CALENDAR, options=options)


def test_the_solver_is_better_where_the_rules_are_not():
    """The plan proven best is never longer than the heuristic's."""
    network = painters(7, 6, 5, 5, 4, 3, capacity=2)
    assert planned(network, CALENDAR, options=SOLVED).finish == workday(14)
    assert planned(network, CALENDAR, options=QUICK).finish <= workday(15)


def test_nothing_to_do():
    plan = planned(Network((), START, resources=(Resource("team", 1),)), CALENDAR)
    assert plan.placed == {}
    assert plan.feasible


@given(
    networks(fixed=True, outdoor=True, teams=2, deadline=(5, 90)), rains, st.sampled_from(Towards), st.integers(0, 5)
)
def test_the_heuristic_keeps_everything(network, rain, towards, safety):
    plan = planned(network, CALENDAR, rain, Options(towards=towards, safety=safety, seconds=0))
    assert_kept(network, plan)
    assert_within_capacity(network, plan)
    assert_worked_enough(network, plan, rain)
    alone = alone_path(network, CALENDAR, rain)
    assert plan.finish >= alone.finish or towards is Towards.LATE
    assert plan.bound >= alone.finish
    assert plan.feasible == (plan.finish <= network.deadline)
    if plan.feasible:
        assert all(p.slack >= 0 for p in plan.placed.values())
        assert all(0 <= p.free <= p.slack for p in plan.placed.values())
    else:
        assert alone.margin >= plan.margin
        assert plan.infeasible.by_days == -plan.margin
        assert plan.infeasible.chain[-1].key == plan.infeasible.key


@pytest.mark.slow
@settings(max_examples=40)
@given(networks(most=7, fixed=True, outdoor=True, teams=2, deadline=(5, 60)), rains, st.sampled_from(Towards))
def test_the_solver_keeps_everything_and_is_no_worse(network, rain, towards):
    quick = planned(network, CALENDAR, rain, QUICK)
    plan = planned(network, CALENDAR, rain, Options(towards=towards, seconds=5))
    assert_kept(network, plan)
    assert_within_capacity(network, plan)
    assert_worked_enough(network, plan, rain)
    assert plan.proof is Proof.OPTIMAL
    if plan.infeasible:
        assert plan.infeasible.at_least == plan.infeasible.by_days <= quick.infeasible.by_days
        assert plan.bound == plan.finish <= quick.finish
    else:
        assert plan.bound <= quick.finish
        assert plan.finish <= network.deadline


@pytest.mark.slow
@settings(max_examples=25)
@given(networks(most=5, lags=(0, 2), teams=1))
def test_the_solver_finds_what_trying_all_orders_finds(network):
    """Every serial order tried: one of them is best (Kolisch 1996)."""
    plan = planned(network, CALENDAR, options=Options(seconds=5))
    assert plan.finish == min(_in_order(network, order) for order in permutations(range(len(network.activities))))


def _in_order(network, order):
    """The end of the plan that places activities in ``order``, counted from scratch."""
    placed: dict[str, tuple[int, int]] = {}
    waits = {a.key: [d for d in network.dependencies if d.after == a.key] for a in network.activities}
    todo = [network.activities[n] for n in order]
    capacity = {r.key: r for r in network.resources}
    while todo:
        activity = next(a for a in todo if all(d.before in placed for d in waits[a.key]))
        todo.remove(activity)
        start = max([0, *(_since(d, placed, activity.duration) for d in waits[activity.key])])
        while not _fits(activity, start, placed, network, capacity):
            start += 1
        placed[activity.key] = (start, start + activity.duration)
    last = max(end for _start, end in placed.values())
    return workday(max(0, last - 1))


def _since(tie, placed, duration):
    base = placed[tie.before][0 if tie.kind[0] == "S" else 1] + tie.lag
    return base if tie.kind[1] == "S" else base - duration


def _fits(activity, start, placed, network, capacity):
    demands = {a.key: a.demands for a in network.activities}
    for day in range(start, start + activity.duration):
        for key, need in activity.demands.items():
            taken = sum(demands[k].get(key, 0) for k, (s, e) in placed.items() if s <= day < e)
            if taken + need > capacity[key].exceptions.get(workday(day), capacity[key].capacity):
                return False
    return True
