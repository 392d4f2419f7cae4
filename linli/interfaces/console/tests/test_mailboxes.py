"""Mailboxes on the console: entered after the password, tried, changed, looked into; nobody else finds them."""

from datetime import timedelta

import pytest
from django.test import Client

from linli.engines.cases.models import Case
from linli.engines.mailbox.models import Mailbox
from linli.engines.mailbox.tests import scenes
from linli.engines.mailbox.tests.server import Server
from linli.foundation.core import clock
from linli.foundation.jobs import services as jobs
from linli.foundation.journal.models import Entry
from tests.login import confirm, log_in

pytestmark = pytest.mark.django_db
FORM = {
    "name": "群众来信", "address": scenes.ADDRESS, "host": "127.0.0.1", "security": "none", "user": scenes.ADDRESS,
    "password": "shouquan", "folder": "INBOX", "area": "", "category": "", "ca": "", "active": "yes",
}  # fmt: skip


@pytest.fixture
def at(world):
    with clock.frozen(world.now):
        yield world


@pytest.fixture
def server(settings):
    settings.MAILBOX_PRIVATE = True
    found = Server()
    yield found
    found.stop()


@pytest.fixture
def keeper(at):
    return log_in(Client(), at.users["xitong"])


def test_a_mailbox_is_entered_tried_and_read(at, server, keeper):
    assert "还没有收件邮箱" in keeper.get("/console/mailboxes/").content.decode()
    assert keeper.get("/console/mailboxes/new/")["Location"].startswith("/account/confirm/")
    confirm(keeper, at.now)
    assert 'value="993"' in keeper.get("/console/mailboxes/new/").content.decode()
    sent = {**FORM, "port": str(server.port), "area": str(at.areas["陶家宅"].pk), "category": "garbage"}
    done = keeper.post("/console/mailboxes/new/", sent)
    row = Mailbox.objects.get()
    assert (done.status_code, done["Location"]) == (302, f"/console/mailboxes/{row.uuid}/")
    assert (row.password, b"shouquan" in bytes(row.password_sealed)) == ("shouquan", False)
    server.folder.put(scenes.raw(at))
    tried = keeper.post(f"{done['Location']}try/").content.decode()
    assert ("共 1 封，未读 1 封" in tried, "可以收取" in tried, "shouquan" in tried) == (True, True, False)
    assert keeper.post(f"{done['Location']}look/").status_code == 302
    jobs.drain(now=at.now)
    case = Case.objects.get()
    assert (case.area_id, case.category.code) == (at.areas["陶家宅"].pk, "garbage")
    listed = keeper.get("/console/mailboxes/").content.decode()
    assert ("群众来信" in listed, "正常" in listed) == (True, True)
    entry = Entry.objects.get(verb="mailbox.add")
    assert "shouquan" not in str(entry.after)


def test_what_is_wrong_is_said_and_what_was_typed_stays(at, server, keeper):
    confirm(keeper, at.now)
    sent = {**FORM, "port": "0", "host": "https://x/", "address": "fanying", "ca": "nothing", "password": "geheim77"}
    wrong = keeper.post("/console/mailboxes/new/", sent | {"port": "99"})
    page = wrong.content.decode()
    assert (wrong.status_code, "https://x/" in page, "PEM" in page, "完整的邮箱地址" in page) == (422, True, True, True)
    assert "geheim77" not in page
    assert keeper.post("/console/mailboxes/new/", sent).status_code == 422
    assert not Mailbox.objects.exists()


def test_a_known_password_is_never_sent_to_another_server(at, server, keeper):
    confirm(keeper, at.now)
    row = scenes.mailbox(at, server)
    address, sent = f"/console/mailboxes/{row.uuid}/edit/", {**FORM, "port": str(server.port), "password": ""}
    moved = keeper.post(address, {**sent, "host": "imap.example.org", "version": "1"})
    assert (moved.status_code, "请重新填写密码" in moved.content.decode()) == (422, True)
    assert keeper.post(address, {**sent, "name": "来信", "version": "1"}).status_code == 302
    stale = keeper.post(address, {**sent, "name": "晚来的", "version": "1"})
    assert (stale.status_code, "晚来的" in stale.content.decode()) == (409, True)
    row.refresh_from_db()
    assert (row.name, row.host, row.password) == ("来信", "127.0.0.1", "shouquan")


def test_the_page_says_since_when_it_cannot_be_read(at, server, keeper):
    row = scenes.mailbox(at, server, password="falsch")
    scenes.look(at, row)
    scenes.look(at, row, at.now + timedelta(minutes=3))
    page = keeper.get(f"/console/mailboxes/{row.uuid}/").content.decode()
    assert ("连续 2 次收取失败" in page, "授权码" in page) == (True, True)
    tried = keeper.post(f"/console/mailboxes/{row.uuid}/try/").content.decode()
    assert ("登录" in tried, "请修改后再试" in tried) == (True, True)


def test_few_statements_however_many_there_are(at, server, keeper, django_assert_max_num_queries):
    for n in range(8):
        scenes.mailbox(at, server, name=f"邮箱 {n}", folder=f"F{n}")
    keeper.get("/console/mailboxes/")
    with django_assert_max_num_queries(8):
        assert "邮箱 7" in keeper.get("/console/mailboxes/").content.decode()


def test_nobody_else_finds_them(at, server):
    row = scenes.mailbox(at, server)
    other = log_in(Client(), at.users["zhiban"])
    for address in ("", "new/", f"{row.uuid}/", f"{row.uuid}/edit/"):
        assert other.get(f"/console/mailboxes/{address}").status_code == 404
    assert other.post(f"/console/mailboxes/{row.uuid}/try/").status_code == 404
