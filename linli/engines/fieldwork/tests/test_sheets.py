"""Ledgers from a sheet: entered, changed, refused by their cells, taken back unless something hangs on them."""

from io import BytesIO

import pytest
from openpyxl import load_workbook

from linli.engines.fieldwork import selectors, services
from linli.engines.fieldwork.models import Fact, Target
from linli.engines.fieldwork.tests.scenes import enter_form, home_of, opened
from linli.engines.fieldwork.types import TargetData
from linli.foundation.core import clock
from linli.foundation.core.errors import NotFoundError
from linli.foundation.journal.models import Entry
from linli.foundation.sheets import services as sheets
from linli.foundation.sheets.tests.books import book
from linli.foundation.sheets.tests.steps import bring, counts, faults, hangs, put_in, take_back

pytestmark = pytest.mark.django_db
HEAD = ["台账", "台账编号", "名称", "地址", "所属区域", "责任单位", "标签", "台账内容"]


@pytest.fixture
def town(world):
    services.load_shipped(now=world.now)
    enter_form(world.now)
    with clock.frozen(world.now):
        yield world


def row(**cells):
    plain = {
        "台账": "沿街商户", "名称": "长宁路便利店", "地址": "长宁路488弄1号", "所属区域": "陶家宅居民区",
        "责任单位": "陶家宅居民委员会", "标签": "示范、夜间营业", "台账内容": "业态: 零售； 商户联盟成员：是",
    } | cells  # fmt: skip
    return [plain.get(head, "") for head in HEAD]


@pytest.mark.mechanism("001-34")
def test_targets_come_in_with_their_facts_and_go_out_the_same(town):
    by = town.actor("xitong")
    batch = put_in(by, town.now, "targets", book([HEAD, row(), row(名称="弄口书店", 台账编号="S-2")]))
    assert faults(batch) == {}
    assert counts(batch) == (2, 0, 0, 0)
    shop = Target.objects.get(name="长宁路便利店")
    assert (shop.area, shop.facts) == (town.areas["陶家宅"], {"trade": "retail", "alliance": True})
    assert shop.tags == ["示范", "夜间营业"]
    assert {f.source_kind for f in Fact.objects.filter(target=shop)} == {"import"}
    content = sheets.export(by=by, now=town.now, code="targets")
    again = bring(by, town.now, "targets", content)
    assert faults(again) == {}
    assert counts(again) == (0, 0, 2, 0)


def test_a_change_keeps_what_the_sheet_does_not_name_and_is_taken_back(town):
    by = town.actor("xitong")
    put_in(by, town.now, "targets", book([HEAD, row()]))
    shop = Target.objects.get()
    services.change_target(
        by=by, now=town.now, uuid=shop.uuid, expected=1,
        data=TargetData("shop", shop.name, address=shop.address, area_id=shop.area_id, unit_id=shop.unit_id,
                        tags=tuple(shop.tags), facts={"manager": "某经理"}),
    )  # fmt: skip
    head = ["台账", "名称", "地址", "台账内容"]
    batch = put_in(by, town.now, "targets", book([head, ["沿街商户", shop.name, shop.address, "业态：餐饮"]]))
    assert counts(batch) == (0, 1, 0, 0)
    changed = Target.objects.get()
    assert selectors.known(changed) == {"trade": "food", "manager": "某经理"}
    assert (changed.unit_id, changed.tags, changed.area_id) == (shop.unit_id, shop.tags, shop.area_id)
    take_back(by, town.now, batch)
    assert selectors.known(Target.objects.get()) == {"trade": "retail", "alliance": True, "manager": "某经理"}


def test_cells_that_cannot_be_are_refused_each_with_its_reason(town):
    by = town.actor("xitong")
    put_in(by, town.now, "targets", book([HEAD, row()]))
    wrong = [
        row(台账="居民家庭", 名称="302 室"),
        row(名称="甲", 所属区域="哪里"),
        row(名称="乙", 责任单位="谁"),
        row(名称="丙", 台账内容="业态"),
        row(名称="丁", 台账内容="业态：军火"),
        row(名称="戊", 台账内容="联系电话：13800138000"),
        row(名称="己", 标签="、".join(map(str, range(21)))),
        row(名称="长宁路 便利店", 地址="上海市长宁路４８８弄一号"),
    ]
    batch = bring(by, town.now, "targets", book([HEAD, *wrong]))
    names = [next(iter(reasons)) for reasons in faults(batch).values()]
    assert names == ["kind", "area", "unit", "details", "details", "details", "tags", "name"]
    assert Target.objects.count() == 1


def test_an_import_is_taken_back_unless_a_visit_hangs_on_it(town):
    by = town.actor("xitong")
    batch = put_in(by, town.now, "targets", book([HEAD, row()]))
    opened(town)
    take_back(by, town.now, batch)
    assert hangs(batch)
    assert Target.objects.count() == 1
    other = put_in(by, town.now, "targets", book([HEAD, row(名称="弄口书店")]))
    take_back(by, town.now, other)
    assert Target.objects.count() == 1
    assert Entry.objects.filter(verb="fieldwork.remove").count() == 1


def test_households_never_go_out_in_a_sheet_and_strangers_get_none(town):
    data = TargetData("household", "302 室", address="长宁路1号302室", area_id=home_of(town).pk)
    services.add_target(by=town.actor("shegong"), now=town.now, data=data)
    content = sheets.export(by=town.actor("xitong"), now=town.now, code="targets")
    cells = [cell for line in load_workbook(BytesIO(content)).active.iter_rows(values_only=True) for cell in line]
    assert "名称" in cells
    assert "302 室" not in cells
    for who in ("shegong", "jumin", "chengguan"):
        with pytest.raises(NotFoundError):
            sheets.export(by=town.actor(who), now=town.now, code="targets")
