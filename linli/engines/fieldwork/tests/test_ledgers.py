"""Ledgers: what is entered, changed, ended; who sees what; what a visit tells of a target."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linli.engines.fieldwork import selectors, services
from linli.engines.fieldwork.models import Fact, Kind, Target
from linli.engines.fieldwork.types import KindData, TargetData, TargetFilter
from linli.foundation.core.actors import SYSTEM
from linli.foundation.core.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError, StaleError
from linli.foundation.core.ids import uuid7
from linli.foundation.journal.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(world):
    services.load_shipped(now=world.now)
    return world


def area_of(town, username):
    """The first area path that somebody's post covers, as an area."""
    path = next(g.area_path for g in town.actor(username).grants if g.area_path)
    return next(a for a in town.areas.values() if a.path == path or path.startswith(a.path))


def shop(town, name="甲烟酒店", who="zhiban", **more):
    home = area_of(town, "shegong")
    double_ok = more.pop("double_ok", False)
    data = TargetData(**{"kind": "shop", "name": name, "address": "长宁路488弄12号", "area_id": home.pk, **more})
    return services.add_target(by=town.actor(who), now=town.now, data=data, double_ok=double_ok)


def household(town, who="shegong", **more):
    home = area_of(town, "shegong")
    data = TargetData("household", "302 室", address="长宁路488弄12号302室", area_id=home.pk, **more)
    return services.add_target(by=town.actor(who), now=town.now, data=data)


def elsewhere(town):
    home = area_of(town, "shegong")
    return next(a for a in town.areas.values() if a.pk != home.pk)


def test_the_shipped_ledgers_are_entered_once(town):
    assert services.load_shipped(now=town.now) == 0
    codes = {k.code for k in selectors.kinds()}
    assert {"shop", "company", "social_org", "building", "flat", "household", "frontage", "lane", "sign_board"} <= codes
    assert {"public_ad", "contractor_route", "facility", "waterlogging", "pump"} <= codes
    assert [k.code for k in selectors.kinds() if k.guarded] == ["household"]


def test_a_ledger_is_saved_and_retired_by_who_keeps_them_at_the_version_seen(town):
    by, now = town.actor("zhiban"), town.now
    data = KindData("kiosk", "书报亭", same_by=("name",))
    with pytest.raises(ForbiddenError):
        services.save_kind(by=town.actor("shegong"), now=now, data=data)
    kind = services.save_kind(by=by, now=now, data=data)
    with pytest.raises(StaleError):
        services.save_kind(by=by, now=now, data=data)
    kind = services.save_kind(by=by, now=now, data=replace(data, name="报刊亭"), expected=kind.version)
    assert (kind.name, kind.version) == ("报刊亭", 2)
    with pytest.raises(InvalidError):
        services.retire_kind(by=by, now=now, code="kiosk", active=False, reason=" ", expected=2)
    services.retire_kind(by=by, now=now, code="kiosk", active=False, reason="已全部拆除", expected=2)
    assert "kiosk" not in {k.code for k in selectors.kinds()}
    with pytest.raises(InvalidError):
        services.add_target(by=by, now=now, data=TargetData("kiosk", "甲"))


@pytest.mark.parametrize(
    ("data", "field"),
    [
        (KindData("K", "甲"), "code"),
        (KindData("kk", " "), "name"),
        (KindData("kk", "甲", parent="none"), "parent"),
        (KindData("kk", "甲", same_by=("phone",)), "same_by"),
        (KindData("kk", "沿街商户"), "name"),
        (
            KindData(
                "kk", "甲", questions={"questions": [{"code": "name", "type": "text", "label": {"zh-hans": "x"}}]}
            ),
            "questions",
        ),
    ],
)
def test_a_ledger_that_cannot_be_is_refused_at_its_field(town, data, field):
    with pytest.raises(InvalidError) as caught:
        services.save_kind(by=SYSTEM, now=town.now, data=data)
    assert set(caught.value.fields) == {field}
    assert not Kind.objects.filter(code="kk").exists()


def test_personal_fields_are_never_the_ones_by_which_entries_are_the_same(town):
    shops = selectors.kind("shop")
    data = KindData("shop", "沿街商户", same_by=("manager",), entity=True)
    with pytest.raises(InvalidError) as caught:
        services.save_kind(by=SYSTEM, now=town.now, data=data, expected=shops.version)
    assert set(caught.value.fields) == {"same_by"}


