"""What visits bring to the ledgers: facts with their source, pictures of one spot, depths after rain; flood figures."""

from datetime import timedelta

import pytest

from linli.engines.fieldwork import services
from linli.engines.fieldwork.models import SubmissionFile, Target, Visit
from linli.engines.fieldwork.tests.scenes import FORM, enter_form, enter_shops, home_of, opened, visits_of
from linli.engines.fieldwork.types import Choice, How, Packet, TargetData, TargetFilter
from linli.foundation.core.actors import SYSTEM
from linli.foundation.core.ids import uuid7
from linli.foundation.files import services as files
from linli.foundation.forms import services as forms
from linli.foundation.forms.types import Question, QuestionType, Settings, WholeForm
from linli.interfaces.cli.demo.pictures import draw_picture
from linli.interfaces.desk.fieldwork.ledgers import sections
from linli.interfaces.desk.tests.help import enter
from linli.interfaces.portal.tests.steps import words

pytestmark = pytest.mark.django_db
LEDGERS = "/desk/fieldwork/ledgers/"


@pytest.fixture
def town(world):
    services.load_shipped(now=world.now)
    return world


def ask(code, kind, label, **more):
    return Question(code, kind, {"zh-hans": label}, **more)


def form_of(town, code, *items):
    form = WholeForm(Settings("走访表", code), items)
    forms.save_whole_form(by=SYSTEM, now=town.now, code=code, form=form)


def sent(town, visit, who, form, answers, *, after=0):
    now = town.now + timedelta(hours=after)
    packet = Packet(uuid=uuid7(), form=form, version=1, answers=answers, made_at=now, visit=visit.uuid)
    return services.submit(by=town.actor(who), now=now, packet=packet)


def round_of(town, kind, form, who="shegong"):
    choice = Choice(filter=TargetFilter((kind,)), how=How.FILTER)
    round_ = opened(town, choice=choice, form=form)
    Visit.objects.filter(round=round_).update(user=town.users[who])
    return visits_of(round_)


@pytest.mark.mechanism("001-08")
def test_what_a_visit_corrects_stands_in_the_ledger_with_its_source_for_the_next_grid_too(town):
    enter_shops(town, 1, facts={"trade": "food"})
    form_of(town, "visit_shop", ask("trade", QuestionType.TEXT, "业态", extra={"fact": "trade"}),
            ask("code", QuestionType.TEXT, "信用代码", extra={"fact": "licence"}))  # fmt: skip
    (visit,) = round_of(town, "shop", "visit_shop")
    receipt = sent(town, visit, "shegong", "visit_shop", {"trade": "retail", "code": "91310105甲"})
    shop = Target.objects.get(kind__code="shop")
    assert shop.facts == {"trade": "retail", "licence": "91310105甲"}
    url = f"{LEDGERS}at/{shop.uuid}/"
    said = words(enter(town, "zhiban").get(url))
    assert "91310105甲" in said
    assert "走访记录" in said
    assert "社工甲" in said
    assert "餐饮" in said  # what it was before stands in its history
    assert enter(town, "lingdao").get(url).status_code == 200
    assert enter(town, "shuji").get(url).status_code == 200
    assert enter(town, "fangguan").get(url).status_code == 404
    assert receipt.uuid


def test_pictures_of_one_spot_stand_beside_each_other_for_who_reads_the_records_alone(town):
    enter_shops(town, 1)
    form_of(town, "spot", ask("front", QuestionType.PHOTO, "门前", same_spot=True))
    (visit,) = round_of(town, "shop", "spot")
    shop = Target.objects.get(kind__code="shop")
    for n in range(2):
        stored = files.store(
            by=town.actor("shegong"), now=town.now, content=draw_picture(n, "after"), name="x.jpg", purpose="fieldwork"
        )
        packet = Packet(
            uuid=uuid7(), form="spot", version=1, answers={}, made_at=town.now + timedelta(minutes=n),
            visit=visit.uuid if not n else None, round=visit.round.uuid, target=shop.uuid,
            files={"front": [stored.uuid]},
        )  # fmt: skip
        services.submit(by=town.actor("shegong"), now=town.now + timedelta(minutes=n), packet=packet)
    assert SubmissionFile.objects.count() == 2
    client = enter(town, "zhiban")
    page = client.get(f"{LEDGERS}at/{shop.uuid}/photos/")
    assert "门前 2" in words(page)
    url = page.context["one"]["url"]
    assert page.context["one"]["uuid"] != page.context["other"]["uuid"]
    assert client.get(url).status_code == 200
    assert enter(town, "fangguan").get(url).status_code == 404
    assert "照片对比" in words(client.get(f"{LEDGERS}at/{shop.uuid}/"))


