import threading
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from django.db import connection, transaction

from linli.foundation.core import namespaces
from linli.foundation.core.actors import SYSTEM
from linli.foundation.jobs import queue, selectors, services, types, worker
from linli.foundation.jobs.exceptions import PayloadTooLargeError
from linli.foundation.jobs.models import Job, State
from linli.foundation.journal.models import Entry

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
LATER = NOW + timedelta(hours=2)


@pytest.fixture
def done(monkeypatch):
    """Handlers ``t.note`` (notes its payload), ``t.fail`` and ``t.sql`` (fails in the database)."""
    monkeypatch.setattr(types, "HANDLERS", types.HANDLERS.copy())
    monkeypatch.setattr(services, "HANDLERS", types.HANDLERS)
    monkeypatch.setattr(types, "TOGETHER", types.TOGETHER.copy())
    monkeypatch.setattr(services, "TOGETHER", types.TOGETHER)
    monkeypatch.setattr(types, "SCHEDULES", {})
    monkeypatch.setattr(queue, "SCHEDULES", types.SCHEDULES)
    monkeypatch.setattr(worker, "SCHEDULES", types.SCHEDULES)
    notes: list[object] = []

    @services.handler("t.note")
    def note(payload, now):
        notes.append((payload.get("n"), now))

    @services.handler("t.fail")
    def fail(payload, now):
        raise ValueError("不行")

    @services.handler("t.sql")
    def sql(payload, now):
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM no_such_table")

    @services.handler_together("t.many")
    def many(payloads, now):
        notes.append([p["n"] for p in payloads])
        add("t.trace", n=0)
        if any(p["n"] == "bad" for p in payloads):
            raise ValueError("不行")

    @services.handler("t.trace")
    def trace(payload, now):
        """What a job asks for in its own transaction."""

    return notes


def add(name="t.note", n=1, **more):
    services.enqueue(**{"name": name, "payload": {"n": n}, "now": NOW} | more)


@pytest.mark.django_db
def test_enqueue_is_one_insert(django_assert_num_queries):
    with django_assert_num_queries(1):
        add()
    with django_assert_num_queries(1):
        add(key="k")


@pytest.mark.django_db(transaction=True)
def test_a_rollback_leaves_no_row():
    with pytest.raises(ZeroDivisionError), transaction.atomic():  # noqa: PT012
        add()
        add(key="k")
        raise ZeroDivisionError
    assert Job.objects.count() == 0


@pytest.mark.django_db
def test_jobs_run_by_priority_then_time(done):
    add(n=1)
    add(n=2, run_at=NOW - timedelta(minutes=1))
    add(n=3, priority=5)
    add(n=4, run_at=LATER)
    assert services.run_due(now=NOW) == 3
    assert done == [(3, NOW), (2, NOW), (1, NOW)]
    assert Job.objects.get().payload == {"n": 4}
    assert services.drain(now=LATER) == 1
    assert not Job.objects.exists()


@pytest.mark.django_db
def test_jobs_that_can_be_done_at_once_are_done_in_one_transaction(done):
    for n in range(4):
        add("t.many", n=n)
        add(n=n)
    assert services.run_due(now=NOW, limit=8) == 8
    assert done == [[0, 1, 2, 3], *((n, NOW) for n in range(4))]
    assert [j.name for j in Job.objects.all()] == ["t.trace"]


@pytest.mark.django_db
def test_one_bad_job_of_many_holds_up_no_other_and_leaves_no_trace(done):
    for n in (1, "bad", 3):
        add("t.many", n=n)
    assert services.run_due(now=NOW, limit=3) == 3
    assert done == [[1, "bad", 3], [1], ["bad"], [3]]
    left = Job.objects.order_by("id")
    assert [(j.name, j.attempts) for j in left] == [("t.many", 1), ("t.trace", 0), ("t.trace", 0)]
    assert "不行" in left[0].last_error


@pytest.mark.django_db
def test_what_is_done_at_once_is_undone_where_another_worker_took_over(done):
    add("t.many", n=1)
    add("t.many", n=2)
    token, jobs = queue.claim(now=NOW, limit=2)
    other, _ = queue.claim(now=NOW + 2 * queue.LEASE, limit=1)  # took one over
    assert other != token
    services.run_group(jobs, token=token, now=NOW)
    assert done == [[1, 2], [2]]  # at once: rolled back; alone: only the one that is still ours
    assert list(Job.objects.filter(name="t.many").values_list("lease", flat=True)) == [other]
    assert Job.objects.filter(name="t.trace").count() == 1


@pytest.mark.django_db
def test_a_key_is_unique_while_it_waits(done):
    add(n=1, key="case-1")
    add(n=2, key="case-1")
    add(n=3, key="case-2")
    token, claimed = queue.claim(now=NOW, limit=1)
    add(n=4, key="case-1")  # the first is running, so this one is new
    assert Job.objects.filter(key="case-1").count() == 2
    queue.failed(claimed[0], token=token, now=NOW, error="x")  # it would wait again, but its twin does
    assert [j.payload["n"] for j in Job.objects.filter(key="case-1")] == [4]
    services.drain(now=NOW)
    assert sorted(n for n, _ in done) == [3, 4]


@pytest.mark.django_db
def test_large_payloads_are_refused():
    with pytest.raises(PayloadTooLargeError):
        services.enqueue(name="t.note", payload={"text": "长" * 30_000}, now=NOW)
    assert not Job.objects.exists()


