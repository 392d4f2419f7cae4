"""Ledgers as pages: the home, lists, one target through its life, doubles, what is sealed, houses, coverage, flood."""

import re
from datetime import timedelta
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from linli.engines.fieldwork import services
from linli.engines.fieldwork.models import Fact, Target
from linli.engines.fieldwork.tests.scenes import enter_shops, home_of
from linli.engines.fieldwork.types import TargetData
from linli.foundation.core.actors import SYSTEM
from linli.foundation.journal.models import Entry
from linli.interfaces.desk.tests.help import enter
from linli.interfaces.portal.tests.steps import words

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(world):
    services.load_shipped(now=world.now)
    return world


def typed(town, **fields):
    return {"name": "甲烟酒店", "address": "长宁路488弄12号", "area": home_of(town).pk, **fields}


def new_shop(town, who="zhiban", **fields):
    answer = enter(town, who).post("/desk/fieldwork/ledgers/of/shop/new/", typed(town, **fields))
    assert answer.status_code == 302, words(answer)
    return Target.objects.get(uuid=answer["Location"].split("/")[-2])


def at(target, *more):
    return f"/desk/fieldwork/ledgers/at/{target.uuid}/" + "".join(f"{m}/" for m in more)


def home(town, **more):
    data = TargetData("household", "302 室", address="长宁路488弄12号302室", area_id=home_of(town).pk, **more)
    return services.add_target(by=town.actor("shegong"), now=town.now, data=data)


def test_a_shop_is_entered_changed_ended_and_restored_on_its_pages(town):
    client = enter(town, "zhiban")
    assert "还没有登记" in words(client.get("/desk/fieldwork/ledgers/of/shop/"))
    shop = new_shop(town, **{"facts.trade": "food", "facts.phone": "13812345678", "tags": "示范，夜间营业"})
    assert (shop.facts, shop.tags) == ({"trade": "food"}, ["示范", "夜间营业"])
    said = words(client.get(at(shop)))
    assert "餐饮" in said
    assert "登记" in said
    assert "在册" in said
    assert "13812345678" not in said
    seen = {**typed(town, name="甲便利店"), "facts.trade": "retail", "version": shop.version, "why": "换招牌"}
    assert client.post(at(shop, "edit"), seen).status_code == 302
    shop.refresh_from_db()
    assert (shop.name, shop.facts["trade"], bool(shop.sealed)) == ("甲便利店", "retail", True)
    assert "零售" in words(client.get("/desk/fieldwork/ledgers/of/shop/"))
    refused = client.post(at(shop, "act", "end"), {"reason": "", "version": shop.version})
    assert refused.status_code == 422
    assert "退出台账" in words(refused)
    client.post(at(shop, "act", "end"), {"reason": "已关店", "version": shop.version})
    shop.refresh_from_db()
    assert shop.until is not None
    assert "已关店" in words(client.get(at(shop)))
    client.post(at(shop, "act", "restore"), {"reason": "弄错了", "version": shop.version})
    shop.refresh_from_db()
    assert shop.until is None
    verbs = list(Entry.objects.filter(object_uuid=shop.uuid).order_by("id").values_list("verb", flat=True))
    assert verbs == [f"fieldwork.{v}_target" for v in ("add", "change", "end", "restore")]


def test_a_refused_form_keeps_what_was_typed_and_a_stale_one_says_what_stands_now(town):
    client = enter(town, "zhiban")
    refused = client.post("/desk/fieldwork/ledgers/of/shop/new/", typed(town, name="", **{"facts.licence": "9131甲"}))
    assert refused.status_code == 422
    assert "9131甲" in refused.content.decode()
    shop = new_shop(town)
    services.change_target(
        by=SYSTEM, now=town.now, uuid=shop.uuid, expected=1,
        data=TargetData("shop", "乙烟酒店", address=shop.address, area_id=shop.area_id),
    )  # fmt: skip
    stale = client.post(at(shop, "edit"), {**typed(town, name="丙烟酒店"), "version": 1})
    assert stale.status_code == 409
    page = stale.content.decode()
    assert 'value="丙烟酒店"' in page
    assert "乙烟酒店" in words(stale)
    version = re.search(r'name="version" value="(\d+)"', page).group(1)
    assert client.post(at(shop, "edit"), {**typed(town, name="丙烟酒店"), "version": version}).status_code == 302
    bad = client.post(at(shop, "edit"), {**typed(town), "version": 3, "facts.phone": "12"})
    assert bad.status_code == 422
    assert "电话" in words(bad)


