import email
from datetime import timedelta
from email import policy

import pytest

from linli.foundation.core.actors import SYSTEM
from linli.foundation.core.errors import ConflictError
from linli.foundation.messages import delivery, selectors, services, tasks
from linli.foundation.messages.models import Message
from linli.foundation.messages.tests.conftest import NOW, free_port
from linli.foundation.messages.types import ChannelCode, Outgoing, Recipient, State, Thread

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("enqueued")]
PARAMS = {"number": "HY-1", "title": "楼道堆物\r\nBcc: all@example.org", "tracking_code": "7KQ4-2MXP-9C"}


def send(now=NOW, template="cases.accepted", params=PARAMS, addresses=("wang@example.org",), **more):
    recipients = [Recipient(user_id=more.pop("user_id", None), email=a) for a in addresses]
    letters = [
        Outgoing(template, params, r, ChannelCode.EMAIL, url="https://linli.example/t", **more) for r in recipients
    ]
    return services.send_many(messages=letters, now=now)


def run(now=NOW):
    for batch in set(Message.objects.values_list("batch", flat=True)):
        tasks.deliver({"batch": str(batch)}, now)


def test_a_letter_arrives_whole(smtp):
    (uuid,) = send()
    run()
    run()
    ((to, raw),) = smtp.letters  # once, although the job ran twice
    assert to == ["wang@example.org"]
    letter = email.message_from_bytes(raw, policy=policy.default)
    assert letter["Subject"].strip() == "您反映的问题已受理：楼道堆物 Bcc: all@example.org"
    assert letter["Bcc"] is None
    assert letter["Message-ID"].strip() == f"<{uuid}@localhost>"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter.get_content_type() == "text/plain"
    text = letter.get_content()
    assert "7KQ4-2MXP-9C" in text
    assert "https://linli.example/t" in text
    assert "地点" not in text  # nothing was said of the place
    row = selectors.message(uuid)
    assert (row.state, row.attempts, row.last_error) == (State.SENT, 1, "")


def test_few_statements(smtp, django_assert_max_num_queries):
    send(addresses=[f"a{i}@example.org" for i in range(10)])
    with django_assert_max_num_queries(16):  # read, claim, one each, savepoints, own words
        run()
    assert len(smtp.letters) == 10


def test_a_final_refusal_fails_and_can_be_sent_again(smtp, enqueued):
    smtp.refuse = "550 5.1.1 no such mailbox wang@example.org"
    (uuid,) = send()
    run()
    row = selectors.message(uuid)
    assert (row.state, row.attempts) == (State.FAILED, 1)
    assert row.last_error == "SMTPRecipientsRefused 550"  # without the address
    assert [m.uuid for m in selectors.failed().rows] == [uuid]
    assert len(enqueued) == 1
    smtp.refuse = ""
    services.resend(by=SYSTEM, now=NOW, uuid=uuid)
    assert len(enqueued) == 2
    run()
    assert selectors.message(uuid).state == State.SENT
    assert selectors.failed().rows == []
    with pytest.raises(ConflictError):
        services.resend(by=SYSTEM, now=NOW, uuid=uuid)


def test_a_passing_refusal_is_tried_again_later_and_later(smtp, enqueued):
    smtp.refuse = "451 4.7.1 try later"
    (uuid,) = send()
    run()
    assert enqueued[-1]["run_at"] == NOW + timedelta(minutes=1)
    run(NOW + timedelta(seconds=30))  # too early
    assert selectors.message(uuid).attempts == 1
    run(NOW + timedelta(minutes=1))
    assert enqueued[-1]["run_at"] == NOW + timedelta(minutes=3)
    smtp.refuse = ""
    run(NOW + timedelta(minutes=3))
    row = selectors.message(uuid)
    assert (row.state, row.attempts, row.last_error) == (State.SENT, 3, "")


def test_a_server_that_is_down_gives_up_in_the_end(settings, enqueued):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    send(addresses=("a@example.org", "b@example.org"), urgent=True)
    moment = NOW
    for _ in range(selectors.limits(NOW).attempts):
        run(moment)
        moment = max(j["run_at"] for j in enqueued)
    assert {(m.state, m.attempts, m.last_error) for m in Message.objects.all()} == {
        ("failed", 8, "ConnectionRefusedError")
    }
    assert len(enqueued) == 8  # the first, and one for each further attempt of both


