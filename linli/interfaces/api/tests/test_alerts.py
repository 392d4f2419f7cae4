"""Warnings come in by CAP and by JSON, once however often they are sent, and are read back with who took note."""

import json
from datetime import timedelta

import pytest

from linli.engines.alerts import services
from linli.engines.alerts.models import Acknowledgement, Alert, AlertMessage
from linli.engines.alerts.tests.scenes import cap
from linli.foundation.journal.models import Entry

pytestmark = pytest.mark.django_db
CITY = "w-sh@example.cn"


def sent(site, identifier="J1", **more):
    now = site.world.now
    first = {
        "sender": CITY, "identifier": identifier, "sent": (now - timedelta(hours=1)).isoformat(), "hazard": "rain",
        "colour": "yellow", "headline": "暴雨黄色预警", "area_text": "长宁区",
        "ends_at": (now + timedelta(hours=5)).isoformat(),
    }  # fmt: skip
    return first | more


def post_cap(program, raw):
    return program.browser.post(
        "/api/v1/alerts/cap", raw, content_type="application/cap+xml", HTTP_AUTHORIZATION=f"Bearer {program.secret}"
    )


@pytest.mark.mechanism("004-28")
def test_a_warning_sent_by_json_is_taken_once_changed_and_lifted(site):
    city = site.program("dispatcher", ["alerts:write", "alerts:read"])
    first = city.post("/alerts", sent(site))
    assert (first.status_code, first.json()["outcome"]) == (202, "taken")
    assert city.post("/alerts", sent(site)).json() == {"outcome": "repeated", "alert": first.json()["alert"]}
    other = city.post("/alerts", sent(site, colour="red"))
    assert (other.status_code, other.json()["code"]) == (409, "alerts.identifier")
    follows = [{"sender": CITY, "identifier": "J1"}]
    later = (site.world.now - timedelta(minutes=30)).isoformat()
    changed = city.post("/alerts", sent(site, "J2", kind="update", references=follows, colour="red", sent=later))
    assert changed.json() == {"outcome": "changed", "alert": first.json()["alert"]}
    (row,) = city.get("/alerts?state=in_force").json()["results"]
    assert (row["colour"], row["noted"], row["state"]) == ("red", 0, "in_force")
    alert = Alert.objects.get()
    services.acknowledge(by=site.world.actor("zhiban"), now=site.world.now, alert=alert)
    detail = city.get(f"/alerts/{alert.uuid}").json()
    assert [m["identifier"] for m in detail["messages"]] == ["J2", "J1"]
    assert [(n["by"], n["identifier"]) for n in detail["acknowledgements"]] == [
        (site.world.actor("zhiban").label, "J2")
    ]
    end = {"sender": CITY, "identifier": "J3", "sent": site.world.now.isoformat(), "kind": "cancel"}
    lifted = city.post("/alerts", {**end, "references": follows})
    assert lifted.json()["outcome"] == "lifted"
    assert city.get("/alerts?state=in_force").json()["results"] == []
    assert len(city.get("/alerts?state=lifted&fields=colour").json()["results"]) == 1


@pytest.mark.mechanism("004-28")
def test_a_warning_sent_as_cap_is_taken_as_it_is(site):
    city = site.program("dispatcher", ["alerts:write"])
    raw = cap(site.world.now)
    assert post_cap(city, raw).json()["outcome"] == "taken"
    assert post_cap(city, raw).json()["outcome"] == "repeated"
    follows = f"{CITY},A1,{(site.world.now - timedelta(hours=1)).isoformat(timespec='seconds')}"
    cancel = cap(site.world.now, "A2", "Cancel", references=follows, info="", after=30)
    assert post_cap(city, cancel).json()["outcome"] == "lifted"
    assert post_cap(city, cap(site.world.now, "T1", status="Test")).json() == {"outcome": "ignored", "alert": None}
    bomb = '<!DOCTYPE a [<!ENTITY x "xxxx">]>'
    refused = post_cap(city, cap(site.world.now, "A3", head=bomb))
    assert (refused.status_code, refused["Content-Type"]) == (422, "application/problem+json")
    assert set(refused.json()["fields"]) == {"alert"}
    assert set(post_cap(city, cap(site.world.now, "A4", kind="Update")).json()["fields"]) == {"references"}
    assert AlertMessage.objects.count() == 2


def test_what_is_wrong_is_said_field_by_field(site):
    city = site.program("shift_leader")
    now = site.world.now
    wrong = city.post("/alerts", sent(site, hazard=None, headline="", ends_at=(now - timedelta(hours=2)).isoformat()))
    assert (wrong.status_code, set(wrong.json()["fields"])) == (422, {"hazard", "headline", "ends_at"})
    assert set(city.post("/alerts", sent(site, kind="update")).json()["fields"]) == {"references"}
    assert city.post("/alerts", sent(site, sent="2026-03-10T10:00:00")).status_code == 422
    assert city.post("/alerts", sent(site, colour="purple")).json()["fields"]
    assert city.post("/alerts", sent(site, person="x")).json()["fields"] == {"body.person": ["没有这个字段。"]}
    assert not AlertMessage.objects.exists()


