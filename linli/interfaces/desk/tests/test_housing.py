"""群租整治 over HTTP: from report to the end of the watch; every refusal on the way; no list of persons."""

from datetime import timedelta
from io import BytesIO

import pytest
from docx import Document

from linli.engines.cases.models import Case
from linli.engines.fieldwork import selectors as fieldwork
from linli.engines.fieldwork import services as fieldwork_services
from linli.engines.fieldwork.models import Visit, Watch
from linli.engines.fieldwork.types import TargetData
from linli.foundation.core import clock
from linli.foundation.core.actors import SYSTEM
from linli.foundation.files import services as files
from linli.foundation.forms import services as forms
from linli.foundation.jobs import retention
from linli.foundation.journal.models import Entry
from linli.interfaces.cli.demo.pictures import draw_picture
from linli.interfaces.desk.tests import visits_help
from linli.interfaces.desk.tests.help import enter
from linli.interfaces.desk.tests.housing_help import (
    ROOMS,
    add_papers,
    enter_building,
    look,
    picture,
    plan,
    send,
    take_up,
    verify,
)
from linli.interfaces.portal.tests.steps import words
from linli.programmes.housing import services
from linli.programmes.housing.models import Dossier, Paper

pytestmark = pytest.mark.django_db
ACTION = {"on": "2026-03-10", "removed": "隔离板 4\n高低床 3张", "restored": "恢复两室一厅"}


@pytest.fixture
def flats(at):
    return enter_building(at)


@pytest.fixture
def row(at, flats):
    return take_up(at, flats[0])


def page(world, who, url):
    answer = enter(world, who).get(url)
    assert answer.status_code == 200, (who, url, answer.status_code)
    return answer.content.decode()


def get(row):
    return Dossier.objects.get(pk=row.pk)


def brought(world, row, *, to="acted"):
    look(world, row)
    verify(world, row)
    plan(world, row)
    add_papers(world, row)
    assert send(world, "chengguan", row, "act", **ACTION).status_code == 302
    if to == "watched":
        assert send(world, "chengguan", row, "educate", on="2026-03-10", text="当面讲解住房租赁条例").status_code == 302
        done = send(world, "chengguan", row, "watch", firm_id=world.units["property"].pk)
        assert done.status_code == 302, done.content.decode()
    return get(row)


@pytest.mark.mechanism("002-03")
def test_a_flat_is_taken_up_held_against_the_rules_and_verified_by_two_officers(at, row):
    assert row.visit_by - row.opened_at > timedelta(days=1)
    shown = page(at, "shuji", f"/desk/housing/{row.uuid}/")
    assert all(w in shown for w in ("待核实", "还缺房屋检查", "执法人员到场"))
    refused = verify(at, row)
    assert refused.status_code == 409
    assert "房屋检查" in refused.content.decode()
    assert get(row).state == "reported"
    bad = look(at, row, area_0="很大")
    assert bad.status_code == 422
    assert "很大" in bad.content.decode()
    assert not get(row).rooms
    assert look(at, row).status_code == 302
    shown = page(at, "chengguan", f"/desk/housing/{row.uuid}/")
    for said in (
        "客厅住 6 人，上限 2 人",
        "客厅人均 4 平方米，下限 5 平方米",
        "客厅被分成 3 间",
        "阳台是阳台，不得用于居住",
    ):
        assert said in shown
    own = verify(at, row, second_id=at.users["chengguan"].pk)
    assert own.status_code == 422
    alone = verify(at, row, second_id="")
    assert alone.status_code == 422
    assert "行政处罚法第四十二条" in alone.content.decode()
    assert verify(at, row, second_id=at.users["shegong"].pk).status_code == 422
    assert verify(at, row).status_code == 302
    found = get(row)
    assert (found.state, found.officer, found.second) == ("verified", at.users["chengguan"], at.users["chengguan2"])
    assert verify(at, row).status_code == 409


def test_a_warrant_is_asked_for_where_entry_is_by_warrant_and_a_refusal_is_neutral(at, row):
    look(at, row)
    assert send(at, "chengguan", row, "no_consent", text="无人应答后表示不同意").status_code == 302
    shown = page(at, "shuji", f"/desk/housing/{row.uuid}/")
    assert "未获同意" in shown
    assert "late-text" not in shown
    assert verify(at, row, entry="warrant").status_code == 409
    assert send(at, "chengguan", row, "paper", kind="warrant", text="检查令 2026-1").status_code == 302
    assert verify(at, row, entry="warrant").status_code == 302
    assert get(row).entry == "warrant"


