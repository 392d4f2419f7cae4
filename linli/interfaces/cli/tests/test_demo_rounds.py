"""The demonstration's rounds: through the services alone, with something to see on every page."""

import pytest

from linli.engines.fieldwork.models import Finding, Round, RoundTally, Submission
from linli.interfaces.cli.demo.fieldwork_rounds import load_rounds

pytestmark = pytest.mark.django_db


def test_rounds_are_loaded_with_findings_reviews_and_counts(world):
    load_rounds(world.users, world.units, world.areas, world.now)
    states = sorted(Round.objects.exclude(source_kind="finding").values_list("state", flat=True))
    assert states == ["closed", "draft", "open"]
    assert Submission.objects.filter(state="received", round__review=True).exists()
    assert Finding.objects.filter(state="scored").exists()
    assert Finding.objects.filter(state="case").exists()
    for round_ in Round.objects.exclude(state="draft"):
        kept = RoundTally.objects.filter(round=round_)
        assert (sum(t.planned for t in kept), sum(t.done for t in kept)) == (round_.planned, round_.done)
