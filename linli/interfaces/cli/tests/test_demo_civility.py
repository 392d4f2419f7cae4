"""The demonstration's 文明创建 stands on every page of the programme."""

import pytest

from linli.interfaces.cli.demo.civility import load_civility
from linli.programmes.civility import selectors
from linli.programmes.civility.models import Campaign, Edition, Shot, Todo, Trial

pytestmark = pytest.mark.django_db


def test_the_demonstration_has_a_library_a_mock_test_half_done_and_lists(world):
    load_civility(world.users, world.units, world.areas, world.now)
    trial = Trial.objects.get()
    found = selectors.result(trial, areas={})
    assert found.whole.observed > 100
    assert found.whole.perfect < found.whole.observed
    planned, done = selectors.progress([trial])[trial.pk]
    assert 0 < done < planned
    assert Edition.objects.get().state == "published"
    assert (Todo.objects.count(), Campaign.objects.count()) == (9, 6)
    assert Shot.objects.exists()
    load_civility(world.users, world.units, world.areas, world.now)
    assert Trial.objects.count() == 1
