"""The calendar against official days, and how values are kept."""

import json
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.foundation.rulebook import rules
from linli.foundation.rulebook.exceptions import YearNotAnnouncedError
from linli.foundation.rulebook.types import SpecialDay

CALENDAR = rules.make_calendar()
SHARED = Path("shared", "data", "calendars")
OFFICIAL = next((p / SHARED for p in Path(__file__).resolve().parents if (p / SHARED).is_dir()), SHARED)
DATA = json.loads((Path(__file__).parent / "special_days.json").read_text(encoding="utf8"))
HOUR = timedelta(hours=1)
minutes = st.integers(0, 8 * 365 * 24 * 60)
moments = minutes.map(lambda n: datetime(2018, 1, 2, tzinfo=UTC) + timedelta(minutes=n))
lengths = st.timedeltas(timedelta(0), timedelta(hours=100))


def days_of(year):
    first = date(year, 1, 1)
    return [first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days)]


def check_year(year, special):
    for day in days_of(year):
        expected = not special[day] if day in special else day.weekday() < 5
        assert CALENDAR.is_workday(day) is expected, day


@pytest.mark.parametrize("year", [2025, 2026])
def test_every_day_of_the_kept_years(year):
    check_year(year, {date.fromisoformat(d): off for d, off in DATA[str(year)].items()})


@pytest.mark.parametrize("year", range(2018, 2027))
def test_every_day_of_the_official_calendars(year):
    path = OFFICIAL / f"{year}.json"
    if not path.exists():
        pytest.skip(f"the official calendar of {year} lies outside the project and is not here")
    # The days of January may stand in the calendar of the year before.
    special: dict[date, bool] = {}
    for file in (path, path.with_name(f"{year - 1}.json"), path.with_name(f"{year + 1}.json")):
        if file.exists():
            special |= {
                date.fromisoformat(d["date"]): d["isOffDay"] for d in json.loads(file.read_text("utf8"))["days"]
            }
    check_year(year, special)


def test_an_unannounced_year_is_refused_never_guessed():
    with pytest.raises(YearNotAnnouncedError) as caught:
        CALENDAR.is_workday(date(2027, 3, 3))
    assert caught.value.year == 2027
    assert "2027" in caught.value.message
    assert "2027" in caught.value.hint
    assert caught.value.status == 409


def test_one_own_day_does_not_make_its_year_known():
    calendar = rules.make_calendar(own=[SpecialDay(date(2027, 1, 4), is_workday=True)])
    assert calendar.is_workday(date(2027, 1, 4))
    with pytest.raises(YearNotAnnouncedError):
        calendar.is_workday(date(2027, 1, 5))


def test_an_own_day_comes_before_the_statutory_one():
    typhoon = SpecialDay(date(2026, 7, 20), is_workday=False, name="台风停工")
    calendar = rules.make_calendar(own=[typhoon])
    assert CALENDAR.is_workday(date(2026, 7, 20))
    assert not calendar.is_workday(date(2026, 7, 20))
    assert calendar.name_of(date(2026, 7, 20)) == "台风停工"


def test_an_announced_year_is_known():
    calendar = rules.make_calendar(own=[SpecialDay(date(2027, 1, 1), is_workday=False)], announced=[2027])
    assert not calendar.is_workday(date(2027, 1, 1))
    assert calendar.is_workday(date(2027, 1, 4))


def test_seasonal_hours_hold_from_their_day():
    summer = rules.parse_hours(["08:30-11:30", "14:00-18:00"])
    calendar = rules.make_calendar(hours=[(date.min, rules.DEFAULT_HOURS), (date(2026, 7, 1), summer)])
    assert calendar.close(date(2026, 6, 30)) == datetime(2026, 6, 30, 9, tzinfo=UTC)
    assert calendar.close(date(2026, 7, 1)) == datetime(2026, 7, 1, 10, tzinfo=UTC)


def test_a_working_day_has_seven_hours_without_the_lunch_break():
    day = datetime(2026, 11, 23, tzinfo=rules.SHANGHAI)
    assert CALENDAR.between(day, day + 24 * HOUR) == 7 * HOUR
    assert CALENDAR.add(day.replace(hour=11), 2 * HOUR) == day.replace(hour=14)


@pytest.mark.parametrize("texts", [[], ["12:00-09:00"], ["09:00-13:00", "12:00-17:00"], ["morning"], ["09:00"]])
def test_bad_hours_are_refused(texts):
    with pytest.raises(ValueError, match=r"."):
        rules.parse_hours(texts)


def test_hours_are_read():
    assert rules.parse_hours(["09:00-12:00"]) == ((time(9), time(12)),)


@given(moments, lengths, lengths)
def test_adding_working_time_in_two_parts_is_adding_it_at_once(start, a, b):
    assert CALENDAR.add(CALENDAR.add(start, a), b) == CALENDAR.add(start, a + b)


@given(moments, lengths)
def test_what_was_added_is_what_lies_between(start, worked):
    assert CALENDAR.between(start, CALENDAR.add(start, worked)) == worked


values = st.recursive(
    st.booleans() | st.integers() | st.text() | st.decimals(allow_nan=False, allow_infinity=False),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(min_size=1).filter(lambda k: k != "$decimal"), inner, max_size=3)
    ),
)


@given(values)
def test_a_kept_value_is_the_value_given(value):
    assert rules.from_json(json.loads(json.dumps(rules.to_json(value)))) == value


def test_a_float_is_no_value():
    with pytest.raises(TypeError):
        rules.to_json(0.8)
    assert rules.from_json(rules.to_json(Decimal("0.80"))) == Decimal("0.80")


@pytest.mark.parametrize(
    ("code", "good"), [("cases.return.max", True), ("cases", False), ("Cases.x", False), ("a..b", False)]
)
def test_codes(code, good):
    assert rules.is_code(code) is good
