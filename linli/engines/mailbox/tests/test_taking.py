import json
from datetime import timedelta

import pytest

from linli.engines.cases import permissions as case_doors
from linli.engines.cases import services as cases
from linli.engines.cases.models import Case, CaseEvent, Reporter
from linli.engines.mailbox import services
from linli.engines.mailbox.models import Mail, RawMail
from linli.engines.mailbox.tests import scenes
from linli.foundation.core.actors import SYSTEM
from linli.foundation.journal.models import Entry
from linli.foundation.messages import selectors as messages
from linli.foundation.messages.models import Message

pytestmark = pytest.mark.django_db


def receipts():
    return list(Message.objects.filter(template="mailbox.receipt"))


@pytest.mark.mechanism("004-28")
def test_a_mail_becomes_a_case_with_its_reporter_and_a_receipt(world, server, box):
    put = server.folder.put(scenes.raw(world))
    found = scenes.look(world, box)
    assert (found.taken, found.trouble) == (1, "")
    case = Case.objects.get()
    assert (case.title, case.text, case.source, case.state) == (
        "楼道堆物没人清", "3 号楼楼道堆了两个星期的旧沙发。", "email", "reported",
    )  # fmt: skip
    reporter = Reporter.objects.get()
    (contact,) = cases.open_contacts(by=world.actor("zhiban"), now=world.now, case=case, purpose="回复来信")
    assert contact == {"name": "王建国", "phone": "", "email": "wang@example.net", "way": "电子邮件"}
    assert b"wang" not in bytes(reporter.email_sealed)
    (receipt,) = receipts()
    words, thread = messages.words_of(receipt), messages.thread_of(receipt)
    assert case.number in words.body
    assert thread.message_id == "<a1@example.net>"
    assert thread.reply_to == scenes.ADDRESS
    assert thread.mark == case_doors.mail_mark(reporter)
    code = next(line for line in words.body.splitlines() if "查询码" in line).partition("：")[2][:12]
    assert case_doors.reporter_for_code(code)[2].pk == case.pk
    assert "\\Seen" in put.flags
    mail = Mail.objects.get()
    assert (mail.state, mail.case_uuid, mail.case_number) == ("case", case.uuid, case.number)
    assert [e.verb for e in Entry.objects.filter(kind="mail").order_by("id")] == ["mailbox.receive", "mailbox.case"]


def test_nothing_is_taken_twice(world, server, box):
    server.folder.put(scenes.raw(world))
    assert scenes.look(world, box).taken == 1
    assert scenes.look(world, box).taken == 0
    server.folder.put(scenes.raw(world))  # delivered again by its server, as another message
    found = scenes.look(world, box)
    assert (found.taken, found.seen_before) == (0, 1)
    server.folder.validity = 8  # the server was set up anew: everything has new numbers
    assert scenes.look(world, box).taken == 0
    other = scenes.mailbox(world, server, name="另一个", folder="inbox")
    assert scenes.look(world, other).taken == 0  # in copy to a second mailbox
    assert (Case.objects.count(), len(receipts()), Mail.objects.count()) == (1, 1, 1)


def test_a_look_that_broke_off_is_finished_by_the_next(world, server, box, monkeypatch):
    server.folder.put(scenes.raw(world))
    real = cases.report

    def breaks(**known):
        real(**known)
        raise KeyboardInterrupt

    monkeypatch.setattr("linli.engines.mailbox.services.taking.cases.report", breaks)
    with pytest.raises(KeyboardInterrupt):
        scenes.look(world, box)
    monkeypatch.undo()
    assert (Case.objects.count(), Mail.objects.get().state) == (0, "waiting")
    assert services.take_all(now=world.now) == 0  # another may still be at it
    assert services.take_all(now=world.now + timedelta(minutes=11)) == 1
    assert (Case.objects.count(), Mail.objects.get().state) == (1, "case")


def test_what_lay_there_before_is_taken_only_if_unread_and_new(world, server, box):
    server.folder.put(scenes.raw(world, message_id="<old@x>"), date=world.now - timedelta(days=400))
    server.folder.put(scenes.raw(world, message_id="<read@x>"), seen=True)
    server.folder.put(scenes.raw(world, message_id="<new@x>"))
    assert scenes.look(world, box).taken == 1
    server.folder.put(scenes.raw(world, message_id="<later@x>"), seen=True)  # somebody opened it by hand first
    assert scenes.look(world, box).taken == 1


