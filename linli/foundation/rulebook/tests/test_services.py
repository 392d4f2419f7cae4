"""Rules entered, cached, closed; the calendar's own days; nothing leaks."""

import threading
import time
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from linli.foundation.core import namespaces
from linli.foundation.core.actors import SYSTEM
from linli.foundation.core.errors import InvalidError
from linli.foundation.rulebook import selectors, services
from linli.foundation.rulebook.exceptions import RuleMissingError, RuleOverlapError, YearNotAnnouncedError
from linli.foundation.rulebook.models import RuleEntry
from linli.foundation.rulebook.types import SpecialDay

NOW = datetime(2026, 11, 21, 4, tzinfo=UTC)
DAY = date(2026, 11, 21)
CODE = "cases.clock.handle.general"


@pytest.fixture
def journal(monkeypatch):
    entries = []
    monkeypatch.setattr(services, "record", lambda **entry: entries.append(entry))
    return entries


def set_rule(value=7, *, code="cases.return.max", valid_from=date(2026, 12, 1), **more):
    entry = {"unit": "次", "source": "街道办公会", "mark": "D", "why": "试行"} | more
    return services.set_rule(by=SYSTEM, now=NOW, code=code, value=value, valid_from=valid_from, **entry)


def holidays(year):
    return [SpecialDay(date(year, 1, 1), is_workday=False, name="元旦")] + [
        SpecialDay(date(year, 10, n), is_workday=False, name="国庆节") for n in range(1, 12)
    ]


@pytest.mark.django_db
def test_what_ships_can_be_read_before_it_is_entered():
    assert selectors.value(CODE, on=DAY) == {"amount": 5, "unit": "work_days"}
    assert selectors.rule(CODE, on=DAY).mark == "G"


@pytest.mark.django_db
def test_a_missing_rule_is_named(django_assert_num_queries):
    with pytest.raises(RuleMissingError) as caught:
        selectors.value("cases.nothing.here", on=DAY)
    assert "cases.nothing.here" in caught.value.message


@pytest.mark.django_db
def test_loading_twice_enters_once(journal):
    first = services.load_shipped(by=SYSTEM, now=NOW)
    second = services.load_shipped(by=SYSTEM, now=NOW)
    assert CODE in first.added
    assert (second.added, set(second.kept)) == ((), set(first.added))
    assert len(journal) == 1
    assert selectors.value("cases.rating.weights", on=DAY)["mostly"] == Decimal("0.8")


@pytest.mark.django_db
def test_a_new_value_ends_the_one_before(journal):
    services.load_shipped(by=SYSTEM, now=NOW)
    set_rule(3)
    assert selectors.value("cases.return.max", on=date(2026, 11, 30)) == 2
    assert selectors.value("cases.return.max", on=date(2026, 12, 1)) == 3
    assert [r.valid_to for r in selectors.history("cases.return.max")] == [date(2026, 11, 30), None]
    assert selectors.rule("cases.return.max", on=date(2026, 12, 1)).title == "值班长裁定前的退单次数"
    assert journal[-1]["before"]["value"] == 2
    assert journal[-1]["verb"] == "rulebook.set_rule"


@pytest.mark.django_db
def test_a_shipped_rule_not_yet_entered_keeps_its_past():
    set_rule(3)
    assert selectors.value("cases.return.max", on=date(2026, 11, 30)) == 2
    assert selectors.value("cases.return.max", on=date(2026, 12, 1)) == 3


@pytest.mark.django_db
@pytest.mark.parametrize("day", [date(2026, 12, 1), date(2026, 11, 30)])
def test_an_overlap_is_refused_and_writes_nothing(day):
    set_rule(3)
    count = RuleEntry.objects.count()
    with pytest.raises(RuleOverlapError):
        set_rule(4, valid_from=day)
    assert RuleEntry.objects.count() == count
    assert selectors.value("cases.return.max", on=date(2026, 12, 2)) == 3


@pytest.mark.django_db
def test_the_database_refuses_two_open_values():
    set_rule(3)
    with pytest.raises(IntegrityError, match=r"(?i)unique"), transaction.atomic():
        RuleEntry.objects.create(
            code="cases.return.max", value=1, mark="G", valid_from=date(2027, 1, 1), entered_at=NOW
        )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("source", {"source": " "}),
        ("why", {"why": ""}),
        ("mark", {"mark": "X"}),
        ("code", {"code": "Bad Code"}),
        ("value", {"value": "three"}),
        ("value", {"code": CODE, "value": {"amount": 0, "unit": "work_days"}}),
        ("value", {"code": CODE, "value": {"amount": 5, "unit": "moons"}}),
        ("value", {"code": "calendar.working_hours", "value": ["17:00-09:00"]}),
        ("value", {"code": "cases.new.one", "value": 0.5}),
    ],
)
def test_a_bad_entry_is_refused(field, change):
    with pytest.raises(InvalidError) as caught:
        set_rule(**change)
    assert list(caught.value.fields) == [field]


@pytest.mark.django_db
def test_reading_costs_no_statement_while_fresh(django_assert_num_queries):
    services.load_shipped(by=SYSTEM, now=NOW)
    selectors.value(CODE, on=DAY)
    with django_assert_num_queries(0):
        for _ in range(100):
            selectors.value(CODE, on=DAY)
            selectors.working_calendar()


@pytest.mark.django_db
def test_a_look_costs_one_statement_every_two_seconds(django_assert_num_queries, monkeypatch):
    selectors.value(CODE, on=DAY)
    monkeypatch.setattr(selectors._books, "seconds", selectors.LOOK_EVERY)
    later = time.monotonic() + 2.1
    monkeypatch.setattr(time, "monotonic", lambda: later)
    with django_assert_num_queries(1):
        selectors.value(CODE, on=DAY)
        selectors.value(CODE, on=DAY)


