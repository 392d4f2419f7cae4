"""How many statements the case room sends, whatever the history, and that its lists are read from indexes."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from linli.engines.cases import selectors, services
from linli.engines.cases.models import Case, CaseEvent
from linli.engines.cases.permissions import get_case_for
from linli.engines.cases.selectors import Filters
from linli.engines.cases.types import Contact, FeedbackWay, Report
from linli.foundation.core.actors import GUEST
from linli.foundation.core.ids import uuid7

pytestmark = pytest.mark.django_db
PEOPLE = ["paidan", "zhiban", "wuye", "shuji", "shegong", "jiandu", "lingdao", "chengguan"]


def _report(world, **fields):
    contact = Contact(name="王阿姨", phone="13812345678", way=FeedbackWay.PHONE)
    area = world.areas["陶家宅"].pk
    report = Report(
        text="楼道堆物没人清", category="garbage", address="长宁路 488 弄 12 号", area_id=area, contact=contact
    )
    receipt = services.report(by=GUEST, now=world.now, report=report, **fields)
    return get_case_for(world.actor("paidan"), receipt.number)


def _copies(case, number, now):
    """Add ``number`` plain copies of the case: four in five are closed."""
    names = [f.attname for f in Case._meta.concrete_fields if f.attname != "id"]
    values = {n: getattr(case, n) for n in names}
    rows = []
    for i in range(number):
        fields = {**values, "uuid": uuid7(), "number": f"T{i:06d}", "reported_at": now - timedelta(minutes=i)}
        fields |= {"changed_at": now - timedelta(minutes=i), "due_at": now + timedelta(minutes=i)}
        if i % 5:
            fields |= {"state": "closed", "is_open": False, "closed_at": now - timedelta(minutes=i)}
        rows.append(Case(**fields))
    Case.objects.bulk_create(rows, batch_size=500)


@pytest.fixture
def case(world):
    found = _report(world)
    selectors.case_list(world.actor("paidan"), Filters(), now=world.now)
    selectors.map_pins(world.actor("paidan"), Filters(), now=world.now)  # the catalogue is in its cache
    return found


@pytest.mark.parametrize("username", PEOPLE)
def test_reads_cost_the_same_whatever_the_history(world, case, username, django_assert_max_num_queries):
    actor = world.actor(username)
    for i in range(2):
        with django_assert_max_num_queries(1):
            page = selectors.case_list(actor, Filters(order="new"), now=world.now)
            for row in page.rows:
                assert row.category.name + str(row.unit or "") + str(row.handler or "")
        for read in (selectors.counts, selectors.map_pins):
            with django_assert_max_num_queries(1):
                read(actor, Filters(), now=world.now)
        with django_assert_max_num_queries(1):
            selectors.changed_since(actor, world.now - timedelta(hours=1))
        with django_assert_max_num_queries(1):
            selectors.day_figures(actor, now=world.now, midnight=world.now, month=world.now)
        with django_assert_max_num_queries(1):
            selectors.box_counts(
                actor, [*selectors.BOXES, "mine", "unit", "helping", "requests", "contact"], now=world.now
            )
        if i == 0:
            _copies(case, 120, world.now)


@pytest.mark.parametrize("username", ["paidan", "shuji", "wuye"])
def test_the_page_of_a_case_costs_at_most_thirteen_statements(world, username, django_assert_max_num_queries):
    """With session and user, which take two, that is fifteen."""
    centre = world.actor("paidan")
    case = _report(world)
    services.accept(by=centre, now=world.now, case=case)
    services.dispatch(by=centre, now=world.now, case=case, unit_id=world.units["property"].pk)
    fields = {
        "verb": "note",
        "at": world.now,
        "by_label": "测试",
        "from_state": case.state,
        "to_state": case.state,
        "text": "看过",
    }
    actor = world.actor(username)
    for last in (case.version, 500):
        CaseEvent.objects.bulk_create(CaseEvent(case=case, seq=i, **fields) for i in range(case.version + 1, last + 1))
        with django_assert_max_num_queries(13):
            found = selectors.case_detail(actor, get_case_for(actor, case.number))
            assert len(found.events) == min(last, 50)
            assert all(str(h.unit) for h in found.helpers)


HOT = {
    "soonest": ("paidan", Filters()),
    "newest": ("paidan", Filters(order="new")),
    "newest of a unit": ("paidan", Filters(order="new", unit_id=1)),
    "inbox": ("paidan", Filters(box="dispatch")),
    "check": ("jiandu", Filters(box="check")),
    "overdue": ("paidan", Filters(overdue=True)),
    "unit": ("wuye", Filters(box="unit")),
    "mine": ("wuye", Filters(box="mine")),
    "unit, newest": ("wuye", Filters(order="new")),
    "area": ("shuji", Filters()),
    "area, newest": ("shuji", Filters(order="new")),
    "search": ("wuye", Filters(order="new", text="楼道堆物")),
}


@pytest.mark.slow
def test_the_lists_are_read_from_indexes(world, case):
    _copies(case, 5_000, world.now)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("ANALYZE cases_case")
    for name, (username, filters) in HOT.items():
        actor = world.actor(username)
        with CaptureQueriesContext(connection) as caught:
            selectors.case_list(actor, filters, now=world.now)
            selectors.changed_since(actor, world.now)
        for query in caught.captured_queries:
            _assert_no_scan(name, query["sql"])


def _assert_no_scan(name, sql):
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("EXPLAIN QUERY PLAN " + sql.replace("%", "%%"))
            plan = [str(row[3]) for row in cursor.fetchall()]
            assert not [line for line in plan if line.startswith("SCAN cases_case") and "INDEX" not in line], (
                name,
                plan,
            )
            return
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN " + sql.replace("%", "%%"))
        plan = [row[0] for row in cursor.fetchall()]
        assert not [line for line in plan if "Seq Scan on cases_case" in line], (name, plan)
