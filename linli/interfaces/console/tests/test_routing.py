"""The routing editor through its pages: a draft, what is wrong with it, an address tried, a year tried, in force."""

import json
import time
from datetime import UTC, datetime, timedelta

import pytest
from shapely.geometry import shape

from linli.engines.cases import services as cases
from linli.engines.cases.models import (
    Case,
    CatalogueVersion,
    Category,
    RoutingDraft,
    RoutingRule,
    RoutingTrial,
    RoutingVersion,
)
from linli.engines.cases.selectors import catalogue, routing
from linli.engines.cases.services.watching import watch_routing
from linli.engines.cases.types import Report
from linli.foundation.core import clock
from linli.foundation.core.actors import GUEST, SYSTEM
from linli.foundation.core.coordinates import Point
from linli.foundation.journal.models import Entry
from linli.foundation.messages import selectors as messages
from linli.foundation.people.models import Unit
from linli.foundation.places import selectors as places
from tests.login import log_in

pytestmark = pytest.mark.django_db
URL = "/console/routing/"


@pytest.fixture
def admin(client, world):
    with clock.frozen(world.now):
        yield log_in(client, world.users["xitong"])


def filled(**more):
    form = {"name": "渣土交房管", "active": "on", "categories": ["garbage"], "unit": "kind:housing", "version": "0"}
    return form | more


def read(answer):
    return answer.content.decode()


def new_rule(client, **more):
    answer = client.post(f"{URL}new/", filled(**more))
    assert answer.status_code == 302, read(answer)
    return RoutingDraft.objects.get().rules[-1]


def reported(world, category="garbage", area="陶家宅", now=None):
    made = Report(text="门口有垃圾", category=category, area_id=world.areas[area].pk)
    return cases.report(by=GUEST, now=now or world.now, report=made, dispatch=True).case_id


def act(client, key, **data):
    version = RoutingDraft.objects.get().version if RoutingDraft.objects.exists() else 0
    return client.post(f"{URL}rule/{key}/act/", {"version": version, **data})


def tried(client):
    client.post(f"{URL}trial/")
    trial = RoutingTrial.objects.get()
    while trial.finished_at is None:
        assert client.post(f"{URL}trial/{trial.pk}/step/").status_code == 302
        trial.refresh_from_db()
    return trial


def enabled(client, reason="调整"):
    return client.post(f"{URL}enable/", {"version": RoutingDraft.objects.get().version, "reason": reason})


def test_rules_are_shown_as_sentences(admin):
    text = read(admin.get(URL))
    assert "分类是群租" in text
    assert "主办当地的房管，协办城管、公安、居委会，定为综合问题" in text
    assert "“" not in text.split("群租由房管牵头")[1][:40]
    assert "共 12 条" in text
    assert "共 1 条" not in read(admin.get(f"{URL}?q=群租"))
    assert "符合 1 条" in read(admin.get(f"{URL}?q=群租"))
    assert "没有符合的规则" in read(admin.get(f"{URL}?q=没有这个"))


def test_without_any_rule_the_page_says_what_happens(admin):
    RoutingRule.objects.all().delete()
    assert "还没有派遣规则" in read(admin.get(URL))


def test_a_rule_is_entered_moved_copied_switched_off_and_dropped_in_a_draft(admin, world):
    before = routing.in_force()
    rule = new_rule(admin)
    assert rule["conditions"] == {"categories": ["garbage"]}
    act(admin, rule["key"], act="move", to=1)
    assert RoutingDraft.objects.get().rules[0]["name"] == "渣土交房管"
    act(admin, rule["key"], act="copy")
    copy = RoutingDraft.objects.get().rules[1]
    assert (copy["name"], copy["active"]) == ("渣土交房管（副本）", False)
    act(admin, rule["key"], act="off")
    assert RoutingDraft.objects.get().rules[0]["active"] is False
    act(admin, copy["key"], act="drop")
    assert len(RoutingDraft.objects.get().rules) == len(before) + 1
    assert routing.in_force() == before  # nothing has happened yet
    page = read(admin.get(URL))
    assert "与现行规则相差 1 处" in page
    assert Entry.objects.filter(verb__startswith="cases.routing_").count() == 5
    admin.post(f"{URL}discard/", {"version": RoutingDraft.objects.get().version})
    assert not RoutingDraft.objects.exists()


