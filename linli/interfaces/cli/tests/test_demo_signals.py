"""The demonstration's devices: a ledger to look at, drafts that wait, some judged, one device that fell silent."""

import random
from datetime import timedelta

import pytest

from linli.engines.cases.models import Case
from linli.engines.signals.models import Device, Draft, Flow
from linli.interfaces.cli.demo.signals import ACCEPTED, DEVICES, SILENT, TURNED_DOWN, load_signals
from linli.interfaces.cli.demo.simulation import Simulation

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("minutes", [0, 49])
def test_devices_are_entered_and_what_they_saw_waits_for_a_person(world, minutes):
    now = world.now + timedelta(minutes=minutes)  # a demonstration ends at any minute
    sim = Simulation(
        now,
        now,
        random.Random(1),
        {},
        world.users,
        world.units,
        {},
        {"report": []},
    )
    load_signals(sim, world.areas)
    assert Device.objects.count() == len(DEVICES)
    assert list(Device.objects.filter(silent_since__isnull=False).values_list("number", flat=True)) == [SILENT]
    assert set(Draft.objects.filter(state="rejected").values_list("kind", flat=True)) == set(TURNED_DOWN)
    accepted = Draft.objects.get(state="accepted")
    assert accepted.kind == ACCEPTED
    assert Case.objects.get().number == accepted.case_number
    assert Draft.objects.filter(state="waiting").count() >= 3
    assert Flow.objects.count() == 24
