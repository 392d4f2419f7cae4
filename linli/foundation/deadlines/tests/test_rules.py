"""How time is counted."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.foundation.deadlines import rules
from linli.foundation.deadlines.types import Duration, Pause, StepKind, Unit
from linli.foundation.rulebook.exceptions import YearNotAnnouncedError
from linli.foundation.rulebook.rules import SHANGHAI, make_calendar

CALENDAR = make_calendar()
FIRST = datetime(2018, 1, 2, tzinfo=UTC)
starts = st.integers(0, 8 * 365 * 24 * 60).map(lambda n: FIRST + timedelta(minutes=n))
units = st.sampled_from(Unit)
durations = st.builds(Duration, st.integers(1, 25), units)
gaps = st.lists(st.tuples(st.integers(0, 6000), st.integers(1, 4000)), max_size=4)
percents = st.lists(st.integers(1, 300), max_size=5)


def at(month, day, hour=10, minute=0, year=2026):
    return datetime(year, month, day, hour, minute, tzinfo=SHANGHAI)


def pauses_after(start, found):
    pauses, moment = [], start
    for wait, length in found:
        begin = moment + timedelta(minutes=wait)
        moment = begin + timedelta(minutes=length)
        pauses.append(Pause(begin, moment))
    return pauses


def due(start, amount, unit, *pauses, extensions=()):
    return rules.due(start, Duration(amount, unit), CALENDAR, pauses, extensions).at


@pytest.mark.parametrize(
    ("start", "amount", "unit", "expected"),
    [
        (at(11, 23), 30, Unit.NATURAL_MINUTES, at(11, 23, 10, 30)),
        (at(10, 1), 2, Unit.NATURAL_HOURS, at(10, 1, 12)),
        (at(11, 23), 1, Unit.NATURAL_DAYS, at(11, 25, 0)),
        (at(11, 23, 0), 1, Unit.NATURAL_DAYS, at(11, 24, 0)),
        (at(11, 23, 11), 2, Unit.WORK_HOURS, at(11, 23, 14)),
        (at(11, 27, 16), 2, Unit.WORK_HOURS, at(11, 30, 10)),
        (at(11, 28, 16), 2, Unit.WORK_HOURS, at(11, 30, 11)),
        (at(11, 23), 7, Unit.WORK_HOURS, at(11, 24)),
        (at(11, 23, 8), 1, Unit.WORK_DAYS, at(11, 24, 17)),
        (at(11, 23, 23), 1, Unit.WORK_DAYS, at(11, 24, 17)),
        (at(11, 27), 1, Unit.WORK_DAYS, at(11, 30, 17)),
    ],
)
def test_due(start, amount, unit, expected):
    assert due(start, amount, unit) == expected


def test_a_working_sunday_counts_and_a_holiday_does_not():
    # 国庆 2026: 20 September and 10 October (Sunday, Saturday) are worked, 1 to 7 October are not.
    assert due(at(9, 18), 1, Unit.WORK_DAYS) == at(9, 20, 17)
    assert due(at(9, 30), 1, Unit.WORK_DAYS) == at(10, 8, 17)
    assert due(at(9, 30), 3, Unit.WORK_DAYS) == at(10, 10, 17)
    assert due(at(9, 30), 4, Unit.WORK_DAYS) == at(10, 12, 17)


def test_a_pause_within_a_day_moves_to_the_next_one():
    assert due(at(11, 23), 1, Unit.WORK_DAYS, Pause(at(11, 24, 10), at(11, 24, 13))) == at(11, 25, 11)


def test_a_pause_on_the_day_that_is_not_counted_moves_nothing():
    assert due(at(11, 23), 1, Unit.WORK_DAYS, Pause(at(11, 23, 11), at(11, 23, 16))) == at(11, 24, 17)


def test_a_pause_over_a_weekend_moves_no_working_time():
    assert due(at(11, 27, 16), 2, Unit.WORK_HOURS, Pause(at(11, 27, 18), at(11, 30, 8))) == at(11, 30, 10)


def test_an_extension_is_chained_to_the_end():
    assert due(at(11, 23), 1, Unit.WORK_DAYS, extensions=[Duration(2, Unit.WORK_DAYS)]) == at(11, 26, 17)


def test_an_unannounced_year_is_refused():
    with pytest.raises(YearNotAnnouncedError):
        due(at(12, 30), 3, Unit.WORK_DAYS)
    assert due(at(12, 31), 48, Unit.NATURAL_HOURS) == at(1, 2, year=2027)


def test_a_later_mark_in_an_unannounced_year_does_not_refuse_the_limit():
    plan = rules.plan(at(12, 23), Duration(5, Unit.WORK_DAYS), CALENDAR, (80, 100, 200))
    assert plan.due.at == at(12, 30, 17)
    assert [m.known for m in plan.marks] == [True, True, False]
    assert plan.marks[2].at == at(1, 1, 0, year=2027)


def test_marks_of_a_working_limit_are_shares_of_working_time():
    plan = rules.plan(at(11, 23), Duration(5, Unit.WORK_DAYS), CALENDAR, (200, 80, 100, 150))
    assert [(m.percent, m.at) for m in plan.marks] == [
        (80, at(11, 27, 17)),
        (100, at(11, 30, 17)),
        (150, at(12, 3, 13, 30)),
        (200, at(12, 7, 17)),
    ]


def test_the_steps_say_why():
    steps = rules.due(at(9, 30), Duration(3, Unit.WORK_DAYS), CALENDAR).steps
    assert [s.kind for s in steps] == [
        StepKind.START, StepKind.SKIPPED, StepKind.DAY, StepKind.DAY, StepKind.DAY, StepKind.DUE,
    ]  # fmt: skip
    assert steps[1].names == ("国庆节",)
    assert steps[1].days == 7
    assert [s.days for s in steps if s.kind is StepKind.DAY] == [1, 2, 3]


def test_no_limit_is_no_limit():
    with pytest.raises(ValueError, match="none"):
        Duration(0, Unit.WORK_DAYS)


@given(starts, starts, durations, gaps)
def test_who_starts_later_is_due_no_earlier(a, b, duration, found):
    a, b = sorted([a, b])
    pauses = pauses_after(a, found)
    assert rules.due(a, duration, CALENDAR, pauses).at <= rules.due(b, duration, CALENDAR, pauses).at


@given(starts, st.integers(0, 3000), durations, gaps)
def test_who_starts_a_little_later_is_due_no_earlier(a, minutes, duration, found):
    b = a + timedelta(minutes=minutes)
    pauses = pauses_after(a, found)
    assert rules.due(a, duration, CALENDAR, pauses).at <= rules.due(b, duration, CALENDAR, pauses).at


@given(starts, durations, gaps)
def test_nothing_is_due_before_it_starts(start, duration, found):
    assert rules.due(start, duration, CALENDAR, pauses_after(start, found)).at > start


@given(starts, st.integers(1, 20), units)
def test_n_units_are_n_times_one_unit(start, amount, unit):
    chained = start
    for _ in range(amount):
        chained = due(chained, 1, unit)
    assert due(start, amount, unit) == chained
    assert due(start, 1, unit, extensions=[Duration(1, unit)] * (amount - 1)) == chained


@given(starts, durations, gaps)
def test_a_pause_adds_exactly_the_time_it_took_out(start, duration, found):
    pauses = pauses_after(start, found)
    plain = rules.due(start, duration, CALENDAR)
    paused = rules.due(start, duration, CALENDAR, pauses)
    added = sum((s.time for s in paused.steps if s.kind is StepKind.PAUSED), timedelta(0))
    if duration.unit.is_working:
        assert CALENDAR.between(plain.at, paused.at) == added
    else:
        assert paused.at - plain.at == added


@given(starts, durations, gaps)
def test_net_of_pauses_the_limit_is_always_the_same(start, duration, found):
    pauses = pauses_after(start, found)
    plan = rules.due(start, duration, CALENDAR, pauses)
    first = next(s for s in plan.steps if s.kind in {StepKind.DAY, StepKind.PASSED, StepKind.WORKED}).begin
    measure = CALENDAR.between if duration.unit.is_working else lambda a, b: max(b - a, timedelta(0))
    limit = measure(first, rules.due(start, duration, CALENDAR).at)
    out = sum((measure(max(first, p.begin), min(p.end, plan.at)) for p in pauses if p.begin < plan.at), timedelta(0))
    assert measure(first, plan.at) - out == limit


@given(starts, durations)
def test_the_steps_add_up(start, duration):
    found = rules.due(start, duration, CALENDAR)
    counted = [s for s in found.steps if s.kind in {StepKind.DAY, StepKind.WORKED, StepKind.PASSED}]
    assert counted[-1].end == found.at
    match duration.unit:
        case Unit.WORK_DAYS:
            assert len(counted) == duration.amount
            assert all(CALENDAR.is_workday(CALENDAR.local_day(s.begin)) for s in counted)
        case Unit.WORK_HOURS:
            assert sum((s.time for s in counted), timedelta(0)) == timedelta(hours=duration.amount)
        case Unit.NATURAL_DAYS:
            assert [s.days for s in counted] == [duration.amount]
        case _:
            assert sum((s.time for s in counted), timedelta(0)) == found.at - start


@given(starts, durations)
def test_no_day_is_counted_and_skipped_at_once(start, duration):
    steps = rules.due(start, duration, CALENDAR).steps
    for skipped in (s for s in steps if s.kind is StepKind.SKIPPED):
        day = CALENDAR.local_day(skipped.begin)
        for n in range(skipped.days):
            assert not CALENDAR.is_workday(day + timedelta(days=n))


@given(starts, durations, percents, gaps)
def test_marks_come_in_order_and_the_hundredth_is_the_due_date(start, duration, found, breaks):
    plan = rules.plan(start, duration, CALENDAR, [*found, 100], pauses_after(start, breaks))
    moments = [m.at for m in plan.marks]
    assert moments == sorted(moments)
    assert next(m.at for m in plan.marks if m.percent == 100) == plan.due.at


@given(starts, gaps)
def test_overlapping_pauses_count_once(start, found):
    pauses = pauses_after(start, found)
    duration = Duration(3, Unit.WORK_DAYS)
    assert rules.due(start, duration, CALENDAR, [*pauses, *pauses]) == rules.due(start, duration, CALENDAR, pauses)


@given(st.dates(date(2018, 1, 2), date(2026, 6, 1)))
def test_a_working_day_limit_ends_at_the_close_of_a_working_day(day):
    found = due(datetime.combine(day, time(10), tzinfo=SHANGHAI), 1, Unit.WORK_DAYS)
    assert CALENDAR.is_workday(CALENDAR.local_day(found))
    assert found == CALENDAR.close(CALENDAR.next_workday(day))
