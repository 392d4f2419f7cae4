"""The demonstration's surveys load: two waves released, one that runs."""

import pytest

from linli.interfaces.cli.demo.surveys import load_surveys
from linli.interfaces.portal.tests.steps import words
from linli.programmes.surveys.models import Survey

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def test_the_demonstration_shows_waves_residents_read_and_one_that_runs(world, client):
    load_surveys(world.users, world.units, world.areas, world.now)
    waves = Survey.objects.order_by("wave")
    assert [(s.state, s.released_at is not None) for s in waves] == [
        ("closed", True), ("closed", True), ("open", False),
    ]  # fmt: skip
    shown = words(client.get(f"/survey/{waves[1].code}/results/"))
    assert "目标 85%" in shown
    assert "不足 5 份，不显示" in shown
