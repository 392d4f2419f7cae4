"""The page of the standard interface: its addresses, its keys with what they sent, and its door."""

import re

import pytest
from django.test import Client

from linli.engines.cases import selectors as cases
from linli.engines.cases import services
from linli.engines.cases.models import Case
from linli.engines.cases.tests.steps import to_closed
from linli.engines.cases.types import Report, Source
from linli.foundation.accounts import services as accounts
from linli.foundation.core import clock
from linli.foundation.journal.models import Entry
from linli.foundation.people import selectors as people
from tests.login import log_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def at(world):
    with clock.frozen(world.now):
        yield world


def _key(world, name, scopes=("open311",)):
    by = world.actor("xitong")
    program = accounts.create_program(by=by, now=world.now, name=name)
    token, secret = accounts.create_token(by=by, now=world.now, user=program, name=name, scopes=scopes, days=30)
    return program, token, secret


def _sent(world, program, prefix):
    where = world.areas["陶家宅"].pk
    report = Report(text="噪音", category="noise", area_id=where, source=Source.OPEN311, origin={"key": prefix})
    receipt = services.report(by=people.actor_for(program, world.now), now=world.now, report=report)
    return Case.objects.get(pk=receipt.case_id)


def _row(page, name):
    """Return the words of the table's row of ``name``."""
    rows = re.findall(r"<tr>(.*?)</tr>", page, re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", next(r for r in rows if name in r))).strip()


def test_it_shows_the_addresses_and_each_key_with_what_it_sent(at):
    one, token, _secret = _key(at, "随手拍")
    _two, _other, _secret = _key(at, "空应用")
    _key(at, "报表", ("cases:read",))
    to_closed(at, _sent(at, one, token.prefix))
    _sent(at, one, token.prefix)
    client = log_in(Client(), at.users["xitong"])
    page = client.get("/console/open311/").content.decode()
    assert "http://testserver/open311/v2" in page
    assert "http://testserver/open311/discovery.xml" in page
    row = _row(page, "随手拍")
    assert token.prefix in row
    assert re.search(r"… 2 1 ", row), row
    assert re.search(r"… 0 0 — 还没有用过 有效至 2026-04-09", _row(page, "空应用"))
    assert "报表" not in page
    accounts.revoke_token(by=at.actor("xitong"), now=at.now, token=token)
    assert "已撤销" in _row(client.get("/console/open311/").content.decode(), "随手拍")


def test_without_keys_it_says_so(at):
    page = log_in(Client(), at.users["xitong"]).get("/console/open311/").content.decode()
    assert "还没有密钥" in page


def test_the_door_is_shut_and_opened_with_a_reason_that_the_journal_keeps(at):
    client = log_in(Client(), at.users["xitong"])
    assert client.post("/console/open311/door/", {"reason": ""}).status_code == 422
    assert cases.shut(Source.OPEN311) is None
    assert client.post("/console/open311/door/", {"reason": "对方升级"}).status_code == 302
    page = client.get("/console/open311/").content.decode()
    assert "对方升级" in page
    assert "不接收上报" in page
    refused = client.post("/open311/v2/requests.json", {"api_key": _key(at, "随手拍")[2], "service_code": "noise"})
    assert refused.status_code == 400
    assert "对方升级" in refused.content.decode()
    assert client.post("/console/open311/door/", {"reason": "升级完成"}).status_code == 302
    assert cases.shut(Source.OPEN311) is None
    verbs = Entry.objects.filter(kind="door").order_by("id").values_list("verb", "reason")
    assert list(verbs) == [("cases.shut_door", "对方升级"), ("cases.open_door", "升级完成")]


@pytest.mark.parametrize("who", ["paidan", "anquan", "jumin"])
def test_it_does_not_exist_for_others(at, who):
    client = log_in(Client(), at.users[who])
    assert client.get("/console/open311/").status_code == 404
    assert client.post("/console/open311/door/", {"reason": "x"}).status_code == 404
    assert cases.shut(Source.OPEN311) is None
