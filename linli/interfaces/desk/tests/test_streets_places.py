"""Frontages, blind spots, lanes, shops together, contractors and officers through their pages."""

import io
from datetime import timedelta

import docx
import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from linli.engines.cases.models import Case
from linli.engines.cases.services import hand_in, sign
from linli.engines.cases.workflow import Outcome
from linli.engines.fieldwork import services as fieldwork
from linli.engines.fieldwork.models import Finding, Target
from linli.engines.fieldwork.tests.scenes import enter_shops, opened
from linli.engines.fieldwork.types import Choice, Packet, TargetFilter
from linli.engines.projects.models import Task
from linli.foundation.core.actors import SYSTEM
from linli.foundation.core.ids import uuid7
from linli.foundation.forms import services as forms
from linli.interfaces.desk.tests.test_streets import act, address, enter, picture
from linli.interfaces.portal.tests.steps import words
from linli.programmes.streets import services
from linli.programmes.streets.models import (
    BlindSpot,
    BoardCheck,
    Contact,
    Duty,
    Friendly,
    LanePlan,
    Matter,
    PeerCheck,
    Quality,
    ShopMember,
    WorkLog,
)
from tests.login import log_in

pytestmark = pytest.mark.django_db
FRONTAGE = {
    "questions": [
        {"code": "clean", "type": "yes_no", "label": {"zh-hans": "门前整洁"}},
        {"code": "goods", "type": "yes_no", "label": {"zh-hans": "跨门经营"}},
    ]
}


@pytest.fixture
def town(at):
    fieldwork.load_shipped(now=at.now)
    return at


def send(client, name, data, target=None):
    url = address(name)
    return client.post(f"{url}?target={target.uuid}" if target else url, {"act": "new", **data})


def text_of(answer):
    paper = docx.Document(io.BytesIO(b"".join(answer.streaming_content)))
    cells = [c.text for t in paper.tables for row in t.rows for c in row.cells]
    return "\n".join([*(p.text for p in paper.paragraphs), *cells])


@pytest.mark.mechanism("000-34", "004-09")
def test_a_door_is_told_its_duty_and_the_checks_stand_beside_it(town, client):
    shop, other = enter_shops(town, 2)
    enter(client, town, "shegong")
    data = {"left": "3", "right": "2.5", "out": "4", "sides": "外至路缘石", "contents": ["clean", "goods"]}
    wrong = send(client, "streets_duty_new", {**data, "left": "0", "right": "0"}, shop)
    assert wrong.status_code == 422
    assert "外至路缘石" in wrong.content.decode()
    assert send(client, "streets_duty_new", data, shop).status_code == 302
    assert send(client, "streets_duty_new", data, shop).status_code == 409
    row = Duty.objects.get()
    assert "左 3、右 2.5、外 4 米" in words(client.get(address("streets_duty", row.uuid)))
    served = act(client, row, "serve", "streets_duty", served="owner", on="2026-03-10", photo=picture())
    assert served.status_code == 302
    paper = text_of(client.get(address("streets_duty_paper", row.uuid)))
    assert "门责〔2026〕1 号" in paper
    assert "不跨门经营，不占道堆物" in paper
    listed = words(client.get(address("streets_duties")))
    assert "50%" in listed
    assert other.name in words(client.get(address("streets_duties"), {"state": "none"}))
    assert other.name not in words(client.get(address("streets_duties"), {"state": "served"}))
    act(client, row, "change", "streets_duty", **{**data, "left": "5"})
    row.refresh_from_db()
    assert row.served_on is None
    assert row.left == 5
    # What a patrol's form found stands on the page of the door.
    forms.save_form(by=SYSTEM, now=town.now, code="walk", title="门责检查", questions=FRONTAGE)
    round_ = opened(town, form="walk", programme="streets", choice=Choice(filter=TargetFilter(("shop",))))
    visit = round_.visits.get(target=shop)
    packet = Packet(uuid7(), "walk", 1, {"clean": False, "goods": True}, town.now, visit=visit.uuid)
    fieldwork.submit(by=town.actor("zhiban"), now=town.now, packet=packet)
    Finding.objects.create(
        submission=visit.submissions.get(), target=shop, item="goods", text="跨门经营", found_at=town.now,
        area_path=shop.area_path,
    )  # fmt: skip
    page = words(client.get(address("streets_duty", row.uuid)))
    assert "跨门经营" in page
    assert "不合格" in page


def spot(client, town, **more):
    data = {
        "kind": "corner", "place": "后弄三号墙角", "area_id": town.areas["陶家宅"].pk, "text": "垃圾堆了半个月",
        "unit_id": town.units["management"].pk, "immediate": "later", "due_on": "2026-03-15", **more,
    }  # fmt: skip
    return send(client, "streets_spot_new", data)


