"""The streets through their pages: patrols, shops' matters with their steps, frontages, blind spots, lanes."""

import io

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from linli.engines.cases.models import Case
from linli.engines.fieldwork import services as fieldwork
from linli.engines.fieldwork.models import Finding, Round, Visit
from linli.engines.fieldwork.tests.scenes import enter_shops
from linli.engines.fieldwork.types import Packet
from linli.foundation.core.actors import SYSTEM
from linli.foundation.core.ids import uuid7
from linli.foundation.files.models import StoredFile
from linli.foundation.forms import services as forms
from linli.interfaces.cli.demo.pictures import draw_picture
from linli.interfaces.desk.streets import lanes, matters
from linli.interfaces.portal.tests.steps import words
from linli.programmes.streets.models import Matter, Step
from tests.login import log_in

pytestmark = pytest.mark.django_db
FORM = {
    "questions": [
        {"code": "goods", "type": "yes_no", "label": {"zh-hans": "跨门经营"}},
        {"code": "shot", "type": "photo", "label": {"zh-hans": "照片"}},
    ]
}


def picture(seed=1):
    return SimpleUploadedFile(f"{seed}.jpg", draw_picture(seed, "report"), content_type="image/jpeg")


@pytest.fixture
def town(at):
    fieldwork.load_shipped(now=at.now)
    return at


def enter(client, world, who):
    return log_in(client, world.users[who])


def address(name, *args):
    return reverse(f"desk:{name}", args=args)


def warn(client, shop, **more):
    data = {"act": "new", "fault": "cross_door", "text": "门口摆出三排货架", "correct_by": "2026-03-13", **more}
    return client.post(f"{address('streets_warn')}?target={shop.uuid}", data)


def act(client, row, code, name="streets_matter", **data):
    row.refresh_from_db()
    return client.post(address(name, row.uuid), {"act": code, "version": row.version, **data})


def order_data(town, **more):
    return {
        "basis": "《上海市市容环境卫生管理条例》第二十一条",
        "correct_by": "2026-03-17",
        "served": "manager",
        "way": "hand",
        "served_on": "2026-03-10",
        "second_id": town.users["chengguan2"].pk,
        "text": "清空门外货架",
        **more,
    }


@pytest.mark.mechanism("000-37")
def test_a_shop_is_warned_ordered_and_handed_over(town, client):
    shop, other = enter_shops(town, 2)
    enter(client, town, "shegong")
    assert "店1" in words(client.get(address("streets_warn"), {"q": "店1"}))
    answer = warn(client, shop, photo=picture())
    row = Matter.objects.get()
    assert answer.status_code == 302
    assert answer.url == address("streets_matter", row.uuid)
    assert (row.state, row.times, row.by_count) == ("warned", 1, "")
    assert [f.purpose for f in StoredFile.objects.all()] == ["streets"]
    # Handing over needs more than one warning: what was typed stays.
    refused = act(client, row, "hand_over", reason="屡教不改")
    assert refused.status_code == 409
    assert "屡教不改" in words(refused)
    # The same fault once more within the month: the rule asks for an order.
    warn(client, shop, text="货架又摆出来了")
    again = Matter.objects.order_by("-id").first()
    assert (again.times, again.by_count) == (2, "order")
    assert "应责令改正" in words(client.get(address("streets_matter", again.uuid)))
    assert act(client, again, "order", **order_data(town)).status_code == 403
    enter(client, town, "chengguan")
    alone = act(client, again, "order", **order_data(town, second_id=""))
    assert alone.status_code == 422
    assert "清空门外货架" in words(alone)
    vague = act(client, again, "order", **order_data(town, basis="《上海市市容环境卫生管理条例》"))
    assert vague.status_code == 422
    assert "请写明依据的是第几条" in words(vague)
    assert act(client, again, "order", **order_data(town), photo=picture(2)).status_code == 302
    again.refresh_from_db()
    assert (again.state, again.order_number, again.served) == ("ordered", 1, "manager")
    assert Step.objects.get(verb="order").second_label.endswith("城管队员乙")
    paper = client.get(address("streets_matter_paper", again.uuid))
    text = "\n".join(p.text for p in docx.Document(io.BytesIO(b"".join(paper.streaming_content))).paragraphs)
    assert "责令改正通知书" in text
    assert "责改〔2026〕1 号" in text
    assert "第二十一条" in text
    # A stale page is told so.
    old = client.post(address("streets_matter", again.uuid), {"act": "hand_over", "version": 1, "reason": "到期"})
    assert old.status_code == 409
    assert "别人刚刚办理过" in words(old)
    assert act(client, again, "hand_over", reason="到期未改").status_code == 302
    again.refresh_from_db()
    case = Case.objects.get(uuid=str(again.case_uuid))
    assert case.unit == town.units["enforcement"]
    assert case.files.count() == 1
    assert again.state == "handed"
    assert case.number in words(client.get(address("streets_matter", again.uuid)))
    assert act(client, again, "answer", result="已立案处理", outside_number="A-1").status_code == 302
    again.refresh_from_db()
    assert (again.state, again.outside_number) == ("answered", "A-1")
    enter(client, town, "shegong")
    assert "店2" not in words(client.get(address("streets_matters"), {"q": "店1"}))
    assert other.name not in words(client.get(address("streets_matters")))


