"""The sweep reaches every clock past a mark, once per mark, in due order, after anything."""

import threading
from contextlib import suppress
from copy import copy
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linli.foundation.core.actors import SYSTEM
from linli.foundation.deadlines import selectors, services
from linli.foundation.deadlines.events import on_mark
from linli.foundation.deadlines.models import Clock, ClockPause
from linli.foundation.deadlines.services import sweeping
from linli.foundation.deadlines.tests.told import NOW, Crash, Told, start
from linli.foundation.deadlines.types import Unit
from linli.foundation.rulebook import selectors as rulebook
from linli.foundation.rulebook import services as rulebook_services
from linli.foundation.rulebook.types import SpecialDay

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
UNITS = [Unit.NATURAL_MINUTES, Unit.NATURAL_HOURS, Unit.WORK_HOURS]


@pytest.fixture
def told(db):
    return Told()


def begin(*subjects, now=NOW):
    services.start_many(subjects=subjects, now=now)


class Model:
    """The oracle: a clock as net time passed, without any of the room's arithmetic on marks."""

    def __init__(self, subject, begun, amount, unit, percents):
        self.subject, self.begun, self.percents = subject, begun, sorted(set(percents))
        self.unit = unit
        self.limit = {Unit.NATURAL_MINUTES: MINUTE}.get(unit, HOUR) * amount
        self.stopped = []
        self.since = None
        self.ended = False
        self.told = []

    def measure(self, a, b):
        return rulebook.working_calendar().between(a, b) if self.unit is Unit.WORK_HOURS else max(b - a, timedelta(0))

    def net(self, now):
        stopped = [*self.stopped, (self.since, now)] if self.since else self.stopped
        return self.measure(self.begun, now) - sum((self.measure(a, b) for a, b in stopped), timedelta(0))

    def sweep(self, now):
        if self.ended:
            return
        for percent in self.percents:
            if percent not in self.told and self.net(now) >= self.limit * percent / 100:
                self.told.append(percent)


clock_plans = st.tuples(
    st.integers(0, 600),
    st.integers(1, 30),
    st.sampled_from(UNITS),
    st.lists(st.sampled_from([1, 50, 80, 100, 150, 200]), min_size=1, max_size=4),
)
actions = st.lists(
    st.tuples(
        st.integers(1, 900),
        st.sampled_from(["sweep", "sweep", "crash", "pause", "resume", "end", "sleep"]),
        st.integers(0, 4),
        st.integers(1, 4),
    ),
    max_size=14,
)


@pytest.mark.slow
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(plans=st.lists(clock_plans, min_size=1, max_size=5), script=actions)
def test_every_mark_is_told_exactly_once_in_due_order_after_anything(told, plans, script):
    ClockPause.objects.all().delete()
    Clock.objects.all().delete()
    told.clear()
    told.crash_in = None
    models, begun = [], NOW
    for subject, (wait, amount, unit, percents) in enumerate(plans):
        begun += wait * MINUTE
        models.append(Model(subject, begun, amount, unit, percents))
        begin(start(subject, amount, unit, marks=tuple(percents)), now=begun)
    now = begun
    for wait, action, which, batch in [*script, (900, "sweep", 0, 3)]:
        now += wait * MINUTE
        perform(action, models[which % len(models)], models, told, now, batch)
        if action == "sweep":
            assert sorted(told.marks) == sorted((m.subject, p) for m in models for p in m.told)


def perform(action, model, models, told, now, batch):
    one = {"kind": "case", "subject_id": model.subject, "now": now}
    if action == "sweep":
        check_sweep(models, told, now, batch)
    elif action == "crash":
        crash_sweep(models, told, now, batch)
    elif model.ended:
        return
    elif action == "pause" and model.since is None:
        services.pause(**one, reason="")
        model.since = now
    elif action == "resume" and model.since is not None:
        services.resume(**one)
        model.stopped.append((model.since, now))
        model.since = None
    elif action == "end":
        services.end(**one, stages=None, reason="")
        model.ended = True


def check_sweep(models, told, now, batch):
    before = len(told.moments)
    services.sweep(now=now, batch=batch)
    fresh = told.moments[before:]
    assert fresh == sorted(fresh)
    for model in models:
        model.sweep(now)


def crash_sweep(models, told, now, batch):
    """Sweep on a machine that stops; what was committed counts as told, the rest must come later."""
    told.crash_in = batch - 1
    with suppress(Crash):
        services.sweep(now=now, batch=1)
    told.crash_in = None
    for model in models:
        expected = copy(model)
        expected.told = list(model.told)
        expected.sweep(now)
        model.told = [p for s, p in told.marks if s == model.subject]
        assert set(model.told) <= set(expected.told)