def test_a_target_is_entered_with_its_facts_what_is_personal_sealed(town):
    target = shop(town, facts={"trade": "food", "manager": "某经理", "phone": "021-5555 0100"}, tags=("餐饮示范",))
    target.refresh_from_db()
    assert target.facts == {"trade": "food"}
    assert selectors.known(target)["manager"] == "某经理"
    raw = Target.objects.filter(pk=target.pk).values().get()
    assert "某经理" not in str(raw)
    assert "某经理" not in str(list(Fact.objects.values()))
    assert "某经理" not in str(list(Entry.objects.filter(object_uuid=target.uuid).values()))
    story = {k.field: k.value for k in selectors.dossier(town.actor("zhiban"), target.uuid).facts}
    assert story["manager"] == "某经理"
    assert story["trade"] == "food"
    assert story["tags"] == ["餐饮示范"]


def test_a_change_appends_what_changed_with_whence_and_when_and_refuses_a_stale_page(town):
    target = shop(town, facts={"trade": "food"})
    later = town.now + timedelta(days=1)
    data = TargetData("shop", "乙烟酒店", address=target.address, area_id=target.area_id, facts={"trade": None})
    by = town.actor("shegong")
    changed = services.change_target(by=by, now=later, uuid=target.uuid, data=data, expected=1, reason="换了店名")
    assert (changed.name, changed.facts, changed.version) == ("乙烟酒店", {}, 2)
    new = [(f.field, f.value) for f in Fact.objects.filter(target=target, at=later)]
    assert sorted(new) == [("name", "乙烟酒店"), ("trade", None)]
    with pytest.raises(StaleError):
        services.change_target(by=by, now=later, uuid=target.uuid, data=data, expected=1)
    entry = Entry.objects.filter(verb="fieldwork.change_target").get()
    assert (entry.before or {})["name"] == "甲烟酒店"
    assert ((entry.after or {})["name"], entry.reason) == ("乙烟酒店", "换了店名")


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "长" * 101}, "name"),
        ({"lat": 31.2}, "point"),
        ({"lat": 0.0, "lon": 0.0}, "point"),
        ({"area_id": 10**9}, "area"),
        ({"facts": {"trade": "none"}}, "facts.trade"),
        ({"facts": {"phone": "x"}}, "facts.phone"),
        ({"unit_id": 10**9}, "unit"),
        ({"venue_id": 10**9}, "venue"),
        ({"parent": uuid7()}, "parent"),
        ({"tags": tuple(map(str, range(21)))}, "tags"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field_and_nothing_is_written(town, more, field):
    with pytest.raises(InvalidError) as caught:
        shop(town, **more)
    assert field in caught.value.fields
    assert not Target.objects.exists()


def test_entries_that_look_the_same_are_told_of_and_listed(town):
    first = shop(town, name="Ａ烟酒店", address="长宁路488弄12号")
    with pytest.raises(ConflictError) as caught:
        shop(town, name="a 烟酒店", address="上海市长宁区长宁路４８８弄十二号")
    assert (caught.value.code, caught.value.params["uuid"]) == ("fieldwork.double", str(first.uuid))
    second = shop(town, name="a 烟酒店", address="上海市长宁区长宁路４８８弄十二号", double_ok=True)
    found = selectors.doubles(town.actor("zhiban"), "shop")
    assert [[t.pk for t in twins.targets] for twins in found] == [[first.pk, second.pk]]


def test_two_living_targets_never_have_one_number(town):
    first = shop(town, number="S-1")
    with pytest.raises(InvalidError) as caught:
        shop(town, name="丙", number="S-1")
    assert set(caught.value.fields) == {"number"}
    services.end_target(by=town.actor("zhiban"), now=town.now, uuid=first.uuid, reason="歇业", expected=1)
    assert shop(town, name="丙", number="S-1").pk


def test_an_ended_target_leaves_the_list_and_may_be_restored(town):
    by, target = town.actor("zhiban"), shop(town)
    with pytest.raises(InvalidError):
        services.end_target(by=by, now=town.now, uuid=target.uuid, reason="", expected=1)
    ended = services.end_target(by=by, now=town.now, uuid=target.uuid, reason="歇业", expected=1)
    assert selectors.page(by, TargetFilter(("shop",))).rows == []
    assert selectors.page(by, TargetFilter(("shop",), ended=True)).rows == [target]
    data = TargetData("shop", "甲")
    with pytest.raises(ConflictError):
        services.change_target(by=by, now=town.now, uuid=target.uuid, data=data, expected=ended.version)
    services.restore_target(by=by, now=town.now, uuid=target.uuid, reason="登记有误", expected=ended.version)
    assert selectors.page(by, TargetFilter(("shop",))).rows == [target]


def test_guarded_targets_are_seen_in_their_grid_alone_and_leaders_read_their_number(town):
    target = household(town, facts={"contact": "某人", "persons": 3})
    worker = town.actor("shegong")
    assert selectors.target_for(worker, target.uuid) == target
    assert selectors.page(worker, TargetFilter(("household",))).rows == [target]
    assert selectors.page(worker, TargetFilter()).rows == []
    assert selectors.page(worker, TargetFilter(("household", "shop"))).rows == []
    for who in ("lingdao", "zhiban", "wanggezhang", "ducha", "chengguan", "xitong", "jumin", "louzu", "shuji02"):
        by = town.actor(who)
        with pytest.raises(NotFoundError):
            selectors.target_for(by, target.uuid)
        assert selectors.page(by, TargetFilter(("household",))).rows == []
        with pytest.raises(NotFoundError):
            services.end_target(by=by, now=town.now, uuid=target.uuid, reason="x", expected=1)
    number = {c.kind.code: (c.count, c.listed) for c in selectors.counts(town.actor("lingdao"))}
    assert number["household"] == (1, False)
    number = {c.kind.code: (c.count, c.listed) for c in selectors.counts(worker)}
    assert number["household"] == (1, True)
    other = {c.kind.code: c.count for c in selectors.counts(town.actor("shuji02"))}
    assert other["household"] == 0
    assert "household" not in {c.kind.code for c in selectors.counts(town.actor("chengguan"))}
    with pytest.raises(ForbiddenError):
        household(town, who="zhiban")


def test_nothing_of_a_guarded_target_stands_in_the_journal(town):
    target = household(town, facts={"contact": "某人", "persons": 3})
    services.learn(town.actor("shegong"), town.now, target, {"persons": 4, "needs": "需要助餐"}, "submission", uuid7())
    told = str(list(Entry.objects.filter(object_uuid=target.uuid).values()))
    assert "302 室" not in told
    assert "302室" not in told
    assert "助餐" not in told
    assert "某人" not in told


def test_who_does_not_work_there_does_not_see_or_change_it(town):
    target = shop(town)
    worker = town.actor("shuji02")  # of another grid
    with pytest.raises(NotFoundError):
        selectors.dossier(worker, target.uuid)
    data = TargetData("shop", "乙", area_id=target.area_id)
    for who, error in (("shuji02", NotFoundError), ("jumin", NotFoundError), ("ducha", ForbiddenError)):
        with pytest.raises(error):
            services.change_target(by=town.actor(who), now=town.now, uuid=target.uuid, data=data, expected=1)
    with pytest.raises(ForbiddenError):
        shop(town, name="丁", who="shegong", area_id=elsewhere(town).pk)
    with pytest.raises(ForbiddenError):  # nor may it be pushed into another's grid
        services.change_target(
            by=town.actor("shegong"), now=town.now, uuid=target.uuid, expected=1,
            data=replace(data, area_id=elsewhere(town).pk),
        )  # fmt: skip


def test_a_unit_sees_what_it_answers_for(town):
    unit = town.units["enforcement"]
    target = shop(town, unit_id=unit.pk)
    shop(town, name="乙")
    assert selectors.page(town.actor("chengguan"), TargetFilter()).rows == [target]


def test_lists_are_read_on_in_order_in_at_most_three_statements(town, django_assert_max_num_queries):
    by = town.actor("zhiban")
    for n in range(1, 13):
        shop(town, name=f"店{n}", address=f"长宁路{n}号", tags=("示范",) if n % 2 else (), facts={"trade": "food"})
    shop(town, name="远店", address="万航渡路1号", area_id=elsewhere(town).pk)
    with django_assert_max_num_queries(3):
        first = selectors.page(by, TargetFilter(("shop",)), size=10)
        assert [str(t.area) for t in first.rows]
    rest = selectors.page(by, TargetFilter(("shop",)), cursor=first.next, size=10)
    names = [t.name for t in first.rows + rest.rows]
    assert [n for n in names if n != "远店"] == [f"店{n}" for n in range(1, 13)]
    assert len(names) == 13
    found = {t.name for t in selectors.page(by, TargetFilter(("shop",), tag="示范")).rows}
    assert found == {f"店{n}" for n in range(1, 13, 2)}
    assert [t.name for t in selectors.page(by, TargetFilter(text="店１２ 长宁")).rows] == ["店12"]
    assert selectors.page(by, TargetFilter(text="，")).rows == []
    where = TargetFilter(area_path=elsewhere(town).path)
    assert [t.name for t in selectors.page(by, where).rows] == ["远店"]
    assert len(selectors.page(by, TargetFilter(("shop",), facts={"trade": "food"})).rows) == 12


def building(town):
    home = area_of(town, "shegong")
    data = TargetData("building", "12 号楼", address="长宁路488弄12号", area_id=home.pk)
    return services.add_target(by=town.actor("shegong"), now=town.now, data=data)


def test_a_building_gets_its_floors_and_flats_once(town):
    by, top = town.actor("shegong"), building(town)
    made = services.make_grid(by=by, now=town.now, building=top.uuid, first=-1, last=6, doors=2, without=[4])
    assert made == 6 + 12
    assert services.make_grid(by=by, now=town.now, building=top.uuid, first=-1, last=6, doors=3, without=[4]) == 6
    grid = selectors.grid_of(by, top.uuid)
    assert [f.floor.name for f in grid] == ["6 层", "5 层", "3 层", "2 层", "1 层", "B1 层"]
    assert [t.name for t in grid[0].flats] == ["601 室", "602 室", "603 室"]
    assert grid[0].flats[0].address == "长宁路488弄12号601室"
    assert grid[0].flats[0].area_path == top.area_path
    assert Fact.objects.filter(target=grid[0].flats[0], field="name").count() == 1
    with pytest.raises(InvalidError):
        services.make_grid(by=by, now=town.now, building=top.uuid, first=1, last=1000, doors=99)
    with pytest.raises(ConflictError):
        services.make_grid(by=by, now=town.now, building=shop(town).uuid, first=1, last=2, doors=2)
    with pytest.raises(ConflictError):
        services.end_target(by=by, now=town.now, uuid=top.uuid, reason="拆除", expected=1)
    with pytest.raises(NotFoundError):
        services.make_grid(by=town.actor("shuji02"), now=town.now, building=top.uuid, first=1, last=2, doors=2)


def test_what_a_visit_tells_is_in_the_ledger_once_with_its_source(town):
    target, source = shop(town, facts={"trade": "food"}), uuid7()
    by = town.actor("shegong")
    told = {"trade": "retail", "manager": "新经理", "name": "丁店", "bogus": 1}
    learnt = services.learn(by, town.now, target, told, "submission", source)
    assert (learnt.taken, learnt.older, learnt.unknown) == (("manager", "name", "trade"), (), ("bogus",))
    target.refresh_from_db()
    assert (target.name, target.facts["trade"], selectors.known(target)["manager"]) == ("丁店", "retail", "新经理")
    count = Fact.objects.count()
    services.learn(by, town.now, target, told, "submission", source)
    assert Fact.objects.count() == count
    with pytest.raises(InvalidError) as caught:
        services.learn(by, town.now, target, {"trade": "x", "name": ""}, "submission", uuid7())
    assert set(caught.value.fields) == {"facts.trade", "facts.name"}
    assert Fact.objects.count() == count
    with pytest.raises(NotFoundError):
        services.learn(town.actor("shuji02"), town.now, target, {"trade": "food"}, "submission", uuid7())


def test_a_record_that_comes_late_changes_nothing_that_is_newer(town):
    target, by = shop(town, facts={"trade": "food"}), town.actor("shegong")
    early, late = town.now + timedelta(hours=1), town.now + timedelta(hours=2)
    services.learn(by, late, target, {"trade": "service"}, "submission", uuid7(), at=late)
    learnt = services.learn(by, late, target, {"trade": "retail"}, "submission", uuid7(), at=early)
    assert learnt.older == ("trade",)
    target.refresh_from_db()
    assert target.facts["trade"] == "service"
    assert [f.value for f in Fact.objects.filter(target=target, field="trade").order_by("at")] == [
        "food",
        "retail",
        "service",
    ]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.permutations(list(range(5))))
def test_in_any_order_that_records_come_the_newest_stands(town, order):
    target, by = shop(town, double_ok=True), town.actor("shegong")
    end = town.now + timedelta(days=1)
    trades = ["food", "retail", "service", "other", "retail"]
    for n in order:
        at = town.now + timedelta(hours=n + 1)
        services.learn(by, end, target, {"trade": trades[n], "name": f"店{n}"}, "submission", uuid7(), at=at)
    target.refresh_from_db()
    assert (target.facts["trade"], target.name) == ("retail", "店4")
    assert Fact.objects.filter(target=target, field="trade").count() == 5
