from datetime import timedelta

import pytest

from linli.engines.cases import services
from linli.engines.cases.models import Case, CaseFile, Reporter
from linli.engines.cases.types import Contact, FeedbackWay, Source
from linli.engines.cases.workflow import State
from linli.foundation.core import clock
from linli.foundation.core.actors import GUEST
from linli.interfaces.portal import limits
from linli.interfaces.portal.tests.steps import follow, photo, words
from tests.login import log_in

pytestmark = pytest.mark.django_db


def test_follow_by_code_in_residents_words(client, frozen, reported):
    case, receipt = reported()
    typed = receipt.tracking_code.lower().replace("-", " ")
    page = words(follow(client, typed))
    assert case.number in page
    assert "已收到" in page
    assert "预计办结" in page
    assert [w for w in ("发现", "受理", "派遣", "处置", "核查", "结案") if w not in page] == []
    assert "案件" not in page
    assert "13812345678" not in page
    assert "王阿姨" not in page


def test_detail_costs_at_most_fifteen_statements(client, frozen, closed, django_assert_max_num_queries):
    _case, receipt = closed()
    follow(client, receipt.tracking_code)
    with django_assert_max_num_queries(15):
        client.get("/track/")


def test_wrong_code_and_guessing(client, frozen, reported, monkeypatch):
    monkeypatch.setattr(limits, "CODES_AN_HOUR", 3)
    _case, receipt = reported()
    for code in ("", "2345-6789-CD", "'; DROP TABLE cases_case; --"):
        answer = client.post("/track/", {"code": code})
        assert answer.status_code == 422
        assert "没有找到这个查询码" in words(answer)
    answer = client.post("/track/", {"code": receipt.tracking_code})
    assert answer.status_code == 429
    assert "查询次数太多" in words(answer)


def test_answer_what_was_asked_with_a_photo(client, frozen, reported):
    case, receipt = reported()
    services.ask(by=frozen.actor("paidan"), now=frozen.now, case=case, text="请问在几号门口？")
    page = follow(client, receipt.tracking_code)
    assert "请问在几号门口？" in words(page)
    empty = client.post("/track/answer/", {"text": ""})
    assert (empty.status_code, CaseFile.objects.count()) == (422, 0)
    assert client.post("/track/answer/", {"text": "三号门口", "photos": [photo()]}).status_code == 302
    case.refresh_from_db()
    assert case.state == State.REPORTED
    page = client.get("/track/")
    assert "已收到您的补充" in words(page)
    assert "三号门口" in words(page)
    file = CaseFile.objects.get(case=case).file
    assert client.get(f"/track/photo/{file.uuid}/320/")["Content-Type"].startswith("image/")
    client.post("/track/leave/")
    assert client.get(f"/track/photo/{file.uuid}/320/").status_code == 404
    assert client.post("/track/answer/", {"text": "x"})["Location"] == "/track/"


def test_urge_once_a_day(client, frozen, reported):
    case, receipt = reported()
    follow(client, receipt.tracking_code)
    assert client.post("/track/urge/").status_code == 302
    again = client.post("/track/urge/")
    assert again.status_code == 409
    assert "今天已经催过了" in words(again)
    case.refresh_from_db()
    assert case.urge_count == 1


def test_withdraw(client, frozen, reported):
    case, receipt = reported()
    follow(client, receipt.tracking_code)
    assert client.post("/track/withdraw/", {"text": ""}).status_code == 422
    assert client.post("/track/withdraw/", {"text": "已经解决"}).status_code == 302
    case.refresh_from_db()
    assert (case.state, case.outcome) == (State.CLOSED, "withdrawn")
    assert "请您评价" not in words(client.get("/track/"))


def test_one_of_several_cannot_withdraw(client, frozen, reported):
    case, receipt = reported(days_ago=2)
    services.join(by=GUEST, now=frozen.now, case=case, contact=Contact())
    page = follow(client, receipt.tracking_code)
    assert "确定撤回" not in words(page)
    assert client.post("/track/withdraw/", {"text": "算了"}).status_code == 409


