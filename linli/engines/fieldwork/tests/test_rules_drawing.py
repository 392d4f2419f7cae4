"""A draw can be repeated by anybody, and by nobody steered."""

import hashlib
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.engines.fieldwork.rules.drawing import draw, draw_by_stratum, protocol, reserve

IDS = st.lists(st.text(min_size=1, max_size=12), unique=True, max_size=40)
SEEDS = st.text(min_size=1, max_size=20).filter(str.strip)


def test_a_known_draw_stays_what_it_was():
    targets = [f"t{n}" for n in range(1, 11)]
    by_hand = sorted(targets, key=lambda t: hashlib.sha256(f"2026-11-22:{t}".encode()).hexdigest())
    assert draw(targets, "2026-11-22", 4) == tuple(by_hand[:4]) == ("t3", "t2", "t9", "t6")


def test_a_shell_repeats_the_lot():
    text = "上海:1号楼"
    printed = subprocess.run(["sha256sum"], input=text.encode(), capture_output=True, check=True).stdout.split()[0]
    assert protocol(["1号楼"], "上海", 1)[0].digest == printed.decode()


@given(IDS, SEEDS, st.integers(0, 50), st.randoms(use_true_random=False))
def test_the_order_of_the_input_does_not_matter(targets, seed, wanted, dice):
    shuffled = list(targets)
    dice.shuffle(shuffled)
    drawn = draw(targets, seed, wanted)
    assert draw(shuffled, seed, wanted) == drawn == draw(targets + targets, seed, wanted)
    assert len(drawn) == len(set(drawn)) == min(wanted, len(targets))
    assert set(drawn) <= set(targets)


@given(IDS, SEEDS, st.integers(0, 40))
def test_a_larger_draw_only_adds(targets, seed, wanted):
    assert draw(targets, seed, wanted + 1)[:wanted] == draw(targets, seed, wanted)


@given(IDS, SEEDS, st.integers(0, 40))
def test_a_target_that_goes_is_followed_by_the_next_of_the_lot(targets, seed, wanted):
    drawn = draw(targets, seed, wanted)
    assert drawn + reserve(targets, seed, drawn) == draw(targets, seed, len(targets))
    for gone in drawn[:1]:
        rest = [t for t in targets if t != gone]
        assert draw(rest, seed, wanted) == (*drawn[1:], *reserve(targets, seed, drawn)[:1])


@given(st.dictionaries(st.text(min_size=1, max_size=8), st.sampled_from("abc"), max_size=40), SEEDS)
def test_strata_are_drawn_each_by_itself(strata, seed):
    wanted = {"a": 3, "b": 0, "d": 2}
    drawn = draw_by_stratum(strata, seed, wanted)
    assert drawn["b"] == drawn["d"] == ()
    assert drawn["a"] == draw([t for t, s in strata.items() if s == "a"], seed, 3)
    assert set(drawn) == set(wanted)


def test_all_are_drawn_about_equally_often():
    counts = dict.fromkeys((str(n) for n in range(20)), 0)
    for seed in range(2000):
        for target in draw(counts, str(seed), 5):
            counts[target] += 1
    # Binomial with 2000 and 1/4: standard deviation 19; five of them on either side.
    assert all(403 <= n <= 597 for n in counts.values())


@pytest.mark.parametrize(("seed", "wanted"), [("", 1), ("  ", 1), ("x", -1)])
def test_a_draw_without_seed_or_below_nothing_is_refused(seed, wanted):
    with pytest.raises(ValueError, match="draw"):
        draw(["a"], seed, wanted)
