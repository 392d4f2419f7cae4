"""Inviting people to a meeting by their posts: who they are, one message each, the sheet, who came."""

import pytest

from linli.engines.activities.models import Attendee, Meeting
from linli.foundation.accounts import services as accounts
from linli.foundation.core import clock
from linli.foundation.core.actors import SYSTEM
from linli.foundation.jobs import services as jobs
from linli.foundation.messages.models import Message
from linli.foundation.people import services
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
    with clock.frozen(world.now):
        yield {
            "director": person(world, world.units["@陶家宅"], "community_worker", "居委会主任", "zhuren"),
            "owners": person(world, owners, "unit_head", "业委会主任", "yeweihui"),
            "property": person(world, firm, "contractor", "项目经理", "jingli"),
        }


def form(world, **fields):
    return {
        "kind": "neighbourhood_joint",
        "title": "居民区治理会议",
        "theme": "请带本居民区的问题清单",
        "unit": world.units["development"].pk,
        "starts_at": "2026-03-12T14:00",
        "ends_at": "2026-03-12T16:00",
        "place": "街道三楼会议室",
        "groups": ["secretary", "director", "owners", "property"],
        "areas": [world.areas["陶家宅"].pk],
        **fields,
    }


@pytest.mark.mechanism("002-31")
def test_four_posts_of_a_neighbourhood_get_one_message_and_are_signed_in(world, cast, django_assert_max_num_queries):
    client = enter(world, "paidan")
    assert client.post("/desk/meetings/new/", form(world)).status_code == 302
    meeting = Meeting.objects.get()
    url = f"/desk/meetings/{meeting.uuid}/"
    # who they are stands on the page before anybody is told
    page = client.get(f"{url}?tab=sign").content.decode()
    for words in ("居委会主任", "业委会主任", "项目经理", "某小区物业"):
        assert words in page
    jobs.drain(now=world.now)
    assert not Message.objects.filter(subject_uuid=meeting.uuid).exists()
    assert client.post(url, {"act": "call"}).status_code == 302
    jobs.drain(now=world.now)
    told = Message.objects.filter(template="activities.invited", subject_uuid=meeting.uuid)
    assert told.count() == 4
    assert set(told.values_list("user_id", flat=True)) == {*(u.pk for u in cast.values()), world.users["shuji"].pk}
    assert "居民区治理会议" in enter(world, "shuji").get("/desk/notifications/").content.decode()
    with django_assert_max_num_queries(20):
        client.get(f"{url}?tab=sign")
    sheet = client.get(f"{url}signsheet/").content.decode()
    for words in ("签到", "居委会主任", "某小区物业"):
        assert words in sheet
    one = Attendee.objects.get(meeting=meeting, user=cast["owners"])
    assert client.post(url, {"act": "attendance", "shown": [one.pk], f"came_{one.pk}": "1"}).status_code == 302
    assert Attendee.objects.filter(meeting=meeting, came__gte=1).get() == one
    assert client.post(url, {"act": "attendance", "shown": [one.pk]}).status_code == 302
    assert not Attendee.objects.filter(meeting=meeting, came__gte=1).exists()


def test_who_invites_where_and_nobody_is_not_called(world, cast):
    for who in ("chengguan", "shegong", "wuye", "ducha"):
        assert enter(world, who).post("/desk/meetings/new/", form(world)).status_code == 403
    client = enter(world, "paidan")
    client.post("/desk/meetings/new/", form(world, groups=[]))
    nobody = client.post(f"/desk/meetings/{Meeting.objects.get().uuid}/", {"act": "call"})
    assert nobody.status_code == 422
    assert "还没有邀请任何人" in nobody.content.decode()


def test_the_old_page_is_gone(world):
    assert enter(world, "paidan").get("/desk/invitations/").status_code == 404
    assert "会议邀请与签到" not in enter(world, "paidan").get("/desk/more/").content.decode()
