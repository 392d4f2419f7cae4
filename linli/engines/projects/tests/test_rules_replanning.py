"""What a slip changes."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from linli.engines.projects.rules.scheduling import critical_path, replan, schedule, slipped
from linli.engines.projects.rules.scheduling.errors import CircleError
from linli.engines.projects.rules.scheduling.types import (
    Activity,
    Dependency,
    Network,
    Options,
    Proof,
    Resource,
    Slip,
    Spell,
)
from linli.engines.projects.tests.networks import (
    CALENDAR,
    START,
    assert_kept,
    assert_within_capacity,
    networks,
    workday,
)


def planned(*args, **more):
    return schedule(*args, **more)


def moved(*args, **more):
    return replan(*args, **more)


def alone_path(*args, **more):
    return critical_path(*args, **more)


def agreed(plan):
    return {key: Spell(p.start, p.finish) for key, p in plan.placed.items()}


def lifts(**changes):
    """Three stairways that get a lift, one after the other by one team; and a garden that has time."""
    values = {
        "activities": (
            Activity("pipe", "移管", 5),
            Activity("one", "一号梯", 10, {"team": 1}),
            Activity("two", "二号梯", 10, {"team": 1}),
            Activity("three", "三号梯", 10, {"team": 1}),
            Activity("garden", "绿化", 4),
            Activity("end", "验收", 0),
        ),
        "start": START,
        "dependencies": (
            Dependency("pipe", "one"),
            Dependency("one", "two"),
            Dependency("two", "three"),
            Dependency("three", "end"),
            Dependency("garden", "end"),
        ),
        "resources": (Resource("team", 1),),
        "deadline": workday(39),
    }
    return Network(**{**values, **changes})


def test_a_slip_moves_what_follows_and_nothing_else():
    first = planned(lifts(), CALENDAR)
    moves = moved(slipped(lifts(), {"pipe": Slip(duration=8)}), agreed(first), CALENDAR)
    assert [(m.key, m.days, m.longer) for m in moves.moved] == [
        ("pipe", 0, 3),
        ("one", 3, 0),
        ("two", 3, 0),
        ("three", 3, 0),
        ("end", 3, 0),
    ]
    assert moves.kept == 1
    assert moves.broken == ()
    assert moves.plan.margin == 2
    assert moves.moved[1].was == Spell(workday(5), workday(14))
    assert moves.moved[1].now == Spell(workday(8), workday(17))


def test_a_slip_within_the_slack_moves_nothing_else():
    first = planned(lifts(), CALENDAR)
    moves = moved(slipped(lifts(), {"garden": Slip(not_before=workday(20))}), agreed(first), CALENDAR)
    assert [(m.key, m.days) for m in moves.moved] == [("garden", 20)]
    assert moves.kept == 5


def test_a_slip_that_breaks_the_deadline_says_so():
    first = planned(lifts(), CALENDAR)
    own = tuple(
        replace(a, latest=workday(24)) if a.key == "two" else a
        for a in slipped(lifts(), {"pipe": Slip(not_before=workday(6), duration=8)}).activities
    )
    moves = moved(lifts(activities=own), agreed(first), CALENDAR)
    assert [(b.key, b.by_days, b.before) for b in moves.broken] == [("", 4, 0), ("two", 9, 0)]
    assert moves.plan.infeasible.key == "two"
    assert moves.plan.infeasible.by_days == 9
    assert [link.key for link in moves.plan.infeasible.chain] == ["pipe", "one", "two"]


def test_pulling_one_earlier_may_be_less_than_pushing_many_later():
    first = alone_path(lifts(resources=(), activities=_without_team()), CALENDAR)
    later = {key: Spell(s.start, s.finish) for key, s in agreed(first).items()}
    # Agreed with days to spare before the pipe; now it takes longer, and starts that much sooner.
    later = {key: Spell(_on(s.start, 5), _on(s.finish, 5)) for key, s in later.items()}
    network = lifts(resources=(), activities=_without_team())
    moves = moved(slipped(network, {"pipe": Slip(duration=8)}), later, CALENDAR)
    assert [(m.key, m.days, m.longer) for m in moves.moved] == [("pipe", -3, 3)]
    assert moves.plan.proof is Proof.OPTIMAL


def _without_team():
    return tuple(replace(a, demands={}) for a in lifts().activities)


def _on(day, count):
    while count:
        day += timedelta(days=1)
        count -= CALENDAR.is_workday(day)
    return day


def test_days_that_came_true_count():
    first = planned(lifts(), CALENDAR)
    network = lifts(
        today=workday(9),
        activities=(
            replace(lifts().activities[0], started=workday(1), finished=workday(6)),
            replace(lifts().activities[1], started=workday(7), percent=10),
            *lifts().activities[2:],
        ),
    )
    moves = moved(network, agreed(first), CALENDAR)
    assert [m.key for m in moves.moved] == ["one", "garden", "two", "three", "end"]
    assert moves.moved[0].now == Spell(workday(7), workday(17))
    assert moves.plan.placed["pipe"].done


def test_what_is_new_finds_a_place_and_moves_nothing():
    first = planned(lifts(), CALENDAR)
    network = lifts(activities=(*lifts().activities, Activity("sign", "公示牌", 2, {"team": 1})))
    moves = moved(network, agreed(first), CALENDAR)
    assert moves.moved == ()
    assert moves.plan.placed["sign"].finish < workday(5)


def test_a_circle_is_refused():
    network = lifts(dependencies=(Dependency("one", "two"), Dependency("two", "one")))
    with pytest.raises(CircleError):
        moved(network, {}, CALENDAR)


@pytest.mark.slow
@given(networks(fixed=True, teams=2, deadline=(5, 90)), st.integers(0, 8), st.integers(0, 8))
def test_a_plan_that_still_holds_does_not_move(network, which, length):
    plan = planned(network, CALENDAR, options=Options(seconds=0))
    moves = moved(network, agreed(plan), CALENDAR, options=Options(seconds=0))
    if plan.feasible:
        assert moves.moved == ()
    key = f"a{which % len(network.activities)}"
    changed = slipped(network, {key: Slip(duration=length)})
    again = moved(changed, agreed(plan), CALENDAR, options=Options(seconds=0))
    assert_kept(changed, again.plan)
    assert_within_capacity(changed, again.plan)
    assert again.plan.feasible == (not again.broken)


@pytest.mark.slow
@settings(max_examples=25)
@given(networks(most=7, fixed=True, teams=1, deadline=(5, 60)), st.integers(1, 8))
def test_the_solver_moves_no_more_than_the_rules(network, length):
    assume(network.activities[0].duration)  # what was a milestone is compared otherwise
    plan = planned(network, CALENDAR, options=Options(seconds=0))
    changed = slipped(network, {"a0": Slip(duration=length)})
    quick = moved(changed, agreed(plan), CALENDAR, options=Options(seconds=0))
    moves = moved(changed, agreed(plan), CALENDAR, options=Options(seconds=5))
    assert_kept(changed, moves.plan)
    assert_within_capacity(changed, moves.plan)
    late, quick_late = (max((b.by_days for b in m.broken), default=0) for m in (moves, quick))
    assert late <= quick_late
    if late == quick_late:
        assert _movement(moves) <= _movement(quick)


def _movement(moves):
    return sum(abs(m.days) for m in moves.moved)
