"""A real HTTP gateway on loopback: it accepts, refuses, asks to wait, is slow, answers rubbish, hears things twice."""

import hashlib
import hmac
import json
import threading
import time
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from uuid import UUID

import pytest

from linli.foundation.core.actors import SYSTEM
from linli.foundation.core.errors import InvalidError
from linli.foundation.messages import delivery, selectors, services, tasks
from linli.foundation.messages.channels import channel, gateway
from linli.foundation.messages.models import Message
from linli.foundation.messages.tests.conftest import NOW, free_port
from linli.foundation.messages.types import ChannelCode, Outcome, Outgoing, Recipient, State
from linli.foundation.rulebook import services as rulebook

KEY = "a-secret-of-the-gateway-and-of-linli"
PHONE = "13912345678"
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("enqueued")]


class Gateway(ThreadingHTTPServer):
    """Does what the how-to asks: checks the signature, knows a letter again by its id, answers as it is told."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Answering)
        self.status, self.answer, self.headers, self.wait = 200, b"", {}, 0.0
        self.letters, self.asked, self.nonces, self.digest = {}, [], set(), "sha256"

    def heard(self, headers, path, body):
        """Return what is answered; 401 where the signature is not ours."""
        nonce, at = headers["X-Linli-Nonce"], headers["X-Linli-Timestamp"]
        said = f"{at}\n{nonce}\n{path}\n".encode() + body
        right = f"{self.digest}={hmac.new(KEY.encode(), said, self.digest).hexdigest()}"
        if not hmac.compare_digest(headers["X-Linli-Signature"], right) or nonce in self.nonces:
            return 401, b"{}"
        if abs(time.time() - int(at)) > 300:
            return 401, b"{}"
        self.nonces.add(nonce)
        letter = json.loads(body)
        self.asked.append(letter)
        if self.answer or self.status != 200:
            return self.status, self.answer
        receipt = self.letters.setdefault(letter["id"], f"SM-{len(self.letters) + 1}")
        return 200, json.dumps({"result": "accepted", "id": receipt}).encode()


class Answering(BaseHTTPRequestHandler):
    server: Gateway

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        time.sleep(self.server.wait)
        status, answer = self.server.heard(self.headers, self.path, body)
        self.send_response(status)
        for name, value in self.server.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_args):
        """Say nothing."""


@pytest.fixture
def gate(settings):
    server = Gateway()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    url = f"http://127.0.0.1:{server.server_port}"
    settings.GATEWAY_URLS = {"sms": f"{url}/sms?site=hy", "wechat": f"{url}/wechat"}
    settings.GATEWAY_KEY, settings.GATEWAY_DIGEST, settings.GATEWAY_TIMEOUT = KEY, "sha256", 2.0
    rulebook.load_shipped(by=SYSTEM, now=NOW)
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def send(phones=(PHONE,), now=NOW, **more):
    params = {"number": "HY-1", "title": "楼道堆物", "tracking_code": "7KQ4-2MXP-9C"}
    letters = [
        Outgoing("cases.accepted", params, Recipient(phone=p), ChannelCode.SMS, url="https://linli.example/t", **more)
        for p in phones
    ]
    return services.send_many(messages=letters, now=now)


def run(now=NOW):
    for batch in set(Message.objects.values_list("batch", flat=True)):
        tasks.deliver({"batch": str(batch)}, now)


def test_a_text_arrives_signed_and_leaves_the_to_do_list(gate):
    (uuid,) = send()
    assert selectors.to_do(NOW).rows == []
    run()
    run()
    (asked,) = gate.asked  # once, although the job ran twice
    assert asked == {
        "id": str(uuid), "channel": "sms", "to": PHONE, "text": selectors.words_of(selectors.message(uuid)).short,
        "url": "https://linli.example/t", "language": "zh-hans",
    }  # fmt: skip
    row = selectors.message(uuid)
    assert (row.state, row.attempts, row.receipt, row.last_error) == (State.SENT, 1, "SM-1", "")


def test_signed_by_sm3_where_the_setting_says_so(gate, settings):
    settings.GATEWAY_DIGEST = gate.digest = "sm3"
    (uuid,) = send()
    run()
    assert selectors.message(uuid).state == State.SENT


def test_the_example_of_the_how_to_is_true():
    found = gateway.signature(
        key="0123456789abcdef0123456789abcdef", digest="sha256", timestamp="1773108000",
        nonce="00112233445566778899aabbccddeeff", path="/sms", body=b'{"id":"1"}',
    )  # fmt: skip
    said = b'1773108000\n00112233445566778899aabbccddeeff\n/sms\n{"id":"1"}'
    assert found == "sha256=" + hmac.new(b"0123456789abcdef0123456789abcdef", said, hashlib.sha256).hexdigest()


def test_a_wrong_key_is_tried_again_for_it_can_be_mended(gate, settings):
    settings.GATEWAY_KEY = "another-secret-than-that-of-the-gateway"
    (uuid,) = send()
    run()
    row = selectors.message(uuid)
    assert (row.state, row.last_error, gate.asked) == (State.QUEUED, "HTTP 401", [])


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ({"result": "refused", "reason": "number"}, "refused: number"),
        ({"result": "refused", "reason": f"no such number {PHONE}"}, "refused: other"),
        ({"result": "refused"}, "refused: other"),
    ],
)
def test_a_refused_number_fails_for_good_and_can_be_sent_again(gate, caplog, answer, error):
    gate.answer = json.dumps(answer).encode()
    (uuid,) = send()
    run()
    row = selectors.message(uuid)
    assert (row.state, row.attempts, row.last_error) == (State.FAILED, 1, error)
    assert PHONE not in caplog.text + row.last_error
    gate.answer = b""
    services.resend(by=SYSTEM, now=NOW, uuid=uuid)
    run()
    assert selectors.message(uuid).state == State.SENT


def test_a_gateway_that_knows_at_once_says_delivered(gate):
    gate.answer = b'{"result": "delivered", "id": "13912345678 or so"}'
    (uuid,) = send()
    run()
    row = selectors.message(uuid)
    assert (row.state, row.receipt) == (State.DELIVERED, "")  # what is no plain name is not kept


@pytest.mark.parametrize(
    ("status", "headers", "answer", "minutes"),
    [
        (200, {}, b'{"result": "later", "after": 900}', 15), (429, {"Retry-After": "600"}, b"", 10),
        (503, {}, b"", 1), (503, {"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT"}, b"", 1),
        (200, {}, b'{"result": "later", "after": 999999999}', 360), (200, {}, b'{"result": "later", "after": -5}', 1),
    ],
)  # fmt: skip
def test_who_asks_to_wait_is_left_alone_so_long(gate, enqueued, status, headers, answer, minutes):
    gate.status, gate.headers, gate.answer = status, headers, answer
    (uuid,) = send()
    run()
    assert enqueued[-1]["run_at"] == NOW + timedelta(minutes=minutes)
    row = selectors.message(uuid)
    assert (row.state, row.attempts, row.outcome_unknown) == (State.QUEUED, 1, False)


@pytest.mark.parametrize(
    "answer",
    [b"<html>ok</html>", b"[]", b'"accepted"', b'{"result": 1}', b'{"result": "accepted"}{"result": "refused"}',
     b"\xff\xfe", b"[" * 5000, b'{"id": "x"}', b"{" + b" " * 9000 + b'"result": "accepted"}'],
)  # fmt: skip
def test_rubbish_is_an_unknown_outcome_and_asked_again_under_the_same_id(gate, answer):
    gate.answer = answer
    (uuid,) = send()
    run()
    row = selectors.message(uuid)
    assert (row.state, row.outcome_unknown) == (State.QUEUED, True)
    gate.answer = b""
    run(NOW + timedelta(minutes=1))
    row = selectors.message(uuid)
    assert (row.state, row.attempts, row.outcome_unknown) == (State.SENT, 2, True)
    assert [UUID(a["id"]) for a in gate.asked] == [uuid, uuid]


def test_a_letter_heard_twice_is_answered_twice_and_sent_once(gate):
    (uuid,) = send()
    run()
    Message.objects.update(state=State.SENDING, changed_at=NOW)  # a worker that stopped after asking
    run(NOW + delivery.STALE)
    row = selectors.message(uuid)
    assert (row.state, row.receipt, row.outcome_unknown) == (State.SENT, "SM-1", True)
    assert (len(gate.asked), gate.letters) == (2, {str(uuid): "SM-1"})


def test_a_slow_gateway_is_given_up_and_the_rest_waits(gate, settings, caplog):
    settings.GATEWAY_TIMEOUT, gate.wait = 0.2, 0.6
    send(phones=("13912345671", "13912345672"))
    run()
    rows = Message.objects.order_by("id")
    assert [(r.state, r.outcome_unknown) for r in rows] == [("queued", True), ("queued", False)]
    assert "139123456" not in caplog.text
    gate.wait = 0
    time.sleep(0.6)
    run(NOW + timedelta(minutes=1))
    assert {r.state for r in Message.objects.all()} == {"sent"}


def test_a_gateway_that_is_away_gives_up_in_the_end(settings, gate, enqueued, caplog):
    settings.GATEWAY_URLS = {"sms": f"http://127.0.0.1:{free_port()}/", "wechat": ""}
    send(urgent=True)
    moment = NOW
    for _ in range(selectors.limits(NOW).attempts):
        run(moment)
        moment = max(j["run_at"] for j in enqueued)
    row = Message.objects.get()
    assert (row.state, row.attempts, row.last_error) == ("failed", 8, "ConnectionRefusedError")
    assert row.outcome_unknown is False
    assert PHONE not in caplog.text


def test_the_cap_of_an_hour_puts_off_and_counts_no_attempt(gate, monkeypatch, enqueued):
    three = replace(selectors.limits(NOW), gateway_hour=3)
    monkeypatch.setattr(selectors, "limits", lambda _now: three)
    send(phones=[f"1391234567{n}" for n in range(5)])
    run()
    states = list(Message.objects.order_by("id").values_list("state", "attempts", "last_error"))
    assert states == [("sent", 1, "")] * 3 + [("queued", 0, "the cap of this hour is reached")] * 2
    assert len(gate.asked) == 3
    assert NOW + timedelta(minutes=55) < enqueued[-1]["run_at"] <= NOW + timedelta(hours=1)


def test_quiet_hours_hold_texts_back(gate):
    evening = NOW.replace(hour=14)  # 22:00
    (uuid,) = send(now=evening)
    run(evening)
    assert (selectors.message(uuid).state, gate.asked) == (State.QUEUED, [])
    run(NOW.replace(hour=0) + timedelta(days=1))
    assert selectors.message(uuid).state == State.SENT


def test_without_a_gateway_a_person_sends_it_and_with_a_late_one_a_person_may(settings, gate):
    urls, settings.GATEWAY_URLS = settings.GATEWAY_URLS, {"sms": "", "wechat": ""}
    assert (channel("sms").by_hand, channel("sms").sends) == (True, False)
    (uuid,) = send()
    assert [m.uuid for m in selectors.to_do(NOW).rows] == [uuid]
    settings.GATEWAY_URLS = urls  # set up later: what waited is not forgotten
    assert (channel("sms").by_hand, channel("sms").sends) == (False, True)
    assert selectors.to_do(NOW + timedelta(minutes=59)).rows == []
    late = NOW + timedelta(hours=1)
    assert [m.uuid for m in selectors.to_do(late).rows] == [uuid]
    services.record_contact(by=SYSTEM, now=late, channel=ChannelCode.SMS, outcome=Outcome.REACHED, message=uuid)
    run(late)
    assert (selectors.message(uuid).state, gate.asked) == (State.DELIVERED, [])


def test_a_code_goes_by_the_gateway_and_is_wiped(gate):
    out = Outgoing("accounts.one_time_code", {"code": "482913", "minutes": 5}, Recipient(phone=PHONE), ChannelCode.SMS)
    (uuid,) = services.send_many(messages=[out], now=NOW)
    run()
    assert "482913" in gate.asked[0]["text"]
    assert bytes(selectors.message(uuid).params_sealed) == b""


def test_wechat_goes_to_the_name_that_the_account_knows(gate, settings):
    params = {"number": "HY-1", "title": "楼道堆物", "tracking_code": "7KQ4-2MXP-9C"}
    out = Outgoing("cases.accepted", params, Recipient(user_id=7, wechat="oX_7-a1"), ChannelCode.WECHAT)
    (uuid,) = services.send_many(messages=[out], now=NOW)
    run()
    assert (gate.asked[0]["channel"], gate.asked[0]["to"]) == ("wechat", "oX_7-a1")
    assert (selectors.message(uuid).state, selectors.message(uuid).address_masked) == (State.SENT, "****")
    for wrong in ("", "a b", "x" * 65, "名字"):
        bad = Outgoing("cases.accepted", params, Recipient(wechat=wrong), ChannelCode.WECHAT)
        with pytest.raises(InvalidError):
            services.send_many(messages=[bad], now=NOW)
    settings.GATEWAY_URLS = {"sms": "", "wechat": ""}
    with pytest.raises(InvalidError) as refused:
        services.send_many(messages=[out], now=NOW)
    assert refused.value.code == "messages.wechat_gateway"