def test_only_the_centre_and_whom_it_appoints_send_and_only_with_the_scope(site):
    for nobody in ("resident", "unit_handler", "community_worker", "system_admin", "supervisor"):
        refused = site.program(nobody).post("/alerts", sent(site))
        assert (refused.status_code, refused.json()["code"] in {"alerts.keep", "alerts.read"}) == (403, True)
    assert site.program("dispatcher", ["alerts:read"]).post("/alerts", sent(site)).json()["code"] == "accounts.scope"
    assert site.program("dispatcher", ["alerts:write"]).get("/alerts").json()["code"] == "accounts.scope"
    assert site.program("resident").get("/alerts").json()["code"] == "alerts.read"
    assert site.program("unit_handler").get("/alerts").status_code == 200
    assert site.program("unit_handler").get("/alerts/00000000-0000-7000-8000-000000000000").status_code == 404


def read(program):
    """Return the one warning as a program reads it."""
    (row,) = program.get("/alerts").json()["results"]
    return row


def note(program, warning, **more):
    return program.post(f"/alerts/{warning['uuid']}/acknowledgements", {**warning["message"], **more})


@pytest.mark.mechanism("004-28")
def test_a_warning_is_taken_note_of_by_the_message_that_was_read_and_once(site):
    city, duty = site.program("dispatcher"), site.program("shift_leader", ["alerts:read", "alerts:note"])
    city.post("/alerts", sent(site))
    warning = read(duty)
    assert (warning["message"], warning["mine"]) == ({"sender": CITY, "identifier": "J1"}, False)
    first = note(duty, warning)
    assert (first.status_code, first.json()["repeated"], first.json()["alert"]) == (201, False, warning["uuid"])
    person = site.stage.actor("shift_leader").label
    assert (first.json()["by"].startswith(person), first.json()["message"]) == (True, warning["message"])
    again = note(duty, warning)
    assert (again.status_code, again.json()) == (200, first.json() | {"repeated": True})
    assert Acknowledgement.objects.get().user == site.stage.users["shift_leader"]
    entry = Entry.objects.get(verb="alerts.acknowledge")
    assert (entry.actor_label, str(entry.object_uuid)) == (first.json()["by"], warning["uuid"])
    assert (read(duty)["mine"], read(duty)["noted"], read(city)["mine"]) == (True, 1, False)
    assert duty.get(f"/alerts/{warning['uuid']}").json()["mine"] is True
    # What was read is not what it says by now: it is to be read first; what was noted stays noted.
    later = (site.world.now - timedelta(minutes=30)).isoformat()
    city.post("/alerts", sent(site, "J2", kind="update", references=[warning["message"]], colour="red", sent=later))
    stale = note(city, warning)
    assert (stale.status_code, stale.json()["code"]) == (409, "alerts.stale")
    assert note(duty, warning).json()["at"] == first.json()["at"]
    assert (read(duty)["mine"], read(duty)["noted"], read(duty)["message"]["identifier"]) == (False, 0, "J2")
    assert note(duty, read(duty)).status_code == 201


def test_who_may_not_take_note_is_refused_and_nothing_is_kept(site):
    site.program("dispatcher").post("/alerts", sent(site))
    warning = read(site.program("dispatcher"))
    without = site.program("shift_leader", ["alerts:read", "alerts:write"])
    assert note(without, warning).json()["code"] == "accounts.scope"
    assert note(site.program("resident"), warning).json()["code"] == "alerts.read"
    program = note(site.connected("dispatcher", ["alerts:note"]), warning)
    assert (program.status_code, program.json()["code"]) == (403, "alerts.person")
    nobody = {"uuid": "00000000-0000-7000-8000-000000000000", "message": warning["message"]}
    assert note(site.program("unit_handler"), nobody).status_code == 404
    unknown = note(site.program("unit_handler"), warning, identifier="J9")
    assert (unknown.status_code, set(unknown.json()["fields"])) == (422, {"identifier"})
    end = {"sender": CITY, "identifier": "J3", "sent": site.world.now.isoformat(), "kind": "cancel"}
    site.program("dispatcher").post("/alerts", {**end, "references": [warning["message"]]})
    over = note(site.program("unit_handler"), warning)
    assert (over.status_code, over.json()["code"]) == (409, "alerts.over")
    assert not Acknowledgement.objects.exists()


def test_a_webhook_tells_the_city_of_it_by_codes_alone(site):
    from linli.foundation.hooks.events import described

    site.program("dispatcher").post("/alerts", sent(site))
    alert = Alert.objects.get()
    said = described("alert", [alert.uuid])[alert.uuid]
    assert json.loads(json.dumps(said)) == {
        "hazard": "rain", "colour": "yellow", "exercise": False, "begins_at": alert.begins_at.isoformat(),
        "ends_at": alert.ends_at.isoformat(), "lifted": False,
    }  # fmt: skip
