import json
import threading
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core import mail
from django.db import connection, transaction

from linli.foundation.core.actors import SYSTEM
from linli.foundation.journal import rules, selectors, services, signing
from linli.foundation.journal.exceptions import AppendOnlyError, NotSealedError
from linli.foundation.journal.models import Entry, Seal
from linli.foundation.journal.types import EntryData, Fault

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
CASE = UUID(int=7)


@pytest.fixture(autouse=True)
def _folders(settings, tmp_path):
    settings.DATA = tmp_path


def write(number=1, **more):
    values: dict[str, Any] = {
        "by": SYSTEM,
        "verb": "cases.dispatch",
        "kind": "case",
        "uuid": CASE,
        "label": "HY-1",
        "now": NOW,
    } | more
    for i in range(number):
        services.record(**values | {"after": values.get("after", {"n": i, "state": "待签收"})})


def problem_found():
    problem = services.verify().problem
    assert problem is not None
    return problem


def day_file(**values):
    path = services.seal_day(**values)
    assert path is not None
    return path


def sql(statement, *params):
    with connection.cursor() as cursor:
        cursor.execute(statement, params)


def sealed(*sizes):
    for size in sizes:
        write(size)
        services.seal(now=NOW)
    return list(Entry.objects.order_by("id"))


@pytest.mark.django_db
def test_record_is_one_insert(django_assert_num_queries):
    with django_assert_num_queries(1):
        write(before={"state": "待派遣"}, after={"state": "待签收"}, reason="属地", rule="§14", personal=["x"])
    with django_assert_num_queries(1):
        services.record_many([EntryData(SYSTEM, "a.b", "case", None, "", NOW)] * 5)
    entry = Entry.objects.earliest("id")
    assert (entry.before, entry.after, entry.reason, entry.rule) == (
        {"state": "待派遣"},
        {"state": "待签收"},
        "属地",
        "§14",
    )
    assert (entry.actor_kind, entry.actor_label, entry.seal) == ("system", "系统", None)


@pytest.mark.django_db
def test_the_orm_can_only_append():
    write()
    entry = Entry.objects.get()
    for change in (
        entry.save,
        entry.delete,
        Entry.objects.all().delete,
        lambda: Entry.objects.update(label="x"),
        lambda: Entry.objects.bulk_update([entry], ["label"]),
        lambda: Entry.objects.update_or_create(label="x"),
    ):
        with pytest.raises(AppendOnlyError):
            change()
    with pytest.raises(AppendOnlyError):
        Entry._base_manager.get(id=entry.id).delete()


@pytest.mark.django_db
def test_a_rollback_takes_the_entry_along():
    with pytest.raises(ZeroDivisionError), transaction.atomic():  # noqa: PT012
        write()
        raise ZeroDivisionError
    assert not Entry.objects.exists()


@pytest.mark.django_db
def test_personal_fields_are_commitments_that_can_be_forgotten():
    write(before={"phone": ""}, after={"phone": "13800000000", "state": "x"}, personal=["phone"])
    write(after={"phone": "13800000000"}, personal=["phone"])
    services.seal(now=NOW)
    first, second = Entry.objects.order_by("id")
    assert "13800000000" not in json.dumps([first.before, first.after])
    assert first.before == {"phone": ""}
    assert (first.after or {})["state"] == "x"
    assert (first.after or {})["phone"] != (second.after or {})["phone"]  # nobody can look a number up
    assert selectors.committed_to(first, "phone", "13800000000")
    assert not selectors.committed_to(first, "phone", "13800000001")
    assert services.forget(by=SYSTEM, now=NOW, kind="case", uuid=CASE, reason="删除请求") == 2
    first.refresh_from_db()
    assert not selectors.committed_to(first, "phone", "13800000000")
    assert services.verify().ok


@pytest.mark.django_db
def test_odd_text_does_not_break_the_write():
    write(label="长" * 500, reason="a\x00b𠮷\ud800", after={"\x00k": "\x00"})
    services.seal(now=NOW)
    assert services.verify().ok


@pytest.mark.django_db
def test_an_untouched_journal_verifies():
    sealed(3, 1, 5)
    write(2)
    report = services.verify()
    assert (report.ok, report.entries, report.seals, report.unsealed) == (True, 9, 3, 2)
    assert services.seal_all(now=NOW) == 2
    assert services.seal(now=NOW) == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("label", "HY-2"),
        ("reason", "x"),
        ("after", '{"n": 99}'),
        ("actor_label", "别人"),
        ("verb", "cases.close"),
        ("at", "2026-03-02 10:00:00+00:00"),
        ("rule", "z"),
        ("on_behalf_of", "y"),
        ("before", "{}"),
        ("kind", "k"),
    ],
)
def test_an_altered_entry_is_named(column, value):
    entries = sealed(3, 4, 2)
    sql(f"UPDATE journal_entry SET {column} = %s WHERE id = %s", value, entries[4].id)
    problem = problem_found()
    assert (problem.fault, problem.seal, problem.entry) == (Fault.ALTERED, 2, entries[4].uuid)


