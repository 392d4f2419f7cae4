"""Shares, intervals, what is covered."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.engines.fieldwork.rules.sampling import wilson
from linli.programmes.surveys import rules
from linli.programmes.surveys.tests.scenes import FORM, GRADES

counts = st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 60), min_size=1)


@given(st.integers(0, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), st.integers(0, 5_000))
def test_an_interval_holds_the_share_and_is_never_wider_than_without_the_whole(pair, whole):
    hits, count = pair
    found = rules.between(hits, count, whole)
    if not count:
        assert found is None
        return
    assert found.low - 1e-9 <= hits / count <= found.high + 1e-9
    plain = wilson(hits, count, rules.CONFIDENCE)
    if whole >= count:
        assert found.margin <= plain.margin + 1e-9
    if whole == count:
        assert found.low == found.high
    if not whole:
        assert abs(found.low - plain.low) < 1e-9
        assert abs(found.high - plain.high) < 1e-9


def test_the_finite_whole_by_hand():
    # n = 100 of N = 200, p = 0.5: the effective size is 100 × 199 ÷ 100 = 199.
    found = rules.between(50, 100, 200)
    assert found.margin == pytest.approx(wilson(995, 1990, rules.CONFIDENCE).margin * 3.13, rel=0.02)


@given(counts, st.integers(2, 8))
def test_nothing_covered_can_be_reckoned_from_the_rest(found, small):
    shown = rules.guarded(found, small)
    hidden = [c for c, n in shown.items() if n is None]
    if sum(found.values()) < small:
        assert len(hidden) == len(found)
        return
    assert all(n == 0 or n >= small for n in shown.values() if n is not None)
    others = [c for c in found if c not in hidden and found[c]]
    if hidden and others:
        assert len(hidden) >= 2
        assert sum(found[c] for c in hidden) >= small


def test_too_few_are_left_out_of_the_whole_too():
    areas = {"a": {"yes": 30, "no": 10}, "b": {"yes": 4}}
    whole = rules.overall(areas, ["yes"], {"a": 500, "b": 300}, small=5, least=20)
    assert (whole.count, whole.share, whole.whole) == (40, Fraction(3, 4), 500)
    assert rules.figure(areas["b"], ["yes"], 300, small=5, least=20).count is None
    few = rules.figure({"yes": 6}, ["yes"], 300, small=5, least=20)
    assert (few.count, few.share) == (6, None)


def test_the_whole_is_weighted_by_size():
    areas = {"big": {"yes": 20, "no": 20}, "little": {"yes": 40}}
    whole = rules.overall(areas, ["yes"], {"big": 3_000, "little": 1_000}, small=5, least=20)
    assert whole.share == Fraction(1, 2) * Fraction(3, 4) + Fraction(1, 4)
    assert rules.overall(areas, ["yes"], {}, small=5, least=20).share == Fraction(3, 4)
    assert rules.overall({"a": {"yes": 3}}, ["yes"], {}, small=5, least=20) == rules.Figure(None)


def test_what_is_measured_and_what_an_anonymous_survey_may_ask():
    assert rules.indices(FORM) == {
        "awareness": ("known", ("yes",)),
        "feeling": ("work/feel", ("better",)),
        "satisfaction": ("work/score", ("good", "fair")),
    }
    assert rules.unfit(FORM) == []
    assert [c.code for c in GRADES] == ["good", "fair", "so", "bad"]


def test_a_tally_counts_each_question_by_itself():
    first = {"known": True, "from": ["visit", "board"], "work": {"feel": "better"}}
    sheets: list[tuple[str, dict[str, Any]]] = [("x", first), ("x", {"known": False})]
    found = rules.tally(FORM, sheets)
    assert found["known"] == {"x": {"yes": 1, "no": 1}}
    assert found["from"] == {"x": {"visit": 1, "board": 1}}
    assert found["work/score"] == {}
    assert rules.rate(30, 40, 5) == Fraction(3, 4)
    assert rules.rate(3, 40, 5) is None
    assert rules.rate(30, 0, 5) is None
