"""The demonstration's evaluation loads and shows every stage."""

import pytest

from linli.interfaces.cli.demo.owners import load_owners
from linli.programmes.owners.models import Evaluation, Opinion

pytestmark = pytest.mark.django_db


def test_the_demonstration_shows_results_waiting_heard_and_public(world):
    load_owners(world.users, world.units, world.areas, world.now)
    states = set(Evaluation.objects.values_list("state", flat=True))
    assert states == {"asked", "public"}
    assert {"a", "d"} <= set(Evaluation.objects.filter(state="public").values_list("grade", flat=True))
    assert Opinion.objects.filter(answered_at=None).count() == 1
    assert Evaluation.objects.count() == 12
