"""Root causes, thanks and call-backs as the desk's pages: what each shows, takes, refuses."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from linli.engines.cases import selectors, services
from linli.engines.cases.models import CallBack, CallBackRound, Case, Praise, RootCause
from linli.engines.cases.selectors.praise import giver_of
from linli.engines.cases.types import NewPraise
from linli.engines.cases.workflow import Outcome
from linli.engines.projects.models import Task
from linli.foundation.core import clock
from linli.foundation.jobs import services as jobs
from linli.interfaces.desk.tests.help import enter, fresh, make_case
from linli.interfaces.portal.tests.steps import follow

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)


def test_a_split_report_is_shown_with_its_parts_and_answered_once(world, django_assert_max_num_queries):
    case, client = make_case(world, text="楼道堆物，楼下还有人乱停车"), enter(world, "paidan")
    address = f"/desk/cases/{case.number}/split/"
    page = client.get(address).content.decode()
    for words in ("拆分后再派遣", "同原件", "2 至 10 件"):
        assert words in page
    area = world.areas["华一"]
    sent = {
        "part_text": ["楼道堆物", "乱停车"],
        "part_category": ["corridor_clutter", "car_parking"],
        "part_address": ["", "另一条路 9 号"],
        "part_area": ["", area.pk],
        "part_unit": [world.units["enforcement"].pk, ""],
        "reason": "两件事",
    }
    late = client.post(address, {**sent, "part_text": ["楼道堆物", "乱停车"] + ["又一件"] * 9})
    assert late.status_code == 422
    assert "最多拆分为 10 件" in late.content.decode()
    assert client.post(address, sent).status_code == 302
    one, two = case.parts.order_by("id")
    assert (one.state, one.unit, one.area_id) == ("to_sign", world.units["enforcement"], case.area_id)
    assert (two.state, two.area_id, two.address) == ("reported", area.pk, "另一条路 9 号")
    with django_assert_max_num_queries(20):
        page = client.get(f"/desk/cases/{case.number}/").content.decode()
    for words in ("拆分的各件", "2 件，已办结 0 件", one.number, two.number, "尚未派遣"):
        assert words in page
    assert "拆分自" in client.get(f"/desk/cases/{one.number}/").content.decode()
    for part, unit in ((one, "楼道已清"), (two, "车已挪走")):
        end(world, part, unit)
    form = client.get(f"/desk/cases/{case.number}/act/reply/").content.decode()
    assert "楼道已清" in form
    assert "车已挪走" in form
    code = services.new_code(by=world.actor("paidan"), now=world.now, case=fresh(case.number)).tracking_code
    story = follow(Client(), code).content.decode()
    for words in ("您反映的几件事", "楼道已清", "车已挪走"):
        assert words in story


def end(world, part, text):
    paidan, unit = world.actor("paidan"), world.actor("chengguan")
    part = fresh(part.number)
    if part.state == "reported":
        services.dispatch(by=paidan, now=world.now, case=part, unit_id=world.units["enforcement"].pk)
    services.sign(by=unit, now=world.now, case=part)
    services.hand_in(by=unit, now=world.now, case=part, text=text, outcome=Outcome.EXPLAINED)
    services.check(by=world.actor("jiandu"), now=world.now, case=part, passed=True)
    services.reply(by=paidan, now=world.now, case=part, way="phone", text=text)
    services.close(by=paidan, now=world.now, case=part)
    jobs.drain(now=world.now)


def test_a_split_is_taken_back_from_the_page(world):
    case, client = make_case(world), enter(world, "paidan")
    services.split(by=world.actor("paidan"), now=world.now, case=case, parts=two_parts(), reason="两件")
    address = f"/desk/cases/{case.number}/act/unsplit/"
    assert client.get(address).status_code == 200
    assert client.post(address, {"reason": ""}).status_code == 422
    assert enter(world, "shegong").post(address, {"reason": "x"}).status_code == 403
    assert client.post(address, {"reason": "拆错了"}).status_code == 302
    assert fresh(case.number).state == "reported"


def two_parts():
    from linli.engines.cases.types import Report

    return [Report(text="甲", category="noise"), Report(text="乙", category="garbage")]


def test_a_root_cause_is_opened_from_the_chosen_cases(world, django_assert_max_num_queries):
    cases = [make_case(world) for _i in range(3)]
    client = enter(world, "paidan")
    assert "归为根因" in client.get("/desk/").content.decode()
    chosen = [c.number for c in cases[:2]]
    page = client.post("/desk/roots/new/", {"chosen": chosen}).content.decode()
    assert "反复发生" in page
    assert all(n in page for n in chosen)
    refused = client.post(
        "/desk/roots/new/", {"chosen": chosen, "title": "桶太少", "text": "", "root": "", "level": ""}
    )
    assert refused.status_code == 422
    assert "桶太少" in refused.content.decode()
    assert not RootCause.objects.exists()
    done = client.post(
        "/desk/roots/new/", {"chosen": chosen, "title": "桶太少", "text": "每周满", "root": "", "level": "difficult"}
    )
    assert done.status_code == 302
    root = Case.objects.get(kind="root_cause")
    assert (root.title, root.level) == ("桶太少", "difficult")
    client.get(f"/desk/cases/{root.number}/")  # what a process keeps for seconds is there
    with django_assert_max_num_queries(20):
        page = client.get(f"/desk/cases/{root.number}/").content.decode()
    assert "由此引起的案件" in page
    assert all(n in page for n in chosen)
    assert root.number in client.get(f"/desk/cases/{chosen[0]}/").content.decode()
    more = client.post("/desk/roots/new/", {"chosen": [cases[2].number], "text": "", "root": root.number, "level": ""})
    assert more.status_code == 302
    assert root.root_cause.children.count() == 3
    with django_assert_max_num_queries(10):
        listed = client.get("/desk/roots/").content.decode()
    assert root.number in listed
    assert "没有反复发生的问题" in client.get("/desk/roots/?tab=suggested").content.decode()
    assert "这里没有根因案件" in client.get("/desk/roots/?tab=closed").content.decode()
    assert enter(world, "chengguan").get("/desk/roots/new/").status_code == 403
    assert enter(world, "shuji02").get("/desk/roots/").status_code == 200


def test_the_page_suggests_and_leads_to_the_form(world):
    cases = [make_case(world) for _i in range(3)]
    page = enter(world, "paidan").get("/desk/roots/?tab=suggested").content.decode()
    assert "长宁路 488 弄 12 号" in page
    assert all(f"chosen={c.number}" in page for c in cases)


def praise_form(world, **fields):
    return {
        "kind": "banner",
        "given_on": "2026-03-09",
        "unit": world.units["enforcement"].pk,
        "post": "中队执法岗",
        "words": "为民解忧",
        "giver": "李阿姨",
        "number": "",
        **fields,
    }


@pytest.mark.mechanism("002-08")
def test_a_banner_is_entered_shown_exported_and_made_public_without_the_name(world, client):
    case, head = make_case(world), enter(world, "zhongdui")
    services.dispatch(by=world.actor("paidan"), now=world.now, case=case, unit_id=world.units["enforcement"].pk)
    empty = head.get("/desk/praise/").content.decode()
    assert "还没有登记表扬" in empty
    assert case.number in head.get(f"/desk/praise/new/?case={case.number}").content.decode()
    wrong = head.post("/desk/praise/new/", praise_form(world, given_on="2026-03-11", words="为民解忧解难"))
    assert wrong.status_code == 422
    assert "日期不能晚于今天" in wrong.content.decode()
    assert "为民解忧解难" in wrong.content.decode()
    assert head.post("/desk/praise/new/", praise_form(world, number="HY0")).status_code == 422
    assert not Praise.objects.exists()
    sent = praise_form(world, number=case.number, public="yes", picture=picture())
    done = head.post("/desk/praise/new/", sent)
    assert done.status_code == 302
    row = Praise.objects.get()
    assert (row.case_id, row.public, row.consent) == (case.pk, True, False)
    assert b"\xe6\x9d\x8e" not in bytes(row.giver_sealed)
    assert giver_of(row) == "李阿姨"
    page = head.get(f"/desk/praise/{row.uuid}/").content.decode()
    for words in ("李阿姨", "姓名不公开", "为民解忧", case.number):
        assert words in page
    assert head.get(f"/desk/praise/{row.uuid}/picture/320/").status_code == 200
    assert "为民解忧" in head.get(f"/desk/cases/{case.number}/").content.decode()
    public = client.get("/praise/").content.decode()
    assert "为民解忧" in public
    assert "李阿姨" not in public
    export: Any = head.post("/exports/of/praise/", {"form": "xlsx"})
    sheet: Any = openpyxl.load_workbook(BytesIO(b"".join(export.streaming_content))).active
    cells = [c.value for line in sheet.iter_rows() for c in line]
    assert "为民解忧" in cells
    assert "李阿姨" not in str(cells)


def picture():
    from PIL import Image

    out = BytesIO()
    Image.new("RGB", (40, 30), "red").save(out, "JPEG")
    return SimpleUploadedFile("jinqi.jpg", out.getvalue(), "image/jpeg")


def test_thanks_belong_to_the_unit_and_its_own_people_or_the_centre_enter_them(world):
    other = enter(world, "minjing")
    assert other.post("/desk/praise/new/", praise_form(world)).status_code == 422  # the unit is not among theirs
    for who in ("ducha", "wuye"):
        assert enter(world, who).post("/desk/praise/new/", praise_form(world)).status_code in {403, 422}
    assert not Praise.objects.exists()
    paidan = enter(world, "paidan")
    assert paidan.post("/desk/praise/new/", praise_form(world, consent="yes")).status_code == 302
    row = Praise.objects.get()
    assert other.get(f"/desk/praise/{row.uuid}/").status_code == 404
    assert "为民解忧" not in other.get("/desk/praise/").content.decode()
    lead = enter(world, "lingdao")
    assert lead.get(f"/desk/praise/{row.uuid}/").status_code == 200
    assert lead.post(f"/desk/praise/{row.uuid}/", {"act": "show"}).status_code == 403
    assert paidan.post(f"/desk/praise/{row.uuid}/", {"act": "show"}).status_code == 302
    assert "李阿姨" in Client().get("/praise/").content.decode()
    assert paidan.post(f"/desk/praise/{row.uuid}/", {"act": "withdraw", "reason": ""}).status_code == 422
    assert paidan.post(f"/desk/praise/{row.uuid}/", {"act": "withdraw", "reason": "重复"}).status_code == 302
    assert paidan.get(f"/desk/praise/{row.uuid}/").status_code == 404
    assert "李阿姨" not in Client().get("/praise/").content.decode()


def test_thanks_for_a_confidential_case_are_not_public(world):
    case = make_case(world, confidential=True)
    paidan = enter(world, "paidan")
    sent = praise_form(world, number=case.number, public="yes")
    refused = paidan.post("/desk/praise/new/", sent)
    assert refused.status_code == 422
    assert "不能公开" in refused.content.decode()


def test_a_long_register_is_paged_with_few_statements(world, django_assert_max_num_queries):
    by = world.actor("paidan")
    first = services.register_praise(
        by=by, now=world.now, praise=NewPraise("spoken", world.now.date(), "谢谢", world.units["enforcement"].pk)
    )
    rows = [
        Praise(
            kind="letter",
            given_on=world.now.date() - timedelta(days=i % 300),
            words=f"感谢{i}",
            unit=first.unit,
            entered_at=world.now,
            entered_label="派单员",
        )
        for i in range(2_000)
    ]
    Praise.objects.bulk_create(rows)
    client = enter(world, "paidan")
    with django_assert_max_num_queries(8):
        page = client.get("/desk/praise/").content.decode()
    assert page.count("感谢") == 49
    assert "cursor=" in page
    assert "感谢1999" in client.get("/desk/praise/?q=感谢1999").content.decode()
    assert "没有符合条件的表扬" in client.get("/desk/praise/?q=没有这句").content.decode()


def closed_last_week(world, count, **fields):
    """Close cases a week before the world's morning; return them."""
    then, found = world.now - WEEK, []
    paidan, unit = world.actor("paidan"), world.actor("chengguan")
    for i in range(count):
        with clock.frozen(then):
            case = make_case_at(world, then, phone=f"1381234{i:04d}", **fields)
            services.dispatch(by=paidan, now=then, case=case, unit_id=world.units["enforcement"].pk)
            services.sign(by=unit, now=then, case=case)
            services.hand_in(by=unit, now=then, case=case, text="已处理", outcome=Outcome.EXPLAINED)
            services.check(by=world.actor("jiandu"), now=then, case=case, passed=True)
            services.contact(by=paidan, now=then, case=case, way="phone", result="reached", text="已告知") if (
                case.source == "hotline"
            ) else None
            services.reply(by=paidan, now=then, case=case, way="phone", text="已处理好")
            services.close(by=paidan, now=then, case=case)
        found.append(fresh(case.number))
    return found