def test_a_double_is_told_at_the_door_and_merged_field_by_field_and_parted_again(town):
    one = new_shop(town)
    client = enter(town, "zhiban")
    refused = client.post("/desk/fieldwork/ledgers/of/shop/new/", typed(town))
    assert refused.status_code == 409
    assert str(one.uuid) in refused.content.decode()
    two = new_shop(town, double="1", **{"facts.trade": "food"})
    listed = words(client.get("/desk/fieldwork/ledgers/of/shop/twins/"))
    assert "甲烟酒店" in listed
    assert "对照" in listed
    assert "1 组可能重复" in words(client.get("/desk/fieldwork/ledgers/"))
    page = client.get(at(one, "merge", two.uuid))
    assert "餐饮" in words(page)
    sent = {f"version-{one.uuid}": one.version, f"version-{two.uuid}": two.version, "stays": str(one.uuid)}
    assert client.post(at(one, "merge", two.uuid), sent).status_code == 422
    assert client.post(at(one, "merge", two.uuid), {**sent, "reason": "同一家"}).status_code == 302
    one.refresh_from_db(), two.refresh_from_db()
    assert two.merged_into_id == one.pk
    assert one.facts["trade"] == "food"
    assert client.post(at(one, "merge", two.uuid), {**sent, "reason": "同一家"}).status_code == 409
    assert "已并入" in words(client.get(at(two)))
    assert client.post(at(two, "act", "unmerge"), {"reason": "不是", "version": two.version}).status_code == 302
    two.refresh_from_db(), one.refresh_from_db()
    assert two.merged_into_id is None
    assert "trade" not in one.facts


def test_what_is_sealed_opens_for_a_purpose_and_leaves_a_trace_and_can_be_deleted_for_good(town):
    target = home(town, facts={"contact": "甲", "phone": "13812345678", "persons": 3})
    client = enter(town, "shegong")
    said = words(client.get(at(target)))
    assert "13812345678" not in said
    assert "封存" in said
    refused = client.post(at(target, "open"), {"purpose": ""})
    assert refused.status_code == 422
    assert not Entry.objects.filter(verb="fieldwork.open_target").exists()
    opened = client.post(at(target, "open"), {"purpose": "上门走访联系"})
    assert "+8613812345678" in words(opened)
    entry = Entry.objects.get(verb="fieldwork.open_target")
    assert entry.reason == "上门走访联系"
    assert "1381234" not in str(entry.after)
    gone = {"fields": ["phone"], "reason": "本人要求", "version": target.version}
    assert client.post(at(target, "forget"), gone).status_code == 302
    assert not Fact.objects.filter(target=target, field="phone").exclude(sealed=b"").exists()
    assert "13812345678" not in words(client.post(at(target, "open"), {"purpose": "核实台账"}))


def test_households_are_for_their_own_grid_and_leaders_read_the_number_alone(town):
    target = home(town)
    leader = enter(town, "lingdao")
    assert re.search(r"居民家庭 1\b", words(leader.get("/desk/fieldwork/ledgers/")))
    assert leader.get("/desk/fieldwork/ledgers/of/household/").status_code == 404
    assert leader.get(at(target)).status_code == 404
    worker = enter(town, "shegong")
    assert "302 室" in words(worker.get("/desk/fieldwork/ledgers/of/household/"))
    assert "exports/of/" not in worker.get("/desk/fieldwork/ledgers/of/household/").content.decode()
    for code in ("ledger", "doubles"):
        taken = {"form": "csv", "fixed": "code=household"}
        assert worker.post(f"/exports/of/{code}/", taken).status_code == 404
    assert "data-map" not in worker.get(at(target)).content.decode()


