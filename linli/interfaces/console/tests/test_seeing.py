"""Looking with another person's grants: who may, with whose, for how long, and both ends in the journal."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client

from linli.engines.cases import services as cases
from linli.engines.cases.models import Case
from linli.engines.cases.permissions import get_case_for
from linli.engines.cases.types import Report
from linli.foundation.accounts import services as accounts
from linli.foundation.core import clock
from linli.foundation.core.actors import GUEST, SYSTEM
from linli.foundation.core.errors import ForbiddenError, InvalidError
from linli.foundation.journal.exceptions import LookingOnlyError
from linli.foundation.journal.models import Entry
from linli.foundation.people import services
from linli.interfaces.web import seeing
from tests.login import confirm, log_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def at(world):
    with clock.frozen(world.now):
        yield world


def security(world):
    return confirm(log_in(Client(), world.users["anquan"]), clock.now())


def look(world, username, client=None, reason="核对派单员看得到什么"):
    client = client or security(world)
    return client, client.post(f"/console/people/{world.users[username].uuid}/see-as/", {"reason": reason})


def written(verb):
    return list(Entry.objects.filter(verb=verb).order_by("id"))


def test_it_begins_and_ends_with_an_entry_in_the_journal(at):
    client, answer = look(at, "paidan")
    assert answer["Location"] == "/desk/"
    page = client.get("/desk/").content.decode()
    assert "只读查看" in page
    assert "退出查看" in page
    assert client.post("/console/see-as/end/").status_code == 302
    assert "只读查看" not in client.get("/console/people/").content.decode()
    (begun,), (ended,) = written("people.see_as"), written("people.end_see_as")
    anquan = at.users["anquan"].uuid
    assert (begun.actor_uuid, begun.object_uuid, begun.reason) == (
        anquan,
        at.users["paidan"].uuid,
        "核对派单员看得到什么",
    )
    assert (ended.actor_uuid, ended.object_uuid) == (anquan, at.users["paidan"].uuid)


def test_after_a_quarter_of_an_hour_it_is_over(at):
    client, _answer = look(at, "paidan")
    with clock.frozen(at.now + timedelta(minutes=14, seconds=59)):
        assert client.get("/desk/").status_code == 200
    with clock.frozen(at.now + timedelta(minutes=15)):
        assert client.get("/console/people/").status_code == 200
    assert [e.reason for e in written("people.end_see_as")] == ["到时自动退出"]
    assert seeing.KEY not in client.session


def test_logging_out_ends_it_first(at):
    client, _answer = look(at, "paidan")
    client.post("/logout/")
    assert [e.reason for e in written("people.end_see_as")] == ["退出登录"]
    assert written("accounts.logout")[-1].actor_uuid == at.users["anquan"].uuid


def test_it_ends_where_the_other_loses_the_account_or_becomes_an_administrator(at):
    client, _answer = look(at, "paidan")
    accounts.set_active(by=SYSTEM, now=at.now, user=at.users["paidan"], active=False, reason="离职")
    assert client.get("/console/people/").status_code == 200
    assert [e.reason for e in written("people.end_see_as")] == ["这个账号已停用。"]


@pytest.mark.parametrize("username", ["xitong", "shenji", "anquan", "jumin"])
def test_never_as_an_administrator_or_a_resident(at, username):
    client, answer = look(at, username)
    assert answer.status_code in {403, 404}
    assert seeing.KEY not in client.session
    assert written("people.see_as") == []
    with pytest.raises(ForbiddenError):
        services.begin_see_as(by=at.actor("anquan"), now=at.now, user=at.users[username], reason="x")


@pytest.mark.parametrize("username", ["xitong", "shenji", "lingdao", "paidan", "zhiban"])
def test_only_the_security_administrator_looks(at, username):
    client = confirm(log_in(Client(), at.users[username]), at.now)
    assert look(at, "chengguan", client)[1].status_code == 404
    with pytest.raises(ForbiddenError):
        services.begin_see_as(by=at.actor(username), now=at.now, user=at.users["chengguan"], reason="x")


def test_without_a_reason_or_the_password_it_does_not_begin(at):
    client, answer = look(at, "paidan", reason=" ")
    assert answer.status_code == 422
    with pytest.raises(InvalidError):
        services.begin_see_as(by=at.actor("anquan"), now=at.now, user=at.users["paidan"], reason=" ")
    client, answer = look(at, "paidan", client=log_in(Client(), at.users["anquan"]))
    assert answer["Location"].startswith("/account/confirm/")
    assert seeing.KEY not in client.session


def test_the_journal_refuses_who_only_looks_so_no_write_stays(at):
    receipt = cases.report(by=GUEST, now=at.now, report=Report(text="垃圾没人清", category="garbage"))
    other = services.check_seen(at.users["paidan"], at.now)
    found = seeing.Seeing(at.users["paidan"], at.now, at.actor("anquan"), other)
    assert "派单员" in found.roles
    by = replace(other, read_only=True)
    with pytest.raises(LookingOnlyError):
        cases.accept(by=by, now=at.now, case=get_case_for(by, receipt.number))
    assert Case.objects.get(number=receipt.number).state == "reported"