def test_what_breaks_no_rule_ends_there(at, row):
    look(at, row, persons_0="2", parts_0="1", persons_1="", slept_in_1="")
    assert verify(at, row).status_code == 409
    done = send(at, "chengguan", row, "clear", entry="consent", second_id=at.users["chengguan2"].pk, text="自住")
    assert done.status_code == 302
    assert get(row).state == "clear"


@pytest.mark.mechanism("002-04")
@pytest.mark.mechanism("002-43")
@pytest.mark.mechanism("002-44")
def test_nothing_is_removed_before_basis_notice_statements_inventory_and_pictures(at, row):
    look(at, row)
    verify(at, row)
    assert send(at, "chengguan", row, "act", **ACTION).status_code == 409
    empty = send(at, "chengguan", row, "plan", text="拆", joint_on="2026-03-12", safety="x", basis=" ", units=[])
    assert empty.status_code == 422
    assert plan(at, row).status_code == 302
    shown = page(at, "shuji", f"/desk/housing/{row.uuid}/")
    assert "上海市住房租赁条例第十五条" in shown
    assert "先断电，消防在场" in shown
    assert "派出所" in shown
    refused = send(at, "chengguan", row, "act", **ACTION)
    said = refused.content.decode()
    assert refused.status_code == 409
    assert "隔离板 4" in said
    for what in ("告知书", "业主陈述", "承租人陈述", "财物清单", "整治前照片", "整治后照片", "行政处罚法第四十五条"):
        assert what in said
    assert get(row).state == "planned"
    add_papers(at, row, "inventory")
    refused = send(at, "chengguan", row, "act", **ACTION)
    assert refused.status_code == 409
    assert "行政强制法第二十四条" in refused.content.decode()
    assert send(at, "chengguan", row, "paper", kind="inventory", text="床 3 张，柜 1 个").status_code == 302
    assert send(at, "chengguan", row, "act", **ACTION).status_code == 302
    found = get(row)
    assert (found.state, found.removed) == ("acted", [["隔离板", 4], ["高低床", 3]])
    shown = page(at, "shuji", f"/desk/housing/{row.uuid}/")
    assert "恢复两室一厅" in shown
    assert shown.count("<figure") == 2


@pytest.mark.mechanism("002-09")
def test_a_cleared_flat_is_watched_by_zero_reports_and_a_relapse_opens_it_anew(at, row):
    brought(at, row)
    early = send(at, "chengguan", row, "watch", firm_id=at.units["property"].pk)
    assert early.status_code == 409
    assert "普法宣传" in early.content.decode()
    assert send(at, "shuji", row, "educate", on="2026-03-10", text="当面讲解").status_code == 302
    none = send(at, "chengguan", row, "watch", firm_id="")
    assert none.status_code == 422
    assert "179 号" in none.content.decode()
    assert send(at, "chengguan", row, "watch", firm_id=at.units["property"].pk).status_code == 302
    watch = Watch.objects.get()
    april = at.now + timedelta(days=25)
    with clock.frozen(april):
        assert "待零报告" in page(at, "wuye", "/desk/housing/watches/")
        assert "没有要您报告的房屋" in page(at, "danche", "/desk/housing/watches/")
        client = enter(at, "danche")
        assert client.post("/desk/housing/watches/", {"watch": watch.uuid, "again": "no"}).status_code == 404
        assert enter(at, "wuye").get(f"/desk/housing/{row.uuid}/").status_code == 403
        done = enter(at, "wuye").post("/desk/housing/watches/", {"watch": watch.uuid, "again": "no"})
        assert done.status_code == 302
        assert "本月已零报告" in page(at, "wuye", "/desk/housing/watches/")
    with clock.frozen(at.now + timedelta(days=70)):
        assert "零报告缺报" in page(at, "shuji", "/desk/housing/watches/")
        kept = enter(at, "wuye").post("/desk/housing/watches/", {"watch": watch.uuid, "again": "yes", "text": ""})
        assert kept.status_code == 422
        data = {"watch": watch.uuid, "again": "yes", "text": "又隔出两间"}
        assert enter(at, "wuye").post("/desk/housing/watches/", data).status_code == 302
    again = Dossier.objects.get(origin="relapse")
    assert again.relapse_of == row
    assert get(row).state == "closed"
    assert again.state == "reported"


