"""The pages of webhooks: made after the password, key shown once, tried, paused, events sent again."""

import re

import pytest
from django.test import Client

from linli.engines.cases import services as cases
from linli.engines.cases.types import Report, Source
from linli.foundation.core import clock
from linli.foundation.hooks import services
from linli.foundation.hooks.models import Delivery, Hook
from linli.foundation.hooks.tests.receiver import Receiver
from linli.foundation.journal import services as journal
from tests.login import confirm, log_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def at(world, settings):
    settings.HOOKS_PRIVATE = True
    with clock.frozen(world.now):
        journal.seal_all(now=world.now)
        services.follow(now=world.now)
        yield world


@pytest.fixture
def receiver():
    found = Receiver([500])
    yield found
    found.close()


def test_a_webhook_is_made_tried_paused_and_what_failed_is_sent_again(at, receiver, django_assert_max_num_queries):
    client = log_in(Client(), at.users["xitong"])
    assert "还没有事件推送" in client.get("/console/hooks/").content.decode()
    sent = {"name": "区平台", "url": receiver.url, "patterns": "cases.*\npeople.*", "algorithm": "sm3"}
    assert client.post("/console/hooks/new/", sent)["Location"].startswith("/account/confirm/")
    confirm(client, at.now)
    page = client.post("/console/hooks/new/", sent).content.decode()
    (secret,) = re.findall(r'id="secret">(whsec_[^<]+)<', page)
    hook = Hook.objects.get()
    address = f"/console/hooks/{hook.uuid}/"
    again = client.get(address).content.decode()
    assert (secret in again, hook.algorithm, hook.patterns) == (False, "sm3", ["cases.*", "people.*"])
    client.post(f"{address}act/", {"act": "test"})
    report = Report(text="路灯不亮", category="street_lamp", source=Source.PHONE)
    cases.report(by=at.actor("paidan"), now=at.now, report=report)
    journal.seal_all(now=at.now)
    services.follow(now=at.now)
    assert services.deliver_due(now=at.now) == 2
    with django_assert_max_num_queries(10):
        listed = client.get(address).content.decode()
    assert ("HTTP 500" in listed, listed.count("等待发送") > 1) == (True, True)
    Delivery.objects.update(state="failed")
    receiver.statuses = [200]
    client.post(f"{address}act/", {"act": "replay_failed"})
    assert services.deliver_due(now=at.now) == 2
    row = Delivery.objects.get(verb="cases.report")
    shown = client.get(f"{address}deliveries/{row.uuid}/").content.decode()
    assert ("linli.cases.report" in shown, "路灯" in shown) == (True, False)
    client.post(f"{address}deliveries/{row.uuid}/")
    assert services.deliver_due(now=at.now) == 1
    client.post(f"{address}act/", {"act": "pause"})
    assert "已暂停" in client.get(address).content.decode()
    client.post(f"{address}act/", {"act": "resume"})
    renewed = client.post(f"{address}act/", {"act": "secret"}).content.decode()
    assert secret not in renewed
    client.post(f"{address}act/", {"act": "close"})
    hook.refresh_from_db()
    assert hook.state == "closed"
    assert "停用" in client.get("/console/hooks/").content.decode()


def test_what_is_wrong_is_said_and_what_was_typed_stays(at, settings):
    settings.HOOKS_PRIVATE = False
    client = confirm(log_in(Client(), at.users["xitong"]), at.now)
    sent = {"name": "x", "url": "http://10.0.0.1/", "patterns": "Cases", "algorithm": "sha256"}
    answer = client.post("/console/hooks/new/", sent)
    said = answer.content.decode()
    assert (answer.status_code, "https://" in said, 'value="http://10.0.0.1/"' in said) == (422, True, True)
    assert not Hook.objects.exists()


def test_a_webhook_is_changed_and_others_find_no_page(at, receiver):
    hook, _secret = services.create_hook(by=at.actor("xitong"), now=at.now, name="甲", url=receiver.url, patterns=["*"])
    client = confirm(log_in(Client(), at.users["xitong"]), at.now)
    sent = {"name": "乙", "url": receiver.url, "patterns": "cases.close"}
    client.post(f"/console/hooks/{hook.uuid}/change/", sent)
    hook.refresh_from_db()
    assert (hook.name, hook.patterns) == ("乙", ["cases.close"])
    other = log_in(Client(), at.users["zhiban"])
    assert other.get(f"/console/hooks/{hook.uuid}/").status_code == 404
    assert client.get(f"/console/hooks/{hook.uuid}/deliveries/{hook.uuid}/").status_code == 404


@pytest.mark.mechanism("004-28")
def test_the_fields_of_another_platform_are_entered_looked_at_and_kept(at, receiver):
    client = log_in(Client(), at.users["xitong"])
    hook, _secret = services.create_hook(
        by=at.actor("xitong"), now=at.now, name="区一网统管", url=receiver.url, patterns=["cases.*"]
    )
    url = f"/console/hooks/{hook.uuid}/mapping/"
    assert "对方字段名" in client.get(url).content.decode()
    typed = {"to:number": "taskNo", "to:state": "body.status", "values:state": "closed=结案\nto_sign=待签收",
             "fixed": "source=HUAYANG"}  # fmt: skip
    looked = client.post(url, {**typed, "act": "look"}).content.decode()
    assert "结案" in looked
    assert "HUAYANG" in looked
    hook.refresh_from_db()
    assert hook.mapping == {}
    wrong = client.post(url, {**typed, "to:level": "1 级", "values:level": "没有等号"})
    assert wrong.status_code == 422
    for kept in ("body.status", "to_sign=待签收", "没有等号", "没看懂"):
        assert kept in wrong.content.decode()
    twice = client.post(url, {**typed, "to:level": "taskNo"})
    assert (twice.status_code, "重复" in twice.content.decode()) == (422, True)
    inside = client.post(url, {**typed, "to:level": "body"})
    assert (inside.status_code, "与另一个字段冲突" in inside.content.decode()) == (422, True)
    assert client.post(url, typed).status_code == 302
    hook.refresh_from_db()
    assert hook.mapping == {
        "fields": {"taskNo": "number", "body.status": "state"}, "fixed": {"source": "HUAYANG"},
        "values": {"state": {"closed": "结案", "to_sign": "待签收"}},
    }  # fmt: skip
    assert "body.status" in client.get(url).content.decode()
    assert "按对方的 2 个字段" in client.get(f"/console/hooks/{hook.uuid}/").content.decode()
    cases.report(
        by=at.actor("paidan"), now=at.now, report=Report(text="灯", category="street_lamp", source=Source.PHONE)
    )
    journal.seal_all(now=at.now)
    services.follow(now=at.now)
    row = Delivery.objects.get(hook=hook)
    page = client.get(f"/console/hooks/{hook.uuid}/deliveries/{row.uuid}/").content.decode()
    assert "taskNo" in page
    assert client.post(url, {"to:number": ""}).status_code == 302
    hook.refresh_from_db()
    assert hook.mapping == {}
    assert log_in(Client(), at.users["paidan"]).get(url).status_code == 404
