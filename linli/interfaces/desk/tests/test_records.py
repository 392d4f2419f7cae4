"""Records at the desk: reviewed one after the other, judged, followed to the end, taken out."""

import csv
import io
import json
import re
from datetime import timedelta

import docx
import openpyxl
import pytest

from linli.engines.cases.models import Case
from linli.engines.fieldwork import services
from linli.engines.fieldwork.models import Finding, Submission, SubmissionUnit
from linli.engines.fieldwork.tests.sent import scene
from linli.foundation.core import clock
from linli.foundation.journal.models import Entry
from linli.interfaces.portal.tests.steps import words
from tests.login import log_in

pytestmark = pytest.mark.django_db
HOME = "/desk/fieldwork/"


@pytest.fixture
def as_(world, client):
    with clock.frozen(world.now):
        yield lambda who: log_in(client, world.users[who])


def text(answer):
    return re.sub(r"\s+", " ", answer.content.decode())


def test_the_queue_goes_from_one_to_the_next_oldest_first_and_never_ones_own(world, as_):
    s = scene(world, review=True)
    receipts = [s.send(s.packet(n, answers={"wires": True}), after=timedelta(minutes=n)) for n in (0, 1)]
    head = as_("zhongdui")
    page = head.get(HOME + "review/")
    assert words(page).index("小店1") < words(page).index("小店2")
    assert "审核通过后登记问题" in text(head.get(f"{HOME}records/{receipts[0].uuid}/"))
    decide = f"{HOME}records/{receipts[0].uuid}/decide/"
    done = head.post(decide, {"act": "accept", "next": str(receipts[1].uuid)})
    assert done.status_code == 302
    assert str(receipts[1].uuid) in done.url
    assert Finding.objects.count() == 1
    back = f"{HOME}records/{receipts[1].uuid}/decide/"
    refused = head.post(back, {"act": "return", "reason": ""})
    assert refused.status_code == 422
    assert "必填" in text(refused)
    assert head.post(back, {"act": "return", "reason": "照片看不清"}).status_code == 302
    again = head.post(back, {"act": "accept"})
    assert again.status_code == 409
    assert "退回补正" in text(again)
    assert "没有待审核的记录" in text(head.get(HOME + "review/"))
    own = as_("chengguan")
    assert "没有待审核的记录" in text(own.get(HOME + "review/"))
    shown = text(own.get(HOME + "mine/"))
    assert "待更正" in shown
    assert "照片看不清" in shown
    owed = text(own.get("/desk/owed/?scope=me"))
    assert "待更正" in owed
    assert "小店3" not in owed


def test_a_correction_shows_what_it_said_before_beside_last_times_picture(world, as_):
    s = scene(world)
    s.send(s.packet(0, files={"shot": [s.photo()]}))
    later = timedelta(days=1)
    second = s.packet(
        1, files={"shot": [s.photo(after=later)]}, made_at=world.now + later, answers={"memo": "门口有杂物"}
    )
    s.send(second, after=later)
    mended = s.packet(1, former=second.uuid, made_at=world.now + later, answers={"memo": "门口有三件杂物"})
    s.send(mended, after=2 * later)
    head = as_("zhongdui")
    shown = text(head.get(f"{HOME}records/{mended.uuid}/"))
    assert "原：门口有杂物" in shown
    assert "更正件" in shown
    first = Submission.objects.order_by("pk").first()
    again = s.packet(0, round=s.round.uuid, visit=None, target=s.shops[0].uuid, made_at=world.now + later,
                     files={"shot": [s.photo(after=later)]})  # fmt: skip
    s.send(again, after=later)
    page = text(head.get(f"{HOME}records/{again.uuid}/"))
    assert "上次 2026-03-10" in page
    file = first.files.get().file.uuid
    assert head.get(f"{HOME}records/{first.uuid}/files/{file}/320/").status_code == 200
    assert as_("shuji02").get(f"{HOME}records/{first.uuid}/files/{file}/320/").status_code == 404


def test_of_two_records_of_one_visit_a_person_judges_which_stands(world, as_):
    s = scene(world)
    first, second = s.packet(2, answers={"memo": "甲说"}), s.packet(2, answers={"memo": "乙说"})
    s.send(first)
    s.send(second, who="chengguan2", after=timedelta(hours=1))
    head = as_("zhongdui")
    page = text(head.get(HOME + "review/?box=rivals"))
    assert "甲说" in page
    assert "乙说" in page
    decide = f"{HOME}records/{second.uuid}/decide/?box=rivals"
    assert head.post(decide, {"act": "keep_second", "reason": "后一份有照片"}).status_code == 302
    assert Submission.objects.get(uuid=first.uuid).state == "aside"
    assert "没有待判定的记录" in text(head.get(HOME + "review/?box=rivals"))