def test_a_ledger_is_searched_narrowed_and_paged_within_eight_statements(town):
    shops = enter_shops(town, 220, unit_id=town.units["enforcement"].pk, tags=("示范",))
    Target.objects.filter(pk=shops[3].pk).update(visited_at=town.now)
    client = enter(town, "zhiban")
    client.get("/desk/fieldwork/ledgers/of/shop/")
    with CaptureQueriesContext(connection) as asked:
        first = client.get("/desk/fieldwork/ledgers/of/shop/?q=长宁路&since=30&tag=示范")
    assert len(asked) <= 8, [q["sql"][:90] for q in asked]
    found = re.findall(r'celllink" href="([^"]+)">', first.content.decode())
    assert len(found) == 50
    assert "店1" in words(first)
    follow = re.search(r'rel="next" href="([^"]+)"', first.content.decode()).group(1).replace("&amp;", "&")
    second = client.get("/desk/fieldwork/ledgers/of/shop/" + follow)
    assert not set(found) & set(re.findall(r'celllink" href="([^"]+)">', second.content.decode()))
    assert "店17" in words(client.get("/desk/fieldwork/ledgers/of/shop/?q=长宁路17"))
    assert "没有符合" in words(client.get("/desk/fieldwork/ledgers/of/shop/?f.trade=food"))
    assert (
        len(re.findall("celllink", client.get("/desk/fieldwork/ledgers/of/shop/?q=店4&since=30").content.decode())) > 5
    )
    client.get("/desk/fieldwork/ledgers/")
    with CaptureQueriesContext(connection) as asked:
        client.get("/desk/fieldwork/ledgers/")
    assert len(asked) <= 8, [q["sql"][:90] for q in asked]
    with CaptureQueriesContext(connection) as asked:
        client.get(at(shops[3]))
    assert len(asked) <= 40, [q["sql"][:90] for q in asked]


def test_what_is_selected_gets_a_tag_in_one_go_and_leaves_as_a_table_file_with_a_trace(town):
    shops = enter_shops(town, 3)
    client = enter(town, "zhiban")
    url = "/desk/fieldwork/ledgers/of/shop/bulk/"
    assert client.post(url, {"target": [s.uuid for s in shops[:2]], "tag": "=示范", "act": "tag"}).status_code == 302
    assert [Target.objects.get(pk=s.pk).tags for s in shops] == [["=示范"], ["=示范"], []]
    client.post(url, {"target": [shops[0].uuid], "tag": "=示范", "act": "untag"})
    assert Target.objects.get(pk=shops[0].pk).tags == []
    taken = "/exports/of/ledger/"
    answer: Any = client.post(taken, {"form": "xlsx", "fixed": "code=shop"})
    sheet = openpyxl.load_workbook(BytesIO(b"".join(answer.streaming_content))).worksheets[0]
    names = [sheet.cell(row, 2).value for row in range(3, 6)]
    assert names == ["店1", "店2", "店3"]
    answer = client.post(taken, {"form": "csv", "fixed": "code=shop", "query": "q=店2"})
    told = b"".join(answer.streaming_content).decode()
    assert "店2" in told
    assert "店1" not in told
    assert ",=示范" not in told
    notes = Entry.objects.filter(verb="exports.send", label="ledger").order_by("id").values_list("after", flat=True)
    assert [(n["rows"], n["title"]) for n in notes if n] == [(3, "沿街商户"), (1, "沿街商户")]


def test_the_wrong_person_changes_nothing(town):
    shop = new_shop(town)
    resident = enter(town, "jumin")
    assert resident.get("/desk/fieldwork/ledgers/").status_code == 403
    other = enter(town, "fangguan")
    assert other.get(at(shop)).status_code == 404
    assert other.post(at(shop, "edit"), typed(town)).status_code == 404
    leader = enter(town, "ducha")
    assert leader.get(at(shop)).status_code == 200
    assert leader.post(at(shop, "act", "end"), {"reason": "x", "version": 1}).status_code == 403
    assert leader.post(at(shop, "edit"), {**typed(town), "version": 1}).status_code == 403
    shop.refresh_from_db()
    assert shop.version == 1


