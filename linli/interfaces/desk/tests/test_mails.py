"""Messages that wait for a person: read, made a case, added to one, discarded; and the list of all others."""

import pytest
from playwright.sync_api import expect

from linli.engines.cases.models import Case, CaseEvent
from linli.engines.mailbox.models import Mail
from linli.engines.mailbox.tests import scenes
from linli.engines.mailbox.tests.server import Server
from linli.foundation.journal.models import Entry
from linli.foundation.messages.models import Message
from tests.login import log_in, log_in_page


def tell(at, settings):
    """Let three messages wait, and one be a case."""
    settings.MAILBOX_PRIVATE = True
    server = Server()
    box = scenes.mailbox(at, server)
    for n, (subject, text) in enumerate((("路灯不亮", "三天了。"), ("中奖通知", "点这里"), ("电梯停了", "5 号楼"))):
        server.folder.put(
            scenes.raw(at, subject=subject, text=text, message_id=f"<w{n}@x>", sender=f"w{n}@x.cn", X_Spam_Flag="YES")
        )
    server.folder.put(scenes.raw(at))
    server.folder.put(scenes.raw(at, message_id="<auto@x>", subject="自动回复：不在", Auto_Submitted="auto-replied"))
    scenes.look(at, box)
    server.stop()
    return at


@pytest.fixture
def told(at, settings):
    return tell(at, settings)


def mail(subject):
    return Mail.objects.get(subject=subject)


@pytest.mark.django_db
def test_empty_lists_say_what_to_do(at, client):
    log_in(client, at.users["zhiban"])
    for address, words in (
        ("/desk/mails/", "没有待处理的来信"), ("/desk/mails/?q=x", "没有符合的来信"),
        ("/desk/mails/all/", "还没有来信"), ("/desk/mails/all/?q=x", "没有符合的来信"),
    ):  # fmt: skip
        assert words in client.get(address).content.decode()
    assert "/desk/mails/" in client.get("/desk/more/").content.decode()


@pytest.mark.django_db
def test_a_message_is_made_a_case_and_the_next_comes(told, client, django_assert_max_num_queries):
    log_in(client, told.users["paidan"])
    client.get("/desk/mails/")
    with django_assert_max_num_queries(12):
        page = client.get("/desk/mails/").content.decode()
    assert "疑似垃圾邮件" in page
    assert page.index("路灯不亮") < page.index("电梯停了")
    assert "w0@x.cn" not in page
    first, following = mail("路灯不亮"), mail("中奖通知")
    sent = {"act": "case", "category": "street_lamp", "text": "", "next": str(following.uuid)}
    done = client.post(f"/desk/mails/{first.uuid}/decide/", sent)
    assert (done.status_code, done["Location"]) == (302, f"/desk/mails/?at={following.uuid}")
    case = Case.objects.get(uuid=first.uuid)
    assert (case.text, case.category.code, case.source) == ("三天了。", "street_lamp", "email")
    # It looked like spam: nobody is answered by a machine.
    assert not Message.objects.filter(template="mailbox.receipt", subject_uuid=case.uuid).exists()
    again = client.post(f"/desk/mails/{first.uuid}/decide/", sent)
    assert (again.status_code, "办理" in again.content.decode()) == (409, True)
    assert Case.objects.filter(source="email").count() == 2


@pytest.mark.django_db
def test_a_message_is_added_to_a_case_as_an_internal_note(told, client):
    log_in(client, told.users["zhiban"])
    case, row = Case.objects.get(), mail("电梯停了")
    nobody = client.post(f"/desk/mails/{row.uuid}/decide/", {"act": "add", "number": "HY20200101-0001"})
    assert (nobody.status_code, "HY20200101-0001" in nobody.content.decode()) == (404, True)
    done = client.post(f"/desk/mails/{row.uuid}/decide/", {"act": "add", "number": case.number.lower()})
    assert done.status_code == 302
    event = CaseEvent.objects.get(case=case, verb="note")
    assert ("5 号楼" in event.text, event.public, "w2@x.cn" in event.text) == (True, False, False)


