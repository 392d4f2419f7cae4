"""What ``linli init`` sets up is enough: each programme plans with a shipped form that has its effect."""

from datetime import timedelta

import pytest

from linli.engines.cases.models import Case
from linli.engines.fieldwork import selectors as fieldwork_read
from linli.engines.fieldwork import services as fieldwork
from linli.engines.fieldwork.models import Finding, Target, Visit
from linli.engines.fieldwork.types import TargetData
from linli.foundation.core import clock
from linli.foundation.core.actors import SYSTEM
from linli.foundation.forms.models import Form
from linli.interfaces.cli.demo import people as cast
from linli.interfaces.cli.demo.geography import load_geography
from linli.interfaces.cli.founding import LOGINS, found
from linli.interfaces.desk import directory
from linli.interfaces.desk.tests.help import enter
from linli.interfaces.desk.tests.shipped_help import Filler
from linli.interfaces.portal.tests.steps import words
from linli.programmes.housing.models import Dossier
from linli.programmes.visits.models import CondolenceEntry, CondolenceList, Demand, Detail, Gift
from tests.world import MORNING, World, forget

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(db, monkeypatch):
    """Return an installation as ``linli init`` leaves it, with a subdistrict's areas, units and people entered."""
    forget()
    directory.forget()
    with clock.frozen(MORNING):
        found(MORNING)
        geography = load_geography(by=SYSTEM, now=MORNING)
        monkeypatch.setattr(cast, "ACCOUNTS", [a for a in cast.ACCOUNTS if a.username not in LOGINS.values()])
        there = cast.load_people(by=SYSTEM, now=MORNING, geography=geography, demo=False)
        yield World(MORNING, cast.PASSWORD, there.users, there.units, geography["neighbourhoods"])
    forget()
    directory.forget()


def target(town, kind, name, **more):
    data = TargetData(kind, name, area_id=town.areas["陶家宅"].pk, **{"address": "长宁路 488 弄 12 号", **more})
    return fieldwork.add_target(by=SYSTEM, now=town.now, data=data, double_ok=True)


def planned(town, who, url, data, form):
    """Open a page of planning, which offers the form, and send it; return the visits."""
    page = enter(town, who).get(url)
    assert page.status_code == 200
    assert f'value="{form}"' in page.content.decode()
    assert "还没有用于这项工作的表单" not in page.content.decode()
    before = set(Visit.objects.values_list("pk", flat=True))
    done = enter(town, who).post(url, {**span(town), **data, "form": form})
    assert done.status_code == 302, words(done)
    return list(Visit.objects.exclude(pk__in=before).order_by("pk"))


def span(town):
    return {"starts_on": town.now.date(), "ends_on": town.now.date() + timedelta(days=20)}


def filler(town, who):
    return Filler(town.now, town.actor(who), enter(town, who))


def test_a_visit_gives_asks_and_notes(town):
    home = target(town, "household", "12 号 301 室", facts={"phone": "+8613812345678"})
    data = {
        "title": "三月居民走访", "kind": "household", "unit_id": town.units["@陶家宅"].pk, "every": "", "tag": "",
        "area_id": town.areas["陶家宅"].pk, "pair": "",
    }  # fmt: skip
    (visit,) = planned(town, "shuji", "/desk/visits/plan/", data, "visit_household")
    who, reply = filler(town, "shegong"), town.now.date() + timedelta(days=3)
    assert who.page(visit)["details"] == {"phone": "+8613812345678"}
    goods = [
        {"kind": "publicity", "what": "防诈宣传册", "amount": 2, "unit": "copy"},
        {"kind": "publicity", "what": "防诈宣传册", "amount": 1, "unit": "copy"},
        {"kind": "service", "what": "量血压", "amount": 1, "unit": "time"},
    ]  # fmt: skip
    need = {
        "need_topic": "elder", "need_done": False, "need_text": "希望装扶手", "need_reply": reply.isoformat(),
    }  # fmt: skip
    told = {
        "sent/goods": goods, "needs/has_need": True, "needs/need": [need], "details/consent": True,
        "details/family": "独居，需要定期探望", "details/contact": "李叔", "details/phone": "13900001111",
    }  # fmt: skip
    record = who.send(visit, who.answers("visit_household", **told))
    sums = dict(Gift.objects.filter(submission=record).values_list("name", "quantity").order_by("pk")[1:])
    assert sums == {"防诈宣传册": 1, "量血压": 1}
    asked = Demand.objects.get()
    assert (asked.due_on, asked.origin, asked.state) == (reply, "visit", "new")
    shown = words(enter(town, "shegong").get("/desk/visits/"))
    assert "防诈宣传册 3" in shown
    register = words(enter(town, "shegong").get("/desk/visits/demands/"))
    assert "希望装扶手" in register
    assert reply.isoformat() in register
    given = enter(town, "shuji").get(f"/desk/visits/demands/{asked.uuid}/")
    assert f'value="{reply.isoformat()}"' in given.content.decode()
    details = Detail.objects.filter(submission=record)
    until = town.now.date() + timedelta(days=365)
    assert {(d.purpose, d.until, d.consent) for d in details} == {
        ("安排探望和服务", until, True), ("走访和回访联系", until, True),
    }  # fmt: skip
    known = fieldwork_read.known(Target.objects.get(pk=home.pk))
    assert (known["contact"], known["phone"]) == ("李叔", "+8613900001111")


