"""Occasions follow one another without gap or overlap; a door is tried at differing times."""

import itertools
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.engines.fieldwork.rules.rounds import (
    Knocking,
    Occasion,
    Rhythm,
    Unit,
    Window,
    knock,
    occasions,
    within,
)

ZONE = ZoneInfo("Asia/Shanghai")
MONDAY = date(2026, 3, 2)


def at(day, hour, minute=0):
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZONE)


def weekday(day):
    return day.isoweekday() <= 5


days = st.dates(date(2026, 1, 1), date(2027, 12, 31))
rhythms = st.builds(
    Rhythm, st.sampled_from([Unit.DAYS, Unit.WEEKS, Unit.MONTHS, Unit.WORKDAYS]), days, st.integers(1, 4)
)


@given(rhythms, st.integers(0, 200))
def test_occasions_follow_one_another(rhythm, ahead):
    found = occasions(rhythm, rhythm.first + timedelta(days=ahead), weekday)
    assert [o.number for o in found] == list(range(1, len(found) + 1))
    for one, after in itertools.pairwise(found):
        assert one.begins <= one.ends < after.begins
        daily = rhythm.unit is Unit.WORKDAYS and rhythm.every == 1
        assert daily or one.ends + timedelta(days=1) == after.begins
    if rhythm.unit is Unit.WORKDAYS:
        assert all(weekday(o.begins) for o in found)


def test_months_keep_their_day_and_a_campaign_ends():
    rhythm = Rhythm(Unit.MONTHS, date(2026, 1, 31), last=date(2026, 4, 15))
    assert [(o.begins, o.ends) for o in occasions(rhythm, date(2026, 12, 1))] == [
        (date(2026, 1, 31), date(2026, 2, 27)),
        (date(2026, 2, 28), date(2026, 3, 30)),
        (date(2026, 3, 31), date(2026, 4, 15)),
    ]


def test_once_has_the_whole_period():
    rhythm = Rhythm(Unit.ONCE, MONDAY, last=MONDAY + timedelta(days=9))
    assert occasions(rhythm, date(2027, 1, 1)) == (Occasion(1, MONDAY, MONDAY + timedelta(days=9)),)
    assert occasions(rhythm, MONDAY - timedelta(days=1)) == ()


def test_festivals_are_given_days_with_days_before():
    rhythm = Rhythm(
        Unit.GIVEN, date(2026, 1, 1), days=(date(2026, 9, 25), date(2026, 2, 17), date(2025, 2, 1)), before=7
    )
    assert occasions(rhythm, date(2026, 12, 31)) == (
        Occasion(1, date(2026, 2, 10), date(2026, 2, 17)),
        Occasion(2, date(2026, 9, 18), date(2026, 9, 25)),
    )


def test_windows_decide_what_counts():
    rhythm = Rhythm(Unit.DAYS, MONDAY, windows=(Window(1, 420, 540), Window(3, 1080, 1200)))
    assert [o.begins for o in occasions(rhythm, MONDAY + timedelta(days=8))] == [
        MONDAY, MONDAY + timedelta(days=2), MONDAY + timedelta(days=7),
    ]  # fmt: skip
    assert within(rhythm, at(MONDAY, 8, 59), ZONE)
    assert not within(rhythm, at(MONDAY, 9), ZONE)  # the end no longer belongs to it
    assert within(rhythm, datetime(2026, 3, 1, 23, 30, tzinfo=UTC), ZONE)  # 7:30 on Monday there


RULE = Knocking()


def test_three_tries_at_differing_times_one_at_the_weekend():
    saturday = MONDAY + timedelta(days=5)
    tries = [at(MONDAY, 10), at(MONDAY, 11), at(MONDAY + timedelta(days=1), 14)]
    found = knock(RULE, tries, at(MONDAY + timedelta(days=1), 15), ZONE)
    assert (found.counted, found.unreachable) == (2, False)
    assert (found.next_begin, found.next_end) == (at(saturday, 18), at(saturday, 20, 30))
    assert knock(RULE, [*tries, at(saturday, 19)], at(saturday, 20), ZONE).unreachable
    always_morning = [at(MONDAY + timedelta(days=d), 10) for d in (0, 1, 2, 5, 6)]
    assert not knock(RULE, always_morning, at(saturday, 20), ZONE).unreachable


moments = st.datetimes(datetime(2026, 3, 1), datetime(2026, 3, 20), timezones=st.just(UTC))  # noqa: DTZ001
rules = st.builds(
    Knocking, st.integers(3, 5), differing=st.integers(1, 3), apart=st.integers(0, 3), weekend=st.booleans()
)


@given(rules, moments)
def test_who_follows_the_proposals_comes_to_an_end(rule, now):
    tries: list[datetime] = []
    for _ in range(12):
        found = knock(rule, tries, now, ZONE)
        if found.unreachable:
            break
        assert found.next_begin is not None
        assert found.next_end is not None
        assert now <= found.next_begin < found.next_end
        assert found.counted == len(tries), "a proposal that was followed counts"
        now = found.next_begin
        tries.append(now)
    assert found.unreachable
    assert len(tries) <= max(rule.tries, rule.differing) + 1


@given(rules, st.lists(moments, max_size=8), moments)
def test_the_order_of_the_tries_does_not_matter(rule, tries, now):
    assert knock(rule, tries, now, ZONE) == knock(rule, tries[::-1], now, ZONE)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: within(Rhythm(Unit.DAYS, MONDAY), datetime(2026, 3, 2), ZONE),  # noqa: DTZ001
        lambda: Rhythm(Unit.DAYS, MONDAY, 0),
        lambda: Rhythm(Unit.ONCE, MONDAY, last=date(2026, 1, 1)),
        lambda: Window(8, 0, 1),
        lambda: Window(1, 9, 9),
        lambda: Knocking(parts=(600, 500)),
        lambda: Knocking(tries=1),
        lambda: Knocking(until=2000),
    ],
)
def test_what_makes_no_sense_is_refused(wrong):
    with pytest.raises(ValueError, match=r"\w"):
        wrong()