def test_the_form_keeps_what_was_typed_and_says_what_is_wrong(admin):
    answer = admin.post(f"{URL}new/", filled(name="", unit="", hours_from="22:00", note="写了很久的说明"))
    text = read(answer)
    assert answer.status_code == 422
    assert "写了很久的说明" in text
    assert 'value="22:00"' in text
    assert "请同时填写起止时间。" in text
    assert "还没有保存" in text
    assert not RoutingDraft.objects.exists()
    same = admin.post(f"{URL}new/", filled(hours_from="08:00", hours_to="08:00"))
    assert same.status_code == 422
    assert "起止时间相同" in read(same)


def test_two_people_do_not_overwrite_each_other(admin):
    new_rule(admin)
    stale = admin.post(f"{URL}new/", filled(name="第二条", version="9"))
    assert stale.status_code == 409
    assert "草稿刚刚被他人修改" in read(stale)
    assert "第二条" in read(stale)
    assert act(admin, "12345", act="off").status_code == 404


def test_a_rule_is_shown_again_as_it_was_entered(admin, world):
    path = world.areas["陶家宅"].path
    more = {
        "areas": [path],
        "sources": ["phone", "hotline"],
        "hours_from": "22:00",
        "hours_to": "06:00",
        "helpers": ["enforcement"],
        "level": "comprehensive",
        "ex0_areas": [path],
        "ex0_from": "17:00",
        "ex0_to": "21:00",
        "ex0_first": "2026-05-01",
        "ex0_last": "2026-10-31",
        "ex0_basis": "街道公告 2026 年第 3 号",
    }
    rule = new_rule(admin, **more)
    held = rule["conditions"]
    assert held["exemptions"][0]["area_paths"] == [path]
    assert held["exemptions"][0]["basis"] == "街道公告 2026 年第 3 号"
    text = read(admin.get(f"{URL}rule/{rule['key']}/"))
    for piece in ('value="17:00"', 'value="2026-10-31"', "街道公告 2026 年第 3 号", 'value="phone" checked'):
        assert piece in text
    listed = read(admin.get(URL))
    assert "例外，不适用：陶家宅居民区，17:00–21:00，2026-05-01 至 2026-10-31（街道公告 2026 年第 3 号）" in listed
    again = filled(version=RoutingDraft.objects.get().version, **more)
    assert admin.post(f"{URL}rule/{rule['key']}/", again).status_code == 302
    assert {k: v for k, v in RoutingDraft.objects.get().rules[-1].items() if k != "key"} == {
        k: v for k, v in rule.items() if k != "key"
    }


def test_an_exempted_zone_and_hour_switch_a_rule_off_for_new_reports(admin, world):
    path = world.areas["陶家宅"].path
    new_rule(admin, categories=["garbage"], ex0_areas=[path], ex0_from="09:00", ex0_to="12:00", ex0_basis="公告")
    key = RoutingDraft.objects.get().rules[-1]["key"]
    act(admin, key, act="move", to=1)
    tried(admin)
    assert enabled(admin).status_code == 302
    inside = Case.objects.get(pk=reported(world))
    outside = Case.objects.get(pk=reported(world, area="华一"))
    late = Case.objects.get(pk=reported(world, now=world.now + timedelta(hours=5)))
    housing = world.units["housing"].pk
    assert outside.unit_id == late.unit_id == housing
    assert inside.unit_id != housing
    trace = inside.events.get(verb="report").data["route"]["trace"]
    assert (trace[0]["name"], trace[0]["why"]) == ("渣土交房管", "exempt")


def test_a_street_that_crosses_the_grids_may_be_exempt_too(admin, world):
    street = next(a for a in places.areas(on=world.now.date()) if a.layer_id is not None)
    shapes = json.loads(places.areas_geojson(world.now.date()))["features"]
    spot = shape(next(f["geometry"] for f in shapes if f["properties"]["path"] == street.path)).representative_point()
    rule = new_rule(admin, ex0_areas=[street.path], ex0_basis="外摆试点")
    assert street.name in read(admin.get(URL))
    act(admin, rule["key"], act="move", to=1)
    data = {"category": "garbage", "source": "resident", "point_lat": spot.y, "point_lon": spot.x}
    text = read(admin.post(f"{URL}try/", data))
    assert "落在例外的区域和时间内" in text
    assert street.name in text
    tried(admin)
    enabled(admin)
    made = Report(text="垃圾", category="garbage", point=Point(spot.y, spot.x))
    case = Case.objects.get(pk=cases.report(by=GUEST, now=world.now, report=made, dispatch=True).case_id)
    assert case.events.get(verb="report").data["route"]["trace"][0]["why"] == "exempt"


