"""文明创建 at the desk: the lists, the week, spots, advertising, campaigns, the office's log, volunteers."""

from datetime import timedelta
from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from docx import Document

from linli.engines.cases.models import Case
from linli.engines.fieldwork import services as fieldwork
from linli.engines.fieldwork.types import TargetData
from linli.engines.projects.models import Task
from linli.engines.projects.services import end_task
from linli.foundation.core.actors import SYSTEM
from linli.foundation.jobs.services import drain
from linli.foundation.sheets.types import KINDS, About, Row
from linli.interfaces.cli.demo.pictures import draw_picture
from linli.interfaces.desk.civility import sections
from linli.interfaces.desk.tests.test_civility import Office
from linli.interfaces.portal.tests.steps import words
from linli.programmes.civility.models import Campaign, Edition, LogEntry, Service, Shot, Standard, Todo, Volunteer
from linli.programmes.civility.tests.scenes import lay_library, points, start

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(at, client):
    return Office(at, client).sit("zhiban")


def picture(seed=1):
    return SimpleUploadedFile("p.jpg", draw_picture(seed, "after"), "image/jpeg")


def todo(office, listed, **more):
    data = {"title": "补齐道板", "unit_id": office.world.units["management"].pk, "due_on": office.day, **more}
    office.send("civility_todo_new", listed, **data)
    return Todo.objects.latest("pk")


@pytest.mark.mechanism("004-20")
def test_what_is_to_be_repaired_filled_added_or_changed_has_an_owner_a_day_and_a_result(office):
    row = todo(office, "add", work="fill", task="yes", due_on=office.day + timedelta(days=3))
    task = Task.objects.get(source_uuid=row.uuid)
    assert (task.unit_id, task.title, task.source_kind) == (row.unit_id, "补齐道板", "civility")
    refused = office.send("civility_todo_new", "add", status=422, work="pets", title="写过的字", unit_id="", due_on="")
    assert "写过的字" in refused.content.decode()
    assert "补齐道板" in office.read("civility_todos", list="add")
    assert "补齐道板" not in office.read("civility_todos", list="take")
    office.sit("guanliban")
    office.act("civility_todo", row, "end", status=422, result="")
    office.act("civility_todo", row, "end", result="已补 12 块")
    assert "已补 12 块" in office.read("civility_todo", row.uuid)
    office.act("civility_todo", row, "end", status=409, result="再来一次")
    other = todo(office.sit("zhiban"), "add", work="repair", title="修路灯")
    office.sit("shuji").act("civility_todo", other, "end", status=403, result="x")


@pytest.mark.mechanism("004-20")
def test_the_lists_of_a_tests_days_stand_on_its_page_its_paper_its_sheet_and_its_document(office):
    lay_library(office.world)
    points(office.world, "toilet", 2)
    trial, week = start(office.world, ends_on=office.day + timedelta(days=9)), timedelta(days=7)
    mended = todo(office, "add", work="fill", due_on=office.day + week)
    todo(office, "take", work="cars", title="清走僵尸车", due_on=office.day + 9 * week)  # entered in its days
    todo(office, "times", work="pets", title="文明养宠巡查", rota="周三 志愿者")
    todo(office, "week", work="fill", title="本周行动", week=office.day)
    dropped = todo(office, "add", work="repair", title="登记错了")
    office.act("civility_todo", dropped, "drop", result="登记错了")
    old = todo(office, "add", work="repair", title="去年的事")
    Todo.objects.filter(pk=old.pk).update(due_on=office.day - 9 * week, created_at=office.world.now - 9 * week)
    office.act("civility_todo", mended, "end", result="已补 12 块")
    wanted = ["补齐道板", "清走僵尸车", "文明养宠巡查"]
    page = office.see("civility_test", trial.uuid)
    assert [item["row"].title for item in page.context["lists"]] == wanted
    assert "已补 12 块" in words(page)
    printed = office.read("civility_test_print", trial.uuid)
    assert all(title in printed for title in (*wanted, "已补 12 块"))
    book = openpyxl.load_workbook(BytesIO(b"".join(office.see("civility_test_sheet", trial.uuid).streaming_content)))
    rows = [[cell.value for cell in row] for row in book["加减乘法清单"].iter_rows(min_row=3)]
    assert [row[:3] for row in rows] == [
        ["加法", "要补", "补齐道板"], ["减法", "僵尸车清理", "清走僵尸车"], ["乘法", "文明养宠", "文明养宠巡查"],
    ]  # fmt: skip
    assert rows[0][6:] == ["已完成", "已补 12 块"]
    document = Document(BytesIO(office.see("civility_test_document", trial.uuid).content))
    assert "加减乘法清单" in [p.text for p in document.paragraphs]
    assert document.tables[-1].rows[3].cells[2].text == "文明养宠巡查"


