"""The doctor's look at the routing rules of each namespace."""

import pytest

from linli.engines.cases.models import RoutingRule
from linli.foundation.people.models import Unit
from linli.interfaces.cli import doctor

pytestmark = pytest.mark.django_db


@pytest.fixture
def look(world, monkeypatch):
    monkeypatch.setattr(doctor, "namespaces_known", lambda: ["main"])
    return lambda: next(iter(doctor._routing(world.now)))


def test_rules_that_all_work_are_counted(look):
    assert (look().ok, look().text) == (True, "12 条")


def test_a_damaged_rule_and_one_without_a_unit_are_named_with_what_to_do(look):
    RoutingRule.objects.filter(order=0).update(conditions={"hours": ["99"]})
    Unit.objects.filter(kind="police").update(active=False)
    found = look()
    assert not found.ok
    assert found.text == "2 条没有生效：对单位的投诉由督查承办、废弃车辆交公安，城管协办"
    assert "派遣规则" in found.hint