def test_a_need_promised_at_the_door_is_late_when_nobody_answered(town):
    target(town, "shop", "街角面馆")
    data = {
        "title": "商户走访", "kind": "shop", "unit_id": town.units["@陶家宅"].pk, "every": "", "tag": "",
        "area_id": town.areas["陶家宅"].pk, "pair": "",
    }  # fmt: skip
    (visit,) = planned(town, "shuji", "/desk/visits/plan/", data, "visit_shop")
    who = filler(town, "shegong")
    need = {"need_topic": "licence", "need_done": False, "need_text": "想办外摆许可", "need_reply": "2026-03-12"}
    answered = {"need_topic": "rent", "need_done": True, "need_answer": "已告知租金补贴的申请方式"}
    told = {"shop/state": "open", "needs/has_need": True, "needs/need": [need, answered]}
    who.send(visit, who.answers("visit_shop", **told))
    row = Demand.objects.get()
    assert (row.text, row.who, row.due_on.isoformat()) == ("想办外摆许可", "街角面馆", "2026-03-12")
    with clock.frozen(town.now + timedelta(days=3)):
        assert "想办外摆许可" in words(enter(town, "shuji").get("/desk/visits/demands/?late=1"))
        version, unit = row.version, town.units["market"].pk
        done = enter(town, "shuji").post(
            f"/desk/visits/demands/{row.uuid}/",
            {"act": "assign", "version": version, "unit_id": unit, "due_on": "2026-03-14"},
        )
        assert done.status_code == 302


def test_a_shut_door_is_an_attempt_and_no_visit(town):
    home = target(town, "household", "12 号 302 室")
    data = {
        "title": "走访", "kind": "household", "unit_id": town.units["@陶家宅"].pk, "every": "", "tag": "",
        "area_id": town.areas["陶家宅"].pk, "pair": "",
    }  # fmt: skip
    (visit,) = planned(town, "shuji", "/desk/visits/plan/", data, "visit_household")
    who = filler(town, "shegong")
    page = who.client.get(f"/desk/fieldwork/visits/{visit.uuid}/fill/").content.decode()
    assert "家中无人" not in page
    assert "不便接待" not in page
    fieldwork.attempt(by=town.actor("shegong"), now=town.now, uuid=visit.uuid, outcome="nobody")
    home = Target.objects.get(pk=home.pk)
    visit.refresh_from_db()
    assert (home.visited_at, home.tried_at, visit.state) == (None, town.now, "tried")


def test_a_condolence_is_signed_for_at_the_door_and_its_goods_are_summed(town):
    home = target(town, "household", "12 号 303 室")
    shegong, shuji = enter(town, "shegong"), enter(town, "shuji")
    made = {"title": "重阳慰问", "festival": "重阳节", "day": "2026-03-12", "unit_id": town.units["@陶家宅"].pk}
    assert shegong.post("/desk/visits/condolences/new/", made).status_code == 302
    url = f"/desk/visits/condolences/{CondolenceList.objects.get().uuid}/"
    one = {"act": "add", "person": "老人甲", "reason": "高龄", "amount": "300", "target": str(home.uuid)}
    assert shegong.post(url, one).status_code == 302
    sent = {"act": "confirm", "version": CondolenceList.objects.get().version}
    assert shuji.post(url, sent).status_code == 302
    (visit,) = planned(town, "shuji", url, {"act": "plan"}, "visit_condolence")
    who = filler(town, "shegong")
    goods = [{"what": "大米", "amount": 2}]
    who.send(visit, who.answers("visit_condolence", **{"gift/money": "300", "gift/goods": goods, "wish": None}))
    assert CondolenceEntry.objects.get().signed is not None
    assert dict(Gift.objects.values_list("name", "quantity")) == {"慰问金（元）": 300, "大米": 2}


def test_a_sweep_takes_a_flat_up_with_the_rooms_as_they_were_seen(town):
    top = target(town, "building", "12 号楼")
    fieldwork.make_grid(by=SYSTEM, now=town.now, building=top.uuid, first=1, last=1, doors=2)
    data = {
        "title": "逐户排查", "building": str(top.uuid), "unit_id": town.units["@陶家宅"].pk, "area_id": "",
        "wanted": "", "seed": "",
    }  # fmt: skip
    visits = planned(town, "shuji", "/desk/housing/sweeps/new/", data, "rent_check")
    assert len(visits) == 2
    who = filler(town, "shegong")
    rooms = [{"room": "客厅东半间", "use": "living", "area": "18", "persons": 5, "kin": False, "parts": 2}]
    told = {
        "inside/every_room": rooms, "inside/result": "over", "inside/result_text": "客厅隔成两间住五人",
        "law/told_law": True, "law/unsigned": "拒签",
    }  # fmt: skip
    who.send(visits[0], who.answers("rent_check", **told))
    who.send(visits[1], who.answers("rent_check", **{"inside/result": "clear"}))
    dossier = Dossier.objects.get()
    assert (dossier.target, dossier.origin, dossier.to_verify) == (visits[0].target, "sweep", True)
    assert [(r["room"], r["persons"], r["parts"]) for r in dossier.rooms] == [("客厅东半间", 5, 2)]
    assert Case.objects.get(uuid=dossier.case_uuid).category.code == "group_renting"
    assert "待核实" in words(enter(town, "shuji").get(f"/desk/housing/buildings/{top.uuid}/"))


