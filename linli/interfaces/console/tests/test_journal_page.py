"""The journal as the audit administrator reads it; who may what as a page."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db.models import QuerySet
from django.test import Client

from linli.engines.cases.workflow import VERBS, Scope
from linli.foundation.core import clock
from linli.foundation.core.actors import SYSTEM
from linli.foundation.core.errors import ForbiddenError
from linli.foundation.journal import selectors, services
from linli.foundation.journal.models import Entry
from linli.foundation.people.types import ROLES
from linli.interfaces.console.roles.views import acts_of
from linli.interfaces.console.roles.words import PERMISSIONS
from tests.login import confirm, log_in

pytestmark = pytest.mark.django_db
OBJECT = UUID("00000000-0000-7000-8000-00000000000a")


@pytest.fixture
def at(world):
    with clock.frozen(world.now):
        yield world


def auditor(world):
    return log_in(Client(), world.users["shenji"])


def write(world, number=1, *, days=0, by=SYSTEM, **fields):
    given: dict[str, Any] = {
        "verb": "cases.dispatch",
        "kind": "case",
        "uuid": OBJECT,
        "label": "HY20260310-0001",
    } | fields
    for _n in range(number):
        services.record(by=by, now=world.now - timedelta(days=days), **given)


def page(client, query="", status=200):
    answer = client.get(f"/console/journal/{query}")
    assert answer.status_code == status
    return answer.content.decode().split("<main", 1)[1]


def test_it_is_found_by_day_person_room_and_object(at):
    write(at, label="HY20260310-0007", verb="cases.close")
    write(at, days=-20, by=at.actor("paidan"), reason="派给城管")
    with clock.frozen(at.now + timedelta(days=20, minutes=1)):
        client = auditor(at)
        today = page(client)
        assert "派给城管" in today
        assert "派遣" in today
        assert "HY20260310-0007" not in today
        assert "HY20260310-0007" in page(client, "?since=2026-03-10&until=2026-03-10")
        assert "派给城管" in page(client, "?who=派单员甲")
        assert "派给城管" in page(client, "?who=paidan")
        assert "没有符合条件" in page(client, "?who=niemand")
        assert "派给城管" in page(client, "?what=派遣")
        assert "派给城管" in page(client, "?what=cases.dispatch")
        assert "没有符合条件" in page(client, "?what=任命")
        assert "没有符合条件" in page(client, "?room=places.")
        assert "派给城管" in page(client, "?room=cases.&q=0310-0001")
        assert "没有符合条件" in page(client, "?since=2019-01-01&until=2019-02-01")
        assert page(client, "?since=9999-12-31&until=0001-01-01&room=xx")


def test_personal_fields_are_commitments_only(at):
    write(at, after={"phone": "13812345678", "state": "filed"}, personal=["phone"])
    entry = Entry.objects.latest("id")
    shown = page(auditor(at), f"{entry.uuid}/")
    assert "个人信息，只存承诺值" in shown
    assert "filed" in shown
    assert "13812345678" not in shown
    assert entry.after is not None
    assert str(entry.after["phone"]["commitment"]) not in shown


def test_an_entry_leads_to_all_of_its_object(at):
    write(at, 3)
    write(at, days=700, reason="最早")
    shown = page(auditor(at), f"{Entry.objects.filter(reason='').latest('id').uuid}/")
    assert "最早" in shown


def test_the_seals_are_checked_and_a_forged_entry_is_named(at):
    write(at, 3)
    services.seal(now=at.now)
    client = auditor(at)
    client.post("/console/journal/verify/")
    assert "核验通过" in page(client)
    forged = Entry.objects.latest("id")
    QuerySet(Entry).filter(pk=forged.pk).update(label="x")
    client.post("/console/journal/verify/")
    shown = page(client)
    assert "核验发现问题" in shown
    assert str(forged.uuid) in shown


@pytest.mark.parametrize("username", ["xitong", "anquan", "lingdao", "paidan", "jumin"])
def test_nobody_else_reads_it(at, username):
    write(at)
    client = confirm(log_in(Client(), at.users[username]), at.now)
    assert client.get("/console/journal/").status_code == 404
    assert client.post("/console/journal/verify/").status_code == 404
    with pytest.raises(ForbiddenError):
        selectors.search(by=at.actor(username), since=at.now, until=at.now)
    with pytest.raises(ForbiddenError):
        selectors.of_object(by=at.actor(username), kind="case", uuid=OBJECT)


def test_the_audit_administrator_writes_nothing(at):
    client = confirm(auditor(at), at.now)
    for address in ("/console/people/new/", "/console/screens/create/", "/console/jobs/resend/", "/desk/new/"):
        assert client.post(address, {}).status_code in {403, 404}


def test_days_are_found_by_halving_not_by_reading_on(at, django_assert_max_num_queries):
    Entry.objects.bulk_create(
        [
            Entry(at=at.now - timedelta(minutes=60 * (3000 - n)), actor_kind="system", verb="cases.note", kind="case")
            for n in range(3000)
        ]
    )
    day = at.now - timedelta(days=30)
    with django_assert_max_num_queries(40):
        found = selectors.search(by=at.actor("shenji"), since=day, until=day + timedelta(days=1), size=100)
    assert len(found.rows) == 24
    assert all(day <= e.at < day + timedelta(days=1) for e in found.rows)


def test_pages_follow_one_another_without_a_gap(at):
    write(at, 120)
    by, seen, cursor = at.actor("shenji"), [], ""
    since, until = at.now - timedelta(hours=1), at.now + timedelta(hours=1)
    while True:
        found = selectors.search(by=by, since=since, until=until, verb="cases.dispatch", cursor=cursor)
        seen += [e.pk for e in found.rows]
        cursor = found.next
        if not cursor:
            break
    assert seen == sorted(set(seen), reverse=True)
    assert len(seen) == 120


def test_who_may_what_is_written_from_the_tables(at):
    shown = log_in(Client(), at.users["anquan"]).get("/console/roles/").content.decode()
    for info in ROLES.values():
        assert str(info.name) in shown
        assert all(str(v.label) in shown for v in acts_of(info.code.value))
    assert all(str(v.label) in shown for v in VERBS.values())
    assert all(v.scope is not Scope.SYSTEM for info in ROLES for v in acts_of(info.value))
    printed = log_in(Client(), at.users["anquan"]).get("/console/roles/?print=1").content.decode()
    assert "sheet" in printed


def test_every_permission_beside_the_acts_has_words():
    acts = {f"cases:{code.rstrip('_')}" for code in VERBS}
    known = {
        "cases:order",
        "cases:whistle",
        "cases:raise",
        "cases:lower",
        "cases:rate",
        "cases:report",
        "cases:decide_return",
    }
    codes = {code for info in ROLES.values() for code in info.permissions}
    assert codes - acts - known - set(PERMISSIONS) <= {"cases:order_dispatch"}


def test_roles_are_not_for_residents(at):
    assert log_in(Client(), at.users["jumin"]).get("/console/roles/").status_code == 404