def make_case_at(world, then, *, phone, **fields):
    from linli.engines.cases.types import Contact, FeedbackWay, Report
    from linli.foundation.core.actors import GUEST

    given = {"address": "长宁路 488 弄 12 号", "area_id": world.areas["陶家宅"].pk, **fields}
    contact = Contact(name="王阿姨", phone=phone, way=FeedbackWay.PHONE) if phone else Contact()
    receipt = services.report(
        by=GUEST, now=then, report=Report(text="垃圾没人清", category="garbage", contact=contact, **given)
    )
    return fresh(receipt.number)


def test_each_week_a_sample_is_drawn_once_and_the_centre_gets_the_task(world):
    cases = closed_last_week(world, 6)
    row: Any = services.draw_call_backs(now=world.now, seed="seed")
    assert services.draw_call_backs(now=world.now, seed="other") is None
    assert row.drawn == CallBack.objects.count() == 2  # 20 % of six explained ones, rounded up
    assert len(row.candidates) == 6
    assert selectors.redrawn([row]) == {row.pk: True}
    task = Task.objects.get(source_uuid=row.uuid)
    assert task.unit.kind == "operations_centre"
    CallBack.objects.all().delete()
    CallBack.objects.create(round=row, case=cases[0])
    CallBackRound.objects.filter(pk=row.pk).update(candidates=[[c.pk, "explained", 1] for c in cases[1:]])
    assert selectors.redrawn([CallBackRound.objects.get()]) == {row.pk: False}


