"""Venues from a sheet: entered, changed, refused by their cells, taken back unless something hangs on them."""

import pytest

from linli.foundation.core import clock
from linli.foundation.core.actors import SYSTEM
from linli.foundation.journal.models import Entry
from linli.foundation.sheets import services as sheets
from linli.foundation.sheets.tests.books import book
from linli.foundation.sheets.tests.steps import bring, counts, faults, hangs, put_in, take_back
from linli.foundation.venues import selectors, services
from linli.foundation.venues.models import Venue
from linli.foundation.venues.types import Purpose, Target

pytestmark = pytest.mark.django_db
HEAD = ["类别", "名称", "地址", "所属区域", "管理单位", "周一", "周六", "设施", "公开电话", "商圈"]


@pytest.fixture
def town(world):
    services.load_shipped(by=SYSTEM, now=world.now)
    with clock.frozen(world.now):
        yield world


def row(**cells):
    kind, tool = selectors.kinds()[0].name, selectors.facilities()[0].name
    plain = {
        "类别": kind, "名称": "中山公园驿站", "地址": "长宁路700号", "所属区域": "陶家宅居民区",
        "管理单位": "陶家宅居民委员会", "周一": "8:30-11:30，13:30-17:00", "设施": tool, "公开电话": "021-5555 0100",
    } | cells  # fmt: skip
    return [plain.get(head, "") for head in HEAD]


def test_a_venue_comes_in_with_its_hours_keeper_and_facilities_and_goes_out_the_same(town):
    by = town.actor("xitong")
    batch = put_in(by, town.now, "venues", book([HEAD, row(), row(名称="愚园路驿站", 地址="愚园路1号")]))
    assert faults(batch) == {}
    assert counts(batch) == (2, 0, 0, 0)
    venue = Venue.objects.get(name="中山公园驿站")
    assert venue.area == town.areas["陶家宅"]
    assert str(venue.keeper) == "陶家宅居民委员会"
    assert venue.facilities == [selectors.facilities()[0].code]
    assert venue.state == "open"
    content = sheets.export(by=by, now=town.now, code="venues")
    again = bring(by, town.now, "venues", content)
    assert faults(again) == {}
    assert counts(again) == (0, 0, 2, 0)


def test_a_change_keeps_what_the_sheet_does_not_name(town):
    by = town.actor("xitong")
    put_in(by, town.now, "venues", book([HEAD, row()]))
    kept = Venue.objects.get()
    batch = put_in(by, town.now, "venues", book([["类别", "名称", "地址", "商圈"], [*row()[:3], "中山公园商圈"]]))
    assert counts(batch) == (0, 1, 0, 0)
    venue = Venue.objects.get()
    assert venue.district == "中山公园商圈"
    assert (venue.hours, venue.keeper_id, venue.facilities) == (kept.hours, kept.keeper_id, kept.facilities)
    take_back(by, town.now, batch)
    assert Venue.objects.get().district == ""


def test_cells_that_cannot_be_are_refused_each_with_its_reason(town):
    by = town.actor("xitong")
    rows = [
        row(类别="没有的类别"), row(周一="早上到晚上"), row(所属区域="没有的居民区"), row(管理单位="没有的单位"),
        row(设施="传送门"), row(名称=""),
    ]  # fmt: skip
    batch = bring(by, town.now, "venues", book([HEAD, *rows]))
    said = {line: " ".join(map(str, reasons.values())) for line, reasons in faults(batch).items()}
    assert len(said) == 6
    assert "时间没看懂" in said[3]
    assert "没有“没有的居民区”这个区域" in said[4]
    assert "没有“没有的单位”这个单位" in said[5]
    assert "没有“传送门”这种设施" in said[6]
    assert not Venue.objects.exists()


def test_what_hangs_on_a_venue_keeps_it(town):
    by = town.actor("xitong")
    batch = put_in(by, town.now, "venues", book([HEAD, row()]))
    venue = Venue.objects.get()
    services.make_poster(by=by, now=town.now, purpose=Purpose.VENUE, target=Target.VENUE, target_id=venue.pk)
    take_back(by, town.now, batch)
    assert hangs(batch)
    assert Venue.objects.filter(pk=venue.pk).exists()
    assert not Entry.objects.filter(verb="venues.remove").exists()


def test_an_import_that_nobody_used_is_taken_back_whole(town):
    by = town.actor("xitong")
    batch = put_in(by, town.now, "venues", book([HEAD, row()]))
    take_back(by, town.now, batch)
    assert not Venue.objects.exists()
    assert Entry.objects.get(verb="venues.remove").label == "中山公园驿站"
