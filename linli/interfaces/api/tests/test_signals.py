"""Signals by the API: a device's program sends, a person decides; whoever somebody is stays out, without a trace."""

import json
from datetime import timedelta

import pytest
from django.apps import apps
from django.db import connection

from linli.engines.cases.models import Case
from linli.engines.signals.models import Device, Draft, Event, Flow
from linli.engines.signals.tests import scenes
from linli.foundation.accounts import services as accounts
from linli.interfaces.api.tests.conftest import Program
from tests.login import log_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def sender(site):
    return scenes.program(site.world)


@pytest.fixture
def camera(site, sender):
    return scenes.device(site.world, sender)


@pytest.fixture
def program(site, sender):
    _row, secret = accounts.create_token(
        by=site.world.actor("xitong"), now=site.world.now, user=sender, name="signals", scopes=["signals:write"],
        days=30, per_minute=6000,
    )  # fmt: skip
    return Program(secret)


def event(site, n=1, minutes=0, **more):
    at = (site.world.now + timedelta(minutes=minutes)).isoformat()
    return {"device": "CAM-001", "id": f"e-{n}", "kind": "stall", "at": at} | more


@pytest.mark.mechanism("000-10")
def test_an_event_becomes_a_draft_that_a_person_makes_a_case_of_at_the_desk(site, camera, program, client):
    cases = Case.objects.count()
    answers = [program.post("/signals/events", event(site, n, value=2.0, unit="m")) for n in (1, 2, 2)]
    assert [(a.status_code, a.json()["outcome"]) for a in answers] == [
        (202, "drafted"), (202, "folded"), (202, "repeated"),
    ]  # fmt: skip
    hour = (site.world.now - timedelta(hours=1)).isoformat()
    assert program.post("/signals/flows", {"device": "CAM-001", "hour": hour, "count": 321}).status_code == 202
    assert Case.objects.count() == cases  # nothing becomes a case by itself
    log_in(client, site.world.users["paidan"])
    page = client.get("/desk/signals/").content.decode()
    assert "占道经营" in page
    assert "安西路 23 弄口" in page
    draft = Draft.objects.get()
    decide = f"/desk/signals/{draft.uuid}/decide/"
    refused = client.post(decide, {"act": "accept", "category": "nothing", "text": "占道"})
    assert (refused.status_code, Case.objects.count()) == (422, cases)
    done = client.post(decide, {"act": "accept", "category": "", "text": "摊位占道"})
    assert (done.status_code, done["Location"]) == (302, "/desk/signals/")
    case = Case.objects.get(uuid=draft.uuid)
    assert (case.source, case.category.code, case.text) == ("video", "cross_door", "摊位占道")
    ledger = client.get("/desk/signals/devices/").content.decode()
    assert all(words in ledger for words in ("CAM-001", "发现占道和堆物", "2026-03-10", ">30<"))
    one = client.get(f"/desk/signals/devices/{camera.uuid}/").content.decode()
    assert "321" in one
    assert case.number in one
    # No column can hold a face, a plate or a picture: a kind, times, numbers.
    kept = {f.name for model in (Draft, Event, Flow) for f in model._meta.fields}
    assert kept == {
        "id", "uuid", "device", "kind", "state", "anchor", "first_at", "last_at", "count", "value", "unit", "came_at",
        "decided_at", "decided_label", "reason", "case_uuid", "case_number", "key_hash", "draft", "at", "taken_at",
        "hour",
    }  # fmt: skip


def everything():
    """Return all that stands in the database, as text."""
    with connection.cursor() as cursor:
        found = []
        for table in {m._meta.db_table for m in apps.get_models()}:
            cursor.execute(f'SELECT * FROM "{table}"')
            found += [str(row) for row in cursor.fetchall()]
    return "\n".join(sorted(found))


SECRETS = {
    "phone": {"phone": "13912345678"}, "plate": {"plateNo": "沪A7K391"}, "name": {"ownerName": "欧阳小明"},
    "face": {"faceFeature": [0.1234] * 128}, "image": {"snapshot": "/9j/4AAQSkZJRg" * 30},
    "id": {"note": "310105194912310026"}, "in id": {"id": "13912345678"}, "in unit": {"unit": "沪A7K391"},
}  # fmt: skip


@pytest.mark.parametrize("extra", SECRETS.values(), ids=SECRETS)
def test_who_somebody_is_is_refused_in_words_and_leaves_no_trace(site, camera, program, caplog, extra):
    program.post("/signals/heartbeats", {"device": "CAM-001"})  # the token was used before
    before = everything()
    answer = program.post("/signals/events", event(site) | extra, idempotency_key="k-1")
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (422, "signals.personal")
    assert problem["fields"]
    secret = str(next(iter(extra.values())))[:12]
    assert secret not in answer.content.decode()
    assert secret not in caplog.text
    changed = set(everything().split("\n")) ^ set(before.split("\n"))
    assert all("token:" in row for row in changed), changed  # its rate, and nothing else
    assert not Draft.objects.exists()


@pytest.mark.parametrize(
    "body", [b"", b"{", b"\xff\xd8\xff\xe0 JFIF", b"[]", b'{"device": "CAM-001"}', b'"' + b"a" * 40]
)
def test_what_is_no_event_is_refused(site, camera, program, body):
    answer = program.browser.post(
        "/api/v1/signals/events", body, content_type="application/json",
        HTTP_AUTHORIZATION=f"Bearer {program.secret}",
    )  # fmt: skip
    assert answer.status_code in {400, 422}
    assert answer["Content-Type"] == "application/problem+json"


def test_too_much_is_refused_unread(site, camera, program):
    assert program.post("/signals/events", {"device": "x" * 20_000}).status_code == 413


def test_a_token_needs_the_scope_and_the_ledger_must_name_its_program(site, camera, program):
    narrow = site.program("dispatcher", ["cases:write"])
    assert narrow.post("/signals/events", event(site)).json()["code"] == "accounts.scope"
    assert Program("").post("/signals/events", event(site)).status_code == 401
    stranger = site.program("dispatcher", ["signals:write"])
    assert stranger.post("/signals/events", event(site)).status_code == 404
    assert program.post("/signals/heartbeats", {"device": "CAM-009"}).status_code == 404
    assert not Draft.objects.exists()
    assert Device.objects.get().heard_at is None


def test_a_flood_is_told_to_wait(site, camera, program):
    answers = [program.post("/signals/events", event(site, n)) for n in range(31)]
    assert [a.status_code for a in answers] == [202] * 30 + [429]
    assert (answers[-1].json()["code"], answers[-1]["Retry-After"]) == ("signals.flooding", "60")


def test_in_few_statements(site, camera, program, django_assert_max_num_queries):
    program.post("/signals/events", event(site, 1))
    with django_assert_max_num_queries(14):  # token, rate, grants, device, known?, near, fold, event, heard, savepoints
        assert program.post("/signals/events", event(site, 2)).json() == {"outcome": "folded"}


def test_a_time_without_zone_and_part_of_an_hour_are_refused(site, camera, program):
    at = site.world.now.replace(tzinfo=None).isoformat()
    assert set(program.post("/signals/events", event(site) | {"at": at}).json()["fields"]) == {"at"}
    half = (site.world.now - timedelta(minutes=90)).isoformat()
    answer = program.post("/signals/flows", {"device": "CAM-001", "hour": half, "count": 3})
    assert set(answer.json()["fields"]) == {"hour"}
    assert json.loads(answer.content)["code"] == "signals.invalid"
