"""Rows added by the kept statement are the rows that Django would add: here on the tables that every act writes."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from linli.engines.cases import services
from linli.engines.cases.models import Case, CaseEvent, Reporter
from linli.engines.cases.types import Contact, FeedbackWay, Report
from linli.engines.cases.workflow import State
from linli.foundation.core.actors import GUEST
from linli.foundation.core.db import inserting
from linli.foundation.core.db.inserting import change, insert
from linli.foundation.core.ids import uuid7
from linli.foundation.deadlines.models import Clock
from linli.foundation.jobs import services as jobs
from linli.foundation.jobs.models import Job
from linli.foundation.journal.models import Entry

pytestmark = pytest.mark.django_db
NEW = {"id", "uuid", "number", "seq", "code_hash", "pending_key", "subject_id", "nonce"}


@pytest.fixture
def case(world):
    contact = Contact(name="王阿姨", phone="13812345678", way=FeedbackWay.PHONE)
    report = Report(text="楼道堆物🦆", category="garbage", address="长宁路𠮷", contact=contact, urgent=True)
    receipt = services.report(by=GUEST, now=world.now + timedelta(microseconds=7), report=report)
    return Case.objects.get(number=receipt.number)


def _twin(row):
    """Return a new row with the values of ``row``, made for the model's unique columns."""
    values = {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields if f.attname != "id"}
    fresh = {"uuid": uuid7(), "seq": 1000 + _twin.made, "subject_id": 10**9 + _twin.made}
    fresh |= {"number": f"T{_twin.made}", "code_hash": f"{_twin.made:064d}"}
    _twin.made += 1
    return type(row)(**{k: fresh.get(k, v) for k, v in values.items()})


_twin.made = 0


def _raw(row):
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT * FROM "{row._meta.db_table}" WHERE id = %s', [row.pk])
        names = [c[0] for c in cursor.description]
        return {k: v for k, v in zip(names, cursor.fetchone(), strict=True) if k not in NEW}


@pytest.mark.parametrize("model", [Case, CaseEvent, Reporter, Clock, Entry, Job])
def test_the_row_is_the_one_that_django_writes(world, case, model):
    jobs.enqueue(name="cases.tell", payload={"text": "二"}, now=world.now)
    source = model._default_manager.order_by("id").first()
    by_us, by_django = _twin(source), _twin(source)
    with CaptureQueriesContext(connection) as asked:
        insert([by_us])
    assert len(asked) == 1
    by_django.save(force_insert=True)
    assert _raw(by_us) == _raw(by_django)
    assert (by_us._state.adding, by_us._state.db) == (False, "default")
    assert model._default_manager.get(pk=by_us.pk) == by_us


def test_many_rows_get_their_own_keys(case, monkeypatch):
    monkeypatch.setattr(inserting, "_MOST_VALUES", 40)
    source = CaseEvent.objects.first()
    rows = [_twin(source) for _i in range(7)]
    insert(rows)
    for row in rows:
        assert CaseEvent.objects.get(pk=row.pk).seq == row.seq


def test_enumerations_and_related_objects_are_values(case):
    event = _twin(CaseEvent.objects.first())
    event.to_state = State.HANDLING
    event.case = case
    insert([event])
    assert CaseEvent.objects.get(pk=event.pk).to_state == "handling"
    unsaved = _twin(CaseEvent.objects.first())
    unsaved.case = Case()
    with pytest.raises(ValueError, match="unsaved related object"):
        insert([unsaved])


def test_columns_are_changed_where_they_have_these_values(case):
    values = {"state": State.TO_VERIFY, "dues": {"a": "二"}, "urgent": False, "accepted_at": case.reported_at}
    before = case.version
    assert change(Case, values, {"id": case.pk, "version": before + 1}) == 0
    with CaptureQueriesContext(connection) as asked:
        assert change(Case, {**values, "version": before + 1}, {"id": case.pk, "version": before}) == 1
    assert len(asked) == 1
    found = Case.objects.get(pk=case.pk)
    assert {k: getattr(found, k) for k in values} == {**values, "state": "to_verify"}
    with pytest.raises(IntegrityError), transaction.atomic():
        change(Case, {"lat": 31.2, "lon": None}, {"id": case.pk})


def test_what_is_refused(case):
    insert([])
    with pytest.raises(TypeError):
        insert([_twin(case), _twin(CaseEvent.objects.first())])
    with pytest.raises(IntegrityError), transaction.atomic():
        insert([CaseEvent.objects.first()])
    assert CaseEvent.objects.count() == 1
