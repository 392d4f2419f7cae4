# ruff: noqa: DTZ001  what stands on a door knows no zones
"""Hours, standards and codes hold for whatever is typed."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.foundation.venues.rules import codes, hours, standard
from linli.foundation.venues.rules.hours import DAY, BadHoursError, Exceptional, Hours, Span

MONDAY = date(2026, 3, 2)


@st.composite
def days(draw):
    """A day's spans: in order, apart from each other, the last one perhaps past midnight."""
    cuts = sorted(draw(st.sets(st.integers(0, DAY), min_size=0, max_size=6)))
    spans = [Span(a, b) for a, b in zip(cuts[::2], cuts[1::2], strict=False)]
    if spans and draw(st.booleans()) and spans[0].start > 1:
        spans[-1] = Span(spans[-1].start, DAY + draw(st.integers(1, spans[0].start - 1)))
    return tuple(spans)


@st.composite
def weeks(draw):
    first = MONDAY + timedelta(days=draw(st.integers(0, 20)))
    exceptions = draw(
        st.lists(
            st.builds(
                lambda n, more, spans: Exceptional(first + timedelta(days=n), first + timedelta(days=n + more), spans),
                st.integers(0, 20),
                st.integers(0, 5),
                days(),
            ),
            max_size=3,
        )
    )
    return Hours(tuple(draw(days()) for _n in range(7)), tuple(exceptions), draw(st.booleans()))


moments = st.datetimes(datetime(2026, 3, 1), datetime(2026, 4, 15)).map(lambda m: m.replace(second=0, microsecond=0))


@given(days())
def test_spans_are_read_as_they_are_written(spans):
    assert hours.parse_spans(hours.spans_text(spans)) == spans


@settings(max_examples=40)
@given(weeks())
def test_hours_survive_json_and_typed_exceptions(week):
    assert hours.from_json(hours.to_json(week)) == week
    assert hours.parse_exceptions(hours.exceptions_text(week.exceptions)) == week.exceptions


@settings(max_examples=40)
@given(weeks(), moments)
def test_nothing_changes_before_the_moment_that_is_named(week, moment):
    found = hours.now(week, moment)
    if found.open is None:
        assert not week.known
        return
    if found.until is None:
        assert hours.now(week, moment + timedelta(days=3)).open is found.open
        return
    assert found.until > moment
    assert hours.now(week, found.until).open is not found.open
    between = moment + (found.until - moment) / 2
    assert hours.now(week, between.replace(second=0, microsecond=0)).open is found.open
    assert hours.now(week, found.until - timedelta(minutes=1)).open is found.open


@settings(max_examples=40)
@given(weeks(), moments)
def test_open_is_exactly_inside_a_span_of_today_or_one_that_began_yesterday(week, moment):
    minute = moment.hour * 60 + moment.minute
    today = hours.spans_on(week, moment.date())
    before = hours.spans_on(week, moment.date() - timedelta(days=1))
    inside = any(s.start <= minute < s.end for s in today) or any(s.start <= minute + DAY < s.end for s in before)
    assert hours.now(week, moment).open is (inside if week.known else None)


@settings(max_examples=40)
@given(weeks())
def test_the_lines_to_be_read_cover_each_open_day_once(week):
    read = [d for line in hours.lines(week) for d in range(line.first, line.last + 1)]
    assert read == [d for d in range(7) if week.week[d]]


def test_a_station_with_a_lunch_break_and_a_holiday():
    day = hours.parse_spans("8:30－11:30，13：30~17:00")
    week = Hours(
        (day,) * 5 + ((), ()), hours.parse_exceptions("2026-03-04~2026-03-05 休息 装修\n2026-03-07 09:00-12:00")
    )
    at = lambda d, h, m=0: hours.now(week, datetime.combine(MONDAY + timedelta(days=d), time(h, m)))  # noqa: E731
    assert at(0, 9).open
    assert at(0, 9).until == datetime(2026, 3, 2, 11, 30)
    assert not at(0, 12).open
    assert at(0, 12).until == datetime(2026, 3, 2, 13, 30)
    assert not at(2, 10).open
    assert at(2, 10).note == "装修"
    assert at(2, 10).until == datetime(2026, 3, 6, 8, 30)
    assert at(5, 10).open  # a Saturday that differs


@pytest.mark.parametrize(
    ("text", "code"),
    [("9-12", "span"), ("25:00-26:00", "span"), ("09:00-09:00", "order"), ("09:00-12:00,11:00-13:00", "overlap"),
     ("08:00-10:00,22:00-09:00", "overlap"), ("09:60-10:00", "span"), ("24:00-25:00", "span"),
     (",".join(f"{h:02}:00-{h:02}:30" for h in range(8)), "many"), ("九点到十二点", "span")],
)  # fmt: skip
def test_hours_that_cannot_be_are_refused_by_code(text, code):
    with pytest.raises(BadHoursError) as caught:
        hours.parse_spans(text)
    assert caught.value.args[0] == code


def test_an_exception_that_cannot_be_names_its_line():
    with pytest.raises(BadHoursError) as caught:
        hours.parse_exceptions("2026-03-01 休息\n\n2026-02-30 休息")
    assert caught.value.args == ("date", 3)
    with pytest.raises(BadHoursError):
        hours.parse_exceptions("2026-03-05~2026-03-01 休息")


names = st.text(st.characters(categories=["L"]), min_size=1, max_size=6)
groups = st.lists(
    st.builds(
        lambda name, items, more: standard.Group(name, len(items) + more, tuple(items)),
        names,
        st.lists(names, max_size=5, unique=True),
        st.integers(1, 5),
    ),
    max_size=5,
    unique_by=lambda g: g.name,
)


@given(groups, st.data())
def test_what_is_missing_and_what_is_there_make_the_whole_standard(made, data):
    assert standard.checked(made) == tuple(made)
    slots = standard.slots(made)
    assert len(slots) == sum(g.count for g in made)
    assert len({s.code for s in slots}) == len(slots)
    there = data.draw(st.sets(st.sampled_from([s.code for s in slots]))) if slots else set()
    missing = standard.missing(made, there)
    assert {s.code for s in missing} | there == {s.code for s in slots}
    assert not {s.code for s in missing} & there
    assert standard.from_json(standard.to_json(made)) == tuple(made)


@pytest.mark.parametrize(
    ("made", "code"),
    [([standard.Group("", 1)], "name"), ([standard.Group("a", 1), standard.Group("a", 2)], "twice"),
     ([standard.Group("a", 0)], "count"), ([standard.Group("a", 1, ("x", "y"))], "items"),
     ([standard.Group("a", 3, ("x", "x"))], "twice"), ([standard.Group(str(n), 1) for n in range(21)], "many")],
)  # fmt: skip
def test_a_standard_that_cannot_be_is_refused(made, code):
    with pytest.raises(standard.BadStandardError) as caught:
        standard.checked(made)
    assert caught.value.args[0] == code


@given(st.lists(st.integers(0, 10**9), min_size=codes.LENGTH, max_size=codes.LENGTH))
def test_a_code_is_read_however_it_is_typed(picks):
    code = codes.make(picks)
    assert codes.normal(f" {code[:4].upper()}-{code[4:]} ") == code


@given(st.text(max_size=20))
def test_other_texts_are_no_code(text):
    found = codes.normal(text)
    assert found == "" or len(found) == codes.LENGTH