@pytest.mark.django_db
def test_failures_stay_apart_wait_and_die(done):
    add("t.fail", max_attempts=3, key="f")
    add("t.sql")
    add("t.unknown")
    add(n=9)
    assert services.run_due(now=NOW) == 4
    assert done == [(9, NOW)]
    job = Job.objects.get(name="t.fail")
    assert (job.state, job.attempts, job.pending_key) == (State.PENDING, 1, "f")
    assert timedelta(seconds=3) < job.due_at - NOW < timedelta(seconds=7)
    assert "不行" in job.last_error
    for hours in (1, 4):
        services.run_due(now=NOW + timedelta(hours=hours))
    dead = selectors.dead_letters().rows
    assert [(d.name, d.attempts) for d in dead] == [("t.fail", 3)]
    counts = selectors.counts(now=NOW)
    assert (counts.dead, counts.running, counts.waiting) == (1, 0, 2)
    assert services.retry(by=SYSTEM, now=NOW, ids=[dead[0].id]) == 1
    assert Entry.objects.get().verb == "jobs.retry"
    assert Job.objects.get(name="t.fail").state == State.PENDING
    Job.objects.update(state=State.DEAD, pending_key=None)
    assert services.discard(by=SYSTEM, now=NOW, ids=[job.id], reason="重复") == 1


@pytest.mark.django_db
def test_who_lost_the_lease_changes_nothing(done):
    add()
    first, jobs = queue.claim(now=NOW, limit=5)
    assert queue.claim(now=NOW + queue.LEASE / 2, limit=5)[1] == []
    assert queue.prolong(token=first, now=NOW + queue.LEASE / 2) == 1
    assert queue.claim(now=NOW + queue.LEASE, limit=5)[1] == []  # the heartbeat kept it
    second, again = queue.claim(now=NOW + 2 * queue.LEASE, limit=5)
    assert [j.attempts for j in again] == [2]
    assert not queue.succeeded(jobs[0], token=first, now=NOW)
    assert not queue.failed(jobs[0], token=first, now=NOW, error="x")
    assert Job.objects.get().lease == second
    assert queue.succeeded(again[0], token=second, now=NOW)


@pytest.mark.django_db
def test_a_job_that_kills_its_workers_dies(done):
    add(max_attempts=2)
    for i in range(4):
        queue.claim(now=NOW + i * 2 * queue.LEASE, limit=5)
    assert Job.objects.get().state == State.DEAD


@pytest.mark.django_db
def test_a_schedule_catches_up_once(done):
    services.schedule("t.tick", every=timedelta(minutes=1))(lambda payload, now: done.append(("tick", now)))
    queue.ensure_schedules(now=NOW)
    queue.ensure_schedules(now=NOW)
    assert services.run_due(now=NOW) == 0
    assert services.drain(now=NOW + timedelta(days=3)) == 1
    assert services.drain(now=NOW + timedelta(days=3, seconds=59)) == 0
    assert services.drain(now=NOW + timedelta(days=3, seconds=60)) == 1
    assert len(selectors.schedules()) == 1
    types.SCHEDULES.clear()
    queue.ensure_schedules(now=NOW)
    assert not Job.objects.exists()


@pytest.mark.django_db
def test_a_failing_schedule_never_dies(done):
    @services.schedule("t.bad", every=timedelta(days=1))
    def bad(payload, now):
        raise ValueError("不行")

    queue.ensure_schedules(now=NOW)
    for day in range(1, 15):
        services.run_due(now=NOW + timedelta(days=day))
    job = Job.objects.get()
    assert (job.state, job.attempts) == (State.PENDING, 14)
    assert job.due_at < NOW + timedelta(days=14, hours=2)  # tried again soon, not in a day


@pytest.mark.django_db
def test_two_handlers_of_one_name_are_refused(done):
    with pytest.raises(ValueError, match="two handlers"):
        services.handler("t.note")(lambda payload, now: None)


@pytest.mark.slow
@pytest.mark.django_db
def test_endless_work_is_noticed(done):
    services.handler("t.again")(lambda payload, now: services.enqueue(name="t.again", payload={}, now=now))
    add("t.again")
    with pytest.raises(RuntimeError):
        services.drain(now=NOW, limit=50)


@pytest.mark.django_db(transaction=True)
def test_the_worker_visits_namespaces_and_gives_back_at_the_end(done, settings):
    stop = threading.Event()
    seen = []

    @services.handler("t.stop")
    def end(payload, now):
        seen.append(namespaces.current())
        stop.set()

    add("t.stop", priority=5)
    add(n=1)
    worker.Worker(stop, poll=0.01, names=lambda: ["main"]).run()
    assert seen == ["main"]
    assert done == []
    job = Job.objects.get()
    assert (job.state, job.attempts, job.lease) == (State.PENDING, 0, None)


def together(count, function):
    failures = []
    start = threading.Barrier(count)

    def run():
        try:
            start.wait(20)
            function()
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures


@pytest.mark.django_db(transaction=True)
@pytest.mark.only_on("postgresql", reason="SQLite in memory is one connection")
def test_workers_at_once_do_each_job_and_each_period_once(done):
    services.schedule("t.tick", every=timedelta(minutes=1))(lambda payload, now: done.append(("tick", now)))
    together(4, lambda: queue.ensure_schedules(now=NOW))
    for n in range(200):
        add(n=n)
    for period in range(1, 6):
        together(4, partial(services.drain, now=NOW + timedelta(minutes=period)))
    assert sorted(n for n, _ in done if n != "tick") == list(range(200))
    assert sorted(at for n, at in done if n == "tick") == [NOW + timedelta(minutes=p) for p in range(1, 6)]


@pytest.mark.django_db(transaction=True)
@pytest.mark.only_on("postgresql", reason="SQLite has one writer at a time")
def test_a_job_asked_for_again_is_not_taken_before_the_asker_commits(done):
    add(key="k")
    with transaction.atomic():
        add(key="k")
        together(1, lambda: done.append(services.run_due(now=NOW)))
    assert done == [0]
    assert services.run_due(now=NOW) == 1
