"""What is kept is what counting from scratch finds, whatever people did and however it was folded."""

import random
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linli.engines.cases import selectors as cases
from linli.engines.cases import services as acting
from linli.engines.cases.models import Case
from linli.engines.cases.tests.steps import get, raise_case, to_closed
from linli.engines.cases.tests.test_walks import Walk
from linli.engines.indicators import selectors, services
from linli.engines.indicators.models import Balance, Fact, Folded, Reading, Span
from linli.engines.indicators.selectors import Period
from linli.engines.indicators.selectors.counting import balances
from linli.engines.indicators.tests.kept import everything, read
from linli.foundation.core.actors import SYSTEM
from linli.foundation.journal import services as journal
from tests.races import at_once

DAY = timedelta(days=1)


@pytest.mark.django_db
def test_a_closed_case_is_one_row_of_facts_with_its_stretches(world):
    case = to_closed(world, raise_case(world))
    services.fold_all(now=world.now)
    fact = Fact.objects.get()
    assert (fact.case_id, fact.state, fact.outcome, fact.unit) == (
        case.pk, "closed", "explained", world.units["enforcement"].pk,
    )  # fmt: skip
    assert fact.seq == Case.objects.get().version
    # All of it in one moment: it was open on no day.
    assert not Span.objects.exists()
    assert not Balance.objects.exists()


@pytest.mark.django_db
def test_folding_a_hundred_cases_takes_as_many_statements_as_folding_ten(world, django_assert_max_num_queries):
    for _n in range(3):
        raise_case(world)
    services.fold_all(now=world.now)
    for count in (4, 24):
        for _n in range(count):
            raise_case(world)
        journal.seal_all(now=world.now)
        with django_assert_max_num_queries(22):
            assert services.fold(now=world.now) == count


@pytest.mark.django_db
def test_what_was_folded_twice_or_is_counted_again_is_the_same(world):
    to_closed(world, raise_case(world))
    raise_case(world, now=world.now - 3 * DAY)
    services.fold_all(now=world.now)
    first = everything()
    Folded.objects.update(seal=0)
    services.fold_all(now=world.now)
    assert everything() == first
    assert services.rebuild(now=world.now) == 2
    assert everything() == first


@pytest.mark.django_db
@settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**6))
def test_whatever_people_do_what_is_kept_is_what_is_counted_from_scratch(world, seed):
    with transaction.atomic():
        _live(world, random.Random(seed), Walk(world, seed))
        transaction.set_rollback(True)


def _live(world, dice, walk):
    services.fold_all(now=walk.now)
    for _n in range(15):
        walk.step()
        if dice.random() < 0.5:
            services.fold_all(now=walk.now + timedelta(minutes=6))
    end = walk.now + timedelta(minutes=6)
    services.fold_all(now=end)
    kept, readings = everything(), read()
    assert dict(Fact.objects.values_list("case", "seq")) == dict(Case.objects.values_list("pk", "version"))
    days = sorted(set(Reading.objects.values_list("day", flat=True)))
    Reading.objects.all().delete()
    services.rebuild(now=end, readings_since=days[0])
    assert everything() == kept
    # What was read night by night is what reading the same nights afterwards finds.
    assert read() == readings
    for day in days:
        until = selectors.ends(day)
        assert balances([day]) == [Span.objects.filter(begins_at__lt=until).exclude(ends_at__lt=until).count()]


@pytest.mark.django_db
def test_the_backlog_of_a_past_day_stays_what_it_was(world):
    start = world.now - 5 * DAY
    one, two = raise_case(world, now=start), raise_case(world, now=start + 2 * DAY)
    services.fold_all(now=world.now)
    today = world.now.date()
    days = [today - n * DAY for n in range(6, -1, -1)]
    assert balances(days) == [0, 1, 1, 2, 2, 2, 2]
    acting.refuse(by=world.actor("paidan"), now=world.now, case=get(one), reason="不归这里", elsewhere="物业")
    services.fold_all(now=world.now)
    assert balances(days) == [0, 1, 1, 2, 2, 2, 1]
    total = selectors.counted(SYSTEM, "backlog", Period(today - 3 * DAY, today - 3 * DAY), now=world.now).total
    assert total.value == 2
    page = selectors.opened(SYSTEM, "backlog", Period(today - 3 * DAY, today - 3 * DAY), now=world.now)
    assert [r.number for r in page.rows] == [two.number, one.number]


@pytest.mark.django_db
def test_what_a_figure_was_on_a_past_day_stays_when_more_happens(world):
    monday = world.now
    case = to_closed(world, raise_case(world))
    services.fold_all(now=monday)
    services.fold_all(now=monday + DAY)
    day = monday.date()
    assert selectors.was(SYSTEM, "on_time", day).value == 100
    assert (selectors.was(SYSTEM, "reworked", day).part, selectors.was(SYSTEM, "closed", day).whole) == (0, 1)
    acting.reopen(by=world.actor("paidan"), now=monday + DAY, case=get(case), reason="又发生了")
    services.fold_all(now=monday + DAY)
    services.rebuild(now=monday + DAY, readings_since=day)
    assert selectors.counted(SYSTEM, "closed", Period.last(30, day), now=monday + DAY).total.whole == 0
    assert selectors.was(SYSTEM, "closed", day).whole == 1
    assert selectors.was(SYSTEM, "on_time", day, dimension="unit", key=str(world.units["enforcement"].pk)).value == 100


@pytest.mark.django_db
def test_just_after_midnight_nothing_later_is_folded_before_the_day_is_read(world):
    services.fold_all(now=world.now)
    midnight = selectors.ends(world.now.date())
    raise_case(world, now=midnight - timedelta(minutes=1))
    raise_case(world, now=midnight + timedelta(minutes=1))
    assert services.fold_all(now=midnight + timedelta(minutes=2)) == 0
    services.fold_all(now=midnight + timedelta(minutes=6))
    assert Fact.objects.count() == 2
    assert selectors.was(SYSTEM, "intake", world.now.date()).whole == 1


@pytest.mark.django_db
def test_histories_cost_one_statement(world, django_assert_num_queries):
    uuids = [raise_case(world).uuid for _n in range(5)]
    with django_assert_num_queries(1):
        found = cases.histories(uuids)
    assert {events[0].verb for events in found.values()} == {"report"}
    assert len(found) == 5


@pytest.mark.django_db(transaction=True)
@pytest.mark.only_on("postgresql", reason="SQLite has one writer at a time")
def test_two_who_fold_at_once_keep_it_once(world):
    for _n in range(6):
        raise_case(world, now=world.now - 2 * DAY)
    services.fold_all(now=world.now - 3 * DAY)
    journal.seal_all(now=world.now)
    results = at_once(*[lambda: services.fold_all(now=world.now)] * 3)
    assert [r for r in results if isinstance(r, Exception)] == []
    assert balances([world.now.date()]) == [6]
    assert Fact.objects.count() == 6
    kept = everything()
    services.rebuild(now=world.now)
    assert everything() == kept
