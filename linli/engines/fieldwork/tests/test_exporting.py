"""Records taken out: a table that a spreadsheet opens, pictures by name, points without homes."""

import csv
import io
from dataclasses import replace
from datetime import timedelta

import pytest

from linli.engines.fieldwork import services
from linli.engines.fieldwork.models import Target
from linli.engines.fieldwork.selectors import exporting
from linli.engines.fieldwork.tests.sent import SHOP, Q, q, scene
from linli.foundation.forms import services as forms
from linli.foundation.journal.models import Entry

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def test_versions_stand_side_by_side_and_pictures_have_names(world):
    s = scene(world)
    shots = [s.photo(), s.photo()]
    s.send(s.packet(0, answers={"keeper": "店主甲", "memo": "=1+1"}, files={"shot": shots}))
    more = replace(SHOP, items=(*SHOP.items, q("newer", Q.TEXT, "新问题")))
    forms.save_whole_form(by=world.actor("xitong"), now=world.now + HOUR, code="shop_check", form=more)
    s.send(s.packet(1, version=2, answers={"newer": "好"}), after=HOUR)
    found = exporting.table(world.actor("zhongdui"), s.round)
    first, second = list(found.lines)
    row = dict(zip(found.heads, first.cells, strict=True))
    assert (row["对象"], row["状态"], row["得分"], row["新问题"]) == ("小店1", "已收到", 10, "")
    assert row["门前秩序 / 跨门经营"] == "合格"
    assert row["店主姓名"] == "", "personal answers do not go out"
    assert row["现场照片"] == "；".join(p.name for p in first.pictures)
    assert [p.uuid for p in first.pictures] == [str(u) for u in shots]
    assert dict(zip(found.heads, second.cells, strict=True))["新问题"] == "好"
    text = "".join(exporting.csv_lines(world.actor("zhongdui"), s.round))
    lines = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert (lines[0]["备注"], lines[1]["新问题"], len(lines)) == ("'=1+1", "好", 2)
    assert not list(exporting.table(world.actor("jumin"), s.round).lines)


def test_replaced_and_unjudged_records_do_not_go_out(world):
    s = scene(world)
    first = s.packet(0)
    s.send(first)
    s.send(s.packet(0, former=first.uuid))
    s.send(s.packet(2), who="chengguan")
    s.send(s.packet(2), who="chengguan2")
    assert len(list(exporting.table(world.actor("zhongdui"), s.round).lines)) == 2


def test_points_are_coarse_and_never_of_homes(world, django_assert_max_num_queries):
    s = scene(world)
    Target.objects.update(lat=31.219187, lon=121.412345)
    s.send(s.packet(0, answers={"wires": True}))
    head = world.actor("zhongdui")
    with django_assert_max_num_queries(3):
        found = exporting.geojson(head, s.round)
    (feature,) = found["features"]
    assert feature["geometry"] == {"type": "Point", "coordinates": [121.412, 31.219]}
    assert feature["properties"] == {
        "name": "小店1", "state": "received", "findings": 1, "marks": 10.0, "full": 10.0, "day": "2026-03-10"
    }  # fmt: skip
    type(s.kind).objects.update(guarded=True)
    assert exporting.geojson(head, s.round)["features"] == []


def test_that_it_was_taken_out_is_journalled(world):
    s = scene(world)
    services.note_export(by=world.actor("zhongdui"), now=world.now, round_=s.round, count=2, way="csv")
    assert Entry.objects.get(verb="fieldwork.export").after == {"count": 2, "way": "csv"}