@pytest.mark.django_db
def test_a_message_is_discarded_with_a_reason_and_found_again(told, client):
    log_in(client, told.users["zhiban"])
    row = mail("中奖通知")
    bare = client.post(f"/desk/mails/{row.uuid}/decide/", {"act": "discard", "reason": " "})
    assert bare.status_code == 422
    assert client.post(f"/desk/mails/{row.uuid}/decide/", {"act": "discard", "reason": "诈骗信息"}).status_code == 302
    listed = client.get("/desk/mails/all/?state=discarded").content.decode()
    assert ("诈骗信息" in listed, "中奖通知" in listed, "自动回复：不在" in listed) == (True, True, False)
    narrowed = client.get("/desk/mails/all/?reason=auto_reply").content.decode()
    assert ("自动回复：不在" in narrowed, "中奖通知" in narrowed) == (True, False)
    found = client.get(f"/desk/mails/all/?q={Case.objects.get().number}").content.decode()
    assert "楼道堆物没人清" in found


@pytest.mark.django_db
def test_the_list_of_all_messages_goes_page_by_page(told, client, django_assert_max_num_queries):
    log_in(client, told.users["zhiban"])
    box = Mail.objects.first().mailbox
    Mail.objects.bulk_create(
        Mail(
            mailbox=box, uid_validity=1, uid=n, key=f"k{n}", size=1, came_at=told.now, state="ignored", reason="bulk",
            subject=f"第 {n} 封",
        )
        for n in range(60)
    )  # fmt: skip
    client.get("/desk/mails/all/")
    with django_assert_max_num_queries(12):
        first = client.get("/desk/mails/all/").content.decode()
    assert ("第 59 封" in first, "第 0 封" in first, "cursor=" in first) == (True, False, True)


@pytest.mark.django_db
def test_the_original_is_shown_for_a_purpose_that_is_kept(told, client):
    log_in(client, told.users["zhiban"])
    row = mail("路灯不亮")
    address = f"/desk/mails/{row.uuid}/original/"
    assert client.post(address, {"purpose": ""}).status_code == 422
    shown = client.post(address, {"purpose": "核对是否居民"}).content.decode()
    assert "w0@x.cn" in shown
    settled = f"/desk/mails/{mail('楼道堆物没人清').uuid}/original/"
    assert "查看用途" in client.get(settled).content.decode()
    assert "wang@example.net" in client.post(settled, {"purpose": "核对"}).content.decode()
    assert [e.reason for e in Entry.objects.filter(verb="mailbox.open").order_by("id")] == ["核对是否居民", "核对"]


@pytest.mark.django_db
def test_who_only_reads_sees_no_buttons_and_decides_nothing(told, client):
    log_in(client, told.users["ducha"])
    page = client.get("/desk/mails/").content.decode()
    assert ("路灯不亮" in page, 'value="case"' in page) == (True, False)
    refused = client.post(f"/desk/mails/{mail('路灯不亮').uuid}/decide/", {"act": "discard", "reason": "x"})
    assert (refused.status_code, mail("路灯不亮").state) == (403, "aside")


@pytest.mark.django_db(transaction=True)
def test_a_message_is_discarded_by_keyboard_alone(world, settings, live_server, browser_page):
    tell(world, settings)
    page = log_in_page(browser_page, world.users["paidan"], live_server.url)

    def shows(subject):
        expect(page.locator("article h2.m-0")).to_have_text(subject)
        page.wait_for_load_state("load")

    page.goto("/desk/mails/")
    shows("路灯不亮")
    page.keyboard.press("j")
    shows("中奖通知")
    page.keyboard.press("x")
    expect(page.get_by_label("舍弃的原因")).to_be_focused()
    page.keyboard.type("诈骗信息")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    shows("电梯停了")
    assert mail("中奖通知").decided_reason == "诈骗信息"
