"""Invitations from before there were meetings become meetings."""

from datetime import timedelta
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from linli.engines.activities import selectors
from linli.engines.activities.models import Meeting
from linli.foundation.messages import services as messages
from linli.foundation.messages.models import Message
from linli.foundation.messages.types import ChannelCode, Outgoing, Recipient


@pytest.fixture
def old(transactional_db):
    """The models as they were, with the tables that are gone by now."""
    loader = MigrationLoader(connection)
    before, state = loader.project_state([("people", "0002_standing")]), loader.project_state()
    for name in ("invitation", "invitee"):  # all as it is today, and what is gone
        state.add_model(before.models["people", name])
    apps = state.apps
    models = [apps.get_model("people", "Invitation"), apps.get_model("people", "Invitee")]
    with connection.schema_editor() as editor:
        for model in models:
            editor.create_model(model)
    yield apps
    with connection.schema_editor() as editor:
        for model in reversed(models):
            editor.delete_model(model)


def test_an_invitation_from_before_becomes_a_meeting_once(old, world):
    take_over = import_module("linli.engines.activities.migrations.0004_invitations").take_over
    invitations, invitees = old.get_model("people", "Invitation"), old.get_model("people", "Invitee")
    now, sender, guest = world.now, world.users["paidan"], world.users["shuji"]
    area, unit = world.areas["陶家宅"], world.units["@陶家宅"]
    rows = [
        invitations.objects.create(
            title=f"居民区治理会议 {n}", text="请带问题清单" * 40, place="三楼会议室",
            starts_at=now - timedelta(days=9), groups=["secretary"], areas=[area.pk],
            sent_at=now - timedelta(days=12), sent_by=sender.uuid, sent_label="派单员", cancelled_at=off,
        )
        for n, off in enumerate((None, now))
    ]  # fmt: skip
    for row, came in zip(rows, (now, None), strict=True):
        invitees.objects.create(
            invitation=row, user_id=guest.pk, unit_id=unit.pk, group="secretary", title="书记", came_at=came
        )
    told = Outgoing(
        template="activities.invited", params={"title": "会议", "when": "明天", "place": "三楼"},
        recipient=Recipient(user_id=guest.pk), channel=ChannelCode.IN_APP, subject_kind="invitation",
        subject_uuid=rows[0].uuid, url="/notifications/",
    )  # fmt: skip
    messages.send_many(messages=[told], now=now)
    Message.objects.update(template="people.invited")
    editor = SimpleNamespace(connection=connection)
    take_over(old, editor)
    take_over(old, editor)
    held, off = (Meeting.objects.get(uuid=r.uuid) for r in rows)
    assert (held.state, held.title, held.area, held.kind) == ("called", "居民区治理会议 0", area, "other")
    assert held.theme in held.summary
    assert (off.state, bool(off.cancel_reason)) == ("cancelled", True)
    assert held.unit_id in {g.unit_id for g in world.actor("paidan").grants}
    assert [(r["name"], r["invited"], r["came"]) for r in selectors.attendance(held)] == [(unit.name, 1, 1)]
    assert [v.name for v in held.venues.all()] == ["三楼会议室"]
    assert selectors.attendee_of(world.actor("shuji"), held) is not None
    message = Message.objects.get()
    assert (message.template, message.subject_kind) == ("activities.invited", "meeting")
    # nobody owes minutes of what is long over
    until = now + timedelta(days=30)
    assert selectors.meetings_owed(world.actor("paidan"), now=now, until=until) == []