@pytest.mark.mechanism("004-09")
def test_a_blind_spot_to_be_put_right_at_once_is_a_case_and_others_have_owner_and_day(town, client):
    enter(client, town, "shegong")
    assert spot(client, town).status_code == 302
    row = BlindSpot.objects.get()
    assert spot(client, town, place="桥下", immediate="now", photo=picture()).status_code == 302
    urgent = BlindSpot.objects.get(place="桥下")
    case = Case.objects.get(uuid=str(urgent.case_uuid))
    assert case.unit == town.units["management"]
    assert urgent.due_on == town.now.date()
    assert "立即整改" in words(client.get(address("streets_spots"), {"state": "live"}))
    # Without a picture it is not put right; who put it right does not look again.
    assert act(client, row, "fix", "streets_spot", text="清掉了").status_code == 422
    enter(client, town, "guanliban")
    assert act(client, row, "fix", "streets_spot", text="清掉了", photo=picture()).status_code == 302
    assert act(client, row, "close", "streets_spot", text="自己看").status_code == 403
    enter(client, town, "shegong")
    assert act(client, row, "return", "streets_spot", text="还有一袋").status_code == 302
    enter(client, town, "guanliban")
    act(client, row, "fix", "streets_spot", text="全清了", photo=picture(2))
    enter(client, town, "shegong")
    assert act(client, row, "close", "streets_spot", text="干净了").status_code == 302
    row.refresh_from_db()
    assert row.state == "closed"
    by = town.actor("guanliban")
    sign(by=by, now=town.now, case=case)
    case.refresh_from_db()
    hand_in(by=by, now=town.now, case=case, text="清了", outcome=Outcome.EXPLAINED)
    assert not services.follow_spot(now=town.now, case_uuid=case.uuid)
    enter(client, town, "minjing")
    assert client.get(address("streets_spot", row.uuid)).status_code == 404
    assert spot(client, town).status_code == 403


@pytest.mark.mechanism("004-16")
def test_one_plan_for_a_lane_from_problems_over_tasks_to_its_result(town, client):
    lane, bare = enter_shops(town, 2, kind="lane")
    enter(client, town, "shuji")
    assert "0%" in words(client.get(address("streets_lanes")))
    empty = {"facts": "12 个门牌", "plan": "", "unit_id": "", "due_on": ""}
    assert send(client, "streets_lane_new", empty, lane).status_code == 302
    assert send(client, "streets_lane_new", empty, lane).status_code == 409
    row = LanePlan.objects.get()
    listed = words(client.get(address("streets_lanes")))
    assert "50%" in listed
    assert bare.name in words(client.get(address("streets_lanes"), {"state": "none"}))
    assert act(client, row, "agree", "streets_lane").status_code == 422
    unit = town.units["management"].pk
    plan = {"facts": "12 个门牌", "plan": "修路面、装灯", "unit_id": unit, "due_on": "2026-05-01"}
    assert act(client, row, "change", "streets_lane", **plan).status_code == 302
    assert act(client, row, "agree", "streets_lane").status_code == 302
    assert act(client, row, "problem", "streets_lane", text="路面坑洼").status_code == 302
    assert (
        act(client, row, "task", "streets_lane", title="修路面", unit_id=unit, due_on="2026-04-01").status_code == 302
    )
    task = Task.objects.get(source_kind="lane")
    assert task.source_uuid == row.uuid
    assert act(client, row, "photo", "streets_lane", when="before", photo=picture()).status_code == 302
    early = act(client, row, "finish", "streets_lane", result="好了")
    assert early.status_code == 409
    problem = row.problems.get()
    assert act(client, row, "solve", "streets_lane", problem=problem.pk, photo=picture(2)).status_code == 302
    assert act(client, row, "finish", "streets_lane", result="路平灯亮").status_code == 302
    row.refresh_from_db()
    assert (row.state, row.result) == ("done", "路平灯亮")
    printed = client.get(address("streets_lane_print", row.uuid))
    said = words(printed)
    assert "修路面、装灯" in said
    assert "路平灯亮" in said
    assert printed.content.decode().count("/1600/") == 2
    services.note_task_ended(by=SYSTEM, now=town.now, source=row.uuid, title="修路面", result="已修")
    assert "任务“修路面”已办结：已修" in words(client.get(address("streets_lane", row.uuid)))
    enter(client, town, "shuji02")
    assert client.get(address("streets_lane", row.uuid)).status_code == 404
    assert send(client, "streets_lane_new", empty, bare).status_code == 404


