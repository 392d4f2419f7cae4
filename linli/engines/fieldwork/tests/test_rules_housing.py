"""A breach names its figures; a cleared flat is watched, alarms, and is forgotten."""

from dataclasses import fields, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.engines.fieldwork.rules.housing import (
    Breach,
    Limits,
    Report,
    Room,
    Rule,
    Use,
    Watch,
    check,
    due_days,
    to_verify,
    watch,
)

# The numbers of the Shanghai rules (domain.md §7) as a case; the rulebook holds what counts.
SHANGHAI = Limits(2, Decimal(5), frozenset({Use.KITCHEN, Use.BATHROOM, Use.BALCONY, Use.STORAGE, Use.BASEMENT}), 10, 15)

rooms = st.builds(
    Room,
    st.sampled_from("abcd"),
    st.sampled_from(Use),
    st.none() | st.decimals(Decimal(1), Decimal(40), places=1),
    st.integers(0, 5),
    st.booleans(),
    st.booleans(),
    st.integers(1, 3),
    st.integers(0, 3),
)


def bedroom(**more):
    return Room("east", Use.BEDROOM, Decimal("10.5"), **more)


def test_a_flat_in_order_breaks_nothing():
    assert check([bedroom(persons=2, slept_in=True), Room("kitchen", Use.KITCHEN, Decimal(6))], SHANGHAI) == ()
    assert check([], SHANGHAI) == ()


@pytest.mark.parametrize(
    ("room", "breach"),
    [
        (Room("east", Use.BEDROOM, Decimal(20), 3), Breach(Rule.PERSONS, "east", Fraction(3), Fraction(2))),
        (Room("east", Use.BEDROOM, Decimal("9.9"), 2), Breach(Rule.AREA, "east", Fraction(99, 20), Fraction(5))),
        (Room("k", Use.KITCHEN, Decimal(9), slept_in=True), Breach(Rule.USE, "k", use=Use.KITCHEN)),
        (Room("b", Use.BASEMENT, Decimal(9), 1), Breach(Rule.USE, "b", use=Use.BASEMENT)),
        (Room("l", Use.LIVING, parts=2), Breach(Rule.SPLIT, "l", Fraction(2), Fraction(1))),
        (bedroom(beds_let=4), Breach(Rule.BEDS, "east", Fraction(4), Fraction(0))),
        (Room("east", Use.BEDROOM, None, 1), Breach(Rule.UNMEASURED, "east")),
    ],
)
def test_each_rule_says_its_figures(room, breach):
    assert check([room], SHANGHAI) == (breach,)
    assert to_verify([breach]) is (breach.rule is not Rule.UNMEASURED)


def test_kin_may_be_more_in_a_room_that_is_large_enough():
    assert check([Room("east", Use.BEDROOM, Decimal(20), 4, kin=True)], SHANGHAI) == ()
    assert check([Room("east", Use.BEDROOM, Decimal(19), 4, kin=True)], SHANGHAI)[0].rule is Rule.AREA


def test_many_rooms_or_persons_are_registered():
    flat = [Room(str(n), Use.BEDROOM, Decimal(12), 1) for n in range(10)]
    assert check(flat, SHANGHAI) == (Breach(Rule.REGISTRATION, "", Fraction(10), Fraction(10)),)
    flat = [Room(str(n), Use.BEDROOM, Decimal(12), 2) for n in range(8)]
    assert check(flat, SHANGHAI) == (Breach(Rule.REGISTRATION, "", Fraction(16), Fraction(15)),)
    assert not to_verify(check(flat, SHANGHAI))


@given(st.lists(rooms, max_size=5), rooms)
def test_one_room_more_never_mends_another(flat, more):
    breaches = [b for b in check(flat, SHANGHAI) if b.room]
    assert [b for b in check([*flat, more], SHANGHAI) if b.room][: len(breaches)] == breaches


@given(rooms)
def test_more_persons_never_make_a_room_lawful(room):
    before = {b.rule for b in check([room], SHANGHAI)} - {Rule.UNMEASURED}
    assert before <= {b.rule for b in check([replace(room, persons=room.persons + 1)], SHANGHAI)}


def test_nothing_about_people_is_asked():
    assert {f.name for f in fields(Room)} == {"name", "use", "area", "persons", "kin", "slept_in", "parts", "beds_let"}


CLEARED = date(2026, 1, 20)


def on(today, *reports, **more):
    return watch(CLEARED, [Report(d) for d in reports], today, by_day=10, days=180, **more)


def test_a_watch_through_its_months():
    assert due_days(CLEARED, date(2026, 4, 9), 10) == (date(2026, 2, 10), date(2026, 3, 10))
    assert on(date(2026, 1, 25)).standing is Watch.QUIET
    assert on(date(2026, 2, 10)).standing is Watch.AWAITED
    late = on(date(2026, 2, 11))
    assert (late.standing, late.alarm, late.missing) == (Watch.MISSED, True, (date(2026, 2, 10),))
    came = on(date(2026, 2, 12), date(2026, 2, 12))
    assert (came.standing, came.alarm, came.next_due) == (Watch.QUIET, False, date(2026, 3, 10))
    again = watch(CLEARED, [Report(date(2026, 2, 9), again=True)], date(2026, 2, 12), by_day=10, days=180)
    assert (again.standing, again.alarm, again.relapsed) == (Watch.RELAPSED, True, date(2026, 2, 9))
    assert on(date(2026, 2, 12), relapses=[date(2026, 2, 1)]).standing is Watch.RELAPSED
    over = on(CLEARED + timedelta(days=181))
    assert (over.standing, over.alarm, over.next_due) == (Watch.EXPIRED, False, None)


days = st.integers(-30, 400).map(lambda n: CLEARED + timedelta(days=n))


@given(st.lists(days, max_size=8), days, st.integers(1, 28), st.integers(1, 400))
def test_a_month_without_report_always_alarms_until_the_watch_ends(reported, today, by_day, length):
    found = watch(CLEARED, [Report(d) for d in reported], today, by_day=by_day, days=length)
    assert (found.standing is Watch.EXPIRED) == (today > found.until)
    for due in due_days(CLEARED, found.until, by_day):
        came = any(
            (d.year, d.month) == (due.year, due.month) and CLEARED <= d <= min(today, found.until) for d in reported
        )
        if due < today:
            assert (due in found.missing) is not came
    assert found.alarm == bool(found.missing and today <= found.until)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: Room("r", Use.LIVING, Decimal(0)),
        lambda: Room("r", Use.LIVING, persons=-1),
        lambda: due_days(CLEARED, CLEARED, 31),
        lambda: watch(CLEARED, [], CLEARED, by_day=10, days=0),
    ],
)
def test_what_makes_no_sense_is_refused(wrong):
    with pytest.raises(ValueError, match=r"\w"):
        wrong()