def _dispatched(world, case):
    by = world.actor("paidan")
    case = case_doors.get_case_for(by, case.pk)
    cases.ask(by=by, now=world.now, case=case, text="沙发在几楼？")
    return case


def test_an_answer_to_a_question_goes_to_the_case_as_the_reporters_word(world, server, box, drained):
    server.folder.put(scenes.raw(world))
    scenes.look(world, box)
    case = Case.objects.get()
    _dispatched(world, case)
    drained()
    question = Message.objects.get(template="cases.question")
    assert (question.channel, messages.thread_of(question).message_id) == ("email", "<a1@example.net>")
    said = "在 2 楼和 3 楼之间。\n\n在 2026年3月10日 10:30，街道 写道：\n> 沙发在几楼？\n"
    answer = scenes.raw(
        world, text=said, subject="回复: 请您补充", message_id="<a2@example.net>",
        In_Reply_To=f"<{question.uuid}@localhost>",
    )  # fmt: skip
    server.folder.put(answer)
    scenes.look(world, box)
    event = CaseEvent.objects.filter(case=case).order_by("-seq").first()
    assert (event.verb, event.text, event.by_label) == ("answer", "在 2 楼和 3 楼之间。", "反映人")
    case.refresh_from_db()
    assert (case.state, Case.objects.count(), len(receipts())) == ("reported", 1, 1)
    assert Mail.objects.get(uid=2).state == "answer"


def test_what_the_reporter_adds_unasked_stands_beside_the_case(world, server, box):
    server.folder.put(scenes.raw(world))
    scenes.look(world, box)
    case = Case.objects.get()
    mark = case_doors.mail_mark(Reporter.objects.get())
    server.folder.put(scenes.raw(world, text="今天又多了一张床垫。", subject=f"Re: 收到 [{mark}]", message_id="<a3@x>"))
    more = scenes.raw(
        world, text="谢谢，已清走。", subject="后续", message_id="<a4@x>", References="<a3@x> <a1@example.net>"
    )
    server.folder.put(more)
    scenes.look(world, box)
    events = CaseEvent.objects.filter(case=case, verb="note").order_by("seq")
    assert [(e.text, e.data["kind"], e.public) for e in events] == [
        ("今天又多了一张床垫。", "from_reporter", True), ("谢谢，已清走。", "from_reporter", True),
    ]  # fmt: skip
    assert Case.objects.count() == 1


def test_who_is_not_the_reporter_only_gets_a_draft(world, server, box):
    server.folder.put(scenes.raw(world))
    scenes.look(world, box)
    case, mark = Case.objects.get(), case_doors.mail_mark(Reporter.objects.get())
    server.folder.put(
        scenes.raw(
            world, sender="li@example.net", message_id="<b1@x>", In_Reply_To="<a1@example.net>", text="我来说两句"
        )
    )
    server.folder.put(scenes.raw(world, sender="li@example.net", message_id="<b2@x>", subject=f"Re: {mark}"))
    number = mark.partition("/")[0]
    server.folder.put(scenes.raw(world, message_id="<b3@x>", subject=f"Re: {number}"))
    server.folder.put(scenes.raw(world, message_id="<b4@x>", subject=f"Re: {number}/0000000000"))
    server.folder.put(scenes.raw(world, message_id="<b5@x>", subject="Re: HY20200101-0001 有人管吗"))
    scenes.look(world, box)
    found = [(m.state, m.reason, m.case_number) for m in Mail.objects.order_by("uid")[1:]]
    assert found == [
        ("aside", "not_reporter", case.number), ("aside", "not_reporter", case.number),
        ("aside", "no_code", case.number), ("aside", "no_code", case.number),
        ("case", "", Case.objects.latest("id").number),
    ]  # fmt: skip
    assert CaseEvent.objects.filter(case=case).count() == 1


