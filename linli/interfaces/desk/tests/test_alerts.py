"""Warnings on the desk and on the wall: shown where work is done, taken note of by name, entered, changed, lifted."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils.timezone import localtime

from linli.engines.alerts import services
from linli.engines.alerts.models import Acknowledgement, Alert
from linli.engines.alerts.tests.scenes import message
from linli.foundation.core import clock
from linli.foundation.messages.models import Message as Told
from linli.interfaces.wall.figures import forget
from tests.login import log_in

pytestmark = pytest.mark.django_db
URL = "/desk/alerts/"


@pytest.fixture
def at(world):
    forget()
    with clock.frozen(world.now):
        yield world
    forget()


def enter(world, username):
    client = Client()
    log_in(client, world.users[username])
    return client


def take(world, identifier="A1", **more):
    made = message(world.now, identifier, **more)
    return services.take(by=world.actor("paidan"), now=world.now, message=made)


def typed(world, **more):
    at = localtime(world.now)
    return {
        "hazard": "typhoon", "colour": "blue", "headline": "台风蓝色预警", "begins_at": f"{at:%Y-%m-%dT%H:%M}",
        "ends_at": f"{at + timedelta(hours=12):%Y-%m-%dT%H:%M}", "area_text": "全区", "issuer": "区防汛办",
    } | more  # fmt: skip


@pytest.mark.mechanism("004-28")
def test_a_warning_in_force_stands_above_the_cases_and_on_the_wall_until_it_is_over(at):
    take(at, colour="red", headline="暴雨红色预警")
    client = enter(at, "zhiban")
    bench = client.get("/desk/").content.decode()
    assert "暴雨红色预警" in bench
    assert "待确认" in bench
    assert "暴雨红色预警" in enter(at, "lingdao").get("/wall/now/").content.decode()
    forget()
    with clock.frozen(at.now + timedelta(hours=7)):
        assert "暴雨红色预警" not in client.get("/desk/").content.decode()
        assert "暴雨红色预警" not in enter(at, "lingdao").get("/wall/now/").content.decode()


@pytest.mark.mechanism("004-28")
def test_who_takes_note_stands_there_with_name_and_time_and_is_asked_again_after_a_change(at):
    found = take(at)
    client = enter(at, "zhiban")
    page = client.get(f"{URL}{found.alert}/").content.decode()
    assert "还没有人确认" in page
    seen = Alert.objects.get().current_id
    assert client.post(f"{URL}{found.alert}/note/", {"message": seen}).status_code == 302
    page = client.get(f"{URL}{found.alert}/").content.decode()
    assert f"{localtime(at.now):%Y-%m-%d %H:%M:%S}" in page
    assert at.users["zhiban"].display_name in page
    assert "您已确认收到" in page
    client.post(f"{URL}{found.alert}/note/", {"message": seen})
    assert Acknowledgement.objects.count() == 1
    assert "待确认" not in client.get("/desk/").content.decode()
    take(at, "A2", kind="update", after=10, follows=("A1",), colour="orange", headline="暴雨橙色预警")
    stale = client.post(f"{URL}{found.alert}/note/", {"message": seen})
    assert stale.status_code == 409
    assert "预警刚有变更" in stale.content.decode()
    page = client.get(f"{URL}{found.alert}/").content.decode()
    assert "变更之前的确认" in page
    assert "待确认" in client.get("/desk/").content.decode()


def test_the_centre_enters_changes_and_lifts_and_nothing_typed_is_lost(at):
    client = enter(at, "paidan")
    wrong = client.post(f"{URL}new/", typed(at, headline="", text="一段已写好的内容"))
    assert wrong.status_code == 422
    assert "一段已写好的内容" in wrong.content.decode()
    early = client.post(f"{URL}new/", typed(at, ends_at=typed(at)["begins_at"]))
    assert "结束时间应晚于开始时间" in early.content.decode()
    assert not Alert.objects.exists()
    made = client.post(f"{URL}new/", typed(at))
    alert = Alert.objects.get()
    assert (made.status_code, made.url) == (302, f"{URL}{alert.uuid}/")
    assert Told.objects.filter(template="alerts.told").exists()
    assert 'value="台风蓝色预警"' in client.get(f"{URL}{alert.uuid}/change/").content.decode()
    later = at.now + timedelta(minutes=3)
    with clock.frozen(later):
        client.post(f"{URL}{alert.uuid}/change/", typed(at, colour="yellow", headline="台风黄色预警"))
        alert.refresh_from_db()
        assert alert.colour == "yellow"
        assert client.post(f"{URL}{alert.uuid}/lift/", {"reason": ""}).status_code == 422
    with clock.frozen(later + timedelta(minutes=3)):
        assert client.post(f"{URL}{alert.uuid}/lift/", {"reason": "区防汛办通知"}).status_code == 302
        assert client.post(f"{URL}{alert.uuid}/lift/", {"reason": "再一次"}).status_code == 409
        page = client.get(f"{URL}{alert.uuid}/").content.decode()
    assert "区防汛办通知" in page
    assert "已解除" in page


def test_the_history_is_searched_and_read_page_by_page_in_few_statements(at, django_assert_num_queries):
    client = enter(at, "zhiban")
    assert "还没有预警" in client.get(URL).content.decode()
    take(at, "B0", after=1)
    client.get(URL)
    with django_assert_num_queries(4):  # session, grants, unread, page
        client.get(URL)
    for n in range(55):
        take(at, f"A{n}", after=n % 50, headline=f"第 {n} 号预警", colour=("blue", "red")[n % 2])
    with django_assert_num_queries(4):
        first = client.get(URL)
    assert len(first.context["rows"]) == 50
    rest = client.get(f"{URL}?cursor={first.context['page'].next}")
    assert len(rest.context["rows"]) == 6
    found = client.get(f"{URL}?q=第 7 号&colour=red&state=in_force").content.decode()
    assert "第 7 号预警" in found
    assert "第 8 号预警" not in found
    assert "没有符合条件的预警" in client.get(f"{URL}?q=没有这样的").content.decode()


def test_others_read_and_take_note_but_enter_nothing(at):
    found = take(at)
    unit = enter(at, "chengguan")
    assert unit.get(f"{URL}{found.alert}/").status_code == 200
    assert "解除预警" not in unit.get(f"{URL}{found.alert}/").content.decode()
    assert unit.post(f"{URL}new/", typed(at)).status_code == 403
    assert unit.post(f"{URL}{found.alert}/lift/", {"reason": "x"}).status_code == 403
    assert unit.post(f"{URL}{found.alert}/note/", {"message": Alert.objects.get().current_id}).status_code == 302
    assert enter(at, "jumin").get(URL).status_code == 403
    assert Alert.objects.get().lifted_at is None