@pytest.mark.mechanism("004-26")
def test_a_waterlogging_point_shows_its_depths_after_rain_from_the_records(town):
    point = services.add_target(
        by=SYSTEM, now=town.now,
        data=TargetData(
            "waterlogging", "长宁路下立交", area_id=home_of(town).pk,
            facts={"depth": 35, "cause": "管径小", "plan": "扩管", "state": "doing"},
        ),
    )  # fmt: skip
    form_of(town, "rain", ask("deep", QuestionType.INTEGER, "积水深度", extra={"fact": "last_depth"}))
    (visit,) = round_of(town, "waterlogging", "rain")
    sent(town, visit, "shegong", "rain", {"deep": 42})
    said = words(enter(town, "zhiban").get(f"{LEDGERS}at/{point.uuid}/"))
    assert "有记录以来最深 42 厘米" in said
    assert "雨后检查" in said
    assert "管径小" in said
    page = words(enter(town, "zhiban").get(f"{LEDGERS}flood/?show=points_left"))
    assert "没有这样的对象" in page
    services.change_target(
        by=SYSTEM, now=town.now, uuid=point.uuid, expected=Target.objects.get(pk=point.pk).version,
        data=TargetData("waterlogging", point.name, area_id=point.area_id, facts={"state": "done"}),
    )  # fmt: skip
    assert "长宁路下立交" in words(enter(town, "zhiban").get(f"{LEDGERS}flood/?show=points_done"))


@pytest.mark.mechanism("004-25")
def test_pumps_and_enclosures_are_summed_up_with_those_that_nobody_tried_within_a_year(town):
    for name, facts in (("1号泵", {"count": 3, "flow": 500, "tested": "2025-12-01"}), ("2号泵", {"count": 2})):
        services.add_target(by=SYSTEM, now=town.now, data=TargetData("pump", name, facts=facts))
    services.add_target(
        by=SYSTEM, now=town.now, data=TargetData("enclosure", "四村小包围", facts={"gates": 4, "wall": "120.5"})
    )
    page = enter(town, "zhiban").get(f"{LEDGERS}flood/?show=pumps_untested")
    said = words(page)
    assert "强排泵（台） 5" in said
    assert "闸门（道） 4" in said
    names = [r["target"].name for r in page.context["rows"]]
    assert names == ["2号泵"]


@pytest.mark.mechanism("004-30")
def test_plans_drills_and_hazards_with_their_recheck_stand_in_ledgers(town):
    client = enter(town, "zhiban")
    made = client.post(
        f"{LEDGERS}of/flood_plan/new/",
        {"name": "防汛防台专项预案", "facts.edition": "2026版", "facts.adopted": "2026-03-01"},
    )
    plan = made["Location"].split("/")[-2]
    drill = {"name": "关闸演练", "facts.day": "2026-03-05", "facts.kind": "field", "facts.people": "40"}
    assert client.post(f"{LEDGERS}of/flood_drill/new/?in={plan}", drill).status_code == 302
    assert "关闸演练" in words(client.get(f"{LEDGERS}at/{plan}/"))
    edit = {
        "name": "防汛防台专项预案",
        "facts.edition": "2026版修订",
        "facts.changed": "增加下立交封控",
        "version": "1",
    }
    assert client.post(f"{LEDGERS}at/{plan}/edit/", edit).status_code == 302
    said = words(client.get(f"{LEDGERS}at/{plan}/"))
    assert "2026版修订" in said
    assert "版本：2026版" in said  # the edition before stands in its history
    for name, recheck in (("地下车库出口", "2026-03-01"), ("围墙", "2026-04-01")):
        facts = {"state": "open", "recheck": recheck}
        data = TargetData("flood_hazard", name, area_id=home_of(town).pk, facts=facts)
        services.add_target(by=SYSTEM, now=town.now, data=data)
    page = client.get(f"{LEDGERS}flood/?show=hazards_late")
    assert [r["target"].name for r in page.context["rows"]] == ["地下车库出口"]
    assert "今年演练 1" in words(page)


def test_a_programme_puts_its_own_part_into_a_dossier(town, monkeypatch):
    monkeypatch.setattr(sections, "SECTIONS", dict(sections.SECTIONS))
    sections.register("test.shop", frozenset({"shop"}), 5, lambda _request, target: f"<p>关于{target.name}的话</p>")
    sections.section(kind_codes=["lane"])(lambda _request, _target: "<p>弄堂</p>")
    (shop,) = enter_shops(town, 1)
    said = words(enter(town, "zhiban").get(f"{LEDGERS}at/{shop.uuid}/"))
    assert "关于店1的话" in said
    assert "<p>弄堂" not in said


def test_a_closed_door_is_an_attempt_and_never_coverage(town):
    enter_shops(town, 2)
    enter_form(town.now)
    visits = round_of(town, "shop", FORM)
    services.attempt(by=town.actor("shegong"), now=town.now, uuid=visits[0].uuid, outcome="nobody")
    page = enter(town, "lingdao").get(f"{LEDGERS}coverage/?kind=shop&days=30")
    whole = page.context["whole"]
    assert (whole.whole, whole.reached, whole.attempted) == (2, 0, 1)
    shop = visits[0].target
    assert "1 次上门未遇" in words(enter(town, "zhiban").get(f"{LEDGERS}at/{shop.uuid}/"))
