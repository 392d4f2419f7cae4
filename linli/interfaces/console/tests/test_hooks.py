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