def test_the_result_of_a_task_comes_back_to_its_entry(office):
    row = todo(office, "add", work="repair", task="yes")
    task = Task.objects.get(source_uuid=row.uuid)
    end_task(by=office.world.actor("guanliban"), now=office.world.now, task=task, result="修好了")
    drain(now=office.world.now)
    row.refresh_from_db()
    assert (row.state, row.result) == ("done", "修好了")


@pytest.mark.mechanism("004-22")
def test_pets_corridors_and_traffic_posts_have_a_rota(office):
    for work in ("pets", "corridors", "posts"):
        row = todo(
            office, "times", work=work, title=f"{work} 项目", rota="周一 7:30—8:30 长宁路口\n周三 17:00—18:00 长宁路口"
        )
        said = office.read("civility_todo", row.uuid)
        assert "周三 17:00—18:00" in said
    assert "交通文明岗" in office.read("civility_todos", list="times")


@pytest.mark.mechanism("004-12")
def test_each_week_has_its_actions_and_the_same_spot_is_seen_week_by_week(office):
    lay_library(office.world)
    spot = points(office.world, "back_street", 1)[0]
    row = todo(office, "week", work="repair", point=spot.uuid, title="清理弄口")
    office.act("civility_todo", row, "end", result="已清理", photo=picture(1))
    before = office.day - timedelta(days=20)
    office.send("civility_point", spot.uuid, on=before, photo=picture(2), note="清理前")
    said = office.read("civility_week")
    assert "清理弄口" in said
    assert "1/1" in said
    assert "这一周还没有行动" in office.read("civility_week", week=office.day - timedelta(days=7))
    page = office.see("civility_compare", span="month")
    pair = page.context["spots"][0]["pair"]
    assert [p["caption"][:5] for p in pair] == [f"{before:%m-%d}", f"{office.day:%m-%d}"]
    assert office.client.get(pair[0]["thumb"]).status_code == 200
    assert "没有可以对比的照片" in office.read("civility_compare", span="week")
    assert Shot.objects.count() == 2
    refused = office.send("civility_point", spot.uuid, status=422, on=before, note="没有照片")
    assert "没有照片" in refused.content.decode()
    office.sit("danche")
    assert office.client.get(pair[0]["url"]).status_code == 404


def test_a_dossier_has_the_photos_of_the_spot_for_who_works_in_the_programme(office, rf):
    spot = _with_point(office)
    request = rf.get("/")
    request.actor = office.world.actor("zhiban")
    assert reverse("desk:civility_point", args=[spot.uuid]) in sections.spot(request, spot)
    request.actor = office.world.actor("jumin")
    assert sections.spot(request, spot) == ""


def _with_point(office):
    lay_library(office.world)
    return points(office.world, "park", 1)[0]


@pytest.mark.mechanism("004-07")
def test_six_themes_by_point_say_what_is_missing_here(office):
    lay_library(office.world)
    spot, bare = points(office.world, "compound", 2)

    def hang(theme, **facts):
        given = {"theme": theme, "fixed": True, "state": "good", **facts}
        fieldwork.add_target(
            by=SYSTEM,
            now=office.world.now,
            data=TargetData("public_ad", f"{theme}宣传栏", parent=spot.uuid, facts=given),
        )

    hang("values")
    hang("minors", fixed=False)
    hang("health", replace_on=(office.day - timedelta(days=1)).isoformat())
    page = office.see("civility_ads", type="compound")
    rows = {r["point"].pk: r for r in page.context["rows"]}
    assert [str(c["words"]) for c in rows[spot.pk]["cells"]] == ["完好", "", "", "", "仅临时", "到期未换"]
    assert (rows[spot.pk]["missing"], rows[bare.pk]["missing"]) == (1, 2)
    assert "没有符合的点位" in office.read("civility_ads", type="market")
    assert "values宣传栏" in office.read("civility_point", spot.uuid)


