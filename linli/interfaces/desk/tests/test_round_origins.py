"""The board of a round names its programme's own page, for who may open that page."""

import pytest
from django.urls import reverse

from linli.engines.fieldwork.models import Round
from linli.engines.fieldwork.tests.sent import scene
from linli.interfaces.desk.tests.test_civility import Office
from linli.programmes.civility.tests.scenes import lay_library, points, start
from linli.programmes.owners.tests.scenes import begin, committees

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(at, client):
    return Office(at, client).sit("ducha")


def test_a_trial_and_an_evaluation_lead_to_their_reports_and_a_plain_round_to_none(office):
    world = office.world
    lay_library(world)
    points(world, "toilet", 2)
    trial = start(world)
    board = office.see("round", Round.objects.get(source_uuid=trial.uuid).uuid)
    assert reverse("desk:civility_test", args=[trial.uuid]) in board.content.decode()
    assert "自查：三月自查" in office.read("round", Round.objects.get(source_uuid=trial.uuid).uuid)
    committees(world, "陶家宅一村业委会")
    drive = begin(world)
    assert reverse("desk:owners_drive", args=[drive.uuid]) in office.see("round", drive.round.uuid).content.decode()


def test_a_sweep_leads_to_its_pages_and_a_link_is_shown_to_nobody_who_may_not_follow_it(office):
    plain = scene(office.world).round
    assert office.see("round", plain.uuid).context["origin"] is None
    Round.objects.filter(pk=plain.pk).update(programme="housing")
    assert office.see("round", plain.uuid).context["origin"].url == reverse("desk:housing_safety")
    Round.objects.filter(pk=plain.pk).update(programme="visits")
    assert office.see("round", plain.uuid).context["origin"].url == reverse("desk:visits")
    Round.objects.filter(pk=plain.pk).update(programme="condolence", source_kind="condolence", source_uuid=plain.uuid)
    assert office.see("round", plain.uuid).context["origin"] is None  # no list of this reader's
