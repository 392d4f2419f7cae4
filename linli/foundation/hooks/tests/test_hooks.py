"""Webhooks: what happens arrives once, signed; again after a while; not for ever; never at a private address."""

import base64
import hashlib
import hmac
import json
import socket
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives import hmac as any_hmac
from hypothesis import given
from hypothesis import strategies as st

from linli.engines.cases import services as cases
from linli.engines.cases.models import Case
from linli.engines.cases.types import Contact, FeedbackWay, Report, Source
from linli.foundation.core.errors import ConflictError, ForbiddenError, InvalidError
from linli.foundation.hooks import rules, selectors, services
from linli.foundation.hooks.models import Delivery, Hook
from linli.foundation.hooks.services import sending
from linli.foundation.hooks.tests.receiver import Receiver
from linli.foundation.hooks.types import Answer
from linli.foundation.journal import services as journal
from linli.foundation.journal.models import Entry
from linli.foundation.messages.models import Message

pytestmark = pytest.mark.django_db


@pytest.fixture
def receiver(settings):
    settings.HOOKS_PRIVATE = True
    found = Receiver([200])
    yield found
    found.close()


@pytest.fixture
def hook(world, receiver):
    return made(world, receiver.url)[0]


def made(world, url, patterns=("cases.*",), **more):
    # What made the world is behind us.
    journal.seal_all(now=world.now)
    services.follow(now=world.now)
    hook, secret = services.create_hook(
        by=world.actor("xitong"), now=world.now, name="区平台", url=url, patterns=patterns, **more
    )
    return hook, secret


def happen(world, text="路灯不亮，找王小明 13912345678"):
    contact = Contact(name="王小明", phone="13912345678", way=FeedbackWay.PHONE)
    report = Report(
        text=text, category="street_lamp", source=Source.PHONE, contact=contact, address="陶家宅 12 号 301 室"
    )
    return cases.report(by=world.actor("paidan"), now=world.now, report=report)


def told(world, now=None):
    """Seal, follow and deliver, as the worker does."""
    now = now or world.now
    journal.seal_all(now=now)
    services.follow(now=now)
    return services.deliver_due(now=now)


def test_what_happens_arrives_as_a_signed_cloud_event_without_a_word_of_anybody(world, receiver):
    _hook, secret = made(world, receiver.url)
    receipt = happen(world)
    assert told(world) == 1
    ((path, head, body),) = receiver.got
    event = json.loads(body)
    assert (path, head["Content-Type"]) == ("/linli?x=1", "application/cloudevents+json; charset=utf-8")
    assert (event["specversion"], event["type"], event["subject"]) == (
        "1.0", "linli.cases.report", f"case/{receipt.uuid}",
    )  # fmt: skip
    entry = Entry.objects.get(verb="cases.report")
    assert (event["id"], head["webhook-id"]) == (str(entry.uuid), str(entry.uuid))
    assert event["data"] == {
        "kind": "case", "id": str(receipt.uuid), "verb": "cases.report", "number": receipt.number,
        "state": "reported", "level": "general", "open": True, "version": 1, "category": "street_lamp",
        "source": "phone", "outcome": "", "urgent": False, "external_number": None, "area": None, "unit": None,
        "reported_at": event["data"]["reported_at"], "due_at": event["data"]["due_at"], "closed_at": None,
    }  # fmt: skip
    said = json.dumps(event, ensure_ascii=False)
    for word in ("王小明", "13912345678", "301 室", "路灯", "paidan"):
        assert word not in said
    signed = f"{head['webhook-id']}.{head['webhook-timestamp']}.".encode() + body
    key = base64.b64decode(secret.removeprefix("whsec_"))
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert head["webhook-signature"] == f"v1,{expected}"
    # It is told once, however often the journal is looked at.
    assert (told(world), len(receiver.got)) == (0, 1)


