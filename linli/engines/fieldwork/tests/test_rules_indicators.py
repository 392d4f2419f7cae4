"""Marks add up, what does not apply is not counted, and a veto takes its content."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.engines.fieldwork.rules.indicators import (
    Entry,
    Observation,
    Sign,
    Standard,
    adjust,
    by_item,
    by_point,
    by_type,
    by_unit,
    gaps,
    library,
    score,
    tree,
)

KEYS = [f"s{n}" for n in range(5)]
libraries = st.tuples(
    *(
        st.builds(
            Standard,
            st.just(key),
            st.sampled_from("pq"),
            st.sampled_from("cd"),
            st.integers(1, 5),
            st.integers(0, 3),
            st.booleans(),
            st.sampled_from("uv"),
            st.sampled_from("xy"),
        )
        for key in KEYS
    )
).map(library)


@st.composite
def checks(draw):
    standards = draw(libraries)
    seen = []
    for _ in range(draw(st.integers(0, 20))):
        key, point = draw(st.sampled_from(KEYS)), draw(st.sampled_from("12"))
        seen.append(Observation(key, point, draw(st.none() | st.integers(0, standards[key].full))))
    return standards, seen


@given(checks())
def test_every_way_of_splitting_adds_up(check):
    standards, seen = check
    whole = score(standards, seen)
    assert whole.observed + whole.not_applicable == len(seen)
    for split in (by_unit, by_type, by_item, by_point):
        parts = split(standards, seen).values()
        assert sum(p.marks for p in parts) == whole.marks
        assert sum(p.full for p in parts) == whole.full
    projects = tree(standards, seen)
    assert sum(p.score.marks for p in projects) == whole.marks
    assert sum(c.score.full for p in projects for c in p.parts) == whole.full
    assert sum(len(p.parts) for p in projects) == len({(s.project, s.content) for s in standards.values()})


@given(checks())
def test_rates_lie_between_nothing_and_all_and_gaps_explain_them(check):
    standards, seen = check
    whole = score(standards, seen)
    assert 0 <= whole.marks <= whole.full
    lost = sum(g.lost for g in gaps(standards, seen))
    assert whole.full - whole.marks >= lost
    assert whole.vetoes or whole.full - whole.marks == lost


@given(checks())
def test_what_does_not_apply_changes_nothing(check):
    standards, seen = check
    more = [*seen, Observation("s0", "1", None)]
    assert (score(standards, more).rate, gaps(standards, more)) == (score(standards, seen).rate, gaps(standards, seen))


LIBRARY = library(
    [
        Standard("litter", "streets", "clean", 2, 3, unit="north", point_type="street"),
        Standard("paint", "streets", "clean", 1, 1, unit="south", point_type="street"),
        Standard("exits", "safety", "fire", 1, 1, veto=True, unit="south", point_type="market"),
        Standard("signs", "safety", "fire", 4, 1, unit="south", point_type="market"),
    ]
)
SEEN = [
    Observation("litter", "a", 1),
    Observation("litter", "b", 2),
    Observation("paint", "a", None),
    Observation("exits", "m", 0),
    Observation("signs", "m", 4),
]


def test_a_check_by_hand():
    whole = score(LIBRARY, SEEN)
    assert (whole.marks, whole.full, whole.rate) == (Fraction(9), Fraction(17), Fraction(9, 17))
    assert (whole.full_mark_rate, whole.not_applicable, whole.vetoes) == (Fraction(2, 4), 1, ("exits",))
    assert [(g.standard, g.lost, g.points) for g in gaps(LIBRARY, SEEN)] == [
        ("exits", Fraction(1), ("m",)),
        ("litter", Fraction(3), ("a",)),
    ]
    streets, safety = tree(LIBRARY, SEEN)
    assert (streets.name, streets.score.rate) == ("streets", Fraction(9, 12))
    assert (safety.name, safety.score.rate) == ("safety", Fraction(0))
    assert score(LIBRARY, []).rate is None is score(LIBRARY, []).full_mark_rate
    assert by_unit(LIBRARY, SEEN)["north"].rate == Fraction(3, 4)


# Of the size of Jiaozuo 2019 (domain.md §4: 1,166 observations, 70.1 %); the single marks are not published.
def test_a_round_of_real_size():
    standards = library([Standard("s", "p", "c")])
    seen = [Observation("s", "x", int(n < 817)) for n in range(1166)]
    assert score(standards, seen).rate == pytest.approx(0.701, abs=5e-4)


entries = st.lists(st.builds(Entry, st.sampled_from(Sign), st.fractions(0, 5)), max_size=6)


@given(st.fractions(0, 100), entries, st.fractions(0, 10))
def test_the_lists_keep_their_limits_in_any_order(base, listed, limit):
    found = adjust(base, listed, most_added=limit, ceiling=Fraction(110))
    assert 0 <= found.result <= 110
    assert found.added <= limit
    assert adjust(base, listed[::-1], most_added=limit, ceiling=Fraction(110)) == found


def test_the_lists_by_hand():
    listed = [Entry(Sign.TIMES, Fraction(9, 10)), Entry(Sign.ADD, Fraction(4)), Entry(Sign.TAKE, Fraction(2))]
    assert adjust(Fraction(80), listed, most_added=Fraction(3)).result == Fraction(729, 10)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: Standard("s", "p", "c", 0),
        lambda: library([Standard("s", "p", "c"), Standard("s", "p", "d")]),
        lambda: score(LIBRARY, [Observation("other", "a", 1)]),
        lambda: score(LIBRARY, [Observation("litter", "a", 3)]),
        lambda: adjust(Fraction(1), [Entry(Sign.ADD, Fraction(-1))]),
    ],
)
def test_what_makes_no_sense_is_refused(wrong):
    with pytest.raises(ValueError, match=r"\w"):
        wrong()