@pytest.mark.django_db
def test_a_removed_entry_is_named():
    entries = sealed(3, 4)
    sql("DELETE FROM journal_entry WHERE id = %s", entries[3].id)
    problem = problem_found()
    assert (problem.fault, problem.seal, problem.entry) == (Fault.REMOVED, 2, entries[3].uuid)


@pytest.mark.django_db
@pytest.mark.parametrize("seal", [1, 2, 99, -1])
def test_an_entry_slipped_in_is_named(seal):
    sealed(3, 4)
    row = Entry(uuid=uuid4(), at=NOW, verb="x.y", kind="case", actor_kind="user", seal=seal)
    Entry.objects.bulk_create([row])
    problem = problem_found()
    assert (problem.fault, problem.seal, problem.entry) == (Fault.INSERTED, seal, row.uuid)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("statement", "fault", "seal"),
    [
        ("UPDATE journal_seal SET count = 9 WHERE number = 2", Fault.SEAL_ALTERED, 2),
        ("UPDATE journal_seal SET root = previous WHERE number = 2", Fault.SEAL_ALTERED, 2),
        ("UPDATE journal_seal SET hash = root WHERE number = 2", Fault.SEAL_ALTERED, 2),
        ("UPDATE journal_seal SET at = '2026-01-01 00:00:00+00:00' WHERE number = 1", Fault.SEAL_ALTERED, 1),
        ("DELETE FROM journal_seal WHERE number = 2", Fault.SEAL_REMOVED, 2),
        ("DELETE FROM journal_seal WHERE number = 1", Fault.SEAL_REMOVED, 1),
    ],
)
def test_an_altered_seal_is_named(statement, fault, seal):
    sealed(2, 2, 2)
    sql(statement)
    problem = problem_found()
    assert (problem.fault, problem.seal) == (fault, seal)


@pytest.mark.django_db
def test_entry_and_leaves_altered_together_break_the_root():
    entries = sealed(2, 2)
    sql("UPDATE journal_entry SET label = 'x' WHERE id = %s", entries[2].id)
    seal = Seal.objects.get(number=2)
    rows = Entry.objects.filter(seal=2).order_by("id")
    seal.leaves = rules.join_leaves([(r.uuid.bytes, rules.leaf_hash(r.sealed_bytes())) for r in rows])
    seal.save()
    problem = problem_found()
    assert (problem.fault, problem.seal) == (Fault.SEAL_ALTERED, 2)


def rewrite_from(number):
    """What an intruder with the database does: seal everything from ``number`` on anew."""
    previous = bytes(Seal.objects.get(number=number - 1).hash) if number > 1 else rules.FIRST
    for seal in Seal.objects.filter(number__gte=number).order_by("number"):
        rows = Entry.objects.filter(seal=seal.number).order_by("id")
        pairs = [(r.uuid.bytes, rules.leaf_hash(r.sealed_bytes())) for r in rows]
        seal.leaves, seal.count, seal.previous = rules.join_leaves(pairs), len(pairs), previous
        seal.root = rules.merkle_root([leaf for _u, leaf in pairs])
        seal.hash = rules.seal_hash(seal.header())
        seal.save()
        previous = seal.hash


@pytest.mark.django_db
def test_a_rewritten_suffix_is_betrayed_by_the_day_file():
    entries = sealed(2, 2)
    services.seal_day(now=NOW, day=date(2026, 3, 1))
    entries += sealed(3)[4:]
    services.seal_day(now=NOW, day=date(2026, 3, 2))
    assert services.verify().days == 2
    sql("UPDATE journal_entry SET label = 'x' WHERE id = %s", entries[5].id)
    rewrite_from(3)
    problem = problem_found()
    assert (problem.fault, problem.seal, problem.day) == (Fault.DAY_MISMATCH, 3, date(2026, 3, 2))
    assert problem.entry == entries[4].uuid  # the first in doubt


@pytest.mark.django_db
def test_seals_cut_off_at_the_end_are_betrayed_by_the_day_file():
    sealed(2, 2)
    services.seal_day(now=NOW)
    sql("DELETE FROM journal_entry WHERE seal = 2")
    sql("DELETE FROM journal_seal WHERE number = 2")
    problem = problem_found()
    assert (problem.fault, problem.seal) == (Fault.SEAL_REMOVED, 2)