@pytest.mark.parametrize("batch", [1, 2, 3, 7, 500])
def test_after_any_downtime_all_are_told_in_due_order(told, batch):
    begin(*(start(n, 1 + (n * 7) % 10, marks=(50, 100)) for n in range(10)))
    assert services.sweep(now=NOW + timedelta(days=300), batch=batch) == 20
    assert told.moments == sorted(told.moments)
    assert services.sweep(now=NOW + timedelta(days=301), batch=batch) == 0


def test_digit_defect_a_scan_window_of_the_newest_hundred(told):
    begin(*(start(n, marks=(100,)) for n in range(130)))
    begin(*(start(n, 100, marks=(100,)) for n in range(130, 260)), now=NOW + HOUR)
    services.sweep(now=NOW + 10 * HOUR, batch=20)
    assert [s for s, _p in told.marks] == list(range(130))


def test_digit_defect_unassigned_subjects_skipped(told):
    # A clock knows no assignee at all: whoever has the subject, it is told.
    assert not {f.name for f in Clock._meta.get_fields()} & {"assignee", "handler", "unit_id", "user"}
    begin(start(1, marks=(100,)))
    assert services.sweep(now=NOW + 10 * HOUR) == 1


def test_digit_defect_a_comment_resets_the_clock(told):
    begin(start(1, marks=(100,)))
    due = Clock.objects.get().due_at
    # Nothing but pause, resume, extend and end moves a clock: saving it again does not.
    Clock.objects.get().save()
    assert Clock.objects.get().due_at == due
    assert not any(getattr(f, "auto_now", False) for f in Clock._meta.get_fields())
    assert services.sweep(now=NOW + 10 * HOUR) == 1


def test_digit_defect_the_wall_clock_over_a_holiday(told):
    eve = datetime(2026, 9, 30, 8, tzinfo=UTC)
    begin(start(1, 2, Unit.WORK_HOURS, marks=(100,)), now=eve)
    assert services.sweep(now=eve + timedelta(days=7)) == 0
    assert services.sweep(now=datetime(2026, 10, 8, 2, tzinfo=UTC)) == 1


def test_digit_defect_only_one_tenant_or_kind(told):
    other = Told("visit")
    begin(start(1, 1, marks=(100,)), start(2, 2, kind="visit", marks=(100,)), start(3, 3, marks=(100,)))
    assert services.sweep(now=NOW + 10 * HOUR) == 3
    assert (told.calls, other.calls) == ([1, 1], [1])
    assert [s for s, _p in told.marks] == [1, 2, 3]


def test_a_mark_before_a_pause_is_told_although_the_clock_stands(told):
    begin(start(1, 10, marks=(50, 80)))
    services.pause(kind="case", subject_id=1, now=NOW + 6 * HOUR, reason="")
    assert services.sweep(now=NOW + 100 * HOUR) == 1
    assert told.marks == [(1, 50)]
    services.resume(kind="case", subject_id=1, now=NOW + 100 * HOUR)
    assert services.sweep(now=NOW + 102 * HOUR - MINUTE) == 0
    assert services.sweep(now=NOW + 102 * HOUR) == 1


def test_an_ended_clock_is_told_nothing_more(told):
    begin(start(1, marks=(50,)))
    services.end(kind="case", subject_id=1, stages=None, reason="", now=NOW + 6 * HOUR)
    assert services.sweep(now=NOW + 10 * HOUR) == 0


def test_a_crash_in_the_middle_loses_and_repeats_nothing(told):
    begin(*(start(n, 1 + n, marks=(100,)) for n in range(9)))
    told.crash_in = 1
    with pytest.raises(Crash):
        services.sweep(now=NOW + 20 * HOUR, batch=3)
    assert [s for s, _p in told.marks] == [0, 1, 2]
    told.crash_in = None
    assert services.sweep(now=NOW + 20 * HOUR, batch=3) == 6
    assert [s for s, _p in told.marks] == list(range(9))


def test_a_poisonous_subject_does_not_block_the_others(told, caplog):
    begin(*(start(n, 1 + n, marks=(100,)) for n in range(9)))
    told.poisoned = {0, 4}
    assert services.sweep(now=NOW + 20 * HOUR, batch=3) == 7
    assert [s for s, _p in told.marks] == [1, 2, 3, 5, 6, 7, 8]
    held = Clock.objects.filter(failures=1)
    assert sorted(c.subject_id for c in held) == [0, 4]
    assert {c.next_mark_at for c in held} == {NOW + 20 * HOUR + MINUTE}
    assert "ZeroDivisionError" in held[0].last_error


def test_a_subject_that_recovers_is_told_once(told):
    begin(start(1, marks=(100,)))
    told.poisoned = {1}
    services.sweep(now=NOW + 10 * HOUR)
    told.poisoned = set()
    assert services.sweep(now=NOW + 11 * HOUR) == 1
    assert services.sweep(now=NOW + 12 * HOUR) == 0
    assert told.marks == [(1, 100)]