def test_a_list_comes_into_force_only_after_a_dry_run_and_with_a_reason(admin, world):
    stays = reported(world)
    unit = Case.objects.get(pk=stays).unit_id
    rule = new_rule(admin)
    act(admin, rule["key"], act="move", to=1)
    early = enabled(admin)
    assert early.status_code == 409
    assert "还没有在过去一年的案件上试运行" in read(early)
    trial = tried(admin)
    assert (trial.done, trial.elsewhere, trial.same) == (1, 1, 0)
    assert enabled(admin, reason=" ").status_code == 422
    assert enabled(admin, reason="渣土改由房管承办").status_code == 302
    assert not RoutingDraft.objects.exists()
    assert Case.objects.get(pk=stays).unit_id == unit  # what is here stays where it is
    assert Case.objects.get(pk=reported(world)).unit_id == world.units["housing"].pk
    version = RoutingVersion.objects.latest("number")
    assert (version.number, version.reason) == (2, "渣土改由房管承办")
    entry = Entry.objects.filter(verb="cases.save_rules").latest("id")
    assert entry.reason == "渣土改由房管承办"
    assert len((entry.after or {})["rules"]) == len((entry.before or {})["rules"]) + 1


def test_rules_that_stay_keep_their_row_for_traces_name_it(admin):
    kept = list(RoutingRule.objects.order_by("order").values_list("pk", flat=True))
    rule = new_rule(admin)
    act(admin, rule["key"], act="move", to=1)
    tried(admin)
    enabled(admin)
    assert list(RoutingRule.objects.order_by("order").values_list("pk", flat=True))[1:] == kept


def test_an_earlier_list_is_taken_up_again(admin):
    new_rule(admin)
    tried(admin)
    enabled(admin)
    history = read(admin.get(f"{URL}history/"))
    assert "第 2 版" in history
    assert "新增" in read(admin.get(f"{URL}history/2/"))
    assert admin.post(f"{URL}history/1/take-up/", {"version": "0"}).status_code == 302
    tried(admin)
    assert enabled(admin, reason="退回").status_code == 302
    assert [r["name"] for r in routing.in_force()] == [r["name"] for r in routing.version(1).rules]
    assert routing.number_in_force() == 3
    assert admin.get(f"{URL}history/99/").status_code == 404


def test_the_dry_run_counts_and_opens_to_cases_without_their_words(admin, world, client):
    for area in ("陶家宅", "华一"):
        reported(world, area=area)
    reported(world, "street_lamp")
    rule = new_rule(admin)
    act(admin, rule["key"], act="move", to=1)
    lamps = next(r["key"] for r in RoutingDraft.objects.get().rules if r["name"] == "市政设施交管理办")
    act(admin, lamps, act="off")
    trial = tried(admin)
    assert (trial.done, trial.same, trial.elsewhere, trial.nowhere, trial.found) == (3, 0, 2, 1, 0)
    assert (trial.dispatched, trial.now_agrees, trial.then_agrees) == (3, 3, 0)
    page = read(admin.get(f"{URL}trial/"))
    assert "人工派遣" in page
    pair = next(p for p in routing.pairs(trial.pk) if p.to_unit is None)
    url = f"{URL}trial/{trial.pk}/cases/?from={pair.from_unit}&to="
    shown = read(admin.get(url))
    number = Case.objects.get(category__code="street_lamp").number
    assert number in shown
    assert f"/desk/cases/{number}/" not in shown  # who sets up does not read cases
    assert "门口有垃圾" not in shown
    leader = read(log_in(client, world.users["zhiban"]).get(url))
    assert f"/desk/cases/{number}/" in leader


def test_what_a_dry_run_foretells_is_what_happens_next(admin, world):
    categories, areas = ("garbage", "street_lamp", "lift", "noise", "hawking"), ("陶家宅", "华一", "潘东")
    every = [(c, a) for c in categories for a in areas]
    old = {pair: Case.objects.get(pk=reported(world, *pair)) for pair in every}
    path = world.areas["华一"].path
    rule = new_rule(
        admin, categories=[], areas=[path], unit="kind:police", ex0_areas=[path], ex0_from="18:00", ex0_to="20:00"
    )
    act(admin, rule["key"], act="move", to=1)
    trial = tried(admin)
    foretold = dict(trial.moves.values_list("case", "to_unit"))
    assert len(foretold) == len(categories)
    assert enabled(admin).status_code == 302
    for pair, case in old.items():
        expected = foretold.get(case.pk, case.unit_id)
        assert Case.objects.get(pk=reported(world, *pair)).unit_id == expected, pair