@pytest.mark.django_db(transaction=True)
def test_a_write_of_this_process_counts_at_once():
    assert selectors.value("cases.return.max", on=date(2026, 12, 1)) == 2
    set_rule(3)
    assert selectors.value("cases.return.max", on=date(2026, 12, 1)) == 3


@pytest.mark.django_db(transaction=True)
def test_a_write_of_another_process_counts_after_a_look(monkeypatch):
    set_rule(3)
    assert selectors.value("cases.return.max", on=date(2026, 12, 1)) == 3
    with monkeypatch.context() as patched:
        patched.setattr(selectors, "changed", lambda: None)
        set_rule(4, valid_from=date(2026, 12, 2))
    assert selectors.value("cases.return.max", on=date(2026, 12, 2)) == 3
    monkeypatch.setattr(selectors._books, "seconds", selectors.LOOK_EVERY)
    later = time.monotonic() + 2.1
    monkeypatch.setattr(time, "monotonic", lambda: later)
    assert selectors.value("cases.return.max", on=date(2026, 12, 2)) == 4


class UndoError(Exception):
    pass


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_value_is_never_read_afterwards():
    def attempt():
        with transaction.atomic():
            set_rule(9)
            assert selectors.value("cases.return.max", on=date(2026, 12, 1)) == 9
            raise UndoError

    with pytest.raises(UndoError):
        attempt()
    assert selectors.value("cases.return.max", on=date(2026, 12, 1)) == 2


@pytest.mark.django_db(transaction=True)
def test_others_do_not_read_what_is_not_committed():
    selectors.value("cases.return.max", on=DAY)
    seen = []

    def look():
        try:
            seen.append(selectors.value("cases.return.max", on=date(2026, 12, 1)))
        finally:
            connection.close()

    with transaction.atomic():
        set_rule(9)
        assert selectors.value("cases.return.max", on=date(2026, 12, 1)) == 9
        thread = threading.Thread(target=look)
        thread.start()
        thread.join()
    assert seen == [2]


@pytest.mark.django_db
def test_a_cached_book_is_not_served_to_another_namespace(monkeypatch):
    set_rule(3)
    selectors.value("cases.return.max", on=date(2026, 12, 1))
    reads = []
    empty = selectors._Book({}, selectors.working_calendar())
    monkeypatch.setattr(selectors._books, "_stamp", lambda: reads.append(namespaces.current()))
    monkeypatch.setattr(selectors._books, "_read", lambda token: empty)
    with namespaces.use("other"), pytest.raises(RuleMissingError):
        selectors.value("cases.return.max", on=date(2026, 12, 1))
    assert reads == ["other"]


@pytest.mark.django_db
def test_all_rules_are_those_in_force():
    set_rule(3)
    codes = [r.code for r in selectors.all_rules(DAY, prefix="cases.")]
    assert codes == sorted(codes)
    assert codes.count("cases.return.max") == 1


@pytest.mark.django_db
def test_the_more_particular_rule_comes_first():
    found = selectors.first_rule("cases.clock.handle.category.shared_bikes", "cases.clock.handle.general", on=DAY)
    assert found.value == {"amount": 2, "unit": "natural_hours"}
    found = selectors.first_rule("cases.clock.handle.category.lamps", "cases.clock.handle.general", on=DAY)
    assert found.code == CODE


@pytest.mark.django_db
def test_an_own_day_is_entered_and_can_be_changed(journal):
    for works in (False, True):
        day = SpecialDay(date(2026, 7, 20), is_workday=works, name="台风停工", source="市防汛指挥部")
        services.set_days(by=SYSTEM, now=NOW, days=[day], reason="台风红色预警")
        assert selectors.working_calendar().is_workday(date(2026, 7, 20)) is works
    assert [d.day for d in selectors.own_days(2026)] == [date(2026, 7, 20)]
    assert len(journal) == 2


@pytest.mark.django_db
def test_announcing_a_year_makes_it_known():
    with pytest.raises(YearNotAnnouncedError):
        selectors.working_calendar().is_workday(date(2027, 3, 3))
    services.announce_year(by=SYSTEM, now=NOW, year=2027, days=holidays(2027), source="国办发明电")
    assert selectors.working_calendar().is_workday(date(2027, 3, 3))
    assert not selectors.working_calendar().is_workday(date(2027, 10, 1))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("field", "days", "source"),
    [
        ("source", holidays(2027), " "),
        ("days", holidays(2027)[:5], "通知"),
        ("days", holidays(2028), "通知"),
        ("days", holidays(2027) + holidays(2027), "通知"),
    ],
)
def test_half_a_year_is_not_announced(field, days, source):
    with pytest.raises(InvalidError) as caught:
        services.announce_year(by=SYSTEM, now=NOW, year=2027, days=days, source=source)
    assert list(caught.value.fields) == [field]
    with pytest.raises(YearNotAnnouncedError):
        selectors.working_calendar().is_workday(date(2027, 3, 3))


@pytest.mark.django_db
def test_seasonal_hours_are_dated_rules():
    set_rule(["08:30-12:00", "13:30-17:00"], code="calendar.working_hours", valid_from=date(2026, 12, 1))
    calendar = selectors.working_calendar()
    assert calendar.close(date(2026, 12, 1)) == datetime(2026, 12, 1, 9, tzinfo=UTC)
    assert [s[0].hour for s in calendar.spans(date(2026, 11, 30))] == [1, 5]
    assert [s[0].minute for s in calendar.spans(date(2026, 12, 1))] == [30, 30]
