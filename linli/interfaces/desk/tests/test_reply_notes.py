"""Notes beside a draft reply on the desk: shown while it is written, kept nowhere, never in the way."""

import pytest

from linli.engines.cases.models import CaseEvent
from linli.foundation.core import clock
from linli.foundation.journal.models import Entry
from linli.interfaces.desk.tests.help import enter, handled, make_case

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_ten(world):
    with clock.frozen(world.now):
        yield


def address(case):
    return f"/desk/cases/{case.number}/reply-notes/"


def test_the_writer_is_shown_what_to_look_at_again_and_nothing_is_kept(world, django_assert_max_num_queries):
    case = make_case(world, text="垃圾堆了三天没人清，请问什么时候清走？")
    client = enter(world, "paidan")
    before = CaseEvent.objects.count(), Entry.objects.count()
    client.post(address(case), {"text": "好"})
    with django_assert_max_num_queries(8):
        page = client.post(address(case), {"text": "此事不归我们管，请拨打62889999。"}).content.decode()
    assert "问了什么时候，答复里没有时间：" in page
    assert "请问什么时候清走？" in page
    assert "案件里找不到，请核对：62889999" in page
    assert "不归我们管" in page
    assert (CaseEvent.objects.count(), Entry.objects.count()) == before
    assert client.post(address(case), {"text": "3月11日清走。"}).content.decode().strip() == ""
    assert client.post(address(case), {}).content.decode().strip() == ""


def test_what_is_written_is_shown_as_words_and_not_run(world):
    case = make_case(world, text="能不能给我们<script>alert(1)</script>弄堂里加装一盏照明灯？")
    page = enter(world, "paidan").post(address(case), {"text": "谢谢您的来信和支持理解。"}).content.decode()
    assert "<script>" not in page


def test_strangers_find_no_case_and_others_log_in(world, client):
    case = make_case(world)
    assert enter(world, "chengguan").post(address(case), {"text": "x"}).status_code == 404
    assert client.post(address(case), {"text": "x"}).status_code == 302
    assert enter(world, "paidan").get(address(case)).status_code == 405
    assert enter(world, "paidan").post("/desk/cases/HY20260310-9999/reply-notes/", {"text": "x"}).status_code == 404


def test_the_form_of_a_reply_asks_for_notes_and_sends_whatever_they_say(world):
    case = handled(world, make_case(world))
    page = enter(world, "wuye").get(f"/desk/cases/{case.number}/act/hand_in/")
    assert page.status_code == 200
    assert f'hx-post="{address(case)}"' in page.content.decode()
    other = enter(world, "wuye").get(f"/desk/cases/{case.number}/act/note/").content.decode()
    assert "reply-notes" not in other


def test_a_person_whom_the_case_does_not_know_is_asked_about_and_one_it_knows_is_not(world):
    case = make_case(world, text="物业彭建华经理答应修门禁，一直没有修。")
    client = enter(world, "paidan")
    page = client.post(address(case), {"text": "已由物业沈立明主任负责，联系人：沈立明，彭经理配合。"}).content.decode()
    assert "案件里没有这个人，请核对姓名，也想想是否要写：沈立明" in page
    assert "彭经理" not in page
    assert client.post(address(case), {"text": "王女士，您好！门禁3月15日修好。"}).content.decode().strip() == ""