@pytest.mark.mechanism("004-17")
def test_shops_pledge_and_look_at_each_other_and_sign_boards_are_checked(town, client):
    shop, other = enter_shops(town, 2)
    (board,) = enter_shops(town, 1, kind="sign_board")
    enter(client, town, "shegong")
    for target in (shop, other):
        pledge = {"pledge": "自己扫门前", "on": "2026-03-01"}
        assert send(client, "streets_member_new", pledge, target).status_code == 302
    row, checker = ShopMember.objects.get(target=shop), ShopMember.objects.get(target=other)
    peer = {"checker": str(checker.uuid), "on": "2026-03-09", "fine": "no", "text": ""}
    assert act(client, row, "peer", "streets_member", **peer).status_code == 422
    assert act(client, row, "peer", "streets_member", **{**peer, "text": "门口有纸箱"}).status_code == 302
    assert act(client, row, "peer", "streets_member", **{**peer, "text": "又一次"}).status_code == 409
    assert "有问题待改" in words(client.get(address("streets_members")))
    check = PeerCheck.objects.get()
    assert act(client, row, "mend", "streets_member", check=check.pk).status_code == 302
    assert "排名" in words(client.get(address("streets_members")))
    board.version = 0
    bad = {"on": "2026-03-09", "fine": "no", "text": "右下角松动", "rectify_by": ""}
    url = address("streets_board", board.uuid)
    assert client.post(url, {"act": "check", **bad, "photo": picture()}).status_code == 302
    assert BoardCheck.objects.get().rectify_by.isoformat() == "2026-03-24"
    assert Target.objects.get(pk=board.pk).facts["state"] == "danger"
    assert "隐患待整改" in words(client.get(address("streets_boards"), {"state": "bad"}))
    assert client.post(url, {"act": "rectify", "text": "换了螺栓"}).status_code == 302
    board.refresh_from_db()
    assert board.facts == {"state": "good", "checked": "2026-03-09"}
    assert board.name not in words(client.get(address("streets_boards"), {"state": "due"})).split("店招店牌")[-1]
    assert act(client, row, "leave", "streets_member", reason="搬走了").status_code == 302
    assert act(client, row, "leave", "streets_member", reason="再退").status_code == 409


def test_friendly_merchants_have_a_plaque_a_yearly_look_and_their_say(town, client):
    shop, other = enter_shops(town, 2)
    enter(client, town, "shegong")
    data = {"offers": ["water", "rest"], "plaque": "HY-01", "since": "2025-03-01", "public": "yes"}
    assert send(client, "streets_friend_new", {**data, "offers": []}, shop).status_code == 422
    assert send(client, "streets_friend_new", data, shop).status_code == 302
    assert send(client, "streets_friend_new", data, other).status_code == 409
    row = Friendly.objects.get()
    assert row.review_on.isoformat() == "2026-03-01"
    assert "要复核" in words(client.get(address("streets_friends"), {"state": "due"}))
    assert act(client, row, "review", "streets_friend", offers=["water"], text="座位没有了").status_code == 302
    row.refresh_from_db()
    assert (row.offers, row.review_on.isoformat()) == (["water"], "2027-03-10")
    shown = words(Client().get(reverse("portal:friendly")))
    assert shop.name in shown
    assert "免费饮水" in shown
    enter(client, town, "shegong")
    assert act(client, row, "unpublish", "streets_friend").status_code == 302
    assert shop.name not in words(client.get(reverse("portal:friendly")))
    assert act(client, row, "end", "streets_friend", reason="转让").status_code == 302
    assert act(client, row, "end", "streets_friend", reason="再摘").status_code == 409


def route(town, work="bikes"):
    (made,) = enter_shops(town, 1, kind="contractor_route", unit_id=town.units["bikes"].pk, facts={"work": work})
    return made


