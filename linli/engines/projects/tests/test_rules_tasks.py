"""Lights, shares and recurring days: the rules alone."""

from datetime import date, timedelta
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from linli.engines.projects.rules.recurring import Rhythm, days, next_after
from linli.engines.projects.rules.tasks import Light, Limits, Part, light, overdue_days, percent_of, shown, used
from linli.engines.projects.types import Every

DAYS = st.dates(date(2024, 1, 1), date(2030, 12, 31))
PARTS = st.lists(st.builds(Part, st.integers(0, 50), st.integers(0, 100)), max_size=20)


def weekday(day):
    return day.isoweekday() <= 5


def state(begun, due, today, percent, **more):
    given = {"ended": False, "done": False, "ordered": False, "limits": Limits(), **more}
    return light(begun=begun, due=due, today=today, percent=percent, **given)


def test_the_lights_of_a_month():
    begun, due = date(2026, 3, 1), date(2026, 3, 30)
    assert state(begun, due, date(2026, 3, 2), 0) is Light.GREEN
    assert state(begun, due, date(2026, 3, 12), 0) is Light.YELLOW, "a third of the time is over and nothing begun"
    assert state(begun, due, date(2026, 3, 12), 20) is Light.GREEN
    assert state(begun, due, date(2026, 3, 26), 90) is Light.YELLOW, "the end is near"
    assert state(begun, due, date(2026, 3, 2), 0, ordered=True) is Light.YELLOW
    assert state(begun, due, due, 90) is Light.YELLOW
    assert state(begun, due, date(2026, 3, 31), 99) is Light.RED
    assert state(begun, due, date(2026, 3, 31), 99, ended=True, done=True) is Light.DONE
    assert state(begun, due, date(2026, 3, 31), 0, ended=True) is Light.NONE


@given(DAYS, DAYS, DAYS, st.integers(0, 100))
def test_red_is_late_and_nothing_else(begun, due, today, percent):
    assert (state(begun, due, today, percent) is Light.RED) == (today > due) == (overdue_days(due, today) > 0)


@given(DAYS, DAYS, DAYS)
def test_time_used_only_grows(begun, due, today):
    assert 0 <= used(begun, due, today) <= used(begun, due, today + timedelta(days=1))


@given(PARTS)
def test_a_whole_lies_between_its_parts(parts):
    whole = percent_of(parts)
    heavy = [p for p in parts if p.weight] or parts
    assert not parts or min(p.percent for p in heavy) <= whole <= max(p.percent for p in heavy)
    assert (shown(whole) == 100) == (whole == 100)


@given(PARTS, st.integers(1, 9))
def test_only_the_shares_of_the_weights_count(parts, factor):
    assert percent_of(parts) == percent_of([Part(p.weight * factor, p.percent) for p in parts])


def test_thirds_are_thirds():
    assert percent_of([Part(1, 100), Part(1, 0), Part(1, 0)]) == Fraction(100, 3)
    assert shown(Fraction(299, 3)) == 99


def first(rhythm, count):
    found = days(rhythm, weekday)
    return [next(found) for _i in range(count)]


def test_the_31st_of_each_month_is_its_last_day():
    assert first(Rhythm(Every.MONTH, 31, date(2026, 1, 15)), 3) == [
        date(2026, 1, 31),
        date(2026, 2, 28),
        date(2026, 3, 31),
    ]


def test_quarters_begin_in_their_first_month():
    assert first(Rhythm(Every.QUARTER, 10, date(2026, 2, 1)), 3) == [
        date(2026, 4, 10), date(2026, 7, 10), date(2026, 10, 10),
    ]  # fmt: skip


def test_every_monday_on_which_work_is_done():
    holiday = date(2026, 5, 4)
    rhythm = Rhythm(Every.WEEK, 1, date(2026, 4, 28), working_only=True)
    found = days(rhythm, lambda d: weekday(d) and d != holiday)
    assert [next(found), next(found)] == [date(2026, 5, 11), date(2026, 5, 18)]


def test_it_ends_on_a_day_or_after_so_many():
    assert list(days(Rhythm(Every.WEEK, 5, date(2026, 3, 1), ends_on=date(2026, 3, 20)), weekday)) == [
        date(2026, 3, 6), date(2026, 3, 13), date(2026, 3, 20),
    ]  # fmt: skip
    assert len(list(days(Rhythm(Every.MONTH, 1, date(2026, 3, 1), times=4), weekday))) == 4
    assert (
        list(days(Rhythm(Every.WEEK, 6, date(2026, 3, 1), ends_on=date(2026, 3, 31), working_only=True), weekday)) == []
    )


RHYTHMS = st.builds(
    lambda every, day, start: Rhythm(every, day if every is not Every.WEEK else (day - 1) % 7 + 1, start),
    st.sampled_from(list(Every)),
    st.integers(1, 31),
    DAYS,
)


@given(RHYTHMS, DAYS)
def test_the_next_day_is_later_and_none_lies_between(rhythm, after):
    found = next_after(rhythm, after, weekday)
    assert found is not None
    assert found > after
    assert found >= rhythm.starts_on
    again = next_after(rhythm, found - timedelta(days=1), weekday)
    assert again == found
    earlier = max(after, rhythm.starts_on - timedelta(days=1))
    if (found - earlier).days > 1:
        assert next_after(rhythm, earlier, weekday) == found
