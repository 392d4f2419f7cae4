"""Coverage as the database counts it is what the rule counts, whatever happened."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linli.engines.fieldwork import selectors, services
from linli.engines.fieldwork.models import Attempt, Round, RoundDay, RoundTally, RoundUnit, Target, Visit
from linli.engines.fieldwork.rules.coverage import Period
from linli.engines.fieldwork.selectors import covering
from linli.engines.fieldwork.tests.scenes import enter_form, enter_shops, opened
from linli.foundation.core.actors import SYSTEM

pytestmark = pytest.mark.django_db
DAYS = st.integers(0, 60)


@pytest.fixture
def town(world):
    services.load_shipped(now=world.now)
    enter_form(world.now)
    return world


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    begin=DAYS, length=st.integers(0, 40),
    acts=st.lists(st.tuples(st.integers(0, 4), DAYS, st.sampled_from(["done", "knock", "end"])), max_size=12),
)  # fmt: skip
def test_the_map_counts_what_the_rule_counts(town, begin, length, acts):
    for model in (Attempt, Visit, RoundTally, RoundDay, RoundUnit):
        model.objects.all().delete()
    Target.objects.update(merged_into=None)
    Round.objects.all().delete()
    for target in Target.objects.all():
        target.known.all().delete()
    Target.objects.all().delete()
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
            main = selectors.main_of(shops[shop].pk)
            for pk in {main, shops[shop].pk}:
                known = Target.objects.get(pk=pk).visited_at
                Target.objects.filter(pk=pk).update(visited_at=max(filter(None, (known, at))))
        elif what == "knock":
            Attempt.objects.create(visit=visit, at=at, outcome="nobody", by_label="x")
        elif what == "end":
            row.filter(merged_into=None).update(until=at.date())
    first = today - timedelta(days=begin + length)
    last = today - timedelta(days=begin)
    asked = selectors.CoverageOf("shop", Period(first, last))
    rule = selectors.coverage(SYSTEM, asked)[""]
    found = selectors.covered(SYSTEM, shops[0].kind, first, last, today)
    counted = (sum(c.whole for c in found), sum(c.reached for c in found), sum(c.attempted for c in found))
    assert counted == (rule.whole, rule.reached, rule.attempted)
