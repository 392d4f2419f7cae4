"""The room's rules: when the next step is due, months, and one table for each life."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.programmes.streets.rules import contacts, shipped
from linli.programmes.streets.rules.escalation import HAND_OVER, NOTHING, ORDER, Ladder, due_step, suggested, within
from linli.programmes.streets.workflow import LANE, MATTER, SPOT, VERBS, LaneState, MatterState, SpotState, mermaid

LADDER = Ladder(2, 30, 3, 90)
TODAY = date(2026, 3, 10)
days = st.lists(st.integers(0, 400).map(lambda n: TODAY - timedelta(days=n)), max_size=12)


@pytest.mark.parametrize(
    ("ago", "step"),
    [
        ((0,), NOTHING),
        ((0, 29), ORDER),
        ((0, 30), NOTHING),
        ((0, 40, 89), HAND_OVER),
        ((0, 40, 90), NOTHING),
        ((0, 0, 0), HAND_OVER),
    ],
)
def test_a_fault_that_comes_again_asks_for_the_next_step(ago, step):
    assert suggested([TODAY - timedelta(days=n) for n in ago], TODAY, LADDER) == step


@given(days)
def test_one_more_time_never_asks_for_less(found):
    rank = [NOTHING, ORDER, HAND_OVER].index
    assert rank(suggested([*found, TODAY], TODAY, LADDER)) >= rank(suggested(found, TODAY, LADDER))
    assert within(found, TODAY, 30) <= within(found, TODAY, 90) <= len(found)


@pytest.mark.parametrize(
    ("state", "by_count", "late", "step"),
    [
        ("warned", NOTHING, False, NOTHING),
        ("warned", NOTHING, True, ORDER),
        ("warned", HAND_OVER, False, HAND_OVER),
        ("ordered", ORDER, False, NOTHING),
        ("ordered", ORDER, True, HAND_OVER),
        ("ordered", HAND_OVER, False, HAND_OVER),
        ("mended", HAND_OVER, True, NOTHING),
    ],
)
def test_what_a_matter_asks_for_today(state, by_count, late, step):
    limit = TODAY - timedelta(days=1) if late else TODAY
    assert due_step(state, by_count, limit, TODAY) == step


@given(st.dates(date(2020, 1, 1), date(2040, 12, 31)), st.integers(-36, 36))
def test_months_on_lands_in_the_month(day, months):
    found = contacts.months_on(day, months)
    assert (found.year * 12 + found.month) - (day.year * 12 + day.month) == months
    assert found.day == min(day.day, contacts.last_day(found.replace(day=1)).day)


@given(st.integers(1, 5), st.lists(st.dates(date(2026, 2, 1), date(2026, 4, 30)), max_size=8))
def test_what_is_missing_is_never_owed_twice(wanted, came):
    left = contacts.missing(wanted, came, date(2026, 3, 1))
    assert left == max(0, wanted - sum(d.month == 3 for d in came))


@pytest.mark.parametrize("text", ["", "2026-13", "März", "2026-03-01x"])
def test_what_is_no_month_is_this_month(text):
    assert contacts.month_of(text, TODAY) == date(2026, 3, 1)
    assert contacts.month_of("2025-12", TODAY) == date(2025, 12, 1)


def test_each_life_is_one_table():
    for of, states in ((MATTER, MatterState), (SPOT, SpotState), (LANE, LaneState)):
        verbs = [v for v in VERBS.values() if v.of == of]
        assert {s for v in verbs for s in v.source} | {v.target for v in verbs if v.target} == set(states.values)
        assert "stateDiagram" in mermaid(of)


def test_shipped_words_are_whole():
    assert {f.code for f in shipped.faults().values()} == set(shipped.faults())
    assert shipped.names(["water", "no such"], shipped.kindnesses()) == ["免费饮水"]
    assert shipped.fault_name("no such") == "no such"
