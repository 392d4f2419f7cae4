"""Coverage as it is kept while things happen is what the rule counts, whatever happened."""

from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linli.engines.fieldwork import selectors, services
from linli.engines.fieldwork.models import Attempt, Round, RoundDay, RoundTally, RoundUnit, Target, TargetTally, Visit
from linli.engines.fieldwork.rules.coverage import Period
from linli.engines.fieldwork.selectors import covering
from linli.engines.fieldwork.services import counting
from linli.engines.fieldwork.tests.scenes import enter_form, enter_shops, opened
from linli.engines.fieldwork.types import TargetData
from linli.foundation.core.actors import SYSTEM
from linli.foundation.core.errors import InvalidError
from tests.races import at_once

pytestmark = pytest.mark.django_db
DAYS = st.integers(0, 60)


@pytest.fixture
def town(world):
    services.load_shipped(now=world.now)
    enter_form(world.now)
    return world


def summed(rows):
    """Return (ledger, area, what, day, until) → how many, without what is nought."""
    found: Counter[tuple[object, ...]] = Counter()
    for row in rows:
        found[row.kind_id, row.area_path, row.what, row.day, row.until] += row.n
    return {key: n for key, n in found.items() if n}


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    begin=DAYS, length=st.integers(0, 40), fold=st.booleans(),
    acts=st.lists(st.tuples(st.integers(0, 4), DAYS, st.sampled_from(["done", "knock", "end"])), max_size=12),
)  # fmt: skip
def test_the_map_counts_what_the_rule_counts(town, begin, length, fold, acts):
    for model in (Attempt, Visit, RoundTally, RoundDay, RoundUnit):
        model.objects.all().delete()
    Target.objects.update(merged_into=None)
    Round.objects.all().delete()
    for target in Target.objects.all():
        target.known.all().delete()
    Target.objects.all().delete()
    assert sum(TargetTally.objects.values_list("n", flat=True)) == 0
    covering._kept.clear()
    shops = enter_shops(town, 5)
    today = town.now.date()
    Target.objects.update(since=today - timedelta(days=70))
    round_ = opened(town)
    visits = {v.target_id: v for v in Visit.objects.filter(round=round_)}
    for shop, ago, what in acts:
        at, visit = town.now - timedelta(days=ago), visits[shops[shop].pk]
        row = Target.objects.filter(pk=shops[shop].pk)
        if what == "done" and visit.state == "due":
            visit.state, visit.done_at = "done", at
            visit.save()
            counting.seen(shops[shop].pk, at)
        elif what == "knock":
            Attempt.objects.create(visit=visit, at=at, outcome="nobody", by_label="x")
            counting.tried(shops[shop].pk, at)
        elif what == "end":
            row.filter(merged_into=None).update(until=at.date())
    kept = summed(TargetTally.objects.all())
    assert kept == summed(counting.tallies_of(Target.objects.all())), "counted as things happened = counted anew"
    if fold:
        counting.fold_targets()
        assert summed(TargetTally.objects.all()) == kept
        assert TargetTally.objects.count() == len(kept)
    first = today - timedelta(days=begin + length)
    last = today - timedelta(days=begin)
    asked = selectors.CoverageOf("shop", Period(first, last))
    rule = selectors.coverage(SYSTEM, asked)[""]
    found = selectors.covered(SYSTEM, shops[0].kind, first, last, today)
    counted = (sum(c.whole for c in found), sum(c.reached for c in found), sum(c.attempted for c in found))
    assert counted == (rule.whole, rule.reached, rule.attempted)


@pytest.mark.django_db(transaction=True)
@pytest.mark.only_on("postgresql", reason="SQLite lets one writer in at a time")
def test_visits_counted_while_the_counts_are_folded_are_all_there(town):
    shops = enter_shops(town, 6)
    results = at_once(
        *(lambda shop=shop: counting.seen(shop.pk, town.now) for shop in shops[:3]), counting.fold_targets,
        *(lambda shop=shop: counting.tried(shop.pk, town.now) for shop in shops[3:]),
    )  # fmt: skip
    assert not [r for r in results if isinstance(r, Exception)], results
    assert summed(TargetTally.objects.all()) == summed(counting.tallies_of(Target.objects.all()))
    counting.fold_targets()
    assert TargetTally.objects.count() == len(summed(TargetTally.objects.all()))


def test_up_to_today_one_statement_counts_whatever_there_is(town):
    kind = enter_shops(town, 6)[0].kind
    today = town.now.date()
    with CaptureQueriesContext(connection) as sent:
        (found,) = selectors.covered(SYSTEM, kind, today - timedelta(days=89), today, today)
    assert (found.whole, found.reached, found.attempted) == (6, 0, 0)
    assert len(sent) == 1
    assert 'fieldwork_target"' not in sent[0]["sql"]


def test_a_target_does_not_come_into_the_ledger_tomorrow(town):
    tomorrow = town.now.date() + timedelta(days=1)
    with pytest.raises(InvalidError) as told:
        services.add_target(
            by=town.actor("zhiban"), now=town.now, data=TargetData(kind="shop", name="新店", since=tomorrow)
        )
    assert "since" in told.value.fields
