"""Personal details end: with the target that left its ledger, and where nobody confirmed them for two years."""

from datetime import timedelta

import pytest

from linli.engines.fieldwork import selectors, services
from linli.engines.fieldwork.models import Fact, Target
from linli.engines.fieldwork.tests.scenes import home_of
from linli.engines.fieldwork.types import TargetData
from linli.foundation.core.ids import uuid7
from linli.foundation.jobs.retention import delete_what_is_over
from linli.foundation.journal.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def home(world):
    services.load_shipped(now=world.now)
    data = TargetData(
        "household", "302 室", address="长宁路488弄12号302室", area_id=home_of(world).pk,
        facts={"contact": "甲", "phone": "13812345678", "persons": 3},
    )  # fmt: skip
    return services.add_target(by=world.actor("shegong"), now=world.now, data=data)


def sealed_facts(target):
    return Fact.objects.filter(target=target).exclude(sealed=b"").count()


def test_what_is_personal_of_a_target_that_left_goes_after_180_days_out_of_its_history_too(world, home):
    services.end_target(by=world.actor("shegong"), now=world.now, uuid=home.uuid, reason="搬走", expected=home.version)
    delete_what_is_over(now=world.now + timedelta(days=180))
    assert selectors.unsealed(Target.objects.get(pk=home.pk))
    delete_what_is_over(now=world.now + timedelta(days=183))
    left = Target.objects.get(pk=home.pk)
    assert (selectors.unsealed(left), left.facts) == ({}, {"persons": 3})
    assert sealed_facts(home) == 0
    assert Entry.objects.filter(verb="jobs.retention").exists()
    assert delete_what_is_over(now=world.now + timedelta(days=183)) == {}


def test_a_detail_that_nobody_confirmed_for_two_years_goes_and_one_that_was_stays(world, home):
    by = world.actor("shegong")
    later = world.now + timedelta(days=400)
    services.learn(by, later, Target.objects.get(pk=home.pk), {"phone": "13812345679"}, "submission", uuid7())
    assert sealed_facts(home) == 3
    delete_what_is_over(now=world.now + timedelta(days=731))
    assert selectors.unsealed(Target.objects.get(pk=home.pk)) == {"phone": "+8613812345679"}
    assert sealed_facts(home) == 1
    delete_what_is_over(now=later + timedelta(days=731))
    assert selectors.unsealed(Target.objects.get(pk=home.pk)) == {}
    assert sealed_facts(home) == 0
