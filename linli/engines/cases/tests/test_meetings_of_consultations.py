"""Consultations from before there were meetings get theirs."""

from datetime import timedelta
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection

from linli.engines.activities import selectors as activities
from linli.engines.activities.models import Meeting
from linli.engines.cases.models import Consultation, ConsultationCase, ConsultationParty
from linli.engines.cases.tests.steps import raise_case

pytestmark = pytest.mark.django_db


def test_a_consultation_from_before_gets_its_meeting_once(world):
    give = import_module("linli.engines.cases.migrations.0009_consultation_meeting").give_meetings
    now, case = world.now, raise_case(world)
    grid = next(g for g in world.actor("wanggezhang").grants if g.area_path)
    for decided in (None, now):
        row = Consultation.objects.create(
            title="楼道堆物协调会", level="comprehensive", area_path=grid.area_path, place="居委会议室",
            held_at=now - timedelta(days=1), called_at=now - timedelta(days=2), called_label="综合网格长",
            decided_at=decided, minutes="物业牵头" if decided else "",
        )  # fmt: skip
        ConsultationCase.objects.create(
            consultation=row, case=case, decision="限期清理" if decided else "", decided_at=decided
        )
        ConsultationParty.objects.create(
            consultation=row, unit=world.units["property"], attended=True if decided else None
        )
    editor = SimpleNamespace(connection=connection)
    give(apps, editor)
    give(apps, editor)
    waiting, over = Meeting.objects.order_by("id")
    assert (waiting.state, over.state, over.summary) == ("called", "minuted", "物业牵头")
    assert over.area is not None
    assert over.area.path == grid.area_path
    content = activities.content(over)
    assert content["items"][0]["decisions"][0]["text"] == "限期清理"
    assert [(r["invited"], r["came"]) for r in content["attendance"]] == [(1, 1)]
    assert not Consultation.objects.filter(meeting=None).exists()
