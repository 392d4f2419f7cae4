"""Coverage names its whole; what comes and goes is handled; a relapse needs a pass between."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.engines.fieldwork.rules.coverage import (
    FOLLOWS,
    Checked,
    Link,
    Of,
    Period,
    Present,
    Relapse,
    Result,
    Target,
    Visited,
    by_area,
    by_period,
    by_tag,
    coverage,
    entity_coverage,
    progress,
    relapses,
)

START = date(2026, 1, 1)
MARCH = Period(date(2026, 3, 1), date(2026, 3, 31))


def day(n):
    return START + timedelta(days=n)


days = st.integers(0, 120).map(day)
targets = st.lists(
    st.builds(
        Target,
        st.sampled_from([f"t{n}" for n in range(8)]),
        days,
        st.none() | days,
        st.sampled_from("ab"),
        st.frozensets(st.sampled_from("xy")),
        st.sampled_from(["", "e"]),
    ),
    unique_by=lambda t: t.key,
)
visits = st.lists(st.builds(Visited, st.sampled_from([f"t{n}" for n in range(10)]), days, st.booleans()), max_size=30)


@given(targets, visits, st.sampled_from(Present))
def test_parts_add_up_to_the_whole(ledger, made, present):
    found = coverage(ledger, made, MARCH, present)
    assert 0 <= found.reached + found.attempted <= found.whole
    parts = by_area(ledger, made, MARCH, present)
    assert found.whole == sum(p.whole for p in parts.values())
    assert (found.reached, found.visits) == (
        sum(p.reached for p in parts.values()),
        sum(p.visits for p in parts.values()),
    )
    entities = entity_coverage(ledger, made, MARCH, present)
    assert entities.whole <= found.whole
    assert entities.reached <= found.reached
    assert (found.share is None) == (found.whole == 0)


@given(targets, visits)
def test_who_was_there_throughout_was_there_at_some_time(ledger, made):
    whole, some = (coverage(ledger, made, MARCH, p) for p in (Present.WHOLE, Present.ANY))
    assert (whole.whole <= some.whole, whole.reached <= some.reached) == (True, True)


def test_a_month_by_hand():
    ledger = [
        Target("stayed", day(0), tags=frozenset({"alone", "old"}), area="one"),
        Target("new", date(2026, 3, 10), area="one"),
        Target("gone", day(0), date(2026, 3, 5), area="two", entity="firm"),
        Target("long gone", day(0), date(2026, 2, 5), entity="firm"),
        Target("closed door", day(0), tags=frozenset({"alone"}), area="two", entity="firm"),
    ]
    made = [
        Visited("stayed", date(2026, 3, 1)),
        Visited("stayed", date(2026, 3, 31)),
        Visited("new", date(2026, 4, 1)),
        Visited("gone", date(2026, 3, 2)),
        Visited("closed door", date(2026, 3, 2), met=False),
        Visited("long gone", date(2026, 3, 2)),
    ]
    found = coverage(ledger, made, MARCH)
    assert (found.of, found.whole, found.reached, found.attempted, found.visits, found.elsewhere) == (
        Of.TARGETS,
        4,
        2,
        1,
        3,
        1,
    )
    assert found.share == Fraction(1, 2)
    assert coverage(ledger, made, MARCH, Present.WHOLE).share == Fraction(1, 2)
    assert entity_coverage(ledger, made, MARCH).share == Fraction(2, 3)
    assert {k: v.share for k, v in by_tag(ledger, made, MARCH).items()} == {"alone": Fraction(1, 2), "old": 1}
    assert [c.reached for c in by_period(ledger, made, [MARCH, Period(date(2026, 4, 1), date(2026, 4, 2))])] == [2, 1]


def test_progress_never_passes_the_plan():
    assert progress(10, 12).share == 1
    assert progress(10, 12).elsewhere == 2
    assert progress(0, 0).share is None


def checks(*results):
    return [Checked("t", "i", day(n), result) for n, result in results]


def test_a_relapse_is_a_failure_after_a_pass_within_the_window():
    seen = checks((0, Result.FAIL), (5, Result.FAIL), (10, Result.PASS), (15, Result.NOT_APPLICABLE), (20, Result.FAIL))
    assert relapses(reversed(seen), 10) == (Relapse("t", "i", day(0), day(10), day(20)),)
    assert relapses(seen, 9) == ()
    assert relapses(checks((0, Result.PASS), (1, Result.FAIL)), 30) == (), "it had not failed before"
    assert relapses(checks((0, Result.FAIL), (1, Result.FAIL)), 30) == (), "it had not passed between"
    assert relapses(checks((0, Result.FAIL), (1, Result.PASS), (1, Result.FAIL)), 0) == (
        Relapse("t", "i", day(0), day(1), day(1)),
    )


@given(st.lists(st.tuples(st.integers(0, 40), st.sampled_from(Result)), max_size=12), st.integers(0, 40))
def test_a_longer_window_finds_no_fewer_and_order_is_nothing(results, window):
    seen = checks(*results)
    assert relapses(seen, window) == relapses(seen[::-1], window)
    assert set(relapses(seen, window)) <= set(relapses(seen, window + 1))


def test_every_state_can_end_and_none_is_closed_unseen():
    ends = {Link.SCORED, Link.DROPPED}
    for link in Link:
        reach, edge = {link}, {link}
        while edge := {n for e in edge for n in FOLLOWS[e]} - reach:
            reach |= edge
        assert reach & ends
    assert {link for link in Link if Link.SCORED in FOLLOWS[link]} == {Link.ON_THE_SPOT, Link.RECHECKED}


@pytest.mark.parametrize("wrong", [lambda: Period(day(1), day(0)), lambda: relapses([], -1), lambda: progress(-1, 0)])
def test_what_makes_no_sense_is_refused(wrong):
    with pytest.raises(ValueError, match=r"\w"):
        wrong()