def test_a_watch_ends_by_itself_and_papers_go_after_their_days(at, row):
    brought(at, row, to="watched")
    later = at.now + timedelta(days=366)
    assert services.end_watches(now=at.now + timedelta(days=300)) == 0
    assert services.end_watches(now=later) == 1
    assert get(row).state == "closed"
    assert Paper.objects.filter(text_sealed__gt=b"").count() == 3
    assert retention.delete_what_is_over(now=later + timedelta(days=1096)).get("housing.paper") == 5
    assert not Paper.objects.exclude(text_sealed=b"", file=None).exists()


@pytest.mark.mechanism("002-09")
def test_a_sweep_goes_over_a_building_flat_by_flat_and_takes_up_what_it_finds(at, flats):
    top = flats[0].parent.parent
    data = {
        "title": "12 号楼逐户排查", "form": "housing.check", "building": str(top.uuid),
        "unit_id": at.units["@陶家宅"].pk,
        "starts_on": "2026-03-10", "ends_on": "2026-03-20", "area_id": "", "wanted": "", "seed": "",
    }  # fmt: skip
    assert enter(at, "shuji").post("/desk/housing/sweeps/new/", {**data, "building": ""}).status_code == 422
    done = enter(at, "shuji").post("/desk/housing/sweeps/new/", data)
    assert done.status_code == 302, done.content.decode()
    round_ = Visit.objects.first().round
    assert round_.planned == 4
    rooms = [{"room": "客厅", "use": "living", "area": "20", "persons": 5}]
    visits_help.send(at, round_, flats[0], {"rooms": rooms, "shared": True})
    visits_help.send(at, round_, flats[1], {"rooms": [{"room": "主卧", "use": "bedroom", "area": "12", "persons": 2}]})
    dossier = Dossier.objects.get()
    assert (dossier.target, dossier.origin, dossier.to_verify) == (flats[0], "sweep", True)
    assert Case.objects.get(uuid=str(dossier.case_uuid)).category.code == "group_renting"
    shown = words(enter(at, "shuji").get(f"/desk/housing/buildings/{top.uuid}/"))
    assert shown.count("待查") == 2
    assert "待核实" in shown
    assert "已查" in shown
    sample = {**data, "building": "", "wanted": "2", "seed": "2026-03 第一次", "title": "抽查",
              "area_id": at.areas["陶家宅"].pk}  # fmt: skip
    assert enter(at, "shuji").post("/desk/housing/sweeps/new/", sample).status_code == 302
    assert "2026-03 第一次" in page(at, "shuji", "/desk/housing/sweeps/")
    drawn = fieldwork.rounds(SYSTEM, fieldwork.RoundFilter(programme="housing")).rows[0]
    assert drawn.planned == 2
    assert drawn.draw


def test_the_wrong_person_and_the_wrong_place_are_refused(at, flats, row):
    url = f"/desk/housing/{row.uuid}/"
    for who in ("shuji02", "guanliban", "jiandu", "minjing"):
        assert enter(at, who).get(url).status_code in {403, 404}, who
    for who in ("jumin", "xitong", "wuye"):
        assert enter(at, who).get("/desk/housing/").status_code == 403, who
    for who in ("shuji", "wanggezhang", "paidan", "ducha"):
        assert enter(at, who).get(url).status_code == 200, who
        assert send(at, who, row, "no_consent").status_code == 403, who
        assert look(at, row, who).status_code == 403, who
    assert send(at, "chengguan", row, "drop", reason="误报").status_code == 403
    assert enter(at, "shuji02").post("/desk/housing/new/", {"target": str(flats[1].uuid)}).status_code in {
        403,
        404,
        422,
    }
    again = enter(at, "shuji").post(f"/desk/housing/new/?q={flats[0].address}", {"target": str(flats[0].uuid)})
    assert again.status_code == 409
    old = send(at, "chengguan", row, "no_consent", text="敲门无人", version=99)
    assert old.status_code == 409
    assert "敲门无人" in old.content.decode()
    assert send(at, "zhongdui", row, "drop", reason="地址有误").status_code == 302


def test_statements_are_sealed_opened_by_officers_alone_and_each_opening_is_noted(at, row):
    look(at, row)
    send(at, "chengguan", row, "paper", kind="owner", text="房东说租给一家公司")
    send(at, "chengguan", row, "paper", kind="before", file=picture())
    shown = page(at, "chengguan", f"/desk/housing/{row.uuid}/")
    assert "业主陈述" in shown
    assert "房东说租给一家公司" not in shown
    for who in ("shuji", "lingdao", "ducha"):
        assert enter(at, who).post(f"/desk/housing/{row.uuid}/papers/").status_code == 403, who
    assert "房东说租给一家公司" in enter(at, "chengguan2").post(f"/desk/housing/{row.uuid}/papers/").content.decode()
    assert Entry.objects.filter(verb="housing.open_papers").count() == 1
    assert b"\xe6\x88\xbf\xe4\xb8\x9c" not in bytes(Paper.objects.get(kind="owner").text_sealed)
    photo = Paper.objects.get(kind="before")
    assert enter(at, "shuji").get(f"/desk/housing/{row.uuid}/papers/{photo.uuid}/320/").status_code == 200
    assert enter(at, "shuji02").get(f"/desk/housing/{row.uuid}/papers/{photo.uuid}/320/").status_code == 404


