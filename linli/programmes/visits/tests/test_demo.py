"""The demonstration's visits and flats stand on the services."""

import pytest

from linli.interfaces.cli.demo.housing import load_housing
from linli.interfaces.cli.demo.visits import load_visits
from linli.programmes.housing.models import Dossier
from linli.programmes.visits.models import CondolenceList, Demand, Gift

pytestmark = pytest.mark.django_db


def test_the_demonstration_shows_every_stage(world):
    load_visits(world.users, world.units, world.areas, world.now)
    load_housing(world.users, world.units, world.areas, world.now)
    assert {d.state for d in Demand.objects.all()} == {"new", "assigned", "told"}
    assert Gift.objects.count() == 15
    assert CondolenceList.objects.get().state == "confirmed"
    assert sorted(d.state for d in Dossier.objects.all()) == ["planned", "reported", "watched"]
