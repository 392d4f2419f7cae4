"""Inviting people by their posts: who they are, one message each, the sheet, who came."""

from datetime import timedelta
from typing import Any

import pytest

from linli.foundation.accounts import services as accounts
from linli.foundation.core.actors import SYSTEM
from linli.foundation.jobs import services as jobs
from linli.foundation.jobs.services import delete_what_is_over
from linli.foundation.messages.models import Message
from linli.foundation.people import selectors, services
from linli.foundation.people.models import Invitation, Invitee
from linli.foundation.people.services import create_post, create_unit
from linli.interfaces.desk.tests.help import enter

pytestmark = pytest.mark.django_db


def person(world, unit, role, title, name):
    user = accounts.create_user(username=name, display_name=name, by=SYSTEM, now=world.now)
    post = create_post(by=SYSTEM, now=world.now, unit=unit, role=role, title=title)
    services.appoint(by=SYSTEM, now=world.now, user_id=user.pk, post=post, starts_on=world.now.date())
    return user


@pytest.fixture
def cast(world):
    """Return a director, an owners' head and a property manager of 陶家宅."""
    area = world.areas["陶家宅"].pk
    owners = create_unit(by=SYSTEM, now=world.now, name="某小区业委会", kind="owners_committee", area_id=area)
    firm = create_unit(by=SYSTEM, now=world.now, name="某小区物业", kind="property_company", area_id=area)
    return {
        "director": person(world, world.units["@陶家宅"], "community_worker", "居委会主任", "zhuren"),
        "owners": person(world, owners, "unit_head", "业委会主任", "yeweihui"),
        "property": person(world, firm, "contractor", "项目经理", "jingli"),
    }


def form(world, **fields):
    return {
        "title": "居民区治理会议",
        "starts_at": "2026-03-12T14:00",
        "place": "街道三楼会议室",
        "groups": ["secretary", "director", "owners", "property"],
        "areas": [world.areas["陶家宅"].pk],
        "text": "请带本居民区的问题清单",
        **fields,
    }


@pytest.mark.mechanism("002-31")
def test_four_posts_of_a_neighbourhood_get_one_message_and_are_signed_in(world, cast, django_assert_max_num_queries):
    client = enter(world, "paidan")
    assert "还没有邀请" in client.get("/desk/invitations/").content.decode()
    look = client.post("/desk/invitations/new/", form(world, act="look"))
    assert look.status_code == 200
    for words in ("zhuren", "yeweihui", "jingli", world.users["shuji"].display_name, "共 4 人", "三楼会议室"):
        assert words in look.content.decode()
    assert not Invitation.objects.exists()
    done = client.post("/desk/invitations/new/", form(world, act="send"))
    assert done.status_code == 302
    row = Invitation.objects.get()
    jobs.drain(now=world.now)
    told = Message.objects.filter(template="people.invited", subject_uuid=row.uuid)
    assert set(told.values_list("user_id", flat=True)) == {*(u.pk for u in cast.values()), world.users["shuji"].pk}
    assert told.count() == 4
    notice = enter(world, "shuji").get("/desk/notifications/").content.decode()
    assert "居民区治理会议" in notice
    address = f"/desk/invitations/{row.uuid}/"
    with django_assert_max_num_queries(10):
        page = client.get(address).content.decode()
    assert "0/4" in page
    sheet = client.get(f"{address}sheet/").content.decode()
    for words in ("签到", "zhuren", "居委会主任", "某小区物业"):
        assert words in sheet
    assert client.post(address, {"act": "came", "user": cast["owners"].pk}).status_code == 302
    assert "1/4" in client.get(address).content.decode()
    assert client.post(address, {"act": "undo", "user": cast["owners"].pk}).status_code == 302
    assert client.post(address, {"act": "came", "user": 999999}).status_code == 404
    assert Invitee.objects.filter(came_at__isnull=False).count() == 0


def test_what_is_missing_is_said_and_nobody_is_told(world):
    client = enter(world, "paidan")
    wrong: tuple[dict[str, Any], ...] = (
        {"title": ""},
        {"groups": []},
        {"areas": []},
        {"starts_at": "2026-03-01T10:00"},
        {"groups": ["owners"]},
    )
    for fields in wrong:
        refused = client.post("/desk/invitations/new/", form(world, act="send", **fields))
        assert refused.status_code == 422, fields
        assert "街道三楼会议室" in refused.content.decode()
    jobs.drain(now=world.now)
    assert not Invitation.objects.exists()
    assert not Message.objects.filter(template="people.invited").exists()


def test_who_invites_where(world):
    for who in ("chengguan", "shegong", "wuye", "ducha"):
        assert enter(world, who).get("/desk/invitations/").status_code == 403
        assert enter(world, who).post("/desk/invitations/new/", form(world, act="send")).status_code == 403
    head = enter(world, "wanggezhang")
    every = [a.pk for a in world.areas.values()]
    assert head.post("/desk/invitations/new/", form(world, act="send", areas=every)).status_code == 403
    assert head.post("/desk/invitations/new/", form(world, act="send")).status_code == 302
    address = f"/desk/invitations/{Invitation.objects.get().uuid}/"
    other = enter(world, "zhongdui")
    user = world.users["shuji"].pk
    assert other.post(address, {"act": "came", "user": user}).status_code == 403
    assert head.post(address, {"act": "came", "user": user}).status_code == 302


def test_a_meeting_is_called_off_and_forgotten_after_a_year(world):
    client = enter(world, "paidan")
    client.post("/desk/invitations/new/", form(world, act="send", groups=["secretary"]))
    row = Invitation.objects.get()
    address = f"/desk/invitations/{row.uuid}/"
    assert client.post(address, {"act": "cancel", "reason": ""}).status_code == 422
    assert client.post(address, {"act": "cancel", "reason": "改期"}).status_code == 302
    assert client.post(address, {"act": "came", "user": world.users["shuji"].pk}).status_code == 409
    jobs.drain(now=world.now)
    assert Message.objects.filter(template="people.invitation_cancelled").count() == 1
    assert "已取消" in client.get("/desk/invitations/").content.decode()
    delete_what_is_over(now=world.now + timedelta(days=400))
    assert not Invitee.objects.exists()
    assert selectors.invitations().rows == [row]