def test_by_setting_it_is_signed_with_sm3(world, receiver, settings):
    settings.HOOKS_ALGORITHM = "sm3"
    _hook, secret = made(world, receiver.url)
    happen(world)
    told(world)
    ((_path, head, body),) = receiver.got
    name, _comma, sent = head["webhook-signature"].partition(",")
    check = any_hmac.HMAC(base64.b64decode(secret.removeprefix("whsec_")), hashes.SM3())
    check.update(f"{head['webhook-id']}.{head['webhook-timestamp']}.".encode() + body)
    check.verify(base64.b64decode(sent))
    assert name == "v1sm3"


def test_only_what_was_asked_for_and_happened_since_is_told(world, receiver):
    happen(world)
    now = world.now + timedelta(minutes=1)
    services.create_hook(
        by=world.actor("xitong"), now=now, name="一", url=receiver.url, patterns=["cases.accept", "people.*"]
    )
    assert told(world, now) == 0
    case = Case.objects.get()
    cases.accept(by=world.actor("paidan"), now=now, case=case)
    assert told(world, now) == 1
    assert [json.loads(body)["type"] for _p, _h, body in receiver.got] == ["linli.cases.accept"]


def test_a_failed_one_is_tried_again_after_a_growing_while(world, receiver, hook):
    receiver.statuses = [500, 302, 200]
    happen(world)
    assert told(world) == 1
    row = Delivery.objects.get()
    assert (row.state, row.attempts, row.status, row.due_at) == ("waiting", 1, 500, world.now + timedelta(seconds=10))
    assert services.deliver_due(now=world.now + timedelta(seconds=9)) == 0
    # A redirect is no arrival, and is not followed.
    services.deliver_due(now=world.now + timedelta(seconds=10))
    services.deliver_due(now=world.now + timedelta(seconds=30))
    row.refresh_from_db()
    assert (row.state, row.attempts, len(receiver.got)) == ("done", 3, 3)
    assert len({head["webhook-id"] for _p, head, _b in receiver.got}) == 1
    hook.refresh_from_db()
    assert (hook.failures, hook.last_error) == (0, "")


def test_one_that_keeps_failing_is_paused_and_its_keeper_told_and_nothing_is_lost(world, receiver, hook):
    receiver.statuses = [503]
    happen(world)
    journal.seal_all(now=world.now)
    services.follow(now=world.now)
    at = world.now
    for _n in range(60):
        at += timedelta(hours=7)
        services.deliver_due(now=at)
    row = Delivery.objects.get()
    assert (row.state, row.attempts, len(receiver.got)) == ("failed", 10, 10)
    happen(world, "又一件")
    told(world, at)
    for _n in range(20):
        at += timedelta(hours=7)
        services.deliver_due(now=at)
    hook.refresh_from_db()
    assert (hook.state, hook.failures, len(receiver.got)) == ("paused", 20, 20)
    notice = Message.objects.get(template="hooks.paused")
    assert notice.user_id == world.users["xitong"].pk
    assert Entry.objects.get(verb="hooks.pause").object_uuid == hook.uuid
    # What happens while it is paused waits; what failed is sent again by hand.
    happen(world, "第三件")
    assert told(world, at) == 0
    receiver.statuses = [200]
    services.resume_hook(by=world.actor("xitong"), now=at, hook=hook)
    assert services.deliver_due(now=at) == 1
    assert services.replay_failed(by=world.actor("xitong"), now=at, hook=hook) == 2
    assert services.deliver_due(now=at) == 2
    assert set(Delivery.objects.values_list("state", flat=True)) == {"done"}
    row = Delivery.objects.order_by("id")[0]
    assert services.replay(by=world.actor("xitong"), now=at, hook=hook, uuid=row.uuid) == 1
    assert services.deliver_due(now=at) == 1
    assert receiver.got[-1][1]["webhook-id"] == str(row.event)