CAMPAIGN = {"title": "春季大扫除", "plan": "每周六清洁家园", "hours": "周六 9:00—11:00"}


@pytest.mark.mechanism("000-33", "004-04")
def test_a_campaign_has_plan_days_amounts_and_what_was_counted_before_and_after(office, reported):
    world = office.world
    reported(now=world.now - timedelta(days=3))
    Case.objects.update(reported_at=world.now - timedelta(days=3))
    office.send(
        "civility_campaign_new", kind="cleaning", unit_id=world.units["management"].pk, starts_on=office.day,
        ends_on=office.day + timedelta(days=6), helper_ids=[world.units["@陶家宅"].pk], categories=["garbage"],
        **CAMPAIGN,
    )  # fmt: skip
    row = Campaign.objects.get()
    assert row.before["found"] == 1
    day = {"on": office.day, "text": "清理楼道和绿地", "headcount": 30, "hours": "9:00—11:00",
           "area_id": world.areas["陶家宅"].pk, "unit_ids": [world.units["@陶家宅"].pk]}  # fmt: skip
    refused = office.act("civility_campaign", row, "day", status=422, amounts="很多垃圾", **day)
    assert "清理楼道和绿地" in refused.content.decode()
    office.act(
        "civility_campaign", row, "day", amounts="垃圾 12 袋；小广告 30 张", before=picture(3), after=picture(4), **day
    )
    office.act("civility_campaign", row, "day", amounts="垃圾 3 袋", **day)
    page = office.see("civility_campaign", row.uuid)
    assert page.context["heads"] == 60
    assert [(a["what"], a["number"]) for a in page.context["amounts"]] == [("垃圾", "15"), ("小广告", "30")]
    assert len(page.context["days"][1]["photos"]) == 2
    office.act("civility_campaign", row, "end", status=422, result="")
    office.act("civility_campaign", row, "end", result="共清理 15 袋")
    row.refresh_from_db()
    assert (row.before["found"], row.after["found"]) == (1, 0)
    said = office.read("civility_campaigns", kind="cleaning")
    assert "春季大扫除" in said
    assert "五大" not in said
    tabs = {str(t["label"]) for t in office.see("civility_campaigns").context["tabs"]}
    five = {"城区环境提升", "背街小巷整治", "小区环境提升", "文明实践志愿服务", "交通秩序整治"}
    assert five < tabs


@pytest.mark.mechanism("004-23")
def test_a_joint_action_names_committee_and_property_firm_with_photo_and_day(office):
    world = office.world
    both = [world.units["@陶家宅"].pk, world.units["property"].pk]
    office.sit("shuji")
    office.send(
        "civility_campaign_new", kind="joint", title="高层楼道联手整治", unit_id=both[0], starts_on=office.day,
        ends_on=office.day, helper_ids=both, area_id=world.areas["陶家宅"].pk,
    )  # fmt: skip
    row = Campaign.objects.get()
    day = {"on": office.day, "text": "清理 3 号楼 12 层楼道", "headcount": 6}
    refused = office.sit("wuye").act("civility_campaign", row, "day", status=422, unit_ids=both[:1], **day)
    said = words(refused)
    assert "两个以上单位" in said
    assert "请附照片" in said
    office.act("civility_campaign", row, "day", unit_ids=both, after=picture(5), **day)
    said = office.read("civility_campaign", row.uuid)
    assert "阳光物业" in said
    assert "清理 3 号楼 12 层楼道" in said


@pytest.mark.mechanism("004-37")
def test_the_office_of_the_leading_group_keeps_a_log_that_is_answered_before_it_is_closed(office):
    unit = office.world.units["management"]
    data = {"on": office.day, "kind": "look", "title": "实地查看背街小巷", "text": "三处积水", "unit_id": unit.pk}
    refused = office.send("civility_log_new", status=422, **data)
    assert "三处积水" in refused.content.decode()
    office.send("civility_log_new", due_on=office.day + timedelta(days=3), **data)
    row = LogEntry.objects.get()
    office.act("civility_log_entry", row, "close", status=409, result="已整改")
    office.sit("shuji").see("civility_log_entry", row.uuid, status=404)
    assert "实地查看背街小巷" not in office.read("civility_log")
    office.sit("guanliban").act("civility_log_entry", row, "answer", feedback="已疏通两处")
    office.act("civility_log_entry", row, "close", status=403, result="自己办结")
    office.sit("ducha").act("civility_log_entry", row, "close", result="第三处列入修缮")
    said = office.read("civility_log")
    assert "已办结" in said
    office.send("civility_log_new", **(data | {"unit_id": "", "title": "部署会", "kind": "meeting"}))
    assert "部署会" not in office.read("civility_log", open=1)


