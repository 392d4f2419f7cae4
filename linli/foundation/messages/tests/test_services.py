from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from linli.foundation.core.actors import GUEST, SYSTEM, Actor, ActorKind
from linli.foundation.core.errors import ConflictError, ForbiddenError, InvalidError
from linli.foundation.messages import digests, selectors, services
from linli.foundation.messages.exceptions import MessageNotFoundError, TemplateError
from linli.foundation.messages.models import Message
from linli.foundation.messages.tests.conftest import NOW
from linli.foundation.messages.types import ChannelCode, Limits, Outcome, Outgoing, Recipient, State
from linli.foundation.rulebook import selectors as rules
from linli.foundation.rulebook import services as rulebook

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("enqueued")]
CASE = uuid4()
SUN = Actor(kind=ActorKind.USER, user_id=7, uuid=uuid4(), label="派单员 孙莉")


def out(user_id=7, channel=ChannelCode.IN_APP, template="cases.urged", params=None, **more):
    recipient = more.pop("recipient", None) or Recipient(user_id=user_id, phone="13812345678", email="wang@example.org")
    return Outgoing(
        template, params or {"number": "HY-1", "title": "楼道堆物"}, recipient, channel, "case", CASE, **more
    )


def send(*messages, now=NOW):
    return services.send_many(messages=messages, now=now)


def test_one_insert_and_one_job(django_assert_num_queries, enqueued):
    rules.all_rules(NOW.date())  # a process keeps them
    with django_assert_num_queries(3):  # savepoint, insert, release
        send(*[out(i, ChannelCode.EMAIL if i % 2 else ChannelCode.IN_APP) for i in range(1, 21)])
    assert [job["name"] for job in enqueued] == ["messages.deliver"]
    assert Message.objects.count() == 20


def test_nothing_that_leaves_the_house_no_job(enqueued):
    send(out(), out(channel=ChannelCode.PHONE), out(channel=ChannelCode.PUBLIC_REPLY, recipient=Recipient()))
    assert enqueued == []


def test_the_inbox(django_assert_num_queries):
    for i in range(5):
        send(out(params={"number": f"HY-{i}", "title": "楼道堆物"}), out(8), now=NOW + timedelta(minutes=i))
    selectors.inbox(7)  # reads the installation's own words
    with django_assert_num_queries(1):
        page = selectors.inbox(7, size=3)
    assert [i.subject for i in page.rows] == [f"催办：HY-{i} 楼道堆物" for i in (4, 3, 2)]
    assert page.rows[0].subject_uuid == CASE
    rest = selectors.inbox(7, page.next, size=3, language="en")
    assert [i.subject for i in rest.rows] == ["Reminder: HY-1 楼道堆物", "Reminder: HY-0 楼道堆物"]
    assert rest.next == ""
    with django_assert_num_queries(1):
        assert selectors.unread_count(7) == 5
    with django_assert_num_queries(3):
        assert services.mark_read(by=SUN, now=NOW, uuids=[page.rows[0].uuid]) == 1
    assert selectors.unread_count(7) == 4
    other = selectors.inbox(8).rows[0]
    assert services.mark_read(by=SUN, now=NOW, uuids=[other.uuid]) == 0  # somebody else's
    assert len(selectors.inbox(7, unread=True).rows) == 4
    assert services.mark_read(by=SUN, now=NOW) == 4
    assert selectors.unread_count(8) == 5
    with pytest.raises(ForbiddenError):
        services.mark_read(by=GUEST, now=NOW)


def test_unread_is_counted_from_an_index():
    send(out())
    rows = Message.objects.filter(user_id=7, channel="in_app", read_at__isnull=True).order_by()
    if connection.vendor == "sqlite":
        plan = rows.values("user_id").explain()
        assert "messages_unread" in plan or "messages_inbox" in plan


def test_several_users_are_told_once_each(django_assert_num_queries):
    words: Any = {"template": "cases.urged", "params": {"number": "HY-1", "title": "楼道堆物"}, "key": "urged:1"}
    with django_assert_num_queries(3):  # savepoint, insert, release
        assert len(services.tell_users([9, 7, 7, 8], **words, now=NOW)) == 3
    services.tell_users({7, 10}, **words, url="/desk/cases/HY-1/", now=NOW)
    assert {u: selectors.unread_count(u) for u in (7, 8, 9, 10)} == {7: 1, 8: 1, 9: 1, 10: 1}
    assert selectors.inbox(10).rows[0].url == "/desk/cases/HY-1/"
    assert services.tell_users([], **words, now=NOW) == []


def test_a_key_sends_once_to_each():
    for _ in range(2):
        send(out(7, key="overdue:1"), out(8, key="overdue:1"), out(7, ChannelCode.EMAIL, key="overdue:1"))
    send(out(7))
    send(out(7))
    assert Message.objects.filter(key__isnull=False).count() == 3
    assert Message.objects.filter(key__isnull=True).count() == 2


