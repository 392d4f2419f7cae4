"""Sheets of categories, routing rules and rules: what they change, what never changes, what keeps an undo back."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from linli.engines.cases.models import Category, RoutingRule
from linli.engines.cases.selectors import catalogue
from linli.engines.cases.tests.steps import raise_case
from linli.foundation.rulebook import selectors as rules
from linli.foundation.rulebook import services as rulebook
from linli.foundation.rulebook.models import RuleEntry
from linli.foundation.rulebook.sheet_kinds import read_value, show_value
from linli.foundation.sheets import services
from linli.foundation.sheets.tests.books import book, cells, saved
from linli.foundation.sheets.tests.books import opened as opened_book
from linli.foundation.sheets.tests.steps import bring, counts, faults, hangs, put_in, take_back

pytestmark = pytest.mark.django_db
RULES = ["规则代码", "生效日期", "值", "出处", "出处等级", "修改原因"]
ACCEPT = "cases.clock.accept"


@pytest.fixture
def by(world):
    return world.actor("xitong")


def a_case(world, category="street_lamp", **more):
    return raise_case(world, category, text="路灯不亮了，请来修。", **more)


def rule_rows(*rows):
    return book([RULES, *([code, since, value, "街道会议纪要", "官方文件", "缩短"] for code, since, value in rows)])


@pytest.mark.parametrize(
    "value",
    [
        5,
        True,
        False,
        Decimal("0.85"),
        "08:00",
        [80, 100],
        {"amount": 5, "unit": "work_days"},
        {"a": Decimal("1.0"), "b": 2},
    ],
)
def test_every_kind_of_value_is_written_and_read_alike(value):
    assert read_value(show_value(value), value) == value


@pytest.mark.parametrize(
    ("text", "unit", "amount"),
    [
        ("5个工作日", "work_days", 5),
        ("４ 工作小时", "work_hours", 4),
        ("24小时", "natural_hours", 24),
        ("3 天", "natural_days", 3),
        ("30 分钟", "natural_minutes", 30),
    ],
)
def test_limits_are_read_as_people_write_them(text, unit, amount):
    assert read_value(text, None) == {"amount": amount, "unit": unit}


def test_a_rule_holds_from_its_day_and_the_past_is_not_changed(world, by):
    today = world.now.date()
    later = today + timedelta(days=5)
    own = "cases.clock.handle.category.street_lamp"
    rows = [
        (ACCEPT, later.isoformat(), "1 工作小时"),
        (own, later.isoformat(), "2 工作日"),
        (ACCEPT, "2001-01-01", "1 工作小时"),
        ("cases.border.metres", later.isoformat(), "5 工作日"),
        ("Bad Code", later.isoformat(), "1"),
    ]
    batch = put_in(by, world.now, "rules", rule_rows(*rows))
    assert counts(batch)[:2] == (2, 0)
    assert "生效日期要在最后一个值的生效日期" in faults(batch)[4]["since"]
    assert faults(batch)[6]["code"] == "没有“Bad Code”这条规则。"
    assert rules.value(ACCEPT, on=today) == {"amount": 2, "unit": "work_hours"}
    assert rules.value(ACCEPT, on=later) == {"amount": 1, "unit": "work_hours"}
    assert rules.value(own, on=later) == {"amount": 2, "unit": "work_days"}
    assert counts(bring(by, world.now, "rules", rule_rows(rows[0]))) == (0, 0, 1, 0)
    refused = bring(by, world.now, "rules", rule_rows((ACCEPT, later.isoformat(), "3 工作小时")))
    assert "不能改写" in faults(refused)[2]["since"]
    assert take_back(by, world.now, batch).state == "undone"
    assert rules.value(ACCEPT, on=later) == {"amount": 2, "unit": "work_hours"}
    assert RuleEntry.objects.get(code=ACCEPT).valid_to is None
    assert rules.find_rule(own, on=later) is None


def test_a_value_of_another_kind_is_refused_with_how_to_write_it(world, by):
    batch = bring(by, world.now, "rules", rule_rows((ACCEPT, "2030-01-01", "很快"), (ACCEPT, "2030-01-02", "5 光年")))
    assert faults(batch)[2]["value"] == "读不懂“很快”，应像“2 工作小时”这样写。"
    assert "value" in faults(batch)[3]


def test_a_rule_by_which_clocks_count_or_that_was_followed_is_not_taken_back(world, by):
    today = world.now.date().isoformat()
    batch = put_in(by, world.now, "rules", rule_rows((ACCEPT, today, "1 工作小时")))
    a_case(world)
    take_back(by, world.now, batch)
    assert hangs(batch) == [("受理时限", "已有 1 个时限按它计算。")]
    batch = put_in(by, world.now, "rules", rule_rows((ACCEPT, "2030-01-01", "3 工作小时")))
    rulebook.set_rule(
        by=by,
        now=world.now,
        code=ACCEPT,
        value={"amount": 4, "unit": "work_hours"},
        unit="",
        source="x",
        mark="G",
        valid_from=world.now.date().replace(year=2031),
        why="x",
    )
    take_back(by, world.now, batch)
    assert hangs(batch) == [("受理时限", "后来又录入了从 2031-03-10 起的值。")]


CATEGORIES = ["分类代码", "分类名称", "上级分类代码", "近义词", "公共空间", "处置前照片数"]


def test_a_changed_category_leaves_cases_their_version(world, by):
    case = a_case(world)
    lamp: Any = Category.objects.select_related("version", "parent").get(code="street_lamp")
    before = lamp.version
    row = ["street_lamp", "路灯故障", lamp.parent.code, "路灯、灯、黑", "是", "2"]
    batch = put_in(by, world.now, "categories", book([CATEGORIES, row]))
    assert counts(batch) == (0, 1, 0, 0)
    node: Any = catalogue.category("street_lamp")
    assert (node.spec.name, node.spec.words, node.spec.evidence.before) == ("路灯故障", ("路灯", "灯", "黑"), 2)
    assert node.spec.evidence.why == catalogue.to_spec(before.spec).evidence.why
    case.refresh_from_db()
    assert case.category_version_id == before.pk
    assert take_back(by, world.now, batch).state == "undone"
    category: Any = Category.objects.get(code="street_lamp")
    assert (category.name, category.version.number) == (lamp.name, before.number + 2)
    assert catalogue.to_spec(category.version.spec) == catalogue.to_spec(before.spec)


def test_a_new_category_with_cases_is_not_taken_back(world, by):
    rows = [
        ["kite", "风筝挂线", "kites", "风筝", "是", ""],
        ["kites", "风筝", "", "", "", ""],
        ["BAD", "坏", "", "", "", ""],
        ["lost", "孤儿", "nowhere", "", "", ""],
    ]
    batch = put_in(by, world.now, "categories", book([CATEGORIES, *rows]))
    assert counts(batch) == (2, 0, 0, 2)
    assert [n.parent for n in catalogue.categories() if n.spec.code == "kite"] == ["kites"]
    case = a_case(world, "kite")
    assert case.category.code == "kite"
    take_back(by, world.now, batch)
    assert [h[0] for h in hangs(batch)] == ["风筝挂线"]
    assert "1 项“案件”" in hangs(batch)[0][1]
    assert Category.objects.filter(code__in=["kite", "kites"]).count() == 2


def test_a_new_category_without_cases_goes_again(world, by):
    batch = put_in(by, world.now, "categories", book([CATEGORIES, ["kite", "风筝挂线", "", "", "", ""]]))
    assert take_back(by, world.now, batch).state == "undone"
    assert catalogue.category("kite") is None


ROUTING = ["顺序", "规则名称", "分类", "区域", "时段", "承办单位类型", "承办单位", "协办单位类型", "启用"]


def names():
    return list(RoutingRule.objects.order_by("order", "id").values_list("name", flat=True))


def test_routing_rules_come_in_at_their_place_and_go_again(world, by):
    before = names()
    kept = {r.name: (r.conditions, r.action) for r in RoutingRule.objects.all()}
    rows = [
        [1, "夜间路灯归城管", "street_lamp", "陶家宅居民区", "22:00－6:00", "城管", "", "居委会", ""],
        ["", "最后一条", "", "", "", "科室/管理办", "", "", "否"],
        ["", "两个都填", "", "", "", "城管", "华阳派出所", "", ""],
        ["", "不认识", "没有的分类", "没有的区域", "25:00-1:00", "飞碟", "", "", ""],
    ]
    batch = put_in(by, world.now, "routing", book([ROUTING, *rows]))
    assert set(faults(batch)) == {4, 5}, faults(batch)
    assert counts(batch) == (2, 0, 0, 2)
    assert set(faults(batch)[5]) >= {"categories", "areas", "hours", "unit_kind"}
    assert names() == ["夜间路灯归城管", *before, "最后一条"]
    first = RoutingRule.objects.get(name="夜间路灯归城管")
    assert first.conditions["hours"] == ["22:00", "06:00"]
    assert first.conditions["area_paths"] == [world.areas["陶家宅"].path]
    assert first.action == {"unit_kind": "enforcement", "helper_kinds": ["neighbourhood_committee"]}
    assert not RoutingRule.objects.get(name="最后一条").active
    assert len(catalogue.routing_rules()) == len(before) + 1
    assert take_back(by, world.now, batch).state == "undone"
    assert names() == before
    assert {r.name: (r.conditions, r.action) for r in RoutingRule.objects.all()} == kept


def test_a_sheet_taken_out_is_changed_in_place_and_put_back(world, by):
    made = opened_book(services.export(by=by, now=world.now, code="routing"))
    table = made.worksheets[0]
    heads = [c.value for c in table[1]]
    row = next(
        r
        for r in range(2, table.max_row + 1)
        if table.cell(r, heads.index("规则名称") + 1).value == "电梯交房管，居委协办"
    )
    table.cell(row, heads.index("协办单位类型") + 1).value = "居委会"
    batch = put_in(by, world.now, "routing", saved(made))
    assert counts(batch)[1] == 1
    assert RoutingRule.objects.get(name="电梯交房管，居委协办").action["helper_kinds"] == ["neighbourhood_committee"]
    take_back(by, world.now, batch)
    assert RoutingRule.objects.get(name="电梯交房管，居委协办").action["helper_kinds"] == [
        "neighbourhood_committee",
        "property_company",
    ]


def test_areas_units_and_people_in_use_are_not_taken_back(world, by):
    areas = put_in(
        by, world.now, "areas", book([["区域名称", "区域类型", "上级区域"], ["新居民区", "居民区", "华阳路街道"]])
    )
    units = put_in(
        by, world.now, "units", book([["单位名称", "单位类型", "负责区域"], ["新居委", "居委会", "新居民区"]])
    )
    people = put_in(by, world.now, "people", book([["账号", "姓名"], ["xinren", "新人"]]))
    from linli.foundation.accounts.models import User
    from linli.foundation.people.models import Unit
    from linli.foundation.people.selectors import actor_for
    from linli.foundation.places.models import Area

    area, unit = Area.objects.get(name="新居民区"), Unit.objects.get(name="新居委")
    case = a_case(world, area_id=area.pk)
    case.unit = unit
    case.save(update_fields=["unit"])
    new = User.objects.get(username="xinren")
    raise_case(world, "garbage", by=actor_for(new, world.now), text="门口有垃圾。")
    for batch in (areas, units, people):
        take_back(by, world.now, batch)
    assert hangs(areas) == [("新居民区", "1 项“案件”、1 项“单位”")] or "“案件”" in hangs(areas)[0][1]
    assert "“案件”" in hangs(units)[0][1]
    assert ("新人", "已经登录或办理过事项。") in hangs(people)
    assert cells(services.template(by, "areas"))[0][1] == "区域名称"