@pytest.mark.mechanism("000-31")
def test_publicists_patrollers_and_overseers_each_with_their_duties_and_records(office):
    lay_library(office.world)
    spot = points(office.world, "toilet", 1)[0]
    unit = office.world.units["@陶家宅"].pk
    office.sit("shuji")
    for n, role in enumerate(("publicist", "patroller", "overseer"), 1):
        office.send("civility_volunteer_new", role=role, number=f"陶{n:03}", unit_id=unit)
    row = Volunteer.objects.get(role="patroller")
    office.send("civility_volunteer_new", status=422, role="patroller", number="陶002", unit_id=unit)
    data = {"on": office.day, "text": "巡访公厕，发现灯坏", "minutes": 45, "point": spot.uuid}
    office.act("civility_volunteer", row, "serve", **data)
    office.act("civility_volunteer", row, "serve", status=422, **(data | {"minutes": 900}))
    assert Service.objects.get().target == spot
    said = office.read("civility_volunteers", role="patroller")
    assert "按安排巡访点位" in said
    assert "陶002" in said
    assert "陶001" not in said
    assert "宣传创建知识" in office.read("civility_volunteers", role="publicist")
    office.sit("chengguan").see("civility_volunteer", row.uuid, status=404)


def test_a_sheet_of_standards_names_the_rows_that_are_wrong_and_comes_in_whole(office):
    lay_library(office.world, publish=False)
    kind = KINDS["civility_standards"]
    about = About(office.world.actor("ducha"), office.world.now)
    unit = office.world.units["management"].name
    good = {"project": "公共环境", "content": "公厕卫生", "text": "有第三卫生间", "point_type": "toilet", "unit": unit,
            "full": "2.50", "veto": "yes", "categories": "garbage"}  # fmt: skip
    rows = [
        Row(2, dict(good)),
        Row(3, {**good, "unit": "没有的单位", "point_type": ""}),
        Row(4, {**good, "code": "toilet_clean"}),
    ]
    found = list(kind.find(rows, about))
    kind.check(rows, found, about)
    assert set(rows[1].faults) == {"unit", "point_type"}
    assert not rows[0].faults
    assert found[2].label == "地面、厕位、洗手台干净无异味"
    made = kind.create([rows[0]], about)
    saved = Standard.objects.get(code=made[0].ref)
    assert (saved.full, saved.veto, saved.categories, saved.unit.name) == (Decimal("2.50"), True, ["garbage"], unit)
    there = found[2]
    assert there is not None
    kind.change([(rows[2], there)], about)
    assert Standard.objects.get(code="toilet_clean").text == "有第三卫生间"
    out = list(kind.export(about))
    assert len(out) == Standard.objects.filter(edition=Edition.objects.get()).count()
    assert all(list(kind.load([made[0].ref])))
    kind.remove([kind.load([made[0].ref])[made[0].ref]], about)
    assert not Standard.objects.filter(code=made[0].ref).exists()


def test_lists_ask_few_statements_however_long(office, django_assert_max_num_queries):
    lay_library(office.world)
    unit = office.world.units["management"]
    Todo.objects.bulk_create(
        Todo(listed="add", work="repair", title=f"事项{n}", unit=unit, due_on=office.day, created_label="x",
             created_at=office.world.now)
        for n in range(210)
    )  # fmt: skip
    for name in ("civility_todos", "civility_campaigns", "civility_log", "civility_ads", "civility_volunteers"):
        with django_assert_max_num_queries(9):
            office.see(name)
    page = office.see("civility_todos")
    assert len(page.context["rows"]) == 50
    assert page.context["page"].next
    assert reverse("desk:civility") in page.content.decode()