def test_an_installation_without_kept_versions_keeps_what_was_in_force(admin):
    RoutingVersion.objects.all().delete()  # as after an upgrade
    before = routing.in_force()
    assert "现行第" not in read(admin.get(URL))
    new_rule(admin)
    tried(admin)
    assert enabled(admin).status_code == 302
    assert [r["name"] for r in routing.version(1).rules] == [r["name"] for r in before]
    assert routing.number_in_force() == 2


def test_a_changed_draft_needs_another_run(admin, world):
    rule = new_rule(admin)
    trial = tried(admin)
    act(admin, rule["key"], act="off")
    assert enabled(admin).status_code == 409
    assert admin.post(f"{URL}trial/{trial.pk}/step/").status_code == 404


def test_rules_of_nothing_are_shown_and_keep_the_list_out(admin, world):
    new_rule(admin)
    draft = RoutingDraft.objects.get()
    draft.rules[-1]["conditions"]["categories"] = ["gone"]
    draft.rules[0]["conditions"] = {"hours": ["99"]}
    draft.save()
    text = read(admin.get(URL))
    assert "2 条规则无法读取，或指向不存在" in text
    assert "“时段”无法读取，本规则不会匹配任何诉求。" in text
    assert "分类“gone”已不存在或已停用。" in text
    assert read(admin.get(f"{URL}?only=faults")).count('class="ruleline"') == 2
    tried(admin)
    answer = enabled(admin)
    assert answer.status_code == 409
    assert "请先改正、停用或删除" in read(answer)


@pytest.mark.parametrize(
    "damage",
    [
        {"conditions": {"hours": ["99"], "categories": "garbage", "answers": [], "exemptions": [7, {"hours": [1]}]}},
        {"conditions": ["x"], "action": {"unit_kind": "police", "helper_kinds": "x"}},
        {"action": None},
        {"conditions": None, "action": []},
    ],
)
def test_a_damaged_rule_is_mended_in_its_form(admin, damage):
    row = RoutingRule.objects.get(order=0)
    for name, value in damage.items():
        setattr(row, name, value if value is not None else {})
    row.save()
    text = read(admin.get(URL))
    assert "无法读取，本规则不会匹配任何诉求" in text
    assert admin.get(f"{URL}rule/{row.pk}/").status_code == 200
    assert admin.post(f"{URL}rule/{row.pk}/", filled()).status_code == 302
    assert "无法读取，本规则不会匹配任何诉求" not in read(admin.get(URL))


def test_a_broken_rule_in_force_is_never_silent(admin, world):
    RoutingRule.objects.filter(order=0).delete()
    RoutingRule.objects.create(order=0, name="坏掉的规则", conditions={"hours": ["99"]}, action={"unit_kind": "police"})
    catalogue.forget()
    assert [b.name for b in catalogue.broken_rules()] == ["坏掉的规则"]
    assert "坏掉的规则" in read(admin.get(f"{URL}?only=faults"))
    assert watch_routing(world.now) == 1
    watch_routing(world.now)
    assert messages.unread_count(world.users["xitong"].pk) == 1
    reported(world)  # and the others still decide


def test_a_unit_that_closes_makes_its_rule_a_fault(admin, world):
    Unit.objects.filter(kind="housing").update(active=False)
    assert watch_routing(world.now) == 2
    assert "没有在用的“房管”单位。" in read(admin.get(URL))


def test_one_address_is_tried_with_every_rule_looked_at(admin, world):
    data = {"category": "street_lamp", "source": "resident", "area": world.areas["陶家宅"].pk, "which": "force"}
    before = Entry.objects.count()
    text = read(admin.post(f"{URL}try/", data))
    assert "主办：管理办" in text
    assert "市政设施交管理办" in text
    assert "全部条件符合" in text
    assert text.count("分类不符") == 6
    assert "前面已有规则匹配，未再查看" in text
    assert Entry.objects.count() == before
    assert Case.objects.count() == 0
    nothing = admin.post(f"{URL}try/", {"category": "", "source": "resident"})
    assert nothing.status_code == 422
    unknown = read(admin.post(f"{URL}try/", data | {"area": "", "address": "不存在的地方"}))
    assert "地名库里没有找到这个地址" in unknown