def test_confidential_ones_the_citys_and_those_without_a_contact_are_not_drawn(world):
    closed_last_week(world, 1, confidential=True)
    closed_last_week(world, 1, source="hotline", external_number="12345-1")
    silent = closed_last_week(world, 1)
    silent[0].reporters.update(phone_hash="")
    wanting_nothing = closed_last_week(world, 1)
    wanting_nothing[0].reporters.update(way="none")
    row: Any = services.draw_call_backs(now=world.now)
    assert (row.candidates, row.drawn) == ([], 0)
    assert not Task.objects.exists()


def test_a_call_is_recorded_and_an_unhappy_one_goes_to_review(world, django_assert_max_num_queries):
    closed_last_week(world, 6)
    services.draw_call_backs(now=world.now, seed="seed")
    happy, unhappy = CallBack.objects.order_by("id")
    client = enter(world, "paidan")
    with django_assert_max_num_queries(10):
        assert happy.case.number in client.get("/desk/callbacks/").content.decode()
    address = f"/desk/callbacks/{happy.uuid}/"
    page = client.get(address).content.decode()
    for words in ("查看反映人联系方式", "已处理好", "问题解决了吗"):
        assert words in page
    lacking = client.post(address, {"result": "reached", "words": "挺好的"})
    assert lacking.status_code == 422
    assert "请选择问题是否解决" in lacking.content.decode()
    assert "挺好的" in lacking.content.decode()
    assert client.post(address, {"result": "no_answer"}).status_code == 302
    happy.refresh_from_db()
    assert (happy.state, happy.attempts) == ("waiting", 1)
    sent = {"result": "reached", "solved": "yes", "satisfied": "satisfied", "words": "挺好的 13900001111"}
    assert client.post(address, sent).status_code == 302
    happy.refresh_from_db()
    assert (happy.state, happy.attempts, happy.satisfied) == ("done", 2, "satisfied")
    assert "13900001111" not in happy.words
    assert not fresh(happy.case.number).needs_review
    assert client.post(address, sent).status_code == 409
    bad = {"result": "reached", "solved": "no", "satisfied": "unsatisfied", "words": "还是很脏"}
    assert client.post(f"/desk/callbacks/{unhappy.uuid}/", bad).status_code == 302
    case = fresh(unhappy.case.number)
    assert case.needs_review
    assert "review" in case.dues
    assert "没有解决" in client.get(f"/desk/cases/{case.number}/").content.decode()
    assert Task.objects.get().state == "done"
    services.review(by=world.actor("zhiban"), now=world.now, case=case, reopen=True, reason="属实")
    assert fresh(case.number).state == "handling"
    assert unhappy.case.number in client.get("/desk/callbacks/?tab=made").content.decode()
    row = CallBackRound.objects.get()
    CallBackRound.objects.bulk_create(
        CallBackRound(week=row.week - timedelta(days=7 * n), seed=f"s{n}", drawn_at=world.now) for n in range(1, 400)
    )
    with django_assert_max_num_queries(9):
        page = client.get("/desk/callbacks/?tab=rounds").content.decode()
    assert "seed" in page
    assert page.count("一致") >= 20
    assert "cursor=" in page