@pytest.mark.parametrize(
    ("params", "missing", "unknown"),
    [
        ({"number": "1"}, ["title"], []),
        ({"number": "1", "title": "  "}, ["title"], []),
        ({"number": "1", "title": "a", "titles": "b"}, [], ["titles"]),
    ],
)
def test_wrong_parameters_send_nothing(params, missing, unknown):
    with pytest.raises(TemplateError) as caught:
        send(out(), out(params=params))
    assert (caught.value.params["missing"], caught.value.params["unknown"]) == (missing, unknown)
    assert not Message.objects.exists()
    with pytest.raises(TemplateError):
        send(out(template="cases.nothing"))


@pytest.mark.parametrize(
    ("channel", "recipient"),
    [
        (ChannelCode.IN_APP, Recipient(email="a@example.org")),
        (ChannelCode.EMAIL, Recipient(user_id=7)),
        (ChannelCode.EMAIL, Recipient(email="not an address")),
        (ChannelCode.EMAIL, Recipient(email="a@example.org\nBcc: all@example.org")),
        (ChannelCode.PHONE, Recipient(phone="打我电话")),
        (ChannelCode.SMS, Recipient()),
    ],
)
def test_a_recipient_without_what_the_channel_needs(channel, recipient):
    with pytest.raises(InvalidError):
        send(out(), out(channel=channel, recipient=recipient))
    assert not Message.objects.exists()


@pytest.mark.parametrize("channel", [ChannelCode.SMS, ChannelCode.PHONE, ChannelCode.IN_APP])
def test_a_code_is_never_passed_on_by_a_person(channel):
    with pytest.raises(InvalidError) as caught:
        send(out(channel=channel, template="accounts.one_time_code", params={"code": "482913", "minutes": 5}))
    assert caught.value.code == "messages.secret"
    assert not Message.objects.exists()


def test_nothing_personal_lies_in_clear():
    params = {"number": "HY-1", "title": "张三家漏水", "reply": "已联系13812345678"}
    send(out(channel=ChannelCode.PHONE, params=params, template="cases.closed_reply", url="/t/7KQ4-2MXP-9C"))
    services.record_contact(by=SUN, now=NOW, channel=ChannelCode.PHONE, outcome=Outcome.REACHED, note="张三说好了",
                            message=Message.objects.get().uuid)  # fmt: skip
    with connection.cursor() as cursor:
        found = ""
        for table in ("linli_messages_message", "linli_messages_contactrecord"):
            cursor.execute(f"SELECT * FROM {table}")
            found += repr([bytes(v) if isinstance(v, memoryview) else v for v in cursor.fetchone()])
    for secret in ("张三", "13812345678", "7KQ4", repr("张三".encode())[2:-1]):
        assert secret not in found
    row = Message.objects.get()
    assert row.address_masked == "138****5678"
    assert selectors.address_of(row) == "13812345678"
    assert selectors.url_of(row) == "/t/7KQ4-2MXP-9C"


def test_a_call_is_a_to_do_until_its_result_is_recorded():
    (uuid,) = send(out(channel=ChannelCode.PHONE))
    assert [m.uuid for m in selectors.to_do(NOW).rows] == [uuid]

    def call(outcome, **more):
        return services.record_contact(
            by=SUN, now=NOW, channel=ChannelCode.PHONE, outcome=outcome, message=uuid, **more
        )

    call(Outcome.NO_ANSWER, at=NOW - timedelta(minutes=5))
    assert [m.attempts for m in selectors.to_do(NOW).rows] == [1]
    call(Outcome.REACHED, note="满意")
    assert selectors.to_do(NOW).rows == []
    row = selectors.message(uuid)
    assert (row.state, row.attempts) == (State.DELIVERED, 2)
    found = selectors.contacts_of("case", CASE)
    assert [c.outcome for c in found] == ["reached", "no_answer"]
    assert selectors.note_of(found[0]) == "满意"
    assert found[0].by_label == "派单员 孙莉"
    with pytest.raises(ConflictError):
        call(Outcome.REACHED)
    with pytest.raises(InvalidError):
        call(Outcome.REACHED, at=NOW + timedelta(minutes=1))


def test_a_contact_without_a_to_do_and_a_wrong_number():
    services.record_contact(by=SUN, now=NOW, channel=ChannelCode.VISIT, outcome=Outcome.REACHED,
                            subject_kind="case", subject_uuid=CASE)  # fmt: skip
    (uuid,) = send(out(channel=ChannelCode.SMS))
    services.record_contact(by=SUN, now=NOW, channel=ChannelCode.SMS, outcome=Outcome.WRONG_NUMBER, message=uuid)
    assert selectors.message(uuid).state == State.FAILED
    assert len(selectors.contacts_of("case", CASE)) == 2
    with pytest.raises(InvalidError):
        services.record_contact(by=SUN, now=NOW, channel=ChannelCode.EMAIL, outcome=Outcome.REACHED)


