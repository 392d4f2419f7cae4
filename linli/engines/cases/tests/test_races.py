"""Two people at once, as threads on a real PostgreSQL: one wins, the other is told, nothing is half done."""

from __future__ import annotations

import pytest
from django.db import connection

from linli.engines.cases import services
from linli.engines.cases.models import Case, CaseEvent, Order, Reporter, Request
from linli.engines.cases.services.intake import draw_number
from linli.engines.cases.tests.steps import faults, get, raise_case, to_check, to_closed, to_handling
from linli.engines.cases.types import Decision, Report
from linli.engines.cases.workflow import State
from linli.foundation.core.actors import GUEST
from linli.foundation.core.errors import ConflictError
from linli.foundation.core.ids import uuid7
from tests.races import at_once, one_wins

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.only_on("postgresql", reason="SQLite lets one writer in at a time"),
]


def test_races(world):
    """One test, since a flushed database is laid anew for each."""
    assert connection.vendor == "postgresql"
    dispatched_twice(world)
    merged_and_dispatched(world)
    reported_twice(world)
    rated_twice(world)
    extension_decided_twice(world)
    closed_and_ordered(world)


def dispatched_twice(world):
    paidan, paidan2, now = world.actor("paidan"), world.actor("paidan2"), world.now
    unit, police = world.units["enforcement"].pk, world.units["police"].pk
    case = raise_case(world)
    services.accept(by=paidan, now=now, case=case)
    a, b = get(case), get(case)
    one_wins(
        at_once(
            lambda: services.dispatch(by=paidan, now=now, case=a, unit_id=unit),
            lambda: services.dispatch(by=paidan2, now=now, case=b, unit_id=police),
        )
    )
    assert CaseEvent.objects.filter(case=case, verb="dispatch").count() == 1
    assert not faults(case)

    owner = world.actor("chengguan") if get(case).unit_id == unit else world.actor("minjing")
    a, b = get(case), get(case)
    one_wins(
        at_once(
            lambda: services.sign(by=owner, now=now, case=a),
            lambda: services.recall(by=paidan, now=now, case=b, reason="派错"),
        )
    )
    assert not faults(case)


def merged_and_dispatched(world):
    paidan, paidan2, now = world.actor("paidan"), world.actor("paidan2"), world.now
    unit = world.units["enforcement"].pk
    case, main = raise_case(world), raise_case(world)
    services.accept(by=paidan, now=now, case=case)
    a, b, m = get(case), get(case), get(main)
    one_wins(
        at_once(
            lambda: services.merge(by=paidan, now=now, case=a, main=m, reason="同一件"),
            lambda: services.dispatch(by=paidan2, now=now, case=b, unit_id=unit),
        )
    )
    assert get(main).reporter_count == 1 + (get(case).state == State.MERGED)
    assert not faults(case)
    assert not faults(main)


def reported_twice(world):
    now = world.now
    numbers = at_once(*[lambda: draw_number(now)] * 4)
    assert len(set(numbers)) == 4, numbers

    uuid = uuid7()
    report = Report(text="楼下很吵", category="noise", uuid=uuid, area_id=world.areas["陶家宅"].pk)
    receipts = at_once(*[lambda: services.report(by=GUEST, now=now, report=report)] * 2)
    assert {r.number for r in receipts} == {Case.objects.get(uuid=uuid).number}
    assert sorted(r.seen_before for r in receipts) == [False, True]


def rated_twice(world):
    paidan, zhiban, now = world.actor("paidan"), world.actor("zhiban"), world.now
    case = to_closed(world, raise_case(world))
    reporter = Reporter.objects.get(case=case)
    a, b = get(case), get(case)
    one_wins(
        at_once(
            lambda: services.rate(by=zhiban, now=now, case=a, reporter_id=reporter.pk, rating="satisfied"),
            lambda: services.rate(by=paidan, now=now, case=b, reporter_id=reporter.pk, rating="unsatisfied"),
        )
    )
    assert CaseEvent.objects.filter(case=case, verb="rate").count() == 1
    assert not faults(case)


def extension_decided_twice(world):
    zhiban, now = world.actor("zhiban"), world.now
    case = to_handling(world, raise_case(world))
    services.request_extension(by=world.actor("chengguan"), now=now, case=case, reason="要料", amount=1)
    a, b = get(case), get(case)
    one_wins(
        at_once(
            lambda: services.decide_extension(by=zhiban, now=now, case=a, granted=True),
            lambda: services.decide_extension(by=zhiban, now=now, case=b, granted=False, reason="不准"),
        )
    )
    assert Request.objects.exclude(decision=Decision.PENDING).filter(case=case).count() == 1
    assert not faults(case)


def closed_and_ordered(world):
    paidan, now = world.actor("paidan"), world.now
    ducha = world.actor("ducha")
    case = to_check(world, raise_case(world))
    services.check(by=world.actor("jiandu"), now=now, case=case, passed=True)
    services.reply(by=paidan, now=now, case=case, way="phone", text="好了")
    a, b = get(case), get(case)
    one_wins(
        at_once(
            lambda: services.close(by=paidan, now=now, case=a),
            lambda: services.order(by=ducha, now=now, case=b, text="再查", due_on=now.date()),
        )
    )
    assert (get(case).state == State.CLOSED) != Order.objects.filter(case=case).exists()
    assert not faults(case)


def test_a_stale_page_is_told(world):
    case = raise_case(world)
    services.accept(by=world.actor("paidan"), now=world.now, case=get(case))
    with pytest.raises(ConflictError) as error:
        services.note(by=world.actor("paidan"), now=world.now, case=case, text="x")
    assert error.value.hint