def test_an_address_near_a_border_shows_the_other_candidate(admin, world):
    shapes = json.loads(places.areas_geojson(world.now.date(), "neighbourhood"))["features"]
    home = next(f for f in shapes if f["properties"]["path"] == world.areas["陶家宅"].path)
    ring = home["geometry"]["coordinates"][0]
    found = ""
    for lon, lat in ring if isinstance(ring[0][0], float) else ring[0]:
        data = {"category": "noise", "source": "resident", "point_lat": lat, "point_lon": lon}
        found = read(admin.post(f"{URL}try/", data))
        if "靠近边界" in found:
            break
    assert "靠近边界：若算在" in found


def test_the_draft_can_be_tried_on_an_address_before_it_counts(admin, world):
    rule = new_rule(admin)
    act(admin, rule["key"], act="move", to=1)
    data = {"category": "garbage", "source": "resident", "area": world.areas["陶家宅"].pk}
    assert "主办：房管" in read(admin.post(f"{URL}try/", data | {"which": "draft"}))
    assert "主办：房管" not in read(admin.post(f"{URL}try/", data | {"which": "force"}))


@pytest.mark.parametrize("user", ["zhiban", "lingdao", "ducha"])
def test_leaders_read_and_change_nothing(client, world, user):
    log_in(client, world.users[user])
    text = read(client.get(URL))
    assert "群租由房管牵头" in text
    assert "新增规则" not in text
    assert client.post(f"{URL}new/", filled()).status_code == 404
    assert client.post(f"{URL}trial/").status_code == 403


def test_a_category_switched_off_elsewhere_is_noticed(world, monkeypatch):
    assert catalogue.category("noise") is not None
    # As another process does it: this one is not told.
    Category.objects.filter(code="noise").update(active=False)
    assert catalogue.category("noise") is not None
    monkeypatch.setattr(catalogue._kept, "seconds", 0.0)
    assert catalogue.category("noise") is None


def test_a_rule_switched_off_elsewhere_is_noticed_by_its_token(world, monkeypatch):
    count = len(catalogue.routing_rules())
    monkeypatch.setattr(catalogue._kept, "seconds", 0.0)
    RoutingRule.objects.filter(order=0).update(active=False)
    token = CatalogueVersion.objects.get().token
    CatalogueVersion.objects.update(token="01900000-0000-7000-8000-000000000001")
    assert CatalogueVersion.objects.get().token != token
    assert len(catalogue.routing_rules()) == count - 1


@pytest.mark.slow
def test_ten_thousand_cases_are_tried_within_a_minute(admin, world):
    first = Case.objects.get(pk=reported(world))
    rows: list[Case] = []
    for n in range(10_000):
        case = Case.objects.get(pk=first.pk) if n == 0 else rows[-1]
        copied = Case(**{f.attname: getattr(case, f.attname) for f in Case._meta.concrete_fields if f.name != "id"})
        copied.uuid, copied.number = f"01900000-0000-7000-8000-{n:012d}", f"T{n:05d}"
        rows.append(copied)
    Case.objects.bulk_create(rows, batch_size=500)
    rule = new_rule(admin)
    act(admin, rule["key"], act="move", to=1)
    began = time.monotonic()
    trial = tried(admin)
    assert time.monotonic() - began < 60
    assert (trial.done, trial.elsewhere) == (10_001, 10_001)
    assert "10001" in read(admin.get(f"{URL}trial/"))


@pytest.mark.slow
def test_two_thousand_rules_are_shown_by_hundreds(admin, django_assert_max_num_queries):
    held = {"categories": ["garbage"], "sources": ["phone"]}
    action = {"unit_kind": "housing"}
    rules = [{"name": f"规则 {n}", "conditions": held, "action": action} for n in range(2_000)]
    cases.save_rules(by=SYSTEM, now=datetime(2026, 3, 1, tzinfo=UTC), rules=rules)
    admin.get(URL)
    with django_assert_max_num_queries(22):
        text = read(admin.get(URL))
    assert text.count('class="ruleline"') == 100
    assert "start=100" in text
    key = routing.in_force()[1_999]["key"]
    assert act(admin, key, act="move", to=1).status_code == 302
    assert RoutingDraft.objects.get().rules[0]["name"] == "规则 1999"
