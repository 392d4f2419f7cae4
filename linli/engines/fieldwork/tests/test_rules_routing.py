"""A walk is short, keeps its windows where it can, and can be put in another order by whoever walks."""

import random
from datetime import date, timedelta
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.engines.fieldwork.rules import routing
from linli.engines.fieldwork.rules.routing import route, times
from linli.engines.fieldwork.types import Span, Visit
from linli.foundation.core.coordinates import Point

DAY = date(2026, 3, 2)
SHIFT = Span(DAY, 540, 1020)
HOME = Point(31.21, 121.41)
windows = st.lists(st.builds(lambda b, n: Span(DAY, b, b + n), st.integers(500, 900), st.integers(20, 200)), max_size=2)
spots = st.builds(Point, st.floats(31.20, 31.23), st.floats(121.40, 121.44))


@st.composite
def days(draw, most):
    return [
        Visit(f"v{n}", draw(st.integers(5, 40)), draw(spots | st.none()), windows=tuple(draw(windows)))
        for n in range(draw(st.integers(0, most)))
    ]


def worth(walk):
    return len(walk.broken), walk.late, walk.walk_seconds


def check(visits, walk):
    assert sorted(s.visit for s in walk.stops) == sorted(v.key for v in visits)
    by_key = {v.key: v for v in visits}
    now = SHIFT.begin * 60
    for stop in walk.stops:
        visit = by_key[stop.visit]
        assert stop.arrive == now + stop.walk
        assert stop.begin >= stop.arrive
        assert stop.end == stop.begin + visit.minutes * 60
        fits = any(w.begin * 60 <= stop.begin and stop.end <= w.end * 60 for w in visit.windows) or not visit.windows
        assert fits != stop.broken or not visit.windows
        now = stop.end
    assert walk.late == max(0, walk.home - SHIFT.end * 60)


@settings(max_examples=40, deadline=None)
@given(days(5), st.none() | st.just(HOME))
def test_small_days_are_best_of_all_orders(visits, home):
    walk = route(visits, SHIFT, start=home, end=home)
    check(visits, walk)
    assert worth(walk) == min(worth(times(o, SHIFT, start=home, end=home)) for o in permutations(visits))
    assert route(visits[::-1], SHIFT, start=home, end=home) == walk


@settings(max_examples=10, deadline=None)
@given(days(10))
def test_longer_days_are_walks_too_and_what_is_pinned_comes_first(visits):
    pinned = [v.key for v in visits[:2]][::-1]
    walk = route(visits, SHIFT, start=HOME, pinned=pinned)
    check(visits, walk)
    assert [s.visit for s in walk.stops[: len(pinned)]] == pinned


def test_the_solver_finds_what_trying_all_finds(monkeypatch):
    dice = random.Random(3)
    visits = [
        Visit(f"v{n}", 10, Point(31.21 + dice.random() / 50, 121.41 + dice.random() / 50), windows=(Span(DAY, 660,
        760),) if n == 3 else ()) for n in range(7)
    ]  # fmt: skip
    solved = route(visits, SHIFT, start=HOME, end=HOME)
    assert route(visits[::-1], SHIFT, start=HOME, end=HOME) == solved, "the same answer every time"
    monkeypatch.setattr(routing, "EXACT", 7)
    assert solved.feasible
    assert solved.walk_seconds == route(visits, SHIFT, start=HOME, end=HOME).walk_seconds


def test_another_order_says_which_window_breaks():
    near, far = Point(31.21, 121.411), Point(31.21, 121.43)
    early = Visit("early", 20, far, windows=(Span(DAY, 560, 600),))
    visits = [Visit("near", 30, near), early]
    assert times(visits, SHIFT, start=HOME).broken == ("early",)
    assert times(visits[::-1], SHIFT, start=HOME).feasible
    assert [s.visit for s in route(visits, SHIFT, start=HOME).stops] == ["early", "near"]
    other_day = Visit("other", 20, near, windows=(Span(DAY + timedelta(days=1), 560, 600),))
    assert route([other_day], SHIFT).broken == ("other",)


def test_a_day_too_long_is_late():
    walk = route([Visit(f"v{n}", 300) for n in range(2)], SHIFT)
    assert (walk.feasible, walk.late) == (False, 600 * 60 + 5 * 60 - 480 * 60)
    assert times([], SHIFT).home == SHIFT.begin * 60


@pytest.mark.parametrize("wrong", [["x"], ["v0", "v0"]])
def test_what_is_pinned_must_be_there_once(wrong):
    with pytest.raises(ValueError, match="once"):
        route([Visit("v0", 5)], SHIFT, pinned=wrong)
    with pytest.raises(ValueError, match="at most"):
        route([Visit(f"v{n}", 5) for n in range(101)], SHIFT)
