"""The sample of call-backs: the same seed draws the same, each group its share, each unit its minimum."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from linli.engines.cases.rules.sampling import Candidate, as_rows, draw, from_rows, wanted

GROUPS = ("solved", "explained", "unsolved", "satisfied", "unsatisfied")
shares = st.dictionaries(st.sampled_from(GROUPS), st.integers(0, 100))
candidates = st.lists(
    st.builds(Candidate, st.integers(1, 10_000), st.sampled_from(GROUPS), st.integers(0, 5)),
    max_size=60,
    unique_by=lambda c: c.id,
)


@given(candidates, shares, st.integers(0, 4), st.text(max_size=20))
def test_the_same_seed_draws_the_same_whatever_the_order(found, share, minimum, seed):
    once = draw(found, share, minimum, seed)
    assert once == draw(list(reversed(found)), share, minimum, seed)
    assert once == draw(from_rows(as_rows(found)), share, minimum, seed)
    assert len(set(once)) == len(once)
    assert set(once) <= {c.id for c in found}


@given(candidates, shares, st.integers(0, 4), st.text(max_size=20))
def test_every_group_gets_its_share_and_every_unit_its_minimum(found, share, minimum, seed):
    drawn = set(draw(found, share, minimum, seed))
    groups = Counter(c.group for c in found)
    for group, count in groups.items():
        got = sum(c.id in drawn for c in found if c.group == group)
        assert got >= wanted(count, share.get(group, 0))
        if not share.get(group):
            assert got == 0, "a group without a share is never drawn"
    for unit in {c.unit_id for c in found} - {0}:
        able = [c for c in found if c.unit_id == unit and share.get(c.group, 0) > 0]
        assert sum(c.id in drawn for c in able) >= min(minimum, len(able))


@given(candidates, shares, st.text(max_size=20))
def test_without_a_minimum_nobody_is_drawn_beyond_the_shares(found, share, seed):
    drawn = draw(found, share, 0, seed)
    assert len(drawn) == sum(wanted(n, share.get(g, 0)) for g, n in Counter(c.group for c in found).items())


@given(st.integers(0, 500), st.integers(0, 100))
def test_a_share_is_rounded_up_and_never_more_than_all(count, percent):
    assert count * percent <= wanted(count, percent) * 100 < count * percent + 100
    assert wanted(count, percent) <= count
