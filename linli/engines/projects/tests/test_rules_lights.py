"""Red, yellow, green by rule."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.engines.projects.rules.scheduling import expected_percent, light_of, light_of_project
from linli.engines.projects.rules.scheduling.lights import Standing
from linli.engines.projects.rules.scheduling.types import Judged, Light, Sign, Spell, Thresholds
from linli.engines.projects.tests.networks import CALENDAR, workday

LIMITS = Thresholds(
    yellow_slack=2, red_slack=-1, yellow_behind=10, red_behind=30, yellow_overdue=1, red_overdue=5,
    yellow_share=20, red_share=30,
)  # fmt: skip
TEN = Spell(workday(10), workday(19))
UNDER_WAY = Standing(TEN, slack=8, percent=50, begun=True)
MILESTONE = Standing(Spell(workday(15), workday(15)), slack=8, milestone=True)


def judge(standing, index):
    return light_of(standing, workday(index), CALENDAR, LIMITS)


@pytest.mark.parametrize(
    ("standing", "index", "light", "signs"),
    [
        (UNDER_WAY, 15, Light.GREEN, ()),
        (replace(UNDER_WAY, done=True, slack=-9), 40, Light.DONE, ()),
        (replace(UNDER_WAY, percent=41), 15, Light.GREEN, ()),
        (replace(UNDER_WAY, percent=40), 15, Light.YELLOW, (Sign.BEHIND,)),
        (replace(UNDER_WAY, percent=20), 15, Light.RED, (Sign.BEHIND,)),
        (replace(UNDER_WAY, slack=2), 15, Light.YELLOW, (Sign.LITTLE_SLACK,)),
        (replace(UNDER_WAY, slack=0, percent=0), 15, Light.RED, (Sign.BEHIND, Sign.LITTLE_SLACK)),
        (replace(UNDER_WAY, slack=-1), 15, Light.RED, (Sign.TOO_LATE,)),
        (replace(UNDER_WAY, percent=95), 19, Light.GREEN, ()),
        (replace(UNDER_WAY, percent=95), 20, Light.YELLOW, (Sign.OVERDUE,)),
        (replace(UNDER_WAY, percent=95), 24, Light.RED, (Sign.OVERDUE,)),
        (Standing(TEN, slack=8), 5, Light.WAITING, ()),
        (Standing(TEN, slack=8), 10, Light.WAITING, ()),
        (Standing(TEN, slack=8), 11, Light.YELLOW, (Sign.NOT_BEGUN, Sign.BEHIND)),
        (Standing(TEN, slack=8), 15, Light.RED, (Sign.NOT_BEGUN, Sign.BEHIND)),
        (MILESTONE, 15, Light.WAITING, ()),
        (MILESTONE, 16, Light.YELLOW, (Sign.MILESTONE,)),
        (MILESTONE, 20, Light.RED, (Sign.MILESTONE,)),
    ],
)
def test_the_light_of_one(standing, index, light, signs):
    assert judge(standing, index) == Judged(light, signs)


def test_time_passed_counts_working_days():
    assert [expected_percent(TEN, workday(n), CALENDAR) for n in (9, 10, 11, 15, 19, 20)] == [0, 0, 10, 50, 90, 100]


def parts(*lights):
    weights = {Light.DONE: {"done": True}, Light.GREEN: {"begun": True}}
    return [(Standing(TEN, slack=8, **weights.get(light, {})), Judged(light)) for light in lights]


@pytest.mark.parametrize(
    ("lights", "slack", "light", "signs"),
    [
        ([Light.DONE] * 3, -5, Light.DONE, ()),
        ([Light.WAITING] * 3, None, Light.WAITING, ()),
        ([Light.GREEN, Light.WAITING], 3, Light.GREEN, ()),
        ([Light.GREEN, Light.WAITING], -1, Light.RED, (Sign.TOO_LATE,)),
        ([Light.GREEN] * 9 + [Light.RED], 3, Light.YELLOW, (Sign.PART_RED,)),
        ([Light.GREEN] * 7 + [Light.RED] * 3, 3, Light.RED, (Sign.PART_RED,)),
        ([Light.GREEN] * 9 + [Light.YELLOW], 3, Light.GREEN, ()),
        ([Light.GREEN] * 8 + [Light.YELLOW] * 2, 3, Light.YELLOW, (Sign.PART_YELLOW,)),
        ([], None, Light.WAITING, ()),
    ],
)
def test_the_light_of_a_project(lights, slack, light, signs):
    assert light_of_project(parts(*lights), LIMITS, slack=slack) == Judged(light, signs)


def test_a_milestone_that_has_passed_reddens_its_project():
    over = [(MILESTONE, judge(MILESTONE, 20)), *parts(*[Light.GREEN] * 30)]
    assert light_of_project(over, LIMITS) == Judged(Light.RED, (Sign.MILESTONE, Sign.PART_RED))


RANK = {Light.DONE: 0, Light.WAITING: 0, Light.GREEN: 0, Light.YELLOW: 1, Light.RED: 2}


@given(st.integers(-5, 10), st.integers(0, 100), st.booleans(), st.integers(0, 30), st.integers(0, 5))
def test_time_and_lost_slack_never_make_it_greener(slack, percent, begun, index, more):
    now = Standing(TEN, slack=slack, percent=percent, begun=begun)
    worse = replace(now, slack=slack - more)
    assert RANK[judge(worse, index + more).light] >= RANK[judge(now, index).light]