@pytest.mark.django_db
def test_a_forged_day_file_and_a_missing_one_are_found():
    for day in (1, 2, 3):
        sealed(1)
        path = day_file(now=NOW, day=date(2026, 3, day))
    assert services.verify().ok
    (signing.folder() / "2026-03-02.json").rename(signing.folder() / "kept")
    assert problem_found().fault is Fault.DAY_FILE
    (signing.folder() / "kept").rename(signing.folder() / "2026-03-02.json")
    path.write_bytes(path.read_bytes().replace(b'"seal":3', b'"seal":2'))
    assert problem_found().detail == "2026-03-03.json"


@pytest.mark.django_db
def test_the_day_file_is_written_once_and_mailed(settings):
    assert services.seal_day(now=NOW) is None
    write()
    settings.EMAIL_HOST, settings.SEAL_MAIL = "mail.example", "a@example.com, b@example.com"
    path = day_file(now=NOW)
    content = path.read_bytes()
    assert path.name == "2026-03-01.json"
    assert Seal.objects.count() == 1  # it seals what is open first
    write()
    services.seal_day(now=NOW)
    assert path.read_bytes() == content
    assert [m.to for m in mail.outbox] == [["a@example.com", "b@example.com"]]
    assert mail.outbox[0].attachments[0][0] == "2026-03-01.json"


@pytest.mark.django_db
def test_proof_of_one_entry():
    entries = sealed(5, 7)
    trusted = bytes(Seal.objects.get(number=2).hash)
    proof = selectors.proof(entries[8])
    assert rules.proves(proof, trusted)
    assert not rules.proves(selectors.proof(entries[0]), trusted)
    write()
    with pytest.raises(NotSealedError):
        selectors.proof(Entry.objects.latest("id"))


@pytest.mark.django_db
def test_retention_keeps_the_chain_and_says_so():
    write(3)
    services.seal(now=NOW - timedelta(days=400))
    write(2)
    services.seal(now=NOW)
    assert services.retire(by=SYSTEM, now=NOW, before=NOW - timedelta(days=365), reason="保存期满") == 3
    report = services.verify()
    assert (report.ok, report.retired, report.entries) == (True, 3, 2)
    services.seal(now=NOW)
    assert services.verify().ok
    sql("DELETE FROM journal_entry WHERE seal = 2")
    sql("UPDATE journal_seal SET retired_at = at WHERE number = 2")
    assert problem_found().fault is Fault.REMOVED


@pytest.mark.django_db
def test_reading():
    write(3)
    write(verb="cases.close", by=SYSTEM.for_person("王阿姨"))
    assert [e.verb for e in selectors.entries_for("case", CASE, limit=2)] == ["cases.close", "cases.dispatch"]
    first = selectors.page(verb="cases.", size=3)
    assert len(first.rows) == 3
    assert len(selectors.page(verb="cases.", size=3, cursor=first.next).rows) == 1
    assert selectors.page(verb="cases.close").rows[0].on_behalf_of == "王阿姨"
    assert not selectors.page(since=NOW + timedelta(seconds=1)).rows
    assert len(selectors.page(until=NOW + timedelta(seconds=1), actor=None).rows) == 4


@pytest.mark.django_db
def test_verifying_reads_in_pieces(django_assert_max_num_queries):
    sealed(*[1] * 45)
    with django_assert_max_num_queries(45 + 3 + 5):
        assert services.verify().seals == 45


def in_thread(function):
    failures = []

    def run():
        try:
            function()
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread, failures


@pytest.mark.django_db(transaction=True)
@pytest.mark.only_on("postgresql", reason="SQLite has one writer at a time")
def test_an_entry_that_commits_after_a_younger_one_was_sealed_gets_into_a_later_seal():
    written, go_on = threading.Event(), threading.Event()

    def slow():
        with transaction.atomic():
            write(label="slow")
            written.set()
            assert go_on.wait(20)

    thread, failures = in_thread(slow)
    assert written.wait(20)
    write(label="fast")
    assert services.seal(now=NOW) == 1
    go_on.set()
    thread.join()
    assert not failures
    late, early = Entry.objects.order_by("id")
    assert (late.label, late.seal, early.label, early.seal) == ("slow", None, "fast", 1)
    assert services.seal(now=NOW) == 1
    assert Entry.objects.get(label="slow").seal == 2
    assert services.verify().ok


@pytest.mark.django_db(transaction=True)
@pytest.mark.only_on("postgresql", reason="SQLite in memory is one connection")
def test_sealers_at_once_make_one_chain():
    write(60)
    start = threading.Barrier(4)

    def seal_on():
        start.wait(20)
        while Entry.objects.filter(seal__isnull=True).exists():
            services.seal(now=NOW, limit=7)

    threads = [in_thread(seal_on) for _ in range(4)]
    for thread, _failures in threads:
        thread.join()
    assert not any(failures for _thread, failures in threads)
    report = services.verify()
    assert (report.ok, report.entries, report.seals) == (True, 60, 9)