@pytest.mark.mechanism("001-10")
def test_who_found_it_is_answered_and_asked_whether_satisfied(client, frozen, closed):
    """反馈 and 满意度: the finder reads the answer, rates without a login, and an unhappy one is reviewed."""
    case, receipt = closed()
    page = words(follow(client, receipt.tracking_code))
    assert "垃圾已经清走，谢谢您。" in page
    assert "请您评价" in page
    assert client.post("/track/rate/", {"rating": ""}).status_code == 422
    assert client.post("/track/rate/", {"rating": "unsatisfied", "text": "还是脏"}).status_code == 302
    case.refresh_from_db()
    assert (case.rating, case.needs_review) == ("unsatisfied", True)
    assert "专人复核" in words(client.get("/track/"))
    assert client.post("/track/rate/", {"rating": "satisfied"}).status_code == 409
    assert Reporter.objects.get(case=case).rating == "unsatisfied"


def test_rating_window_and_orders_of_the_city(client, frozen, closed):
    case, receipt = closed()
    with clock.frozen(frozen.now + timedelta(days=15)):
        assert "请您评价" not in words(follow(client, receipt.tracking_code))
        answer = client.post("/track/rate/", {"rating": "satisfied"})
        assert (answer.status_code, "评价期已过" in words(answer)) == (409, True)
    Case.objects.filter(pk=case.pk).update(source=Source.HOTLINE)
    page = words(follow(client, receipt.tracking_code))
    assert "由市级回访评价" in page
    assert client.post("/track/rate/", {"rating": "satisfied"}).status_code == 409


def test_who_opened_my_contact_by_post_not_by_name(client, frozen, reported):
    case, receipt = reported()
    assert "还没有人看过" in words(follow(client, receipt.tracking_code))
    services.open_contacts(by=frozen.actor("paidan"), now=frozen.now, case=case, purpose="先行联系")
    page = words(client.get("/track/"))
    assert "城运中心 派单员 查看了联系方式" in page
    assert "先行联系" in page
    assert "派单员甲" not in page


def test_who_joined_reads_neither_the_others_words_nor_their_photos(client, frozen, reported):
    case, receipt = reported(days_ago=2, text="我家302室门口，张三说的")
    joined = services.join(
        by=GUEST, now=frozen.now, case=case, contact=Contact(phone="13900000000", way=FeedbackWay.PHONE)
    )
    page = words(follow(client, joined.tracking_code))
    assert case.number in page
    assert "张三" not in page
    assert "共 2 人" in page
    assert joined.tracking_code != receipt.tracking_code


def test_merged_report_leads_to_the_main_case(client, frozen, reported):
    case, receipt = reported(phone="")
    main, _receipt = reported(text="主件：同一堆垃圾，李四说的")
    services.merge(by=frozen.actor("paidan"), now=frozen.now, case=case, main=main, reason="同一问题")
    page = words(follow(client, receipt.tracking_code))
    assert main.number in page
    assert "合并办理" in page
    assert "李四" not in page


def test_following_ends_after_two_hours(client, frozen, reported):
    case, receipt = reported()
    follow(client, receipt.tracking_code)
    with clock.frozen(frozen.now + timedelta(hours=3)):
        assert case.number not in words(client.get("/track/"))


def test_own_list_needs_a_login_and_shows_only_own(client, frozen, reported):
    assert client.get("/mine/")["Location"].startswith("/login/")
    case, _receipt = reported()
    user = frozen.users["jumin"]
    log_in(client, user)
    assert "还没有反映过" in words(client.get("/mine/"))
    assert client.post("/mine/open/", {"number": case.number}).status_code == 404
    Reporter.objects.filter(case=case).update(user=user)
    assert case.number in words(client.get("/mine/"))
    assert client.post("/mine/open/", {"number": case.number})["Location"] == "/track/"
    assert case.number in words(client.get("/track/"))


def test_methods(client, frozen):
    for path in ("answer", "urge", "withdraw", "rate", "leave"):
        assert client.get(f"/track/{path}/").status_code == 405
    assert client.get("/nearby/join/").status_code == 405
    assert client.get("/report/suggest/").status_code == 405


def test_register_by_telephone_in_the_demonstration_only(client, frozen, settings):
    page = client.post("/register/", {"display_name": "王阿姨", "phone": "13700001111"})
    assert page.status_code == 409
    assert "还没有开通短信" in words(page)
    settings.DEMO = True
    page = client.post("/register/", {"display_name": "王阿姨", "phone": "13700001111"})
    code = page.context["shown"]
    assert len(code) == 6
    assert client.post("/register/code/", {"code": "000000" if code != "000000" else "1"}).status_code == 401
    assert client.post("/register/code/", {"code": code}).status_code == 302
    assert "还没有反映过" in words(client.get("/mine/"))
