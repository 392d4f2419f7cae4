"""The set-up path: from nothing to an open door, by the people of the place."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from linli.engines.cases import selectors as read
from linli.engines.cases import services as cases
from linli.engines.cases.types import Source
from linli.foundation.core import clock
from linli.foundation.core.actors import SYSTEM
from linli.foundation.core.errors import ConflictError, ForbiddenError
from linli.foundation.journal.models import Entry
from linli.foundation.places import selectors as places
from linli.interfaces.cli.founding import found
from tests.login import log_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def founded(db):
    """Return the first administrators' slips of an installation that was empty."""
    return {login: password for _role, login, password in found(clock.now())}


def first_login(founded, login):
    client = Client()
    client.post("/login/", {"username": login, "password": founded[login]})
    new = "Yi-Ge-Xin-Mima-2026"
    answer = client.post("/account/password/", {"old": founded[login], "new": new, "again": new})
    assert answer.status_code == 302, re.findall(r"field__error.*?</p>", answer.content.decode())
    return client


def test_an_empty_installation_gets_three_administrators_who_are_three_people(founded):
    assert sorted(founded) == ["anquan", "shenji", "xitong"]
    assert len(set(founded.values())) == 3
    with pytest.raises(ConflictError, match="已经有账号"):
        found(clock.now())
    path = first_login(founded, "xitong").get("/console/setup/").content.decode()
    assert "已完成" in path
    assert "给街道起名" in path
    assert first_login(founded, "shenji").get("/console/setup/").status_code == 404


def test_the_root_area_is_entered_once_and_what_was_typed_is_kept(founded):
    client = first_login(founded, "xitong")
    refused = client.post("/console/setup/place/", {"name": "", "code": "a b", "pattern": "street"})
    assert refused.status_code == 422
    assert 'value="a b"' in refused.content.decode()
    assert "代码只能由字母、数字、横线组成" in refused.content.decode()
    sent = {"name": "柳荫街道", "code": "310199001", "pattern": "street"}
    assert client.post("/console/setup/place/", sent).status_code == 302
    root = places.areas(on=timezone.localdate()).get()
    assert (root.name, root.kind.code, root.path) == ("柳荫街道", "subdistrict", f"/{root.pk}/")
    again = client.post("/console/setup/place/", {**sent, "name": "另一街道"})
    assert again.status_code == 409
    assert "根区域已经建立" in again.content.decode()
    assert "柳荫街道" in client.get("/console/setup/").content.decode()


def test_the_security_administrator_sees_the_path_but_enters_no_place(founded):
    client = first_login(founded, "anquan")
    assert client.get("/console/setup/").status_code == 200
    assert client.post("/console/setup/place/", {"name": "柳荫街道", "pattern": "street"}).status_code == 404
    assert not places.areas(on=timezone.localdate()).exists()


def test_a_district_may_be_the_root(founded):
    client = first_login(founded, "xitong")
    client.post("/console/setup/place/", {"name": "长风区", "pattern": "district"})
    assert places.areas(on=timezone.localdate()).get().kind.code == "district"


def test_the_door_is_shut_until_it_is_opened_with_a_word(founded):
    client, resident = first_login(founded, "xitong"), Client()
    closed = resident.get("/report/")
    assert closed.status_code == 503
    assert "网上反映尚未开放" in closed.content.decode()
    assert "正在设置" in closed.content.decode()
    assert "开放前还缺" in client.get("/console/setup/open/").content.decode()
    silent = client.post("/console/setup/open/", {"do": "open", "reason": " "})
    assert silent.status_code == 422
    assert resident.get("/report/").status_code == 503
    assert client.post("/console/setup/open/", {"do": "open", "reason": "试办完成"}).status_code == 302
    assert resident.get("/report/").status_code == 200
    twice = client.post("/console/setup/open/", {"do": "open", "reason": "再来一次"})
    assert twice.status_code == 409
    assert "已经开放" in twice.content.decode()
    assert Entry.objects.get(verb="cases.open_door").reason == "试办完成"
    assert client.post("/console/setup/open/", {"do": "shut", "reason": "系统维护"}).status_code == 302
    assert "系统维护" in resident.get("/report/").content.decode()


def test_staff_go_on_registering_while_the_door_is_shut(world, client):
    cases.shut_door(by=SYSTEM, now=world.now, source=Source.RESIDENT, reason="维护")
    with clock.frozen(world.now):
        log_in(client, world.users["paidan"])
        assert client.get("/desk/new/").status_code == 200
        assert Client().get("/track/").status_code == 200


def test_only_the_system_administrator_opens_and_shuts(world):
    for name in ("paidan", "lingdao", "jumin"):
        with pytest.raises(ForbiddenError):
            cases.shut_door(by=world.actor(name), now=world.now, source=Source.RESIDENT, reason="x")
    assert read.shut(Source.RESIDENT) is None


def test_the_path_counts_what_a_working_subdistrict_has(world, client, django_assert_max_num_queries):
    log_in(client, world.users["xitong"])
    client.get("/console/setup/")
    with clock.frozen(world.now), django_assert_max_num_queries(20):
        text = client.get("/console/setup/").content.decode()
    assert "居民门户已开放" in text
    assert "还没有派遣规则" not in text


def test_whatever_nobody_answers_for_is_listed_and_found(world, client):
    log_in(client, world.users["xitong"])
    with clock.frozen(world.now):
        text = client.get("/console/gaps/?kind=area").content.decode()
        assert "缺少" in text
        name = re.findall(r'grow">([^<]+)<small>缺少', text)[0]
        found = client.get("/console/gaps/", {"kind": "area", "q": name}).content.decode()
        assert name in found
        nothing = client.get("/console/gaps/", {"kind": "area", "q": "没有这个名字"}).content.decode()
        assert "没有符合的" in nothing
