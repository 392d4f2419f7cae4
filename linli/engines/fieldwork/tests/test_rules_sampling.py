"""Sizes, intervals and estimates against the figures of the books."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.engines.fieldwork.rules.sampling import (
    Change,
    Counted,
    Interval,
    allocate,
    compare,
    ranking,
    sample_size,
    weighted,
    wilson,
    z_of,
)

NINETY_FIVE = Fraction(19, 20)
FIVE = Fraction(1, 20)


@pytest.mark.parametrize(("percent", "z"), [(90, 1.644854), (95, 1.959964), (99, 2.575829)])
def test_quantiles(percent, z):
    assert z_of(Fraction(percent, 100)) == pytest.approx(z, abs=1e-6)


# Krejcie and Morgan, Educational and Psychological Measurement 30 (1970) 607–610: 95 %, ±5 points, share 1/2. Their
# chi-square of 3.841 and rounding to the nearest lie at most one below the rounded-up size.
KREJCIE_MORGAN = [(10, 10), (100, 80), (200, 132), (500, 217), (1000, 278), (5000, 357), (10_000, 370)]


@pytest.mark.parametrize(("whole", "size"), KREJCIE_MORGAN)
def test_sizes_of_the_known_table(whole, size):
    assert 0 <= sample_size(whole, FIVE, NINETY_FIVE) - size <= 1


def test_sizes_of_the_textbook():
    assert sample_size(10**9, FIVE, NINETY_FIVE) == 385
    assert sample_size(10**9, Fraction(3, 100), NINETY_FIVE) == 1068
    assert sample_size(10**9, Fraction(1, 10), NINETY_FIVE) == 97
    assert sample_size(0, FIVE, NINETY_FIVE) == 0


@given(st.integers(0, 10**6), st.integers(1, 40), st.integers(1, 40))
def test_a_wider_margin_never_needs_more(whole, a, b):
    one, other = sorted((Fraction(a, 100), Fraction(b, 100)))
    assert whole >= sample_size(whole, one, NINETY_FIVE) >= sample_size(whole, other, NINETY_FIVE)


SIZES = st.dictionaries(st.text("abcdef", min_size=1, max_size=2), st.integers(0, 60), max_size=8)


@given(SIZES, st.integers(0, 300), st.integers(0, 5))
def test_allocation_adds_up_and_stays_within_the_strata(sizes, wanted, least):
    given_ = allocate(sizes, wanted, least)
    floor = sum(min(least, n) for n in sizes.values())
    assert sum(given_.values()) == max(floor, min(wanted, sum(sizes.values())))
    assert all(min(least, sizes[k]) <= n <= sizes[k] for k, n in given_.items())
    assert given_.keys() == sizes.keys()
    assert allocate(dict(reversed(sizes.items())), wanted, least) == given_


@given(SIZES, st.integers(0, 300))
def test_without_a_least_each_lies_within_one_of_its_quota(sizes, wanted):
    total = sum(sizes.values())
    wanted = min(wanted, total)
    for name, n in allocate(sizes, wanted).items():
        assert not total or abs(n - Fraction(wanted * sizes[name], total)) < 1


def test_allocation_by_hand():
    assert allocate({"street": 50, "estate": 30, "toilet": 20}, 10) == {"street": 5, "estate": 3, "toilet": 2}
    assert allocate({"street": 97, "toilet": 2, "station": 1}, 10, 1) == {"street": 8, "toilet": 1, "station": 1}
    assert allocate({"a": 1, "b": 1, "c": 1}, 2) == {"a": 1, "b": 1, "c": 0}


# Newcombe 1998 (Two-sided confidence intervals for the single proportion), table I, method 3.
NEWCOMBE = [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)]


@pytest.mark.parametrize(("hits", "count", "low", "high"), NEWCOMBE)
def test_wilson_intervals_of_the_known_table(hits, count, low, high):
    found = wilson(hits, count, NINETY_FIVE)
    assert (found.low, found.high) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_holds_the_share_and_mirrors(pair):
    hits, count = pair
    found, other = wilson(hits, count, NINETY_FIVE), wilson(count - hits, count, NINETY_FIVE)
    assert 0 <= found.low <= hits / count + 1e-12
    assert hits / count - 1e-12 <= found.high <= 1
    assert found.low == pytest.approx(1 - other.high, abs=1e-9)


def test_what_was_not_counted_has_no_interval():
    assert wilson(0, 0, NINETY_FIVE) is None
    assert weighted({}, NINETY_FIVE) is None is weighted({"a": Counted(9, 0, 0)}, NINETY_FIVE)
    assert compare((0, 0), (1, 2), NINETY_FIVE).change is Change.UNKNOWN


def test_a_weighted_estimate_by_hand():
    found = weighted({"a": Counted(300, 31, 16), "b": Counted(100, 11, 11), "c": Counted(50, 0, 0)}, NINETY_FIVE)
    assert found.share == (300 * Fraction(16, 31) + 100) / 400
    p = 16 / 31
    by_hand = 1.959964 * (0.75**2 * (1 - 31 / 300) * p * (1 - p) / 30) ** 0.5
    assert found.margin == pytest.approx(by_hand, rel=1e-6)
    assert (found.looked, found.covered, found.left_out) == (42, 400, ("c",))
    assert weighted({"a": Counted(3, 1, 1)}, NINETY_FIVE).margin is None


@given(st.integers(2, 200).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_looking_at_all_leaves_no_margin(pair):
    hits, whole = pair
    found = weighted({"a": Counted(whole, whole, hits)}, NINETY_FIVE)
    assert (found.share, found.margin) == (Fraction(hits, whole), 0)


def test_a_unit_counted_too_seldom_is_shown_without_rank():
    units = {"a": (9, 10), "b": (2, 2), "c": (18, 20), "d": (1, 10), "e": (0, 0)}
    assert [(p.unit, p.rank) for p in ranking(units, 10, NINETY_FIVE)] == [
        ("a", 1), ("c", 1), ("d", 3), ("b", None), ("e", None),
    ]  # fmt: skip


# Newcombe 1998 (Interval estimation for the difference), table II, method 10: 56/70 against 48/80.
def test_a_difference_of_the_known_table():
    found = compare((48, 80), (56, 70), NINETY_FIVE)
    assert (found.between.low, found.between.high) == (pytest.approx(0.0524, abs=5e-5), pytest.approx(0.3339, abs=5e-5))
    assert found.change is Change.UP
    assert compare((56, 70), (48, 80), NINETY_FIVE).change is Change.DOWN
    assert compare((5, 7), (6, 7), NINETY_FIVE).change is Change.UNKNOWN
    assert compare((48, 80), (56, 70), NINETY_FIVE, least=100).change is Change.UNKNOWN
    assert found.difference == Fraction(1, 5)
    assert isinstance(found.between, Interval)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: z_of(Fraction(1)),
        lambda: sample_size(-1, FIVE, NINETY_FIVE),
        lambda: sample_size(5, Fraction(0), NINETY_FIVE),
        lambda: allocate({"a": -1}, 1),
        lambda: wilson(2, 1, NINETY_FIVE),
        lambda: Counted(1, 2, 0),
    ],
)
def test_what_makes_no_sense_is_refused(wrong):
    with pytest.raises(ValueError, match=r"\w"):
        wrong()
