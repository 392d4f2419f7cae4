"""Counting without a database: intervals, percentiles, leagues, and folding a history."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from linli.engines.cases.types import Told
from linli.engines.indicators.rules.folding import DIMENSIONS, balance, fold
from linli.engines.indicators.rules.measuring import crossed, league, percent, percentile, wilson

ZONE = ZoneInfo("Asia/Shanghai")
START = datetime(2026, 3, 1, 1, 0, tzinfo=UTC)


def test_a_rate_of_nothing_is_blank():
    assert percent(0, 0) is None
    assert wilson(0, 0) is None
    assert percent(0, 4) == 0
    assert percentile([], 50) is None


def test_one_lucky_case_of_one_says_little():
    """An interval of one of one reaches down to a fifth; of a hundred of a hundred it does not."""
    one, many = wilson(1, 1), wilson(100, 100)
    assert one is not None
    assert many is not None
    assert (round(one[0], 1), one[1]) == (20.7, 100.0)
    assert many[0] > 96


@given(st.integers(1, 10_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_an_interval_holds_its_share(pair):
    part, whole = pair
    found, share = wilson(part, whole), percent(part, whole)
    assert found is not None
    assert share is not None
    assert 0 <= found[0] <= share + 1e-9
    assert share - 1e-9 <= found[1] <= 100


@given(st.lists(st.integers(0, 10_000), min_size=1), st.sampled_from([50, 90, 100]))
def test_a_percentile_is_one_of_the_values_with_enough_not_above_it(values, hundredths):
    values = sorted(values)
    found = percentile(values, hundredths)
    assert found in values
    assert sum(v <= found for v in values) * 100 >= hundredths * len(values)
    assert sum(v < found for v in values) * 100 < hundredths * len(values)


def test_too_few_have_no_place_and_equals_share_one():
    rows = [("a", 100.0, 1), ("b", 90.0, 20), ("c", 95.0, 30), ("d", 95.0, 12), ("e", None, 40)]
    placed = league(rows, minimum=10, falling=True)
    assert [(p.key, p.place) for p in placed] == [("c", 1), ("d", 1), ("b", 3), ("a", None), ("e", None)]
    assert league(rows, minimum=10, falling=False)[0].key == "b"


def test_the_threshold_itself_is_not_beyond_it():
    assert crossed(90, 90, above=False) is False
    assert crossed(89.9, 90, above=False) is True
    assert crossed(91, 90, above=True) is True
    assert crossed(None, 90, above=True) is None


FIRST = {
    "kind": "problem", "source": "phone", "category_id": 3, "level": "general", "unit_id": None, "area_path": "/1/2/",
    "state": "reported", "outcome": "", "rating": "", "is_open": True, "was_overdue": False, "relapse_of_id": None,
    "reported_at": START.isoformat(), "accepted_at": None, "filed_at": None, "dispatched_at": None,
    "handed_in_at": None, "closed_at": None, "first_contact_at": None, "rework_count": 0, "due_at": START.isoformat(),
    "dues": {},
}  # fmt: skip

changes = st.fixed_dictionaries(
    {},
    optional={
        "unit_id": st.sampled_from([None, 7, 8]),
        "area_path": st.sampled_from(["/1/2/", "/1/3/"]),
        "level": st.sampled_from(["general", "difficult"]),
        "category_id": st.sampled_from([3, 4]),
        "is_open": st.booleans(),
        "state": st.sampled_from(["handling", "closed", "to_check"]),
    },
)
histories = st.lists(st.tuples(st.integers(0, 3 * 24 * 60), changes), max_size=12)


def told(history):
    at, events = START, [Told(1, "report", START, {}, FIRST)]
    for n, (minutes, changed) in enumerate(history, 2):
        at += timedelta(minutes=minutes)
        events.append(Told(n, "note", at, {}, changed))
    return events


def standing_when(events, moment):
    """The naive count: replay everything up to a moment and look at the row."""
    row = {}
    for event in events:
        if event.at <= moment:
            row.update(event.changes)
    return row if row.get("is_open") else None


@given(histories)
def test_the_sums_say_of_every_day_what_replaying_the_history_says(history):
    events = told(history)
    sums = balance(fold(events).spans, ZONE)
    assert {dimension for _day, dimension, _key in sums} <= set(DIMENSIONS)
    day = START.astimezone(ZONE).date()
    total: Counter[tuple[str, str]] = Counter()
    while day <= events[-1].at.astimezone(ZONE).date() + timedelta(days=1):
        for (on, dimension, key), n in sums.items():
            if on == day:
                total[dimension, key] += n
        ends = datetime.combine(day + timedelta(days=1), datetime.min.time(), ZONE)
        row = standing_when(events, ends - timedelta(microseconds=1))
        expected = {
            ("", ""), ("unit", str(row["unit_id"] or 0)), ("area_path", row["area_path"]),
            ("category", str(row["category_id"])), ("level", row["level"]), ("source", row["source"]),
        } if row else set()  # fmt: skip
        assert {key for key, n in total.items() if n} == expected
        assert all(n in (0, 1) for n in total.values())
        day += timedelta(days=1)


@given(histories, st.integers(0, 10 * 24 * 60))
def test_a_history_cut_off_is_a_shorter_history(history, minutes):
    events = told(history)
    until = START + timedelta(minutes=minutes)
    before = [e for e in events if e.at < until]
    assert fold(events, until) == (fold(before) if before else None)


def test_what_was_sent_back_counts_for_the_unit_that_sent_it_back():
    returned = Told(3, "return_", START, {"unit": 7}, {"unit_id": None})
    events = [Told(1, "report", START, {}, FIRST), Told(2, "dispatch", START, {"route": {"rule": 1}}, {"unit_id": 7})]
    acts = fold([*events, returned]).acts
    assert [(a.kind, a.unit, a.good) for a in acts] == [("dispatch", 7, True), ("return", 7, None)]


def test_a_caller_who_was_never_reached_is_a_no_once_the_case_has_ended():
    due = (START + timedelta(days=1)).isoformat()
    first = Told(1, "report", START, {}, FIRST | {"dues": {"first_contact": due}})
    assert fold([first]).facts.contact_in_time is None
    closed = Told(2, "close", START, {}, {"is_open": False, "state": "closed", "dues": {}})
    assert fold([first, closed]).facts.contact_in_time is False
    late = Told(2, "contact", START, {}, {"first_contact_at": (START + timedelta(days=2)).isoformat()})
    assert fold([first, late]).facts.contact_in_time is False
    soon = Told(2, "contact", START, {}, {"first_contact_at": (START + timedelta(hours=2)).isoformat()})
    assert fold([first, soon]).facts.contact_in_time is True
