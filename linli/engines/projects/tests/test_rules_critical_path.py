"""The critical path both ways."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.engines.projects.rules.scheduling import (
    Axis,
    ProvisionalCalendar,
    check,
    critical_path,
    errors,
    find_circle,
    worked_days,
)
from linli.engines.projects.rules.scheduling.types import (
    Activity,
    Because,
    Dependency,
    Kind,
    Network,
    Proof,
    RainDays,
    Resource,
    Towards,
)
from linli.engines.projects.tests.networks import (
    CALENDAR,
    START,
    assert_kept,
    assert_worked_enough,
    at,
    moments,
    networks,
    rains,
    until,
    workday,
)
from linli.foundation.core.errors import InvalidError
from linli.foundation.rulebook.rules import make_calendar


def path(*args, **more):
    return critical_path(*args, **more)


def chain_keys(chain):
    return [link.key for link in chain]


def renewal(**changes):
    """美丽家园 in small: survey, design, tender, works with a wall that dries, acceptance."""
    values = {
        "start": date(2026, 9, 1),
        "deadline": date(2026, 12, 31),
        "activities": (
            Activity("survey", "征询居民意见", 10),
            Activity("design", "方案设计", 15),
            Activity("tender", "招标", 20),
            Activity("works", "外墙施工", 25),
            Activity("green", "绿化补种", 8),
            Activity("done", "竣工验收"),
        ),
        "dependencies": (
            Dependency("survey", "design"),
            Dependency("design", "tender"),
            Dependency("tender", "works"),
            Dependency("tender", "green"),
            Dependency("works", "done", lag=2),
            Dependency("green", "done"),
        ),
    }
    return Network(**{**values, **changes})


def test_from_the_last_day_of_the_year_backwards():
    plan = path(renewal(), CALENDAR, towards=Towards.LATE)
    placed = plan.placed
    # 1 September to 31 December 2026 has 84 working days, its holidays left out and its worked weekend days in.
    assert placed["done"].finish == date(2026, 12, 31)
    assert placed["works"].finish == date(2026, 12, 29)
    assert placed["works"].start == date(2026, 11, 25)
    assert placed["tender"].finish == date(2026, 11, 24)
    assert placed["green"].finish == date(2026, 12, 31)
    assert placed["survey"].late_start == placed["survey"].start
    assert plan.feasible
    assert plan.margin == 0
    assert [p.slack for p in placed.values()] == [12, 12, 12, 12, 31, 12]
    assert plan.proof is Proof.EXACT
    assert [chain_keys(c) for c in plan.chains] == [["survey", "design", "tender", "works", "done"]]


def test_what_must_start_today():
    last = path(renewal(), CALENDAR).placed["survey"].late_start
    assert path(renewal(today=last - timedelta(days=1)), CALENDAR).must_start == ()
    plan = path(renewal(today=last), CALENDAR)
    assert plan.must_start == ("survey",)
    assert plan.feasible
    late = path(renewal(today=last + timedelta(days=1)), CALENDAR)
    assert late.must_start == ("survey",)
    assert late.infeasible.by_days == 1


def test_cannot_be_met_says_by_how_much_and_which_chain():
    plan = path(renewal(deadline=date(2026, 11, 30)), CALENDAR)
    broken = plan.infeasible
    assert (broken.key, broken.by_days, broken.at_least, broken.own) == ("done", 11, 11, False)
    assert broken.due == date(2026, 11, 30)
    assert chain_keys(broken.chain) == ["survey", "design", "tender", "works", "done"]
    assert [link.because for link in broken.chain] == [Because.START, *[Because.AFTER] * 4]
    assert broken.chain[-1].lag == 2
    assert plan.margin == -11
    assert not plan.feasible


def test_an_own_deadline_is_broken_alone():
    activities = tuple(
        Activity("design", "方案设计", 15, latest=date(2026, 9, 18)) if a.key == "design" else a
        for a in renewal().activities
    )
    plan = path(renewal(activities=activities), CALENDAR)
    assert plan.infeasible.key == "design"
    assert plan.infeasible.own
    assert plan.margin == 12
    assert plan.placed["green"].slack == 31


@pytest.mark.parametrize(
    ("kind", "lag", "start", "finish"),
    [
        (Kind.FS, 0, 5, 8),
        (Kind.FS, 2, 7, 10),
        (Kind.FS, -2, 3, 6),
        (Kind.SS, 1, 1, 4),
        (Kind.FF, 0, 2, 5),
        (Kind.FF, 3, 5, 8),
        (Kind.SF, 4, 1, 4),
        (Kind.SF, 0, 0, 3),
    ],
)
def test_the_four_kinds(kind, lag, start, finish):
    network = Network((Activity("a", duration=5), Activity("b", duration=3)), START, (Dependency("a", "b", kind, lag),))
    placed = path(network, CALENDAR).placed["b"]
    assert (placed.start, placed.finish) == (workday(start), workday(finish - 1))


def test_what_is_done_and_under_way_counts_as_it_was():
    activities = (
        Activity("a", duration=5, started=workday(0), finished=workday(7), percent=100),
        Activity("b", duration=10, started=workday(8), percent=40),
        Activity("c", duration=3),
        Activity("d", duration=1, started=workday(1)),
    )
    ties = (Dependency("a", "b"), Dependency("b", "c"), Dependency("a", "c", lag=9), Dependency("c", "d"))
    plan = path(Network(activities, START, ties, today=workday(12)), CALENDAR)
    assert (plan.placed["a"].start, plan.placed["a"].finish, plan.placed["a"].done) == (workday(0), workday(7), True)
    # Of ten days six are left, from today on.
    assert (plan.placed["b"].start, plan.placed["b"].finish) == (workday(8), workday(17))
    assert plan.placed["c"].start == workday(18)
    # It has begun although it waits for another: it goes on.
    assert (plan.placed["d"].start, plan.placed["d"].finish) == (workday(1), workday(12))
    assert plan.start == workday(0)


def test_a_lag_after_what_is_finished_still_runs():
    activities = (
        Activity("pour", "浇筑", 2, started=workday(0), finished=workday(1)),
        Activity("next", "拆模", 1),
    )
    ties = (Dependency("pour", "next", lag=5),)
    plan = path(Network(activities, START, ties, today=workday(3), deadline=workday(6)), CALENDAR)
    assert plan.placed["next"].start == workday(7)
    assert chain_keys(plan.infeasible.chain) == ["pour", "next"]
    assert [link.because for link in plan.infeasible.chain] == [Because.UNDERWAY, Because.AFTER]


def test_rain_moves_the_finish_out_and_is_not_begun_in():
    rain = RainDays(days=frozenset(map(workday, (0, 3, 4))))
    plan = path(Network((Activity("a", duration=4, outdoor=True),), START), CALENDAR, rain)
    assert (plan.placed["a"].start, plan.placed["a"].finish) == (workday(1), workday(6))
    indoors = path(Network((Activity("a", duration=4),), START), CALENDAR, rain)
    assert indoors.placed["a"].finish == workday(3)


def test_the_share_of_a_month_is_a_buffer():
    rain = RainDays(shares={3: 25}, known_until=workday(1))
    plan = path(Network((Activity("a", duration=5, outdoor=True),), START), CALENDAR, rain)
    # Two days known to be dry, then three quarters a day: 2 + 3 / 0.75.
    assert plan.placed["a"].finish == workday(5)


def test_an_empty_network_and_a_finished_one():
    empty = path(Network((), START, deadline=workday(3)), CALENDAR)
    assert (empty.start, empty.finish, empty.chains, empty.feasible, empty.margin) == (START, START, (), True, 4)
    over = Network(
        (Activity("a", duration=2, started=workday(0), finished=workday(5)),), START, deadline=workday(3),
        today=workday(9),
    )  # fmt: skip
    assert path(over, CALENDAR).margin == -2


def test_a_deadline_in_the_past():
    network = Network((Activity("a", duration=2),), START, deadline=workday(3), today=workday(10))
    plan = path(network, CALENDAR)
    assert plan.infeasible.by_days == 8
    assert plan.must_start == ("a",)


@pytest.mark.parametrize(
    ("network", "error"),
    [
        (Network((Activity("a"), Activity("a")), START), errors.TwiceError),
        (Network((Activity("a"),), START, (Dependency("a", "b"),)), errors.UnknownKeyError),
        (Network((Activity("a", demands={"r": 1}),), START), errors.UnknownKeyError),
        (Network((Activity("a", duration=-1),), START), errors.NumberError),
        (Network((Activity("a", duration=99_999),), START), errors.NumberError),
        (Network((Activity("a", percent=101),), START), errors.NumberError),
        (Network((Activity("a", started=workday(3), finished=START),), START), errors.NumberError),
        (Network((Activity("a"), Activity("b")), START, (Dependency("a", "b", lag=9_999),)), errors.NumberError),
        (Network((), START, resources=(Resource("r", -1),)), errors.NumberError),
        (Network((Activity("a", demands={"r": -1}),), START, resources=(Resource("r", 1),)), errors.NumberError),
        (
            Network((Activity("a", duration=1, demands={"r": 2}),), START, resources=(Resource("r", 1, "瓦工"),)),
            errors.TooFewError,
        ),
        (Network((Activity("a"),), START, (Dependency("a", "a"),)), errors.CircleError),
    ],
)
def test_what_cannot_be_computed_is_refused_in_words(network, error):
    with pytest.raises(error) as refused:
        path(network, CALENDAR)
    assert isinstance(refused.value, InvalidError)
    assert refused.value.hint


def test_a_circle_is_named_in_order():
    keys = ["a", "b", "c", "d"]
    ties = [Dependency("a", "b"), Dependency("b", "c"), Dependency("c", "d"), Dependency("d", "b")]
    assert find_circle(keys, ties) == ("b", "c", "d")
    assert find_circle(keys, ties[:3]) == ()
    network = Network(tuple(Activity(k, f"工序{k}") for k in keys), START, tuple(ties))
    with pytest.raises(errors.CircleError, match="工序b → 工序c → 工序d → 工序b"):
        check(network)


def test_a_long_chain_needs_no_recursion():
    activities = tuple(Activity(str(n), duration=1) for n in range(2000))
    ties = tuple(Dependency(str(n), str(n + 1)) for n in range(1999))
    plan = path(Network(activities, START, ties), CALENDAR)
    assert plan.finish == workday(1999)
    assert len(plan.chains[0]) == 2000


def test_a_year_not_announced_is_guessed_and_said():
    calendar = ProvisionalCalendar(make_calendar())
    assert calendar.is_workday(date(2035, 1, 2))
    assert not calendar.is_workday(date(2035, 1, 6))
    assert calendar.guessed == {2035}
    calendar.is_workday(date(2026, 10, 1))
    assert calendar.guessed == {2035}


class Never:
    def is_workday(self, day):
        return False


def test_a_calendar_without_work_is_refused():
    with pytest.raises(errors.NoWorkdaysError):
        path(Network((Activity("a", duration=1),), START), Never())


@given(st.integers(-500, 900), st.integers(-400, 400))
def test_days_and_numbers_agree(offset, index):
    origin = START + timedelta(days=offset)
    axis = Axis(CALENDAR, origin)
    assert axis.index(axis.day(index)) == index
    assert axis.end(axis.day(index)) == index + 1
    assert axis.index(origin) == 0
    day = START + timedelta(days=offset * 2 // 3)
    assert axis.index(day) == at(day) - at(origin)
    assert worked_days(CALENDAR, origin, day) == max(0, until(day) - at(origin))


@given(networks(fixed=True, outdoor=True), rains, st.sampled_from(Towards))
def test_nothing_before_what_it_waits_for(network, rain, towards):
    plan = path(network, CALENDAR, rain, towards=towards)
    assert_kept(network, plan)
    assert_worked_enough(network, plan, rain)


@given(networks(fixed=True, deadline=(0, 90)), st.integers(0, 10))
def test_no_slack_is_negative_when_it_can_be_met(network, safety):
    plan = path(network, CALENDAR, towards=Towards.LATE, safety=safety)
    assert plan.feasible == all(p.slack >= 0 for p in plan.placed.values())
    assert plan.feasible == (plan.margin >= 0)
    if plan.feasible:
        assert plan.finish <= network.deadline
        assert plan.margin >= min(safety, min(p.slack for p in plan.placed.values()))
        assert_kept(network, plan)
    else:
        assert plan.infeasible.by_days == -plan.margin == -min(p.slack for p in plan.placed.values())
    assert all(0 <= p.free <= max(0, p.slack) for p in plan.placed.values())


@given(networks(kinds=(Kind.FS,), lags=(0, 3), deadline=(30, 90)))
def test_latest_start_and_the_durations_of_the_chain_end_on_the_deadline(network):
    plan = path(network, CALENDAR, towards=Towards.LATE)
    if not plan.feasible:
        return
    lengths = {a.key: a.duration for a in network.activities}
    last = network.deadline
    for chain in plan.chains:
        late = plan.placed[chain[0].key]
        walked = sum(lengths[link.key] + link.lag for link in chain)
        if lengths[chain[0].key]:
            assert at(late.late_start) + walked == until(last)
        assert until(plan.placed[chain[-1].key].late_finish) == until(last)


@given(networks(fixed=True, deadline=(0, 90)))
def test_forward_and_backward_agree_on_the_path(network):
    plan = path(network, CALENDAR)
    on_chain = {link.key for chain in plan.chains for link in chain}
    least = min(p.slack for p in plan.placed.values())
    assert on_chain
    assert all(plan.placed[key].slack == least for key in on_chain)
    assert {key for key, p in plan.placed.items() if p.critical} == {
        key for key, p in plan.placed.items() if p.slack == least
    }


@given(networks(fixed=True, outdoor=True, deadline=(0, 60)), rains, st.integers(0, 20))
def test_a_later_deadline_never_makes_it_worse(network, rain, more):
    plan = path(network, CALENDAR, rain)
    later = Network(
        network.activities,
        network.start,
        network.dependencies,
        deadline=workday(at(network.deadline) - at(START) + more),
    )
    other = path(later, CALENDAR, rain)
    assert other.finish == plan.finish
    assert other.margin == plan.margin + more
    assert all(other.placed[k].late_start >= p.late_start for k, p in plan.placed.items())
    assert all(other.placed[k].slack >= p.slack for k, p in plan.placed.items())


@given(networks(deadline=(20, 90)), st.data())
def test_free_slack_moves_no_other(network, data):
    plan = path(network, CALENDAR)
    key = data.draw(st.sampled_from(sorted(plan.placed)))
    placed = plan.placed[key]
    activity = next(a for a in network.activities if a.key == key)
    if not activity.duration or not placed.free:
        return
    later = workday(at(placed.early_start) - at(START) + placed.free)
    changed = tuple(
        Activity(a.key, a.title, a.duration, earliest=later) if a.key == key else a for a in network.activities
    )
    other = path(Network(changed, START, network.dependencies, deadline=network.deadline), CALENDAR)
    assert other.placed[key].early_start == later
    assert all(other.placed[k].early_start == p.early_start for k, p in plan.placed.items() if k != key)
    assert moments(network, other.placed[key])[1] <= until(max(plan.finish, network.deadline))