@pytest.mark.parametrize(
    ("reason", "headers"),
    [
        ("auto_reply", {"Auto_Submitted": "auto-replied"}),
        ("auto_reply", {"X_Autoreply": "yes"}),
        ("auto_reply", {"subject": "自动回复：休假中"}),
        ("auto_reply", {"subject": "Out of Office: back on Monday"}),
        ("bulk", {"Precedence": "bulk"}),
        ("bulk", {"List_Id": "<neighbours.example.org>"}),
        ("bounce", {"Return_Path": "<>"}),
        ("bounce", {"sender": "MAILER-DAEMON@example.net", "name": ""}),
        ("own", {"sender": scenes.ADDRESS}),
        ("own", {"sender": "Linli@Localhost"}),
        ("loop", {"Received": ["from a by b"] * 41}),
    ],
)
def test_what_nobody_wrote_makes_neither_a_case_nor_an_answer(world, server, box, reason, headers):
    hops = headers.pop("Received", []) if "Received" in headers else []
    mail = scenes.raw(world, **headers)
    headers["Received"] = hops
    server.folder.put(b"".join(f"Received: {h}\n".encode() for h in hops) + mail)
    scenes.look(world, box)
    row = Mail.objects.get()
    assert (row.state, row.reason) == ("ignored", reason)
    assert (Case.objects.count(), Message.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("reason", "make"),
    [
        ("spam", {"X_Spam_Flag": "YES"}),
        ("spam", {"Authentication_Results": "mx.example.org; dkim=none; dmarc=fail"}),
        ("no_sender", {"sender": "nobody", "name": ""}),
    ],
)
def test_what_looks_wrong_waits_for_a_person(world, server, box, reason, make):
    server.folder.put(scenes.raw(world, **make))
    scenes.look(world, box)
    row = Mail.objects.get()
    assert (row.state, row.reason, Case.objects.count()) == ("aside", reason, 0)


def test_what_is_too_large_is_not_downloaded(world, server, box, rule):
    rule("mailbox.most_megabytes", 1)
    server.folder.put(scenes.raw(world, text="字" * 600_000))
    scenes.look(world, box)
    row = Mail.objects.get()
    assert (row.state, row.reason, row.subject) == ("aside", "oversized", "楼道堆物没人清")
    assert row.sender_masked.endswith("@example.net")
    assert len(RawMail.objects.get().sealed) < 5_000


def test_one_address_that_writes_too_often_waits(world, server, box, rule):
    rule("mailbox.sender_hour", 2)
    for n in range(4):
        server.folder.put(scenes.raw(world, message_id=f"<n{n}@x>"))
    scenes.look(world, box)
    assert Mail.objects.filter(state="aside", reason="too_many").count() == 2


def test_more_than_one_look_takes_is_read_in_the_next(world, server, box, rule):
    rule("mailbox.most_at_once", 2)
    for n in range(3):
        server.folder.put(scenes.raw(world, message_id=f"<n{n}@x>", sender=f"w{n}@example.net"))
    first = scenes.look(world, box)
    second = scenes.look(world, box)
    assert (first.taken, first.more, second.taken, second.more) == (2, True, 1, False)


def test_no_receipt_where_the_sender_asks_for_none(world, server, box):
    server.folder.put(scenes.raw(world, X_Auto_Response_Suppress="All"))
    scenes.look(world, box)
    assert (Case.objects.count(), receipts()) == (1, [])


def test_a_mail_without_anything_to_enter_waits_with_the_reason(world, server, box):
    server.folder.put(scenes.raw(world, text="", subject=""))
    scenes.look(world, box)
    row = Mail.objects.get()
    assert (row.state, row.reason) == ("aside", "refused")
    assert "请说明是什么问题" in row.detail


def test_numbers_of_persons_are_covered_in_lists_and_sealed_in_full(world, server, box):
    server.folder.put(scenes.raw(world, X_Spam_Flag="yes", text="我的电话 13812345678，请回电。"))
    scenes.look(world, box)
    row = Mail.objects.get()
    assert "13812345678" not in json.dumps([row.text, row.subject, row.sender_masked])
    by = world.actor("zhiban")
    sender, text = services.open_mail(by=by, now=world.now, mail=row, purpose="核对来信")
    assert "13812345678" in text
    assert "wang@example.net" in sender
    entry = Entry.objects.filter(verb="mailbox.open").get()
    assert (entry.reason, entry.actor_label) == ("核对来信", by.label)


def test_a_case_answers_in_the_thread_of_the_mail(world, server, box, drained):
    server.folder.put(scenes.raw(world))
    scenes.look(world, box)
    case = case_doors.get_case_for(SYSTEM, Case.objects.get().uuid)
    cases.refuse(by=world.actor("paidan"), now=world.now, case=case, reason="属小区自管", elsewhere="物业服务处")
    drained()
    told = Message.objects.get(template="cases.refused")
    assert (told.channel, messages.thread_of(told).reply_to) == ("email", scenes.ADDRESS)