def test_a_private_address_is_never_told_and_a_name_is_looked_up_once(world, settings, monkeypatch):
    settings.HOOKS_PRIVATE = False
    for url in (
        "http://127.0.0.1/x",
        "ftp://a.cn/",
        "https://u:p@a.cn/",
        "https://",
        "https://a.cn:0/",
        "https://a b/",
    ):
        with pytest.raises(InvalidError) as wrong:
            made(world, url)
        assert set(wrong.value.fields) == {"url"}
    assert sending.send(url="https://127.0.0.1:9/", id="1", body=b"", secret=b"k", algorithm="sha256") == Answer(
        error="RefusedError: private address"
    )
    assert "private" in sending.send(url="https://localhost/", id="1", body=b"", secret=b"k", algorithm="sha256").error
    # A name that leads to an open address and a private one is refused; so is one that changes its mind.
    answers = [["93.184.216.34", "10.0.0.1"], ["93.184.216.34"], ["127.0.0.1"]]
    asked, connected = [], []

    def look_up(host, port, **_more):
        asked.append(host)
        return [(socket.AF_INET, 1, 6, "", (a, port)) for a in answers.pop(0)]

    def connect(address, timeout):
        connected.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    monkeypatch.setattr(socket, "create_connection", connect)
    for says in ("private address", "ConnectionRefusedError", "private address"):
        found = sending.send(url="https://rebind.example/", id="1", body=b"", secret=b"k", algorithm="sha256")
        assert says in found.error
    assert connected == [("93.184.216.34", 443)]
    assert len(asked) == 3


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0", "100.64.0.1", "224.0.0.1",
        "255.255.255.255", "::1", "::", "fe80::1%eth0", "fc00::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1",
        "2002:7f00:1::", "192.0.2.1", "nonsense",
    ],
)  # fmt: skip
def test_addresses_that_are_not_of_the_open_net(address):
    assert not rules.is_public(address)


def test_addresses_of_the_open_net():
    assert all(map(rules.is_public, ["93.184.216.34", "2606:2800:220:1::1", "::ffff:8.8.8.8", "64:ff9b::808:808"]))


@given(st.integers(1, 10_000))
def test_waits_grow_to_a_limit(attempts):
    assert rules.wait_after(attempts) <= rules.wait_after(attempts + 1) <= timedelta(hours=6)


@pytest.mark.parametrize(
    ("pattern", "good"),
    [("*", True), ("cases.*", True), ("cases.dispatch", True), ("cases", False), ("Cases.x", False), ("a.b c", False),
     (".*", False), ("cases.", False)],
)  # fmt: skip
def test_patterns(pattern, good):
    assert rules.is_pattern(pattern) is good


def test_who_keeps_none_makes_and_sees_none(world, receiver):
    with pytest.raises(ForbiddenError):
        services.create_hook(by=world.actor("zhiban"), now=world.now, name="x", url=receiver.url, patterns=["*"])
    with pytest.raises(ForbiddenError):
        selectors.hooks(by=world.actor("paidan"))
    assert not Hook.objects.exists()


def test_a_closed_one_is_told_nothing_more_and_its_key_is_gone(world, receiver, hook):
    happen(world)
    services.close_hook(by=world.actor("xitong"), now=world.now, hook=hook, reason="合同到期")
    assert told(world) == 0
    hook.refresh_from_db()
    assert (hook.state, bytes(hook.secret_sealed), receiver.got) == ("closed", b"", [])
    with pytest.raises(ConflictError):
        services.resume_hook(by=world.actor("xitong"), now=world.now, hook=hook)


def test_webhooks_tell_nothing_of_themselves(world, receiver):
    hook, _secret = made(world, receiver.url, patterns=["*"])
    services.send_test(by=world.actor("xitong"), now=world.now, hook=hook)
    services.deliver_due(now=world.now)
    journal.seal_all(now=world.now)
    services.follow(now=world.now)
    services.deliver_due(now=world.now)
    types = [json.loads(body)["type"] for _p, _h, body in receiver.got]
    assert types[0] == "linli.hooks.test"
    assert not any(t.startswith("linli.hooks") for t in types[1:])


_NAMES = st.from_regex(r"[a-z]{1,4}(\.[a-z]{1,4}){0,2}", fullmatch=True)
_OURS = ("event.id", "event.type", "number", "state", "open", "missing")
_EVENT = {
    "id": "e1", "type": "linli.cases.close", "time": "t",
    "data": {"kind": "case", "id": "c1", "number": "N1", "state": "closed", "open": False},
}  # fmt: skip