def test_calls_wait_for_the_morning_unless_urgent():
    night = NOW.replace(hour=15)  # 23:00 in Shanghai
    send(out(channel=ChannelCode.PHONE), now=night)
    (urgent,) = send(out(channel=ChannelCode.PHONE, urgent=True), now=night)
    assert [m.uuid for m in selectors.to_do(night).rows] == [urgent]
    assert len(selectors.to_do(night + timedelta(hours=9)).rows) == 2


def test_a_public_reply_is_done_at_once():
    (uuid,) = send(out(channel=ChannelCode.PUBLIC_REPLY, recipient=Recipient()))
    assert selectors.message(uuid).state == State.DELIVERED
    assert [m.uuid for m in selectors.about("case", CASE)] == [uuid]
    with pytest.raises(MessageNotFoundError):
        selectors.message(uuid4())


def test_words_of_the_installations_own():
    (uuid,) = send(out())

    def put(text, part="subject", code="cases.urged", language="zh-hans"):
        services.set_template(by=SYSTEM, now=NOW, code=code, language=language, part=part, text=text)

    put("请抓紧：{title}")
    assert selectors.inbox(7).rows[0].subject == "请抓紧：楼道堆物"
    for bad in ("{password}", "{title.x}", "{title", "一\n二"):
        with pytest.raises(TemplateError):
            put(bad)
    with pytest.raises(TemplateError):
        put("没有编号", part="body")
    with pytest.raises(TemplateError):
        put("x", language="fr")
    with pytest.raises(TemplateError):
        put("x", code="cases.nothing")
    assert selectors.words_of(selectors.message(uuid)).subject == "请抓紧：楼道堆物"
    put("")
    assert selectors.inbox(7).rows[0].subject == "催办：HY-1 楼道堆物"


def test_preferences():
    def put(**values):
        services.set_preference(
            by=SUN, now=NOW, **{"user_id": 7, "channel_code": ChannelCode.EMAIL, "enabled": True, **values}
        )

    put(digest=True, email="sun@example.org")
    put(enabled=False)
    found = selectors.preferences_of(7)["email"]
    assert (found.enabled, found.digest, bytes(found.address_sealed)) == (False, False, b"")
    with pytest.raises(InvalidError):
        put(channel_code=ChannelCode.IN_APP, enabled=False)
    with pytest.raises(InvalidError):
        put(digest=True)
    with pytest.raises(ForbiddenError):
        put(user_id=8)


def test_the_daily_digest_comes_once(enqueued):
    services.set_preference(by=SUN, now=NOW, user_id=7, channel_code=ChannelCode.EMAIL, enabled=True, digest=True,
                            email="sun@example.org")  # fmt: skip
    send(out(), out(params={"number": "HY-2", "title": "飞线充电"}), out(8))
    assert digests.send_digests(NOW.replace(hour=23) - timedelta(days=1)) == 0  # seven in the morning
    assert digests.send_digests(NOW) == 1
    assert digests.send_digests(NOW) == 0
    mail = Message.objects.get(channel="email")
    words = selectors.words_of(mail)
    assert words.subject == "2026-03-05 待阅消息 2 条"
    assert "· 催办：HY-1 楼道堆物\n· 催办：HY-2 飞线充电" in words.body
    assert len(enqueued) == 1
    assert digests.send_digests(NOW + timedelta(days=1)) == 0  # nothing new
    send(out(), now=NOW + timedelta(days=1))
    assert digests.send_digests(NOW + timedelta(days=2)) == 1


def test_a_failed_insert_sends_nothing(monkeypatch):
    def fail(**_):
        raise RuntimeError("jobs")

    monkeypatch.setattr(services, "enqueue", fail)
    with pytest.raises(RuntimeError):
        send(out(channel=ChannelCode.EMAIL))
    assert not Message.objects.exists()


def change(code, value):
    rulebook.set_rule(
        by=SYSTEM,
        now=NOW,
        code=code,
        value=value,
        unit="",
        source="本街道",
        mark="G",
        valid_from=NOW.date(),
        why="试点",
    )


def test_the_shipped_numbers_are_those_of_the_room():
    assert selectors.limits(NOW) == Limits()


def test_changed_quiet_hours_hold():
    change("messages.quiet_from", "09:30")
    change("messages.quiet_until", "11:00")
    send(out(channel=ChannelCode.EMAIL))
    assert Message.objects.get().not_before == NOW + timedelta(hours=1)  # it is ten


def test_quiet_hours_can_be_switched_off():
    night = NOW + timedelta(hours=12)
    change("messages.quiet_until", "21:00")
    send(out(channel=ChannelCode.EMAIL), now=night)
    assert Message.objects.get().not_before == night


@pytest.mark.parametrize(("code", "value"), [("messages.quiet_from", "25:00"), ("messages.attempts", 0)])
def test_a_number_that_cannot_be_is_refused(code, value):
    with pytest.raises(InvalidError):
        change(code, value)
