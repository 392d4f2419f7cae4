"""When a desk is attended, when its hours clash, which posts a group means."""

from datetime import time

from hypothesis import given
from hypothesis import strategies as st

from linli.foundation.people.rules import hours_clash, in_group, next_days, sitting
from linli.foundation.people.types import POST_GROUPS, Hours, Role

minutes = st.integers(0, 23 * 60 + 58)


@st.composite
def hours(draw):
    starts = draw(minutes)
    ends = draw(st.integers(starts + 1, 23 * 60 + 59))
    return Hours(draw(st.integers(1, 7)), time(starts // 60, starts % 60), time(ends // 60, ends % 60))


@given(st.lists(hours(), max_size=6), st.integers(1, 7), minutes)
def test_a_desk_is_attended_exactly_within_its_hours(found, weekday, at):
    moment = time(at // 60, at % 60)
    inside = any(h.weekday == weekday and h.starts <= moment and moment < h.ends for h in found)
    assert sitting(found, weekday, moment) == inside
    if inside:
        assert next_days(found, weekday) == 0


@given(st.lists(hours(), max_size=5))
def test_hours_clash_where_two_of_one_day_share_a_minute(found):
    pairs = [(a, b) for i, a in enumerate(found) for b in found[i + 1 :] if a.weekday == b.weekday]
    assert hours_clash(found) == any(a.starts < b.ends and b.starts < a.ends for a, b in pairs)
    assert hours_clash(list(reversed(found))) == hours_clash(found)


@given(st.lists(hours(), min_size=1, max_size=5), st.integers(1, 7))
def test_the_next_day_is_one_of_its_days(found, weekday):
    wait = next_days(found, weekday)
    assert wait is not None
    assert 0 <= wait <= 6
    assert (weekday - 1 + wait) % 7 + 1 in {h.weekday for h in found}


def test_posts_fall_into_their_groups():
    assert next_days([], 3) is None
    groups = POST_GROUPS
    assert in_group(groups["secretary"], "neighbourhood_committee", Role.NEIGHBOURHOOD_SECRETARY, "书记")
    assert not in_group(groups["secretary"], "neighbourhood_committee", Role.COMMUNITY_WORKER, "社工")
    assert in_group(groups["director"], "neighbourhood_committee", Role.COMMUNITY_WORKER, "居委会主任")
    assert in_group(groups["owners"], "owners_committee", Role.UNIT_HEAD, "负责人")
    assert in_group(groups["property"], "property_company", Role.CONTRACTOR, "项目经理")
    assert not in_group(groups["property"], "contractor", Role.CONTRACTOR, "项目经理")