def test_after_enough_failures_it_is_isolated_reported_and_can_be_released(told, caplog, monkeypatch):
    journal = []
    monkeypatch.setattr(sweeping, "record", lambda **entry: journal.append(entry))
    begin(start(1, marks=(100,)), start(2, 200, marks=(100,)))
    told.poisoned = {1}
    now = NOW + 10 * HOUR
    for _ in range(30):
        now += HOUR
        services.sweep(now=now)
    (clock,) = selectors.isolated()
    assert (clock.subject_id, clock.failures) == (1, 8)
    assert len(told.calls) == 16  # eight batches, each told again one by one
    assert journal[0]["verb"] == "deadlines.isolate"
    assert "isolated after 8 failures" in caplog.text
    told.poisoned = set()
    assert services.release(clock_ids=[clock.pk], by=SYSTEM, now=now) == 1
    assert services.sweep(now=now) == 1
    assert told.marks == [(1, 100)]
    assert selectors.isolated() == []


def test_a_success_forgets_earlier_failures(told):
    begin(start(1, marks=(50, 100)))
    told.poisoned = {1}
    services.sweep(now=NOW + 5 * HOUR)
    told.poisoned = set()
    services.sweep(now=NOW + 6 * HOUR)
    begin(start(2, 1, marks=(100,)))
    told.poisoned = {2}
    services.sweep(now=NOW + 10 * HOUR)
    assert {c.subject_id: c.failures for c in Clock.objects.all()} == {1: 0, 2: 1}


def test_a_kind_that_nobody_answers_for_is_reported_and_blocks_nobody(told):
    begin(start(1, 1, kind="ghost", marks=(100,)), start(2, 2, marks=(100,)))
    assert services.sweep(now=NOW + 10 * HOUR) == 1
    assert "NobodyToTellError" in Clock.objects.get(subject_kind="ghost").last_error


def test_marks_in_an_unannounced_year_wait_for_it_and_are_then_told(told, caplog):
    begun = datetime(2026, 12, 23, 2, tzinfo=UTC)
    begin(start(1, 5, Unit.WORK_DAYS, marks=(100, 200)), now=begun)
    new_year = datetime(2027, 1, 20, 2, tzinfo=UTC)
    assert services.sweep(now=new_year) == 1
    assert "wait for the holidays" in caplog.text
    assert services.sweep(now=new_year) == 0
    days = [SpecialDay(new_year.date().replace(day=n), is_workday=False) for n in range(1, 12)]
    rulebook_services.announce_year(by=SYSTEM, now=new_year, year=2027, days=days, source="通知")
    assert services.sweep(now=new_year + HOUR) == 1
    assert told.marks == [(1, 100), (1, 200)]


def test_an_idle_sweep_is_one_statement(told):
    begin(start(1))
    with CaptureQueriesContext(connection) as caught:
        services.sweep(now=NOW)
    assert len([q for q in caught if q["sql"].startswith("SELECT")]) == 1
    assert not [q for q in caught if q["sql"].startswith(("UPDATE", "INSERT"))]


def test_a_batch_takes_two_statements_whatever_its_size(told):
    for size in (1, 100):
        begin(*(start(1000 * size + n, 1, marks=(100,)) for n in range(size)))
        with CaptureQueriesContext(connection) as caught:
            services.sweep(now=NOW + HOUR, batch=150)
        own = [q["sql"] for q in caught if "deadlines_clock" in q["sql"]]
        assert len(own) == 2
        assert [sql.split()[0] for sql in own] == ["SELECT", "UPDATE"]


def test_the_sweep_reads_the_partial_index(told):
    begin(*(start(n, 1000, marks=(100,)) for n in range(50)))
    rows = Clock.objects.filter(
        Q(ended_at=None, isolated_at=None, next_mark_at__isnull=False), next_mark_at__lte=NOW
    ).order_by("next_mark_at", "id")[:10]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
    assert "deadlines_clock_sweep" in rows.explain()


@pytest.mark.django_db(transaction=True)
@pytest.mark.only_on(
    "postgresql", reason="SQLite in memory has one connection; there IMMEDIATE lets one sweep in at a time"
)
def test_two_sweeps_at_once_tell_nobody_twice():
    told = Told()
    meet, mine = threading.Barrier(2, timeout=20), threading.local()

    @on_mark("case")
    def both(marks, now):
        told(marks, now)
        if not hasattr(mine, "met"):
            # Each sweep waits, its rows locked, until the other one is here too.
            mine.met = True
            meet.wait()

    begin(*(start(n, 1 + n % 5, marks=(50, 100)) for n in range(40)))
    counts = []

    def work():
        try:
            counts.append(services.sweep(now=NOW + 10 * HOUR, batch=20))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sum(counts) == 80
    assert len(counts) == 2
    assert len(told.marks) == len(set(told.marks)) == 80