def test_a_safety_check_and_a_patrol_find_what_they_look_for(town):
    target(town, "building", "9 号楼", facts={"risk": "c"})
    data = {"title": "汛前检查", "grade": "c", "area_id": "", "unit_id": town.units["management"].pk}
    (visit,) = planned(town, "guanliban", "/desk/housing/safety/new/", data, "house_safety")
    who = filler(town, "shegong")
    who.send(visit, who.answers("house_safety", **{"outside/wall": "no", "level": "watch", "advice": "尽快修缮"}))
    assert Case.objects.get().category.code == "falling_objects"
    assert "外墙没有开裂" in words(enter(town, "ducha").get("/desk/housing/safety/"))

    target(town, "shop", "转角花店")
    data = {
        "title": "晚高峰巡查", "area_id": "", "unit_id": town.units["centre"].pk, "kind": "shop",
        "days": list("1234567"), "begin": "09:00", "end": "20:00",
    }  # fmt: skip
    visits = planned(town, "zhiban", "/desk/streets/patrols/new/", data, "shop_patrol")
    who = filler(town, "shegong")
    told = {
        "duty/crossdoor": "no", "duty/crossdoor_mended": False, "duty/pile": "no", "duty/pile_mended": True,
        "duty/crossdoor_photo": [who.shot()], "step": ["advise"], "sign/sign_word": "no",
        "sign/sign_word_mended": False,
    }  # fmt: skip
    who.send(visits[0], who.answers("shop_patrol", **told))
    states = dict(Finding.objects.filter(target__name="转角花店").values_list("item", "state"))
    assert states == {"duty/crossdoor": "case", "duty/pile": "scored", "sign/sign_word": "found"}
    assert "用字规范、灯光完好" in words(enter(town, "zhiban").get("/desk/streets/"))


def test_an_experience_officer_reports_and_it_becomes_a_need(town):
    target(town, "business_station", "华阳小微企业服务站")
    link = "/desk/visits/plan/?kind=business_station"
    assert link in enter(town, "lingdao").get("/desk/visits/stations/").content.decode()
    data = {
        "title": "体验官走服务站", "kind": "business_station", "unit_id": town.units["@陶家宅"].pk, "every": "",
        "tag": "", "area_id": town.areas["陶家宅"].pk, "pair": "",
    }  # fmt: skip
    (visit,) = planned(town, "shuji", link, data, "experience")
    who = filler(town, "shegong")
    who.send(visit, who.answers("experience", **{"bad": "办证要跑三个窗口", "marks/barrier": True}))
    row = Demand.objects.get()
    assert (row.origin, row.text, row.who) == ("experience", "办证要跑三个窗口", "华阳小微企业服务站")
    assert "办证要跑三个窗口" in words(enter(town, "lingdao").get("/desk/visits/stations/"))


def test_surveys_offer_the_forms_of_their_purpose_alone(town):
    page = enter(town, "shuji").get("/desk/surveys/new/").content.decode()
    assert 'value="survey_civility"' in page
    assert 'value="visit_household"' not in page


PLANNING = (
    ("shuji", "/desk/visits/plan/"), ("shuji", "/desk/housing/sweeps/new/"), ("guanliban", "/desk/housing/safety/new/"),
    ("zhiban", "/desk/streets/patrols/new/"),
)  # fmt: skip


def test_where_no_form_is_published_the_page_says_what_to_do_and_an_own_form_of_the_purpose_is_enough(town):
    kept = dict(Form.objects.values_list("code", "kind"))
    Form.objects.update(kind="other")
    for who, url in PLANNING:
        assert "还没有用于这项工作的表单" in words(enter(town, who).get(url)), url
    link = "/console/forms/library/"
    assert link in enter(town, "zhiban").get("/desk/streets/patrols/new/").content.decode()
    assert enter(town, "zhiban").get(link).status_code == 200
    assert link not in enter(town, "shuji").get("/desk/visits/plan/").content.decode()
    client = enter(town, "shuji")
    Form.objects.filter(code="lane_survey").update(kind="visit")  # as the console's 用途 does
    page = client.get("/desk/visits/plan/")
    assert "还没有用于这项工作的表单" not in words(page)
    assert 'value="lane_survey"' in page.content.decode()
    assert kept["rent_check"] == "shared_flat"
