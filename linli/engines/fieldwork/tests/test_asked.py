"""What is asked of each area in a period: counted without what is dropped, and read from its index alone."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from linli.engines.fieldwork import selectors, services
from linli.engines.fieldwork.models import Visit
from linli.engines.fieldwork.tests.scenes import enter_form, enter_shops, home_of, opened, sent_in, visits_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def round_(world):
    services.load_shipped(now=world.now)
    enter_form(world.now)
    enter_shops(world, 4)
    return opened(world)


def test_visits_due_in_a_period_are_counted_by_area_without_those_dropped(world, round_):
    first, second, third, last = visits_of(round_)
    by = world.actor("zhiban")
    services.take_visit(by=world.actor("shegong"), now=world.now, uuid=first.uuid, expected=first.version)
    sent_in(world.actor("shegong"), world.now, Visit.objects.get(pk=first.pk))
    services.drop_visit(by=by, now=world.now, uuid=second.uuid, reason="搬走了", expected=second.version)
    Visit.objects.filter(pk=last.pk).update(due_on=third.due_on + timedelta(days=1))
    found = selectors.visits_by_area(third.due_on, third.due_on)
    assert {path: (asked.due, asked.done) for path, asked in found.items()} == {home_of(world).path: (2, 1)}


@pytest.mark.only_on("postgresql", reason="the plan is PostgreSQL's")
def test_the_index_alone_answers(world, round_):
    with CaptureQueriesContext(connection) as asked:
        selectors.visits_by_area(round_.starts_on, round_.ends_on)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
        cursor.execute("EXPLAIN " + asked.captured_queries[-1]["sql"])
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "Index Only Scan using fieldwork_visit_burden" in plan