def leaves(found):
    """Return every value in nested objects."""
    for value in found.values():
        yield from leaves(value) if isinstance(value, dict) else [value]


@given(
    st.dictionaries(_NAMES, st.sampled_from(_OURS), max_size=6),
    st.dictionaries(_NAMES, st.text(max_size=5), max_size=3),
)
def test_a_mapped_event_says_what_the_event_says_and_nothing_else(fields, fixed):
    mapping = {"fields": fields, "fixed": fixed, "values": {"state": {"closed": "结案"}, "open": {"false": "0"}}}
    if rules.mapping_faults(mapping, _OURS):
        return
    found = rules.mapped(mapping, _EVENT)
    assert set(leaves(found)) <= {"e1", "linli.cases.close", "N1", "结案", "0", None, *fixed.values()}
    for target, ours in fields.items():
        place: Any = found
        for name in target.split("."):
            place = place[name]
        assert place == {"event.id": "e1", "event.type": "linli.cases.close", "number": "N1", "state": "结案",
                         "open": "0", "missing": None}[ours]  # fmt: skip


@pytest.mark.parametrize(
    ("mapping", "faults"),
    [
        ({"fields": {"1a": "number"}}, [("1a", "name")]),
        ({"fields": {"a": "number", "a.b": "state"}}, [("a", "twice")]),
        ({"fields": {"a": "number"}, "fixed": {"a": "x"}}, [("a", "twice"), ("a", "twice")]),
        ({"fields": {"a": "text"}, "values": {"phone": {}}}, [("text", "unknown"), ("phone", "unknown")]),
        ({"fields": {f"a{n}": "number" for n in range(61)}}, [("", "many")]),
        ({"fields": {"任务.编号": "number"}}, []),
    ],
)
def test_a_mapping_that_cannot_be_is_refused(mapping, faults):
    assert rules.mapping_faults(mapping, _OURS) == faults


CITY = {
    "fields": {"taskNo": "number", "body.status": "state", "body.kind": "category", "at": "event.time"},
    "values": {"state": {"reported": "10"}, "category": {"street_lamp": "0203"}},
    "fixed": {"source": "HUAYANG"},
}


@pytest.mark.mechanism("004-28")
def test_the_citys_platform_is_told_of_cases_in_its_own_fields_and_values(world, hook, receiver):
    services.set_mapping(by=world.actor("xitong"), now=world.now, hook=hook, mapping=CITY)
    receipt = happen(world)
    journal.seal_all(now=world.now)
    services.follow(now=world.now)
    services.deliver_due(now=world.now)
    _path, headers, raw = receiver.got[0]
    assert headers["Content-Type"] == "application/json; charset=utf-8"
    sent = json.loads(raw)
    assert set(sent) == {"taskNo", "body", "at", "source"}
    assert (sent["taskNo"], sent["source"], sent["body"]["kind"]) == (receipt.number, "HUAYANG", "0203")
    assert sent["body"]["status"] in {"10", "to_dispatch", "dispatched", "to_sign"}
    assert b"13912345678" not in raw
    assert "王小明" not in raw.decode()
    row = Delivery.objects.get()
    assert (row.state, row.status) == ("done", 200)
    assert services.set_mapping(by=world.actor("xitong"), now=world.now, hook=hook, mapping={}).mapping == {}
    services.send_test(by=world.actor("xitong"), now=world.now, hook=hook)
    services.deliver_due(now=world.now)
    assert receiver.got[1][1]["Content-Type"].startswith("application/cloudevents+json")


def test_a_mapping_is_for_who_keeps_webhooks_and_names_what_is_wrong(world, hook):
    with pytest.raises(ForbiddenError):
        services.set_mapping(by=world.actor("paidan"), now=world.now, hook=hook, mapping=CITY)
    with pytest.raises(InvalidError) as wrong:
        services.set_mapping(
            by=world.actor("xitong"), now=world.now, hook=hook, mapping={"fields": {"a b": "number", "c": "phone"}}
        )
    assert set(wrong.value.fields) == {"a b", "phone"}
    assert Hook.objects.get().mapping == {}
