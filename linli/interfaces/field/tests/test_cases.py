"""List, case page and every act over HTTP."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from linli.engines.cases import services
from linli.engines.cases.models import Case, CaseEvent, CaseFile, Request
from linli.engines.cases.types import FilePurpose
from linli.engines.cases.workflow import State
from linli.foundation.files.models import StoredFile
from linli.foundation.journal.models import Entry
from linli.interfaces.field.tests.conftest import PHONE, picture
from tests.login import log_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_(client, world):
    def enter(name):
        log_in(client, world.users[name])
        return client

    return enter


def photo(name="after.jpg", colour=(10, 20, 30)):
    return SimpleUploadedFile(name, picture(colour), content_type="image/jpeg")


def post(client, case, verb, **data):
    return client.post(f"/field/cases/{case.number}/{verb}/", {"expected": case.version, **data})


def state(case):
    case.refresh_from_db()
    return case.state


def test_today_shows_what_waits_for_me_soonest_first(town, as_, django_assert_max_num_queries):
    first = town.to_sign()
    second = town.handling()
    Case.objects.filter(pk=second.pk).update(due_at=town.world.now + timedelta(minutes=20), title="快到期的一件")
    client = as_("wuye")
    with django_assert_max_num_queries(8):
        page = client.get("/field/").content.decode()
    assert page.index("快到期的一件") < page.index(first.title)
    assert "剩余 20 分钟" in page
    assert 'aria-current="page">全部待办 <span class="count">2' in page
    assert first.number in client.get("/field/?box=sign").content.decode()
    assert first.number not in client.get("/field/?box=hand").content.decode()
    assert "没有等您办理的事" in as_("danche").get("/field/").content.decode()
    assert "没有等您办理的事" in as_("danche").get("/field/?box=nonsense").content.decode()


def test_each_role_has_its_own_tabs(town, as_):
    town.to_verify()
    town.to_check()
    town.to_reply()
    inspector = as_("jiandu").get("/field/").content.decode()
    assert all(word in inspector for word in ("待核实", "待核查", "待反馈"))
    assert "待签收" not in inspector
    stairwell = as_("louzu").get("/field/").content.decode()
    assert "我上报的" in stairwell
    assert "待签收" not in stairwell


def test_a_case_page_costs_at_most_fifteen_statements(town, as_, django_assert_max_num_queries):
    case = town.handling()
    client = as_("wuye")
    client.get(f"/field/cases/{case.number}/")  # what a process keeps for seconds is there
    with django_assert_max_num_queries(15):
        page = client.get(f"/field/cases/{case.number}/").content.decode()
    assert f"/field/cases/{case.number}/hand_in/" in page
    assert "谁负责这里" in page
    assert PHONE not in page
    assert "/reach/" not in page  # a contractor never sees the reporter


def test_sign_with_one_tap(town, as_):
    case = town.to_sign()
    answer = post(as_("wuye"), case, "sign")
    assert (answer.status_code, answer["Location"]) == (302, f"/field/cases/{case.number}/")
    assert state(case) == State.HANDLING


def test_arrive_keeps_the_distance_and_no_track(town, as_):
    case = town.handling()
    Case.objects.filter(pk=case.pk).update(lat=31.2215, lon=121.4195)
    answer = post(
        as_("wuye"), case, "arrive", here_lat="31.2219", here_lon="121.4199", here_system="wgs84", before=photo("b.jpg")
    )
    assert answer.status_code == 302
    event = CaseEvent.objects.get(case=case, verb="arrive")
    assert event.data == {"within_metres": 100}
    assert "31.22" not in repr(event.__dict__)
    assert CaseFile.objects.get(case=case).purpose == FilePurpose.BEFORE
    page = as_("jiandu").get(f"/field/cases/{case.number}/").content.decode()
    assert "约 100 米以内" in page
    wrong = post(as_("wuye"), case, "arrive", expected=case.version + 1, here_lat="95", here_lon="200")
    assert wrong.status_code == 422


def test_handing_in_asks_for_the_photos_and_says_why(town, as_):
    case = town.handling()
    client = as_("wuye")
    page = client.get(f"/field/cases/{case.number}/hand_in/").content.decode()
    assert "还需 1 张" in page
    answer = post(client, case, "hand_in", outcome="solved", text="清走了两车", after=photo())
    assert answer.status_code == 422
    body = answer.content.decode()
    assert "处置前照片还差 1 张" in body
    assert "清走了两车" in body
    kept = f"after:{StoredFile.objects.get().uuid}"
    assert kept in body
    assert state(case) == State.HANDLING
    answer = post(
        client,
        case,
        "hand_in",
        outcome="solved",
        text="清走了两车",
        phrase="现场已清理完毕，恢复整洁。",
        before=photo("b.jpg", (1, 1, 1)),
        kept=kept,
    )
    assert answer.status_code == 302
    assert state(case) == State.TO_CHECK
    assert CaseEvent.objects.get(case=case, verb="hand_in").text.startswith("现场已清理完毕")
    assert sorted(CaseFile.objects.filter(case=case).values_list("purpose", flat=True)) == ["after", "before"]


def test_files_of_others_cannot_be_named(town, as_):
    case = town.handling()
    other = town.photo("chengguan")
    uuid = StoredFile.objects.get(pk=other.file_id).uuid
    post(
        as_("wuye"),
        case,
        "hand_in",
        outcome="explained",
        text="说明",
        kept=[f"after:{uuid}", "after:nonsense", f"evil:{uuid}"],
    )
    assert state(case) == State.TO_CHECK
    assert not CaseFile.objects.filter(case=case).exists()


@pytest.mark.parametrize(
    ("verb", "data", "words"),
    [
        ("note", {"text": "明天再来"}, "明天再来"),
        ("contact", {"way": "phone", "result": "no_answer", "text": "没接"}, "没接"),
        ("request_extension", {"amount": "2", "time_unit": "work_days", "reason": "等配件"}, "等配件"),
        ("request_shelving", {"review_on": "2026-04-10", "reason": "等施工许可"}, "等施工许可"),
        ("request_raise", {"reason": "涉及三家单位"}, "涉及三家单位"),
        ("return_", {"reason": "不属本单位"}, "不属本单位"),
        ("ask", {"text": "请说明楼层"}, "请说明楼层"),
    ],
)
def test_the_other_acts_of_a_unit(town, as_, verb, data, words):
    case = town.handling(by="chengguan", unit="enforcement")
    client = as_("chengguan")
    assert client.get(f"/field/cases/{case.number}/{verb}/").status_code == 200
    empty = post(client, case, verb)
    assert empty.status_code == 422
    assert CaseEvent.objects.filter(case=case, verb=verb).count() == 0
    assert post(client, case, verb, **data).status_code == 302
    event = CaseEvent.objects.get(case=case, verb=verb)
    assert words in (event.text, event.reason)
    assert Request.objects.filter(case=case).count() == verb.startswith("request_")


def test_a_helping_unit_gives_its_own_result(town, as_):
    case = town.to_sign(helpers=["enforcement"])
    assert case.number in as_("chengguan").get("/field/?box=helping").content.decode()
    assert post(as_("chengguan"), case, "help_result", text="已查处摊贩", after=photo()).status_code == 302
    assert post(as_("danche"), case, "help_result", text="x").status_code == 404


def test_verify_on_the_spot(town, as_):
    case = town.to_verify()
    client = as_("jiandu")
    assert (
        post(client, case, "verify", confirmed="yes", phrase="现场情况与反映一致。", before=photo()).status_code == 302
    )
    assert state(case) == State.TO_DISPATCH
    assert CaseEvent.objects.get(case=case, verb="verify").text == "现场情况与反映一致。"
    case = town.to_verify()
    assert post(client, case, "verify", confirmed="no", text="没有找到").status_code == 302
    assert state(case) == State.REPORTED


def test_check_passes_or_sends_back_with_the_reason(town, as_):
    case = town.to_check()
    client = as_("jiandu")
    answer = post(client, case, "check", passed="no")
    assert answer.status_code == 422
    assert state(case) == State.TO_CHECK
    assert post(client, case, "check", passed="no", text="还有残留", check=photo()).status_code == 302
    assert state(case) == State.HANDLING
    assert CaseFile.objects.get(case=case).purpose == FilePurpose.CHECK
    case = town.to_check()
    assert post(client, case, "check", passed="yes").status_code == 302
    assert state(case) == State.TO_REPLY


def test_reply_and_resume_and_order(town, as_):
    case = town.to_reply()
    assert (
        post(
            as_("jiandu"), case, "reply", way="phone", result="reached", phrase="您反映的问题已处理完毕，感谢您的监督。"
        ).status_code
        == 302
    )
    case = town.handling()
    services.request_shelving(
        by=town.actor("wuye"),
        now=town.world.now,
        case=case,
        reason="等",
        review_on=town.world.now.date() + timedelta(days=9),
    )
    services.decide_shelving(by=town.actor("zhiban"), now=town.world.now, case=case, granted=True)
    assert post(as_("wuye"), case, "resume", reason="许可已下").status_code == 302
    order = services.order(
        by=town.actor("ducha"),
        now=town.world.now,
        case=Case.objects.get(pk=case.pk),
        text="两天内办结",
        due_on=town.world.now.date(),
    )
    client = as_("wuye")
    assert "督办" in client.get(f"/field/cases/{case.number}/").content.decode()
    assert post(client, case, "order_reply", order=order.pk, text="今天完成").status_code == 302
    order.refresh_from_db()
    assert order.reply == "今天完成"
    other = town.handling()
    assert post(client, other, "order_reply", order=order.pk, text="x").status_code == 404


def test_the_reporter_is_reached_for_a_purpose_that_is_journalled(town, as_):
    case = town.handling(by="chengguan", unit="enforcement")
    client = as_("chengguan")
    url = f"/field/cases/{case.number}/reach/"
    assert PHONE not in client.get(url).content.decode()
    assert client.post(url, {"purpose": "curious"}).status_code == 422
    assert not Entry.objects.filter(verb="cases.open_contact").exists()
    shown = client.post(url, {"purpose": "first_contact"})
    assert f'href="tel:{PHONE}"' in shown.content.decode()
    assert shown["Cache-Control"] == "no-store"
    assert Entry.objects.get(verb="cases.open_contact").reason == "先行联系，了解情况"
    assert as_("wuye").get(url).status_code == 404
    mine = town.handling()
    assert as_("wuye").get(f"/field/cases/{mine.number}/reach/").status_code == 403


def test_strangers_find_nothing_readers_may_not_write_nobody_else_gets_in(town, as_, client):
    case = town.handling()
    before = (CaseEvent.objects.count(), Entry.objects.count())
    url = f"/field/cases/{case.number}/hand_in/"
    assert client.post(url, {"text": "x"})["Location"].startswith("/login/")
    assert as_("danche").post(url, {"text": "x"}).status_code == 404
    assert as_("jiandu").post(url, {"text": "x"}).status_code == 403
    assert as_("jiandu").get(url).status_code == 403
    for outsider in ("jumin", "xitong", "anquan", "shenji"):
        assert as_(outsider).get(f"/field/cases/{case.number}/").status_code == 404
        assert client.get("/field/").status_code == 404
    assert as_("wuye").post("/field/").status_code == 405
    assert client.put(url).status_code == 405
    assert client.get(f"/field/cases/{case.number}/void/").status_code == 404
    assert (CaseEvent.objects.count(), Entry.objects.count()) == before


def test_a_stale_page_keeps_what_was_typed(town, as_):
    case = town.handling()
    services.note(by=town.actor("paidan"), now=town.world.now, case=Case.objects.get(pk=case.pk), text="请尽快")
    answer = post(as_("wuye"), case, "hand_in", outcome="explained", text="已经说明")
    assert answer.status_code == 409
    body = answer.content.decode()
    assert "已经说明" in body
    assert f'name="expected" value="{case.version + 1}"' in body
    assert (
        post(as_("wuye"), case, "hand_in", expected=case.version + 1, outcome="explained", text="已经说明").status_code
        == 302
    )


def test_a_send_whose_answer_was_lost_is_not_done_twice(town, as_):
    case = town.handling()
    client = as_("wuye")
    for verb, data in (("note", {"text": "同一句"}), ("hand_in", {"outcome": "explained", "text": "说明"})):
        assert post(client, case, verb, **data).status_code == 302
        assert post(client, case, verb, **data).status_code == 302
        assert CaseEvent.objects.filter(case=case, verb=verb).count() == 1
        case.refresh_from_db()


def test_in_another_state_the_form_says_so(town, as_):
    case = town.to_sign()
    answer = as_("wuye").get(f"/field/cases/{case.number}/hand_in/")
    assert answer.status_code == 409
    assert "“待签收”状态下不能提交处置结果" in answer.content.decode()


def test_photos_come_out_by_the_door_of_the_case(town, as_):
    case = town.handling()
    client = as_("wuye")
    answer = client.post("/field/upload/", {"file": photo(), "field": "after"})
    assert answer.status_code == 201
    kept = answer.json()["kept"]
    post(client, case, "note", text="附照片")  # names nothing: not attached
    case.refresh_from_db()
    post(client, case, "hand_in", outcome="explained", text="见照片", kept=kept)
    url = f"/field/cases/{case.number}/file/{UUID(kept[6:])}/320/"
    shown = client.get(url)
    assert (shown.status_code, shown["Content-Type"].split("/")[0], shown["X-Content-Type-Options"]) == (
        200,
        "image",
        "nosniff",
    )
    assert len(b"".join(shown.streaming_content)) == int(shown["Content-Length"])
    assert client.get(url.replace("/320/", "/999/")).status_code == 404
    assert client.get(f"/field/cases/{case.number}/file/{uuid4()}/320/").status_code == 404
    assert as_("danche").get(url).status_code == 404
    original = as_("wuye").get(f"/field/cases/{case.number}/file/{UUID(kept[6:])}/")
    assert original["Content-Disposition"].startswith("attachment")
    b"".join(original.streaming_content)


def test_no_picture_is_refused_in_words(town, as_):
    client = as_("wuye")
    for sent in (
        {},
        {"file": photo(), "field": "evil"},
        {"file": SimpleUploadedFile("a.jpg", b"<html>"), "field": "after"},
    ):
        assert client.post("/field/upload/", sent, headers={"Accept": "application/json"}).status_code == 422
    case = town.handling()
    answer = post(client, case, "arrive", before=SimpleUploadedFile("a.jpg", b"<script>alert(1)</script>"), text="到了")
    assert answer.status_code == 422
    assert "到了" in answer.content.decode()
    assert not StoredFile.objects.exists()
    assert state(case) == State.HANDLING


def test_map_and_ground(town, as_):
    case = town.handling()
    Case.objects.filter(pk=case.pk).update(lat=31.2215, lon=121.4195)
    client = as_("wuye")
    assert case.number in client.get("/field/map/").content.decode()
    ground = client.get("/field/areas.json").json()
    assert {f["properties"]["kind"] for f in ground["features"]} >= {"area", "road"}


@pytest.mark.mechanism("000-19")
def test_who_must_answer_and_who_is_on_tonight(town, as_):
    page = as_("weiwangge").get("/field/around/").content.decode()
    assert "微网格长甲" in page
    assert "书记甲" in page
    assert "派单员乙" in page  # on duty tonight
    gap = as_("paidan").get(f"/field/around/{town.world.areas['华一'].pk}/").content.decode()
    assert "无人负责，请报告综合网格长" in gap
    assert as_("paidan").get("/field/around/999999/").status_code == 404
    assert "您的岗位不对应具体区域" in as_("ducha").get("/field/around/").content.decode()