def test_a_finding_is_one_page_from_the_look_to_the_score(world, as_):
    s = scene(world)
    s.send(s.packet(0, answers={"wires": True}, files={"shot": [s.photo()]}))
    finding = Finding.objects.get()
    head = as_("zhongdui")
    url = f"{HOME}findings/{finding.uuid}/"
    case = Case.objects.get(uuid=str(finding.case_uuid))
    shown = text(head.get(url))
    assert case.number in shown
    assert "已立案" in shown
    assert "整改前" in shown
    page = as_("paidan").get(f"/desk/cases/{case.number}/")
    assert f"/desk/fieldwork/findings/{finding.uuid}/" in text(page), "the case says from which finding it came"
    Case.objects.filter(pk=case.pk).update(state="closed", closed_at=world.now, outcome="solved")
    services.follow_case(now=world.now + timedelta(hours=3), case_uuid=case.uuid)
    finding.refresh_from_db()
    assert (finding.state, finding.recheck.target_id) == ("rectified", s.shops[0].pk)
    shown = text(as_("zhongdui").get(url))
    assert "已整改，待复核" in shown
    assert f"/desk/fieldwork/visits/{finding.recheck.uuid}/" in shown
    later = timedelta(days=2)
    again = s.packet(None, visit=finding.recheck.uuid, made_at=world.now + later, answers={"wires": False},
                     files={"shot": [s.photo(after=later)]})  # fmt: skip
    s.send(again, after=later)
    shown = text(as_("zhongdui").get(url))
    assert "已销项" in shown
    assert str(again.uuid) in shown
    third = s.packet(None, visit=s.visits[1].uuid)
    s.send(third, after=later)
    relapse = s.packet(None, round=s.round.uuid, target=s.shops[0].uuid, made_at=world.now + 2 * later,
                       answers={"wires": True}, files={"shot": [s.photo(after=2 * later)]})  # fmt: skip
    s.send(relapse, after=2 * later)
    new = Finding.objects.latest("pk")
    assert "同一处、同一项，销项后再次不合格" in text(as_("zhongdui").get(f"{HOME}findings/{new.uuid}/"))
    assert "此后又反弹" in text(as_("zhongdui").get(url))


def test_a_finding_without_a_category_waits_for_a_person_and_may_be_an_error(world, as_):
    s = scene(world)
    s.send(s.packet(0, answers={"smoke": True}))
    s.send(s.packet(1, answers={"smoke": True}))
    first, second = Finding.objects.order_by("pk")
    head = as_("zhongdui")
    assert "油烟扰民" in text(head.get(HOME + "findings/?box=undecided"))
    step = f"{HOME}findings/{first.uuid}/step/"
    assert head.post(step, {"act": "case", "version": first.version, "category": ""}).status_code == 422
    assert head.post(step, {"act": "case", "version": first.version, "category": "garbage"}).status_code == 302
    first.refresh_from_db()
    assert first.state == "case"
    assert head.post(step, {"act": "case", "version": 1, "category": "garbage"}).status_code == 409
    wrong = f"{HOME}findings/{second.uuid}/step/"
    assert as_("chengguan").post(wrong, {"act": "drop", "version": 1, "reason": "我看错了"}).status_code == 403
    assert (
        as_("zhongdui").post(wrong, {"act": "drop", "version": second.version, "reason": "已停业"}).status_code == 302
    )
    second.refresh_from_db()
    assert second.state == "dropped"


def test_what_was_mended_on_the_spot_counts_without_a_case(world, as_):
    s = scene(world)
    s.send(
        s.packet(
            0, answers={"order": {"goods": "bad", "goods_mended": True}},
            files={"order/goods_before": [s.photo()], "order/goods_after": [s.photo()]},
        )
    )  # fmt: skip
    finding = Finding.objects.get()
    head = as_("zhongdui")
    shown = text(head.get(f"{HOME}findings/{finding.uuid}/"))
    assert "不立案，计入整改" in shown
    assert not Case.objects.exists()
    assert shown.count("<img") >= 2
    sheet = text(head.get(f"{HOME}rounds/{s.round.uuid}/pairs/"))
    assert sheet.count("整改前：") == 1
    assert sheet.count("整改后：") == 1


