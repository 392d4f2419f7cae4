"""The demonstration's warnings, whenever it is loaded: the rain is over, the season's warning holds."""

import random
from datetime import timedelta
from typing import Any, cast

import pytest

from linli.engines.alerts import selectors
from linli.engines.alerts.types import AlertState, Filters
from linli.foundation.messages.models import Message
from linli.interfaces.cli.demo.alerts import load_alerts
from linli.interfaces.cli.demo.simulation import Simulation

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("days", "hours", "hazard"),
    [(0, 0, "cold"), (0, 13.99, "cold"), (20, 14, "cold"), (40, 3, "wind"), (120, 20, "heat")],
)
def test_at_whatever_hour_and_season_one_warning_holds_and_one_is_over(world, days, hours, hazard):
    now = world.now + timedelta(days=days, hours=hours)
    load_alerts(Simulation(now, now, random.Random(1), {}, world.users, world.units, {}, {"report": []}))
    by = world.actor("zhiban")
    season, rain = cast("list[Any]", selectors.page(by, Filters(), now=now).rows)
    assert (season.hazard, season.state(now), season.noted) == (hazard, AlertState.IN_FORCE, 5)
    assert season.ends_at - now >= timedelta(hours=18)
    assert (rain.state(now), rain.colour, rain.noted) == (AlertState.LIFTED, "yellow", 5)
    assert selectors.unseen(by, now)[1] == {season.pk}
    told = Message.objects.filter(template="alerts.told")
    assert told.filter(user_id=world.users["zhiban"].pk).count() == 4
    assert not told.filter(subject_uuid=season.uuid, user_id=world.users["jumin"].pk).exists()
