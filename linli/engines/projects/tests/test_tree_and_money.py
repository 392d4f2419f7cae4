"""The weighted tree in fractions and money in cents: what always holds."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.engines.projects.rules import life, money, tree
from linli.engines.projects.rules.tree import Branch
from linli.engines.projects.types import ProjectState

done = st.fractions(0, 1, max_denominator=100)
leaves = st.builds(Branch, st.text(max_size=3), st.integers(0, 20), done)
branches = st.recursive(
    leaves,
    lambda below: st.builds(
        lambda key, weight, parts: Branch(key, weight, Fraction(0), tuple(parts)),
        st.text(max_size=3),
        st.integers(0, 20),
        st.lists(below, min_size=1, max_size=4),
    ),
    max_leaves=15,
)


def ends(grown):
    return [grown] if not grown.parts else [leaf for part in grown.parts for leaf in ends(part)]


@given(branches)
def test_a_whole_lies_between_its_least_and_its_most_done_part(branch):
    grown = tree.grow(branch)
    parts = [leaf.progress for leaf in ends(grown)]
    assert min(parts) <= grown.progress <= max(parts)
    assert 0 <= tree.percent(grown.progress) <= 100
    assert (tree.percent(grown.progress) == 100) == (grown.progress == 1)


@given(branches)
def test_shares_of_the_parts_add_up_to_one_and_weigh_the_progress(branch):
    for node in [tree.grow(branch)]:
        if node.parts:
            assert sum(p.share for p in node.parts) == 1
            assert sum(p.share * p.progress for p in node.parts) == node.progress


@given(st.lists(st.tuples(st.integers(1, 50), done), min_size=1, max_size=6), st.integers(1, 9))
def test_only_the_proportion_of_weights_counts(parts, times):
    assert tree.mean(parts) == tree.mean([(w * times, p) for w, p in parts])


@given(st.lists(st.tuples(st.integers(1, 50), done), min_size=1, max_size=6), st.integers(0, 5), done)
def test_more_done_is_never_less_progress(parts, which, more):
    n = which % len(parts)
    weight, was = parts[n]
    better = [*parts[:n], (weight, max(was, more)), *parts[n + 1 :]]
    assert tree.mean(better) >= tree.mean(parts)


@given(st.integers(-(10**14), 10**14))
def test_what_is_written_is_read_back_to_the_cent(cents):
    assert money.parse(money.write(cents)) == cents


@given(st.integers(0, 10**10))
def test_ten_thousands_are_written_only_where_nothing_is_lost(hundreds):
    text, ten_thousands = money.write_short(hundreds * 100)
    assert money.parse(f"{text}万" if ten_thousands else text) == hundreds * 100


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("12,345.67", 1_234_567),
        ("１２万元", 12_000_000),
        ("0.5万", 500_000),
        ("1.2亿", 12_000_000_000),
        ("￥300", 30_000),
        ("-20", -2_000),
        ("1，234元", 123_400),
        ("1.234", None),
        ("很多", None),
        ("", None),
        ("1e5", None),
        ("9" * 20, None),
    ],
)
def test_amounts_as_people_write_them(text, cents):
    assert money.parse(text) == cents


@given(st.lists(st.integers(1, 10**9), max_size=20), st.integers(0, 10**9))
def test_what_is_left_and_what_is_spent_add_up(lines, planned):
    left, percent = money.pairs(planned, sum(lines))
    assert left + sum(lines) == planned
    assert percent >= 0


def test_every_state_of_a_project_is_reached_and_each_step_leads_from_known_states():
    states = set(ProjectState.values)
    assert {s for step in life.STEPS.values() for s in step.sources} <= states
    assert {step.target for step in life.STEPS.values()} == states
    assert states - {"closed", "stopped"} == life.OPEN
    assert not life.steps_from("closed")