def test_after_three_tries_nobody_is_bothered_any_more(world):
    closed_last_week(world, 1)
    services.draw_call_backs(now=world.now)
    call, client = CallBack.objects.get(), enter(world, "paidan")
    for _i in range(3):
        assert client.post(f"/desk/callbacks/{call.uuid}/", {"result": "no_answer"}).status_code == 302
    call.refresh_from_db()
    assert (call.state, call.attempts) == ("given_up", 3)


def test_only_the_centre_calls_and_leaders_look_on(world):
    (case,) = closed_last_week(world, 1)
    services.draw_call_backs(now=world.now)
    address = f"/desk/callbacks/{CallBack.objects.get().uuid}/"
    for who in ("chengguan", "shegong", "wuye"):
        assert enter(world, who).get("/desk/callbacks/").status_code == 403
        assert enter(world, who).post(address, {"result": "no_answer"}).status_code == 403
    lead = enter(world, "lingdao")
    assert lead.get(address).status_code == 200
    assert lead.post(address, {"result": "no_answer"}).status_code == 403
    services.reopen(by=world.actor("paidan"), now=world.now, case=case, reason="又脏了")
    client = enter(world, "paidan")
    assert "不必回访" in client.get(address).content.decode()
    assert client.post(address, {"result": "no_answer"}).status_code == 409
    assert client.post(address, {"act": "drop", "reason": ""}).status_code == 422
    assert client.post(address, {"act": "drop", "reason": "已重新办理"}).status_code == 302
    assert CallBack.objects.get().state == "given_up"


def test_the_page_of_ledgers_shows_what_a_person_has(world):
    page = enter(world, "paidan").get("/desk/more/").content.decode()
    for words in ("根因案件", "电话回访", "表扬登记"):
        assert words in page
    assert "电话回访" not in enter(world, "shegong").get("/desk/more/").content.decode()