@pytest.mark.mechanism("000-35", "000-39")
def test_a_shift_is_logged_checked_and_the_months_deductions_name_firms_alone(town, client):
    line = route(town)
    enter(client, town, "danche")
    log = {
        "on": "2026-03-10", "shift": "early", "crew": "contractor", "planned": "300", "done": "280", "unit_word": "辆",
        "told": "40", "removed": "6", "text": "商圈一圈",
    }  # fmt: skip
    assert send(client, "streets_log_new", log, line).status_code == 302
    twice = send(client, "streets_log_new", log, line)
    assert twice.status_code == 409
    assert "商圈一圈" in twice.content.decode()
    assert send(client, "streets_quality_new", {}, line).status_code == 403
    enter(client, town, "shegong")
    assert send(client, "streets_log_new", {**log, "crew": "volunteers", "done": "30"}, line).status_code == 302
    assert WorkLog.objects.count() == 2
    said = words(client.get(address("streets_logs"), {"work": "bikes"}))
    assert "志愿者" in said
    assert "通知企业 40 辆，清运 6 辆" in said
    off = {"on": "2026-03-10", "off": "2.5", "text": "盲道上还停着"}
    assert send(client, "streets_quality_new", off, line).status_code == 422
    assert send(client, "streets_quality_new", {**off, "photo": picture()}, line).status_code == 302
    row = Quality.objects.get()
    assert act(client, row, "reply", "streets_quality", text="不是我们的").status_code == 403
    enter(client, town, "danche")
    assert act(client, row, "reply", "streets_quality", text="已补清").status_code == 302
    book = openpyxl.load_workbook(
        io.BytesIO(b"".join(client.get(address("streets_deductions"), {"month": "2026-03"}).streaming_content))
    )
    rows = [[c.value for c in r] for r in book.worksheets[0].iter_rows()]
    assert rows[2][:4] == [town.units["bikes"].name, line.name, "2026-03-10", "2.5"]
    assert rows[3][1] == "合计 1 次"
    assert act(client, row, "annul", "streets_quality", reason="自己撤").status_code == 403
    enter(client, town, "guanliban")
    assert act(client, row, "annul", "streets_quality", reason="照片是隔壁线路").status_code == 302
    answer = client.get(address("streets_deductions"), {"month": "2026-03"})
    left = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).worksheets[0]
    assert left.max_row == 2
    enter(client, town, "qingcheng")
    assert line.name not in words(client.get(address("streets_logs")))
    assert client.get(address("streets_log", WorkLog.objects.first().uuid)).status_code == 404


@pytest.mark.mechanism("002-02")
def test_an_officer_keeps_in_touch_with_a_neighbourhood_and_gaps_show(town, client):
    area = town.areas["陶家宅"]
    plan = {"user_id": town.users["chengguan"].pk, "area_id": area.pk, "per_month": "2", "starts_on": "2026-03-01"}
    enter(client, town, "chengguan")
    assert send(client, "streets_contact_new", plan).status_code == 403
    enter(client, town, "zhongdui")
    assert send(client, "streets_contact_new", plan).status_code == 302
    row = Contact.objects.get()
    enter(client, town, "chengguan2")
    assert act(client, row, "visit", "streets_contact", on="2026-03-09", text="代去").status_code == 403
    enter(client, town, "chengguan")
    visit = {"on": "2026-03-09", "text": "看了后弄堆物", "asked": "想装隔离栏"}
    assert act(client, row, "visit", "streets_contact", **{**visit, "on": "2026-03-20"}).status_code == 422
    assert act(client, row, "visit", "streets_contact", **visit).status_code == 302
    assert act(client, row, "visit", "streets_contact", **visit).status_code == 409
    assert "还差 1 次" in words(client.get(address("streets_contacts"), {"state": "gaps"}))
    assert "想装隔离栏" in words(client.get(address("streets_contact", row.uuid)))
    enter(client, town, "shuji")
    assert area.name in words(client.get(address("streets_contacts")))
    enter(client, town, "shuji02")
    assert client.get(address("streets_contact", row.uuid)).status_code == 404


def test_lists_of_hundreds_stay_quick_and_other_grids_are_not_shown(town, client, django_assert_max_num_queries):
    shops = enter_shops(town, 3)
    far = enter_shops(town, 1, area=town.areas["华一"])[0]
    today = town.now.date()
    Matter.objects.bulk_create(
        Matter(
            target=shops[n % 3], fault="cross_door", text="货架", found_on=today, area_path=shops[0].area_path,
            correct_by=today + timedelta(days=n % 3),
        )
        for n in range(220)
    )  # fmt: skip
    away = Matter.objects.create(target=far, fault="other", text="远", found_on=today, area_path=far.area_path)
    BlindSpot.objects.bulk_create(
        BlindSpot(
            kind="corner", place=f"角落{n}", text="脏", area=town.areas["陶家宅"], area_path=shops[0].area_path,
            found_on=today, due_on=today,
        )
        for n in range(220)
    )  # fmt: skip
    enter(client, town, "shegong")
    client.get(address("streets"))
    for name in ("streets_matters", "streets_spots"):
        with django_assert_max_num_queries(8):
            answer = client.get(address(name))
        assert "cursor=" in answer.content.decode()
    for name in (
        "streets_duties", "streets_lanes", "streets_members", "streets_boards", "streets_friends", "streets_logs",
        "streets_qualities", "streets_contacts",
    ):  # fmt: skip
        with django_assert_max_num_queries(8):
            assert client.get(address(name)).status_code == 200
    with django_assert_max_num_queries(24):
        assert client.get(address("streets")).status_code == 200
    assert client.get(address("streets_matter", away.uuid)).status_code == 404
    assert client.get(address("streets_shop", far.uuid)).status_code == 404
    log_in(client, town.users["jumin"])
    assert client.get(address("streets")).status_code == 403
