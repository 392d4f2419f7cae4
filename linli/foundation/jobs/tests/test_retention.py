from datetime import timedelta

import pytest
from django.apps import apps
from django.db import DatabaseError

from linli.foundation.accounts.models import Throttle
from linli.foundation.core.actors import SYSTEM
from linli.foundation.jobs import retention, services
from linli.foundation.jobs.models import Job
from linli.foundation.jobs.reference import personal_fields
from linli.foundation.jobs.tests.test_services import NOW
from linli.foundation.jobs.types import HANDLERS, SCHEDULES
from linli.foundation.journal import services as journal
from linli.foundation.journal.models import Entry, Seal


def test_every_personal_field_with_days_is_deleted_when_they_are_over():
    declared = {(label, name) for label, name, what in personal_fields() if what.keep_days is not None}
    dealt = {(k.model, name) for k in retention.KEEPINGS.values() for name in k.fields}
    assert declared - dealt == set()
    assert dealt - declared == set()


@pytest.mark.parametrize("keeping", retention.KEEPINGS.values(), ids=lambda k: k.code)
def test_the_days_of_a_kind_are_those_that_its_fields_declare(keeping):
    assert keeping.days >= 0
    assert apps.get_model(keeping.model)
    assert keeping.since
    assert keeping.end


def test_fields_of_different_days_are_no_kind():
    mixed = services.Keeping("x", "accounts.User", ("username", "display_name"), "", "", lambda *_: 0)
    with pytest.raises(ValueError, match="one number of days"):
        assert mixed.days


def test_it_runs_once_a_day():
    assert SCHEDULES["jobs.retention"] == timedelta(days=1)


def _tries(count):
    Throttle.objects.bulk_create(
        Throttle(key=f"k{i}", failures=1, last_at=NOW - timedelta(days=31)) for i in range(count)
    )
    Throttle.objects.create(key="fresh", failures=1, last_at=NOW - timedelta(days=29))


@pytest.mark.django_db
def test_batches_are_bounded_and_the_journal_counts_without_content(monkeypatch):
    monkeypatch.setattr(retention, "BATCH", 3)
    _tries(7)
    HANDLERS["jobs.retention"]({}, NOW)
    assert list(Throttle.objects.values_list("key", flat=True)) == ["fresh"]
    entries = list(Entry.objects.filter(verb="jobs.retention").order_by("id"))
    assert [(e.label, e.after) for e in entries] == [("accounts.throttle", {"rows": n, "days": 30}) for n in (3, 3, 1)]
    HANDLERS["jobs.retention"]({}, NOW)
    assert Entry.objects.filter(verb="jobs.retention").count() == 3


@pytest.mark.django_db
def test_a_run_ends_after_its_last_batch_and_the_next_day_goes_on(monkeypatch):
    monkeypatch.setattr(retention, "BATCH", 2)
    monkeypatch.setattr(retention, "MOST_BATCHES", 2)
    _tries(7)
    assert services.delete_what_is_over(now=NOW) == {"accounts.throttle": 4}
    assert services.delete_what_is_over(now=NOW) == {"accounts.throttle": 3}
    assert services.delete_what_is_over(now=NOW) == {}


@pytest.mark.django_db
def test_a_kind_that_fails_stops_no_other_and_the_job_says_so(monkeypatch):
    def fail(*_arguments):
        message = "no such table"
        raise DatabaseError(message)

    broken = services.Keeping("aaa.broken", "accounts.Throttle", ("key",), "", "", fail)
    monkeypatch.setattr(retention, "KEEPINGS", {"aaa.broken": broken, **retention.KEEPINGS})
    _tries(1)
    with pytest.raises(DatabaseError):
        services.delete_what_is_over(now=NOW)
    assert list(Throttle.objects.values_list("key", flat=True)) == ["fresh"]


@pytest.mark.django_db
def test_a_journal_that_cannot_be_written_keeps_what_was_to_go(monkeypatch):
    def refuse(**_entry):
        message = "journal"
        raise DatabaseError(message)

    _tries(1)
    monkeypatch.setattr(journal, "record", refuse)
    with pytest.raises(DatabaseError):
        services.delete_what_is_over(now=NOW)
    assert Throttle.objects.count() == 2


@pytest.mark.django_db
def test_old_entries_of_the_journal_go_and_the_chain_still_holds():
    long_ago = NOW - timedelta(days=5 * 365 + 3)
    for at in (long_ago, NOW):
        journal.record(by=SYSTEM, verb="cases.open_contact", kind="case", uuid=None, label="1", now=at, reason="回访")
        journal.seal_all(now=at)
    assert services.delete_what_is_over(now=NOW) == {"journal.entry": 1}
    assert Entry.objects.filter(verb="cases.open_contact").count() == 1
    assert list(Seal.objects.filter(retired_at__isnull=False).values_list("number", flat=True)) == [1]
    assert journal.verify().ok
    assert Job.objects.count() == 0
