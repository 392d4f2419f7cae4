"""Households from a sheet: for their own grid alone, what is personal sealed, the rows deleted once they are in."""

import pytest

from linli.engines.fieldwork import selectors, services
from linli.engines.fieldwork.models import Target
from linli.engines.fieldwork.tests.scenes import home_of
from linli.foundation.core import clock
from linli.foundation.core.errors import NotFoundError
from linli.foundation.journal.models import Entry
from linli.foundation.sheets import services as sheets
from linli.foundation.sheets.models import BatchChange, opened
from linli.foundation.sheets.tests.books import book
from linli.foundation.sheets.tests.steps import bring, counts, faults, put_in, take_back

pytestmark = pytest.mark.django_db
HEAD = ["台账", "名称", "地址", "所属区域", "台账内容", "个人信息"]


@pytest.fixture
def town(world):
    services.load_shipped(now=world.now)
    with clock.frozen(world.now):
        yield world


def row(town, **cells):
    plain = {
        "台账": "居民家庭", "名称": "302 室", "地址": "长宁路488弄12号302室", "所属区域": home_of(town).name,
        "台账内容": "常住人数：3", "个人信息": "联系人：甲；联系电话：13812345678",
    } | cells  # fmt: skip
    return [plain[head] for head in HEAD]


def test_homes_come_in_sealed_and_nothing_personal_stays_with_the_import(town):
    by = town.actor("shegong")
    batch = put_in(by, town.now, "homes", book([HEAD, row(town), row(town, 名称="303 室")]))
    assert faults(batch) == {}
    assert counts(batch) == (2, 0, 0, 0)
    target = Target.objects.get(name="302 室")
    assert selectors.unsealed(target) == {"contact": "甲", "phone": "+8613812345678"}
    assert target.facts == {"persons": 3}
    batch.refresh_from_db()
    assert opened(batch.sheet_sealed, None) == {"headers": [], "rows": []}
    assert not batch.work_sealed
    kept = " ".join(str(opened(c.values_sealed, {})) for c in BatchChange.objects.all())
    assert "1381234" not in kept
    assert not any("1381234" in str((e.before, e.after)) for e in Entry.objects.all())
    again = put_in(by, town.now, "homes", book([HEAD, row(town, 个人信息="", 台账内容="常住人数：4")]))
    assert counts(again) == (0, 1, 0, 0)
    target.refresh_from_db()
    assert (target.facts, len(selectors.unsealed(target))) == ({"persons": 4}, 2)


def test_homes_of_another_grid_and_what_cannot_be_read_are_refused_by_their_cells(town):
    other = next(a for a in town.areas.values() if a.pk != home_of(town).pk)
    rows = [
        row(town, 所属区域=other.name),
        row(town, 名称="甲", 个人信息="联系电话：12"),
        row(town, 名称="乙", 个人信息="x"),
    ]
    batch = bring(town.actor("shegong"), town.now, "homes", book([HEAD, *rows]))
    found = faults(batch)
    assert "不在您的网格内" in str(found[2])
    assert "电话" in str(found[3])
    assert "没看懂" in str(found[4])


def test_an_import_of_homes_is_taken_back_and_nobody_takes_them_out(town):
    by = town.actor("shegong")
    batch = put_in(by, town.now, "homes", book([HEAD, row(town)]))
    take_back(by, town.now, batch)
    assert not Target.objects.exists()
    put_in(by, town.now, "homes", book([HEAD, row(town)]))
    assert b"1381234" not in sheets.export(by=by, now=town.now, code="homes")
    for who in ("xitong", "zhiban", "lingdao", "chengguan"):
        with pytest.raises(NotFoundError):
            bring(town.actor(who), town.now, "homes", book([HEAD, row(town)]))