def test_no_server_is_named(settings):
    settings.EMAIL_BACKEND, settings.EMAIL_HOST = "django.core.mail.backends.smtp.EmailBackend", ""
    (uuid,) = send()
    run()
    assert selectors.message(uuid).last_error == "LINLI_SMTP_HOST is not set"


def test_quiet_hours_hold_back_even_what_the_worker_takes_up_late(smtp, enqueued):
    evening = NOW.replace(hour=12, minute=59)  # 20:59
    (late,) = send(now=evening)
    (night,) = send(now=evening + timedelta(hours=2))
    (code,) = send(
        now=evening + timedelta(hours=2), template="accounts.one_time_code", params={"code": "482913", "minutes": 5}
    )
    run(evening + timedelta(hours=2))
    assert [selectors.message(u).state for u in (late, night, code)] == [State.QUEUED, State.QUEUED, State.SENT]
    morning = NOW.replace(hour=0) + timedelta(days=1)
    assert {j["run_at"] for j in enqueued} >= {morning}
    run(morning)
    assert [selectors.message(u).state for u in (late, night)] == [State.SENT, State.SENT]


def test_a_code_is_wiped_when_it_is_gone(smtp):
    (uuid,) = send(template="accounts.one_time_code", params={"code": "482913", "minutes": 5})
    run()
    assert (
        b"482913" in smtp.letters[0][1]
        or "482913" in email.message_from_bytes(smtp.letters[0][1], policy=policy.default).get_content()
    )
    assert bytes(selectors.message(uuid).params_sealed) == b""


def test_who_switched_mail_off_gets_none_but_urgent(smtp):
    actor = SYSTEM
    services.set_preference(by=actor, now=NOW, user_id=7, channel_code=ChannelCode.EMAIL, enabled=False)
    (plain,) = send(user_id=7)
    (urgent,) = send(user_id=7, urgent=True)
    run()
    assert selectors.message(plain).state == State.SUPPRESSED
    assert selectors.message(urgent).state == State.SENT
    services.resend(by=actor, now=NOW, uuid=plain)
    run()
    assert len(smtp.letters) == 2


def test_a_worker_that_stopped_in_the_middle(smtp, enqueued):
    (uuid,) = send()
    Message.objects.update(state=State.SENDING, attempts=1, changed_at=NOW)
    run(NOW + timedelta(minutes=1))  # perhaps the other worker still lives
    assert smtp.letters == []
    assert enqueued[-1]["run_at"] == NOW + delivery.STALE
    run(NOW + delivery.STALE)
    row = selectors.message(uuid)
    assert (row.state, row.outcome_unknown, len(smtp.letters)) == (State.SENT, True, 1)


def test_one_bad_letter_does_not_stop_the_others(smtp, monkeypatch):
    bad, good = send(addresses=("a@example.org", "b@example.org"))
    whole = delivery._letter

    def letter(row):
        if row.uuid == bad:
            raise ValueError
        return whole(row)

    monkeypatch.setattr(delivery, "_letter", letter)
    run()
    assert selectors.message(bad).state == State.FAILED
    assert selectors.message(good).state == State.SENT


def test_an_answer_stands_in_the_thread_of_the_mail_that_it_answers(smtp):
    thread = Thread("<a1@example.net>", "office@example.org", "HY-1/AB12")
    who = Recipient(email="wang@example.org", thread=thread)
    services.send_many(messages=[Outgoing("cases.accepted", PARAMS, who, ChannelCode.EMAIL)], now=NOW)
    assert b"a1@example.net" not in bytes(Message.objects.get().thread_sealed)
    run()
    letter = email.message_from_bytes(smtp.letters[0][1], policy=policy.default)
    assert (letter["In-Reply-To"], letter["References"]) == ("<a1@example.net>", "<a1@example.net>")
    assert letter["Reply-To"] == "office@example.org"
    assert letter["Subject"].strip().endswith("[HY-1/AB12]")


def test_a_thread_never_adds_a_header(smtp):
    thread = Thread("<a@b>\r\nBcc: all@example.org", "office@example.org\r\nBcc: all@example.org", "x\nBcc: y")
    who = Recipient(email="wang@example.org", thread=thread)
    services.send_many(messages=[Outgoing("cases.accepted", PARAMS, who, ChannelCode.EMAIL)], now=NOW)
    run()
    assert all(email.message_from_bytes(raw)["Bcc"] is None for _to, raw in smtp.letters)