def test_there_is_no_place_for_a_persons_name(at, row):
    look(at, row, name_0="张三", names_0="张三", phone_0="13812345678")
    found = get(row)
    assert "张三" not in str(found.rooms)
    assert "138" not in str(found.rooms)
    assert {k for r in found.rooms for k in r} == {
        "room", "use", "area", "persons", "kin", "slept_in", "parts", "beds_let",
    }  # fmt: skip
    send(at, "chengguan", row, "no_consent", text="电话 13812345678 的人不同意")
    assert "13812345678" not in page(at, "shuji", f"/desk/housing/{row.uuid}/")


@pytest.mark.parametrize(
    ("kind", "title"), [("notice", "整治告知书"), ("inventory", "财物清单"), ("decision", "责令整改决定书")]
)
def test_papers_are_printed_as_docx(at, row, kind, title):
    look(at, row)
    verify(at, row)
    plan(at, row)
    answer = enter(at, "chengguan").get(f"/desk/housing/{row.uuid}/print/{kind}/")
    paper = Document(BytesIO(answer.content))
    text = "\n".join(p.text for p in paper.paragraphs)
    assert title in text
    assert row.number in text
    if kind != "inventory":
        assert "上海市住房租赁条例第十五条" in text
        assert "客厅住 6 人" in text
    else:
        assert len(paper.tables[0].rows) == 9
    assert enter(at, "shuji").get(f"/desk/housing/{row.uuid}/print/{kind}/").status_code == 403


@pytest.mark.mechanism("002-35")
def test_buildings_are_checked_and_hazards_followed(at, flats):
    forms.adopt_forms(by=SYSTEM, now=at.now, codes=["house_safety"])
    top = flats[0].parent.parent
    data = TargetData(
        "building", top.name, address=top.address, area_id=top.area_id, facts={"risk": "c", "built": 1984}
    )
    fieldwork_services.change_target(by=SYSTEM, now=at.now, uuid=top.uuid, data=data, expected=top.version)
    sent = {"title": "汛前房屋检查", "form": "house_safety", "grade": "c", "area_id": "",
            "unit_id": at.units["management"].pk,
            "starts_on": "2026-03-10", "ends_on": "2026-04-10"}  # fmt: skip
    assert enter(at, "shegong").post("/desk/housing/safety/new/", sent).status_code == 403
    done = enter(at, "guanliban").post("/desk/housing/safety/new/", sent)
    assert done.status_code == 302, done.content.decode()
    round_ = Visit.objects.first().round
    by = at.actor("guanliban")
    shot = [
        str(files.store(by=by, now=at.now, content=draw_picture(n, "after"), name="x.jpg", purpose="fieldwork").uuid)
        for n in range(3)
    ]
    fine = dict.fromkeys(("attached", "roof", "illegal"), "yes")
    within = dict.fromkeys(("structure", "wires", "damp", "exit"), "yes")
    answers = {
        "day": "2026-03-10", "outside": {"wall": "no", "wall_photo": shot[:2], **fine}, "within": within,
        "level": "watch", "advice": "请修缮", "whole": shot[2:],
    }  # fmt: skip
    visits_help.send(at, round_, top, answers, who="guanliban")
    shown = page(at, "ducha", "/desk/housing/safety/")
    assert "外墙没有开裂" in shown
    assert "12 号楼" in shown
    assert "1984" in shown
    assert "没有符合的楼栋" in page(at, "ducha", "/desk/housing/safety/?grade=d")


def test_lists_ask_few_statements(at, flats, row, django_assert_max_num_queries):
    brought(at, row, to="watched")
    for who, url in (("chengguan", "/desk/housing/?state=watched"), ("wuye", "/desk/housing/watches/")):
        client = enter(at, who)
        client.get(url)
        with django_assert_max_num_queries(14):
            assert client.get(url).status_code == 200


def test_the_first_list_shows_cases_that_wait(at, flats, reported):
    assert "没有在整治的房屋" in page(at, "chengguan", "/desk/housing/")
    assert ROOMS
