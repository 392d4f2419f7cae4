"""The rules of meetings on any input: days of a series, what a meeting reviews, finding, the workflow, the seal."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from linli.engines.activities.rules.dates import Move, moved, nominal, occurrences
from linli.engines.activities.rules.finding import normal, words
from linli.engines.activities.rules.reviewing import Given, is_late, review
from linli.engines.activities.rules.sealing import fingerprint
from linli.engines.activities.workflow import ENDED, MEETING, TOPIC, MeetingState, TopicState, next_meeting

DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))


@given(first=DAYS, day=st.integers(1, 31), every=st.integers(1, 12), length=st.integers(0, 900))
def test_a_series_has_one_day_in_each_of_its_months(first, day, every, length):
    until = first + timedelta(days=length)
    found = list(occurrences(first, day, every_months=every, until=until))
    assert found == sorted(set(found))
    assert all(first <= d <= until for d in found)
    months = [d.year * 12 + d.month for d in found]
    assert all(b - a == every for a, b in pairwise(months))
    assert all(d == nominal(d.year, d.month, day) for d in found)


@given(day=DAYS, off=st.sets(st.integers(-15, 15)), move=st.sampled_from(Move))
def test_a_day_off_moves_to_the_nearest_worked_day_on_its_side(day, off, move):
    away = {day + timedelta(days=n) for n in off}
    held = moved(day, move, lambda d: d not in away)
    if move is Move.STAY or day not in away:
        assert held == day
        return
    assert held not in away
    between = [day + timedelta(days=n) for n in range((held - day).days)] if move is Move.NEXT else []
    assert all(d in away for d in between)
    assert (held > day) == (move is Move.NEXT)


def test_where_nothing_is_worked_the_day_stays():
    assert moved(date(2026, 2, 10), Move.NEXT, lambda _d: False) == date(2026, 2, 10)


FIRST = datetime(2026, 1, 1, tzinfo=UTC)
MOMENTS = st.integers(0, 525_000).map(lambda n: FIRST + timedelta(minutes=n))
TASKS = st.lists(
    st.builds(
        lambda n, due, state, ended: Given(
            str(n), f"任务{n}", "管理办", due, state, None if state == "open" else ended,
            None if state == "open" else ended.date(),
        ),
        st.integers(0, 999), DAYS, st.sampled_from(["open", "done", "dropped", "refused"]), MOMENTS,
    ),
    max_size=20,
)  # fmt: skip


@given(tasks=TASKS, since=st.none() | MOMENTS, today=DAYS)
def test_a_review_keeps_every_open_task_and_what_ended_since(tasks, since, today):
    found = review(tasks, since=since, today=today)
    assert all(t in found.rows for t in tasks if t.state == "open")
    assert all(t.state == "open" or since is None or t.ended_at >= since for t in found.rows)
    assert found.open == sum(t.state == "open" for t in tasks)
    assert found.done_late <= found.done
    assert found.overdue == sum(t.state == "open" and is_late(t, today) for t in tasks)
    states = [t.state == "open" for t in found.rows]
    assert states == sorted(states, reverse=True)


@given(text=st.text(alphabet="难点赌堵民生 ab", max_size=30))
def test_finding_rights_the_slip_and_showing_never_does(text):
    assert normal(normal(text)) == normal(text)
    assert "赌点" not in normal(text)
    assert normal(text) in words(text) or not text


def test_both_spellings_find_the_same():
    assert normal("难点赌点") == normal("难点 堵点")


def test_the_tables_have_no_state_without_a_way_and_sealed_minutes_have_none_on():
    reached = {s.to for s in MEETING.values()} | {MeetingState.PLANNED.value}
    assert reached == set(MeetingState.values)
    assert {s.to for s in TOPIC.values()} | {TopicState.RAISED.value} == set(TopicState.values)
    for state in ENDED:
        assert not [c for c in MEETING if next_meeting(c, state)]


@given(st.dictionaries(st.text(max_size=5), st.text(max_size=9) | st.lists(st.integers(), max_size=3), max_size=5))
def test_the_fingerprint_says_the_same_whatever_the_order(content):
    assert fingerprint(content) == fingerprint(dict(reversed(list(content.items()))))
    assert fingerprint(content) != fingerprint({**content, "更": "改"})