def test_an_objection_is_answered_by_another_and_annulled_ones_count_no_more(town, client):
    (shop,) = enter_shops(town, 1)
    enter(client, town, "zhongdui")
    warn(client, shop)
    row = Matter.objects.get()
    act(client, row, "order", **order_data(town, early="有安全隐患", second_id=town.users["chengguan"].pk))
    assert act(client, row, "appeal", text="货架是邻居的").status_code == 302
    blocked = act(client, row, "hand_over", reason="到期")
    assert blocked.status_code == 409
    assert "陈述申辩还没有答复" in words(blocked)
    assert act(client, row, "annul", reason="自己撤").status_code == 403
    enter(client, town, "chengguan")
    assert act(client, row, "annul", reason="没有这个权").status_code == 403
    enter(client, town, "lingdao")
    assert act(client, row, "uphold", reason="").status_code == 422
    assert act(client, row, "annul", reason="查实是邻居的").status_code == 302
    row.refresh_from_db()
    assert row.state == "annulled"
    assert not row.appeal_open
    assert client.get(address("streets_matter_paper", row.uuid)).status_code == 404
    warn(client, shop)
    assert Matter.objects.order_by("-id").first().times == 1


def patrol(town, client):
    forms.save_form(by=SYSTEM, now=town.now, code="street.patrol", title="街面巡查", questions=FORM, kind="patrol")
    enter(client, town, "zhiban")
    data = {
        "title": "商圈晚高峰巡查", "area_id": "", "unit_id": town.units["centre"].pk, "kind": "shop",
        "form": "street.patrol", "starts_on": "2026-03-10", "ends_on": "2026-03-31", "days": list("1234567"),
        "begin": "17:00", "end": "20:00",
    }  # fmt: skip
    return client.post(address("streets_patrol_new"), data)


@pytest.mark.mechanism("000-37")
def test_a_patrol_has_area_and_hours_and_what_it_found_becomes_a_warning(town, client):
    shops = enter_shops(town, 2)
    assert patrol(town, client).status_code == 302
    round_ = Round.objects.get(programme="streets")
    home = words(client.get(address("streets")))
    assert "商圈晚高峰巡查" in home
    assert "17:00–20:00" in home
    assert "0/2" in home
    visit = Visit.objects.filter(round=round_, target=shops[0]).order_by("occasion").first()
    packet = Packet(uuid7(), "street.patrol", 1, {"goods": True}, town.now, visit=visit.uuid)
    fieldwork.submit(by=town.actor("zhiban"), now=town.now, packet=packet)
    finding = Finding.objects.create(
        submission=visit.submissions.get(), target=shops[0], item="x", text="跨门经营：门口三排货架", found_at=town.now,
        area_path=shops[0].area_path,
    )  # fmt: skip
    home = client.get(address("streets"))
    assert "1/2" in words(home)
    assert "门口三排货架" in words(home)
    url = f"{address('streets_warn')}?target={shops[0].uuid}&finding={finding.uuid}"
    assert "门口三排货架" in client.get(url).content.decode()
    data = {"act": "new", "fault": "cross_door", "text": "门口三排货架", "correct_by": "2026-03-13"}
    assert client.post(url, data).status_code == 302
    assert client.post(url, data).status_code == 409
    row = Matter.objects.get()
    assert act(client, row, "mend", text="货架已收").status_code == 302
    finding.refresh_from_db()
    assert finding.state == "scored"
    assert "等待处理" not in words(client.get(address("streets")))


def test_a_dossier_shows_warnings_and_the_lanes_plan_to_who_may_read_them(town, client, rf):
    (shop,) = enter_shops(town, 1)
    (lane,) = enter_shops(town, 1, kind="lane")
    enter(client, town, "shegong")
    warn(client, shop)

    def shown(who, draw, target):
        request = rf.get("/")
        request.actor = town.actor(who)
        return str(draw(request, target))

    assert "跨门经营" in shown("shegong", matters.section, shop)
    assert "拟定方案" in shown("shegong", lanes.section, lane)
    assert shown("minjing", matters.section, shop) == shown("shuji02", lanes.section, lane) == ""