@pytest.mark.mechanism("002-09")
def test_a_house_is_made_floor_by_floor_and_drawn_without_a_word_of_who_lives_there(town):
    data = TargetData("building", "12号楼", address="长宁路488弄12号", area_id=home_of(town).pk)
    house = services.add_target(by=SYSTEM, now=town.now, data=data)
    client = enter(town, "shegong")
    assert "还没有楼层和房屋" in words(client.get(at(house, "grid")))
    refused = client.post(at(house, "grid"), {"first": "3", "last": "1", "doors": "4"})
    assert refused.status_code == 422
    assert "请核对楼层" in words(refused)
    made = client.post(at(house, "grid"), {"first": "1", "last": "6", "doors": "4", "without": "4"})
    assert made.status_code == 302
    assert Target.objects.filter(kind__code="flat").count() == 20
    flat = Target.objects.filter(kind__code="flat").order_by("pk").first()
    Target.objects.filter(pk=flat.pk).update(visited_at=town.now - timedelta(days=5))
    services.add_target(
        by=town.actor("shegong"), now=town.now, double_ok=True,
        data=TargetData("household", "张家", address=flat.address, area_id=flat.area_id, parent=flat.uuid),
    )  # fmt: skip
    page = client.get(at(house, "grid"))
    assert page.content.decode().count("house__cell st-done") == 2  # the legend's and the flat's
    assert "张家" not in words(page)
    assert "从未走访 19" in words(page)


@pytest.mark.mechanism("001-06")
def test_coverage_is_shown_by_area_with_the_way_to_those_nobody_was_at(town):
    shops = enter_shops(town, 10)
    Target.objects.filter(pk__in=[s.pk for s in shops[:4]]).update(visited_at=town.now - timedelta(days=3))
    client = enter(town, "lingdao")
    page = client.get("/desk/fieldwork/ledgers/coverage/?kind=shop&days=30")
    said = words(page)
    assert "40%" in said
    assert "按人" in said
    link = re.search(r'href="(/desk/fieldwork/ledgers/of/shop/\?area=[^"]+)"', page.content.decode()).group(1)
    left = client.get(link.replace("&amp;", "&"))
    assert len(re.findall("celllink", left.content.decode())) == 6
    drawn = client.get("/desk/fieldwork/ledgers/coverage/map.json?kind=shop&days=30").json()
    home = home_of(town).name.removesuffix("居民区")
    shades = {f["properties"].get("name"): f["properties"].get("hot") for f in drawn["features"]}
    assert shades[f"{home} 40%"] == 1
    assert enter(town, "chengguan").get("/desk/fieldwork/ledgers/coverage/?kind=shop").status_code == 403
    own = words(enter(town, "shegong").get("/desk/fieldwork/ledgers/coverage/?kind=shop&days=30"))
    assert "40%" in own


def test_a_plan_begins_with_what_a_ledger_chose(town):
    shops = enter_shops(town, 3)
    client = enter(town, "zhiban")
    url = "/desk/fieldwork/ledgers/of/shop/bulk/"
    led = client.post(url, {"target": [shops[1].uuid], "act": "round"}, follow=True)
    assert f'type="hidden" name="targets" value="{shops[1].uuid}"' in led.content.decode()
    assert str(shops[2].uuid) not in led.content.decode()
    look = {
        "act": "look",
        "how": "list",
        "kind": "shop",
        "targets": str(shops[1].uuid),
        "unit": town.units["centre"].pk,
    }
    seen = client.post("/desk/fieldwork/rounds/new/", look)
    assert f'name="targets" value="{shops[1].uuid}" checked' in seen.content.decode()
    led = client.post(url + "?q=店3", {"act": "round"}, follow=True)
    form = led.context["form"]
    assert (form["how"].value(), form["kind"].value(), form["text"].value()) == ("filter", "shop", "店3")
    assert form["more"].value() in (None, [])
