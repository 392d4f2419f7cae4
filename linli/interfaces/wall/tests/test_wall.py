"""The wall over HTTP: for leaders, for screens with a link, and for nobody else; of no person."""

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.db import DatabaseError
from django.test import Client

from linli.engines.cases import services as cases
from linli.engines.cases.models import Case
from linli.engines.cases.types import Contact, FeedbackWay, Report
from linli.foundation.accounts import selectors, services
from linli.foundation.accounts.models import Screen
from linli.foundation.core import clock
from linli.foundation.core.actors import GUEST
from linli.foundation.core.errors import ForbiddenError, InvalidError
from linli.foundation.journal.models import Entry
from tests.login import log_in

pytestmark = pytest.mark.django_db


def browser(world, username):
    return log_in(Client(), world.users[username])


def screen(world, **fields):
    given: dict[str, Any] = {"name": "城运中心大厅", "days": 30}
    return services.create_screen(by=world.actor("xitong"), now=world.now, **given | fields)


def report(world, **fields):
    contact = Contact(name="王阿姨", phone="13812345678", way=FeedbackWay.PHONE)
    given: dict[str, Any] = {
        "text": "弄堂口垃圾三天没人清",
        "category": "garbage",
        "address": "长宁路488弄12号",
        "contact": contact,
    }
    receipt = cases.report(by=GUEST, now=world.now, report=Report(area_id=world.areas["陶家宅"].pk, **given | fields))
    return Case.objects.get(number=receipt.number)


@pytest.mark.slow
def test_who_reads_every_case_opens_each_figure_to_its_cases(at):
    case, username = report(at), "lingdao"
    page = browser(at, username).get("/wall/").content.decode()
    links = {unescape(link) for link in re.findall(r'href="(/desk/[^"]*)"', page)}
    assert len(links) > 30
    for link in sorted(links):
        assert browser(at, username).get(link).status_code == 200, link
    area = at.areas["陶家宅"].pk
    listed = browser(at, username).get(f"/desk/?area={area}").content.decode()
    assert f"/desk/?area={area}" in links
    assert case.number in listed


@pytest.mark.parametrize("username", ["zhiban", "paidan", "ducha"])
def test_the_centre_and_supervisors_see_it(at, username):
    assert browser(at, username).get("/wall/").status_code == 200


@pytest.mark.parametrize("username", ["jumin", "chengguan", "wuye", "shuji", "xitong", "shenji", "wanggezhang"])
def test_to_others_the_wall_does_not_exist(at, username):
    for page in ("/wall/", "/wall/now/"):
        assert browser(at, username).get(page).status_code == 404
    assert Client().get("/wall/").status_code == 302


def test_a_screen_sees_the_numbers_and_opens_nothing(at):
    report(at)
    _row, token = screen(at)
    answer = Client().get(f"/wall/screen/{token}/")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "今日受理" in page
    assert not re.findall(r'<a [^>]*href="(?!#)', page)
    assert "<form" not in page
    assert answer["Referrer-Policy"] == "no-referrer"
    assert "no-store" in answer["Cache-Control"]
    assert not answer.cookies
    part = Client().get(f"/wall/screen/{token}/now/").content.decode()
    assert "data-age" in part
    assert "<html" not in part
    assert selectors.screens(by=at.actor("xitong"))[0].last_seen_at == at.now


def test_a_screens_link_opens_one_page_and_no_other(at):
    _row, token = screen(at)
    client = Client()
    client.get(f"/wall/screen/{token}/")
    for page in ("/wall/", "/wall/now/", "/desk/", "/console/", f"/desk/?token={token}"):
        assert client.get(page).status_code in {302, 401}
    assert client.post(f"/wall/screen/{token}/").status_code == 405


@pytest.mark.parametrize("wrong", ["x" * 43, "short", "x" * 500, "%00" * 30])
def test_a_wrong_link_opens_nothing(at, wrong):
    screen(at)
    assert Client().get(f"/wall/screen/{wrong}/").status_code == 404


def test_a_link_ends_with_its_last_day_and_when_it_is_revoked(at):
    row, token = screen(at, days=2)
    url = f"/wall/screen/{token}/now/"
    with clock.frozen(at.now + timedelta(days=2, seconds=-1)):
        assert Client().get(url).status_code == 200
    with clock.frozen(at.now + timedelta(days=2)):
        assert Client().get(url).status_code == 404
    assert Client().get(url).status_code == 200
    services.revoke_screen(by=at.actor("xitong"), now=at.now, screen=row, reason="屏幕撤下")
    answer = Client().get(url, headers={"HX-Request": "true"})
    assert answer.status_code == 404
    assert "已失效" in answer.content.decode()
    assert "今日受理" not in answer.content.decode()


def test_the_token_is_kept_nowhere(at):
    _row, token = screen(at)
    kept = "".join(str(row) for row in [*Screen.objects.values(), *Entry.objects.values()])
    assert token not in kept


def test_making_and_revoking_is_in_the_journal(at):
    row, _token = screen(at)
    services.revoke_screen(by=at.actor("xitong"), now=at.now, screen=row, reason="外泄")
    entries = Entry.objects.filter(kind="screen", object_uuid=row.uuid).order_by("id")
    assert [(e.verb, e.reason) for e in entries] == [("accounts.create_screen", ""), ("accounts.revoke_screen", "外泄")]


@pytest.mark.parametrize("username", ["anquan", "shenji", "lingdao", "paidan", "jumin"])
def test_only_the_system_administrator_lets_screens_in(at, username):
    row, _token = screen(at)
    by = at.actor(username)
    with pytest.raises(ForbiddenError):
        services.create_screen(by=by, now=at.now, name="x", days=3)
    with pytest.raises(ForbiddenError):
        services.revoke_screen(by=by, now=at.now, screen=row)
    with pytest.raises(ForbiddenError):
        selectors.screens(by=by)


@pytest.mark.parametrize(("fields", "wrong"), [({"name": " "}, "name"), ({"days": 0}, "days"), ({"days": 367}, "days")])
def test_a_screen_has_a_name_and_an_end(at, fields, wrong):
    with pytest.raises(InvalidError) as error:
        screen(at, **fields)
    assert set(error.value.fields) == {wrong}


def test_figures_are_counted_once_for_many_screens(at, django_assert_num_queries):
    _row, token = screen(at)
    url = f"/wall/screen/{token}/now/"
    Client().get(url)
    with django_assert_num_queries(1):  # whether the link is good
        Client().get(url)


def test_where_the_database_does_not_answer_the_last_figures_keep_their_time(at, monkeypatch):
    client = browser(at, "lingdao")
    client.get("/wall/now/")

    def gone(*_a):
        raise DatabaseError

    monkeypatch.setattr("linli.interfaces.wall.figures.selectors.wall", gone)
    with clock.frozen(at.now + timedelta(minutes=5)):
        page = client.get("/wall/now/").content.decode()
    assert 'data-age="300"' in page
