"""Plans of what is half done: facts stay, the rest lies on or after today."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.engines.projects.rules.scheduling import critical_path, replan, schedule
from linli.engines.projects.rules.scheduling.types import Kind, Options, Spell, Towards
from linli.engines.projects.tests.networks import CALENDAR, at, networks, rains, share, until, workday

QUICK = Options(seconds=0)
kinds = st.sampled_from(["open", "begun", "done"])


@st.composite
def under_way(draw, /, **more):
    """A network of which some is done, some has begun, in no order that a plan would have asked for."""
    network = draw(networks(**more))
    today = draw(st.integers(0, 25))
    activities = []
    for activity in network.activities:
        state = draw(kinds)
        began = workday(draw(st.integers(0, today)))
        if state == "begun":
            activity = replace(activity, started=began, percent=draw(st.integers(0, 100)))
        elif state == "done":
            ended = workday(draw(st.integers(at(began) - at(workday(0)), today)))
            activity = replace(activity, started=began, finished=ended, percent=100)
        activities.append(activity)
    return replace(network, activities=tuple(activities), today=workday(today))


def assert_true_to_facts(network, plan):
    for activity in network.activities:
        placed = plan.placed[activity.key]
        if activity.finished or (activity.started and not activity.duration):
            assert placed.done
            assert placed.start == activity.started
            assert placed.finish == (activity.finished or activity.started)
        elif activity.started:
            assert placed.begun
            assert placed.start == activity.started
        else:
            assert placed.start >= network.today
        assert placed.start <= placed.finish


def assert_open_waits(network, plan):
    """What has not begun waits for the true or planned days of what it depends on."""
    known = {a.key: a for a in network.activities}
    for tie in network.dependencies:
        after, before = known[tie.after], plan.placed[tie.before]
        if tie.kind is Kind.FS and not after.started and after.duration and known[tie.before].duration:
            since = until(before.finish) + tie.lag
            assert at(plan.placed[tie.after].start) >= since or known[tie.before].percent == 100


def assert_capacity_from_today(network, plan):
    """Of what has begun, the days still to come count, as far as work is left."""
    for resource in network.resources:
        for index in range(at(network.today), until(max(p.finish for p in plan.placed.values()))):
            day = workday(index - at(workday(0)))
            taken = 0
            for activity in network.activities:
                placed = plan.placed[activity.key]
                runs = activity.duration and not placed.done and not activity.started
                if runs and placed.start <= day <= placed.finish:
                    taken += activity.demands.get(resource.key, 0)
            assert taken <= resource.exceptions.get(day, resource.capacity)


@given(under_way(fixed=True, outdoor=True, deadline=(0, 60)), rains, st.sampled_from(Towards))
def test_facts_stay_on_the_critical_path(network, rain, towards):
    plan = critical_path(network, CALENDAR, rain, towards=towards)
    assert_true_to_facts(network, plan)
    assert_open_waits(network, plan)
    for activity in network.activities:
        placed = plan.placed[activity.key]
        if activity.outdoor and activity.duration and not activity.started:
            assert share(placed.start, rain) > 0


@pytest.mark.slow
@given(under_way(fixed=True, outdoor=True, teams=2, deadline=(0, 60)), rains, st.sampled_from(Towards))
def test_facts_stay_with_teams(network, rain, towards):
    plan = schedule(network, CALENDAR, rain, replace(QUICK, towards=towards))
    assert_true_to_facts(network, plan)
    assert_open_waits(network, plan)
    assert_capacity_from_today(network, plan)
    assert plan.feasible == ((plan.margin is not None and plan.margin >= 0) or not _open(network))


def _open(network):
    return [a for a in network.activities if not a.finished and not (a.started and not a.duration)]


@pytest.mark.slow
@given(under_way(fixed=True, teams=1, deadline=(5, 60)))
def test_facts_stay_after_a_slip(network):
    clean = replace(
        network,
        activities=tuple(replace(a, started=None, finished=None, percent=0) for a in network.activities),
        today=None,
    )
    agreed = {k: Spell(p.start, p.finish) for k, p in schedule(clean, CALENDAR, options=QUICK).placed.items()}
    for seconds in (0, 0.5):
        moves = replan(network, agreed, CALENDAR, options=Options(seconds=seconds))
        assert_true_to_facts(network, moves.plan)
        assert_capacity_from_today(network, moves.plan)
        assert all(not moves.plan.placed[m.key].done for m in moves.moved)
        assert moves.kept >= 0