@pytest.mark.mechanism("004-23")
@pytest.mark.mechanism("000-33")
def test_a_joint_action_has_one_record_of_several_units_with_heads_pictures_and_quantities(world, as_):
    s = scene(world)
    who = [world.units["enforcement"].pk, world.units["housing"].pk]
    packet = s.packet(
        0, answers={"order": {"goods": "bad", "goods_mended": True}, "size": "36.5"},
        files={"order/goods_before": [s.photo()], "order/goods_after": [s.photo()]},
    )  # fmt: skip
    s.send(packet)
    url = f"{HOME}records/{packet.uuid}/"
    mine = as_("chengguan")
    refused = mine.post(url + "present/", {f"people_{who[0]}": "0"})
    assert refused.status_code == 422
    assert "人数填" in text(refused)
    sent = {f"people_{who[0]}": "6", "unit": who[1], "people": "4"}
    assert mine.post(url + "present/", sent).status_code == 302
    assert dict(SubmissionUnit.objects.values_list("unit_id", "people")) == {who[0]: 6, who[1]: 4}
    shown = text(mine.get(url))
    assert "2 家单位 10 人" in shown
    assert "36.5" in shown
    word = docx.Document(io.BytesIO(b"".join(mine.get(url + "record.docx").streaming_content)))
    cells = "\n".join(c.text for t in word.tables for row in t.rows for c in row.cells)
    assert "6 人" in cells
    assert "4 人" in cells
    assert "36.5" in cells
    assert "被检查单位（人）" in cells
    assert len(word.inline_shapes) == 2
    assert as_("paidan").post(url + "present/", {f"people_{who[0]}": "9"}).status_code in {302, 403}
    assert as_("shuji02").post(url + "present/", {f"people_{who[0]}": "9"}).status_code == 404
    assert Entry.objects.filter(verb="fieldwork.present").exists()


def test_a_round_is_taken_out_as_a_table_with_pictures_as_csv_and_as_points(world, as_):
    s = scene(world)
    s.shops[0].lat, s.shops[0].lon = 31.2191, 121.4123
    s.shops[0].save()
    s.send(
        s.packet(0, answers={"keeper": "店主甲", "memo": "=1+1", "wires": True}, files={"shot": [s.photo(), s.photo()]})
    )
    s.send(s.packet(1))
    head = as_("zhongdui")
    url = f"{HOME}rounds/{s.round.uuid}/export/"
    body = b"".join(head.get(url + "xlsx/").streaming_content)
    sheet = openpyxl.load_workbook(io.BytesIO(body)).worksheets[0]
    heads = [c.value for c in sheet[1]]
    assert sheet.max_row == 3
    assert heads[0] == "对象"
    assert "照片 2" in heads
    hung = vars(sheet)["_images"]
    assert len(hung) == 2
    assert {i.anchor._from.row for i in hung} == {1}
    assert "店主甲" not in str([c.value for row in sheet for c in row])
    rows = list(csv.reader(io.StringIO(b"".join(head.get(url + "csv/").streaming_content).decode("utf-8-sig"))))
    assert (len(rows), rows[1][0]) == (3, "小店1")
    found = json.loads(head.get(url + "geojson/").content)
    assert [f["properties"]["name"] for f in found["features"]] == ["小店1"]
    assert head.get(url + "pdf/").status_code == 404
    ways = Entry.objects.filter(verb="fieldwork.export").values_list("after", flat=True)
    assert sorted(w["way"] for w in ways if w) == ["csv", "geojson", "xlsx"]
    assert as_("jumin").get(url + "csv/").status_code in {403, 404}


def test_two_hundred_records_and_findings_are_listed_in_few_statements(world, as_, django_assert_max_num_queries):
    s = scene(world, review=True)
    s.send(s.packet(0))
    row = Submission.objects.get()
    from linli.foundation.core.ids import uuid7

    made = []
    for _n in range(205):
        row.pk, row.uuid, row.visit_id = None, uuid7(), None
        made.append(
            Submission(**{f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields if f.attname != "id"})
        )
    Submission.objects.bulk_create(made)
    Finding.objects.bulk_create(
        Finding(submission=m, round=s.round, target=s.shops[0], item=f"i{n}", text=f"问题 {n}", found_at=world.now)
        for n, m in enumerate(Submission.objects.order_by("pk"))
    )
    head = as_("zhongdui")
    for page, most in (("records/", 8), ("findings/?box=all", 8), ("review/", 14)):
        head.get(HOME + page)
        with django_assert_max_num_queries(most):
            answer = head.get(HOME + page)
        assert answer.status_code == 200
    assert "只列出前 60 份" in text(answer)
    with django_assert_max_num_queries(8):
        head.get(HOME + f"findings/?round={s.round.uuid}&q=问题 7&box=open")
