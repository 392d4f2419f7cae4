"""A body of the alliance meets: called from its page with its members, shown there to who may see it."""

from datetime import timedelta

import pytest
from django.urls import reverse

from linli.engines.activities import services as activities
from linli.engines.activities.models import Meeting
from linli.engines.activities.types import HeldFor, NewMeeting, NewVenue
from linli.foundation.core import clock
from linli.foundation.core.actors import SYSTEM
from linli.interfaces.desk.tests.help import enter
from linli.programmes.alliance import services
from linli.programmes.alliance.tests.year import FIRST, lay_year
from linli.programmes.alliance.types import BodyData

pytestmark = pytest.mark.django_db


@pytest.fixture
def year(world):
    with clock.frozen(world.now):
        yield lay_year(world)


def committee(year, name="城市管理专委会"):
    office = year.world.units["party"].pk
    data = BodyData(name, "committee", "district", parent_id=year.body.pk, office_id=office, starts_on=FIRST)
    return services.save_body(by=year.leader, now=year.now, data=data)


def test_a_meeting_of_a_body_is_called_with_its_members_and_shown_on_its_page(world, year):
    body = committee(year)
    for name, unit in (("示范物业", "property"), ("示范商场", ""), ("退出的公司", "")):
        member = year.member(name, unit=unit)
        services.seat(by=year.keeper, now=year.now, uuid=body.uuid, member_id=member.pk, on=FIRST)
    services.unseat(
        by=year.keeper,
        now=year.now,
        uuid=body.uuid,
        member_id=member.pk,
        on=year.today - timedelta(days=3),
        reason="迁出",
    )
    leader, page = enter(world, "lingdao"), reverse("desk:alliance_body", args=[body.uuid])
    shown = leader.get(page).content.decode()
    assert "还没有会议" in shown
    call = f"/desk/meetings/new/?for=alliance_body%3A{body.uuid}"
    assert call in shown
    kinds = leader.get(call).content.decode()
    assert "城市管理专委会" in kinds
    assert "党工委协调会" not in kinds  # a consultation is about cases, not of a body
    form = leader.get(f"{call}&kind=joint").content.decode()
    assert "城市管理专委会会议" in form
    assert "示范商场 1" in form
    assert "退出的公司" not in form
    assert f'name="units" value="{world.units["property"].pk}" checked' in form
    sent = {
        "kind": "joint", "for": f"alliance_body:{body.uuid}", "title": "城市管理专委会会议",
        "unit": world.units["party"].pk, "place": "三楼会议室", "starts_at": "2026-03-20T14:00",
        "ends_at": "2026-03-20T16:00", "units": [world.units["property"].pk], "guests": "示范商场 1",
    }  # fmt: skip
    refused = leader.post("/desk/meetings/new/", {**sent, "title": ""})
    assert refused.status_code == 422
    assert f'value="alliance_body:{body.uuid}"' in refused.content.decode()
    assert leader.post("/desk/meetings/new/", sent).status_code == 302
    meeting = Meeting.objects.get()
    assert (meeting.held_for_kind, meeting.held_for_uuid) == ("alliance_body", body.uuid)
    assert sorted(a.title or a.unit.name for a in meeting.attendees.all()) == sorted(
        ["示范商场", world.units["property"].name]
    )
    address = reverse("desk:meeting", args=[meeting.uuid])
    assert page in leader.get(address).content.decode()
    # on the body's page: for who may see the meeting, and for nobody else
    assert address in leader.get(page).content.decode()
    assert address in enter(world, "wuye").get(page).content.decode()
    other = enter(world, "shuji").get(page)
    assert other.status_code == 200
    assert address not in other.content.decode()
    with clock.frozen(world.now + timedelta(days=30)):
        over = enter(world, "wuye").get(page).content.decode()
    assert "已经召开" in over
    assert address in over


def test_what_names_no_body_is_a_meeting_like_any_other(world, year):
    leader = enter(world, "lingdao")
    for text in ("alliance_body:nonsense", f"alliance_body:{world.users['shuji'].uuid}", "somewhere:1", ":"):
        assert leader.get("/desk/meetings/new/", {"kind": "joint", "for": text}).status_code == 200
        assert "成员单位" not in leader.get("/desk/meetings/new/", {"kind": "joint", "for": text}).content.decode()


def test_many_meetings_of_a_body_take_two_statements(world, year, django_assert_max_num_queries):
    body = committee(year)
    unit = world.units["party"].pk
    for n in range(120):
        starts = world.now + timedelta(days=n - 60)
        activities.plan_meeting(
            by=SYSTEM,
            now=world.now,
            data=NewMeeting(
                "other", f"第 {n} 次", starts, starts + timedelta(hours=1), unit, (NewVenue("三楼"),),
                held_for=HeldFor("alliance_body", body.uuid, body.name),
            ),
        )  # fmt: skip
    leader, page = enter(world, "lingdao"), reverse("desk:alliance_body", args=[body.uuid])
    leader.get(page)
    with django_assert_max_num_queries(22):
        shown = leader.get(page).content.decode()
    assert "第 60 次" in shown
    assert "第 59 次" in shown
