"""Marks to grades, coverage by area."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from linli.programmes.owners.rules import covered, judged
from linli.programmes.owners.types import Grade, Limits, Line

LIMITS = Limits(90, 80, 60)
LINES = st.builds(
    Line, code=st.text("abc", min_size=1, max_size=3), group=st.just("g"), text=st.just("t"),
    earned=st.sampled_from([None, Decimal(0), Decimal(5)]), full=st.just(Decimal(5)), veto=st.booleans(),
)  # fmt: skip


@given(st.lists(LINES, max_size=30))
def test_marks_lie_between_nought_and_full_and_a_veto_always_fails(lines):
    found = judged(lines, LIMITS)
    assert 0 <= found.earned <= found.full
    assert (found.grade is None) == (not found.full)
    if any(n.veto and n.failed for n in lines):
        assert found.grade == Grade.FAILED
    spared = [*lines, Line("z", "g", "t", None, Decimal(50), True)]
    assert judged(spared, LIMITS) == found  # 不适用 changes nothing


def test_the_least_of_a_grade_belongs_to_it():
    def grade(earned):
        return judged([Line("a", "g", "t", Decimal(earned), Decimal(100))], LIMITS).grade

    assert [grade(n) for n in ("90", "89.9", "80", "79.9", "60", "59.9")] == [
        Grade.EXCELLENT, Grade.GOOD, Grade.GOOD, Grade.PASSED, Grade.PASSED, Grade.FAILED,
    ]  # fmt: skip


@given(st.dictionaries(st.integers(1, 50), st.sampled_from(["/a/1/", "/a/2/", "/b/"]), max_size=20),
       st.sets(st.integers(1, 60)))  # fmt: skip
def test_every_committee_is_counted_once_done_or_left(places, done):
    found = covered(places, done, ["/a/", "/b/"])
    assert sum(a.whole for a in found) == len(places)
    assert sum(a.done for a in found) == len(set(places) & done)
    assert {k for a in found for k in a.left} == set(places) - done
    assert all(a.share is not None and 0 <= a.share <= 1 for a in found)
