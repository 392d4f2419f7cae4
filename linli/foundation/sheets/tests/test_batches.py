"""The life of an import by its services: dry run, stretches, breaking off, undoing, who may, how long it is kept."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from linli.foundation.core.db.inserting import insert
from linli.foundation.core.errors import ConflictError, InvalidError, NotFoundError
from linli.foundation.jobs import services as jobs
from linli.foundation.journal.models import Entry
from linli.foundation.people.models import Post, Unit
from linli.foundation.people.services import close_unit
from linli.foundation.places.models import Area, Place, PlaceToken
from linli.foundation.sheets import selectors, services
from linli.foundation.sheets.models import Batch, BatchChange
from linli.foundation.sheets.tests.books import book
from linli.foundation.sheets.tests.steps import bring, counts, faults, hangs, put_in, take_back

pytestmark = pytest.mark.django_db
HEAD = ["单位名称", "单位类型", "电话", "上级单位", "负责区域"]


@pytest.fixture
def by(world):
    return world.actor("xitong")


def units(*rows):
    return book([HEAD, *rows])


def test_a_dry_run_writes_nothing_but_the_sheet(world, by):
    before = Entry.objects.exclude(kind="sheet_batch").count(), Unit.objects.count()
    batch = bring(
        by,
        world.now,
        "units",
        units(["新队", "城管", "1"], ["街道党政办公室", "科室", "021-1"], ["", "城管"], ["甲", "飞碟"]),
    )
    assert counts(batch) == (1, 1, 0, 2)
    assert faults(batch)[4] == {"name": "请填写。"}
    assert faults(batch)[5]["kind"].startswith("没有“飞碟”这个选项。")
    changes = [["area", "华阳路街道", ""], ["phone", "021-5555 0100", "021-1"]]
    assert selectors.samples(batch)[1][1:] == ["街道党政办公室", "change", changes]
    assert (Entry.objects.exclude(kind="sheet_batch").count(), Unit.objects.count()) == before


def test_columns_that_the_sheet_lacks_stay_as_they_are(world, by):
    batch = put_in(
        by, world.now, "units", book([["单位名称", "单位类型", "电话"], ["街道党政办公室", "科室", "021-1"]])
    )
    assert counts(batch) == (0, 1, 0, 0)
    unit = Unit.objects.get(name="街道党政办公室")
    assert (unit.phone, unit.short_name, unit.area_id) == ("021-1", "党政办", world.units["party"].area_id)


def test_a_parent_may_stand_behind_its_child_in_the_sheet(world, by):
    rows = [
        ["孙", "科室", "", "子"],
        ["子", "科室", "", "父"],
        ["父", "科室", "", "街道党政办公室"],
        ["转", "科室", "", "圈"],
        ["圈", "科室", "", "转"],
    ]
    batch = put_in(by, world.now, "units", units(*rows))
    assert counts(batch) == (3, 0, 0, 2)
    assert Unit.objects.get(parent__parent__name="父").name == "孙"
    assert set(faults(batch)) == {5, 6}
    assert take_back(by, world.now, batch).state == "undone"
    assert not Unit.objects.filter(name__in="孙子父").exists()


def test_every_row_has_its_entry_in_the_journal_with_the_name_of_the_file(world, by):
    batch = put_in(
        by, world.now, "places", book([["名称", "类型", "地址"], ["甲小区", "小区", "长宁路1弄"]]), "小区.xlsx"
    )
    made = Place.objects.get(name="甲小区")
    entry = Entry.objects.get(object_uuid=made.uuid)
    assert (entry.verb, entry.reason, entry.actor_label) == ("places.add_place", "导入 小区.xlsx", by.label)
    take_back(by, world.now, batch)
    assert Entry.objects.filter(object_uuid=made.uuid).latest("id").reason == "撤销导入 小区.xlsx"
    verbs = list(Entry.objects.filter(kind="sheet_batch").order_by("id").values_list("verb", flat=True))
    assert verbs == ["sheets.upload", "sheets.apply", "sheets.applied", "sheets.undo", "sheets.undone"]


def test_undoing_brings_back_what_was_changed_and_removes_what_was_new(world, by):
    before = Unit.objects.get(name="街道党政办公室").phone
    batch = put_in(
        by, world.now, "units", units(["街道党政办公室", "科室", "021-1", "", "陶家宅居民区"], ["新队", "城管"])
    )
    assert str(Unit.objects.get(name="街道党政办公室").area) == "陶家宅居民区"
    batch = take_back(by, world.now, batch)
    assert (batch.state, batch.undone_by) == ("undone", by.label)
    back = Unit.objects.get(name="街道党政办公室")
    assert (back.phone, back.area_id) == (before, world.units["party"].area_id)
    assert not Unit.objects.filter(name="新队").exists()
    with pytest.raises(ConflictError):
        services.undo(by=by, now=world.now, uuid=batch.uuid)


def test_what_was_changed_since_keeps_everything_back_and_says_by_whom(world, by):
    batch = put_in(by, world.now, "units", units(["街道党政办公室", "科室", "021-1"], ["新队", "城管", "2"]))
    put_in(by, world.now, "units", book([["单位名称", "单位类型", "电话"], ["街道党政办公室", "科室", "021-2"]]))
    new = Unit.objects.get(name="新队")
    close_unit(by=by, now=world.now, unit=new, on=world.now.date())
    assert take_back(by, world.now, batch).state == "applied"
    found = dict(hangs(batch))
    assert "“电话”后来改为“021-2”" in found["街道党政办公室"]
    assert by.label in found["街道党政办公室"]
    assert "“结束日期”后来改为“2026-03-10”" in found["新队"]
    assert Unit.objects.filter(name="新队", phone="2").exists()
    assert BatchChange.objects.filter(batch=batch).count() == 2


def test_what_hangs_on_it_keeps_everything_back(world, by):
    batch = put_in(by, world.now, "units", units(["新队", "城管"], ["另一队", "城管"]))
    Post.objects.create(unit=Unit.objects.get(name="新队"), role="unit_handler", title="队员")
    Unit.objects.create(name="外来的", kind="other", parent=Unit.objects.get(name="新队"))
    take_back(by, world.now, batch)
    assert hangs(batch) == [("新队", "1 项“单位”、1 项“岗位”")]
    assert Unit.objects.filter(name__in=["新队", "另一队"]).count() == 2
    Post.objects.filter(title="队员").delete()
    Unit.objects.filter(name="外来的").delete()
    assert take_back(by, world.now, batch).state == "undone"


def test_a_row_that_can_no_longer_be_taken_keeps_back_no_other(world, by, monkeypatch):
    batch = bring(
        by,
        world.now,
        "places",
        book([["名称", "类型", "地址"], *([f"楼{n}", "楼幢", f"长宁路{n}号"] for n in range(1, 4))]),
    )

    def clash(places):
        if any(p.name == "楼2" for p in places):
            raise ConflictError("有人抢先了。")
        return insert(places)

    monkeypatch.setattr(
        "linli.foundation.places.sheet_kinds.places.insert",
        lambda rows: clash(rows) if rows and isinstance(rows[0], Place) else insert(rows),
    )
    services.apply(by=by, now=world.now, uuid=batch.uuid)
    batch = services.run(uuid=batch.uuid, now=world.now)
    assert counts(batch) == (2, 0, 0, 1)
    assert faults(batch) == {3: {"": "有人抢先了。"}}
    assert set(Place.objects.filter(name__startswith="楼").values_list("name", flat=True)) >= {"楼1", "楼3"}


@pytest.mark.slow
def test_an_import_killed_half_way_goes_on_and_nothing_is_made_twice(world, by, monkeypatch):
    rows = [["名称", "类型", "地址"], *([f"塔{n}", "楼幢", f"长宁路{n}弄1号"] for n in range(2400))]
    batch = bring(by, world.now, "places", book(rows))
    services.apply(by=by, now=world.now, uuid=batch.uuid)
    calls: list[Any] = []

    def killed(made):
        calls.append(made)
        if len(calls) == 2:
            raise KeyboardInterrupt
        insert(made)

    monkeypatch.setattr("linli.foundation.sheets.services.stepping.insert", killed)
    with pytest.raises(KeyboardInterrupt):
        services.run(uuid=batch.uuid, now=world.now)
    batch.refresh_from_db()
    assert (batch.state, batch.done, batch.created) == ("applying", 1000, 1000)
    assert Place.objects.filter(name__startswith="塔").count() == 1000
    monkeypatch.setattr("linli.foundation.sheets.services.stepping.insert", insert)
    jobs.drain(now=world.now)  # nobody looks at the page
    batch.refresh_from_db()
    assert (batch.state, *counts(batch)) == ("applied", 2400, 0, 0, 0)
    assert Place.objects.filter(name__startswith="塔").count() == 2400
    assert BatchChange.objects.filter(batch=batch).count() == 2400
    assert services.advance(uuid=batch.uuid, now=world.now).state == "applied"
    services.undo(by=by, now=world.now, uuid=batch.uuid)
    jobs.drain(now=world.now)
    assert not Place.objects.filter(name__startswith="塔").exists()
    assert not PlaceToken.objects.filter(token__startswith="塔").exists()


@pytest.mark.slow
def test_statements_do_not_grow_with_the_rows_of_a_stretch(world, by):
    def statements(many, start):
        rows = [
            ["名称", "类型", "地址", "所属区域"],
            *([f"幢{start + n}", "楼幢", f"愚园路{start + n}弄1号", "陶家宅居民区"] for n in range(many)),
        ]
        batch = bring(by, world.now, "places", book(rows))
        services.apply(by=by, now=world.now, uuid=batch.uuid)
        connection.force_debug_cursor = True
        before = len(connection.queries_log)
        services.run(uuid=batch.uuid, now=world.now)
        count = len(connection.queries_log) - before
        connection.force_debug_cursor = False
        return count

    few, many = statements(10, 0), statements(400, 1000)
    assert many <= few + 2, (few, many)


@pytest.mark.parametrize("who", ["paidan", "lingdao", "anquan", "shenji", "jumin"])
def test_only_who_may_brings_sees_applies_and_undoes(world, by, who):
    other = world.actor(who)
    content = units(["新队", "城管"])
    with pytest.raises(NotFoundError):
        services.upload(by=other, now=world.now, kind="units", name="a.xlsx", content=content)
    with pytest.raises(NotFoundError):
        services.export(by=other, now=world.now, code="units")
    batch = bring(by, world.now, "units", content)
    acts: list[Any] = [services.check, services.apply, services.undo, services.drop, services.confirm]
    for act in acts:
        with pytest.raises(NotFoundError):
            act(by=other, now=world.now, uuid=batch.uuid)
    assert selectors.batches(other).rows == []


def test_steps_out_of_turn_are_refused(world, by):
    batch = services.upload(by=by, now=world.now, kind="units", name="a.xlsx", content=units(["新队", "城管"]))
    early: list[Any] = [services.apply, services.undo]
    for act in early:
        with pytest.raises(ConflictError):
            act(by=by, now=world.now, uuid=batch.uuid)
    with pytest.raises(InvalidError) as error:
        services.check(by=by, now=world.now, uuid=batch.uuid, mapping={"name": 0, "kind": 99})
    assert list(error.value.fields) == ["col_kind"]
    batch = put_in(by, world.now, "units", units(["新队", "城管"]))
    late: list[Any] = [services.check, services.apply, services.drop]
    for act in late:
        with pytest.raises(ConflictError):
            act(by=by, now=world.now, uuid=batch.uuid)


def test_rows_twice_in_a_sheet_are_refused_and_so_is_a_double_column_said(world, by):
    batch = bring(
        by,
        world.now,
        "units",
        book([["单位名称", "单位类型", "单位类型"], ["新队", "城管", "公安"], ["新队", "公安", ""]]),
    )
    assert faults(batch) == {3: {"": "与第 2 行重复。"}}
    assert batch.notes == ["重复的列只读第一列：单位类型。"]


def test_cells_are_read_whatever_their_width_and_spaces(world, by):
    batch = put_in(
        by,
        world.now,
        "units",
        book(
            [
                ["单 位 名 称", "单位类型 ", "成立日期", "电话"],
                [" 新　队\u200b", " 城管\u3000", "２０２６年３月１日", 2155550100],
            ]
        ),
    )
    unit = Unit.objects.get(name="新 队")
    assert (unit.kind, unit.starts_on.isoformat(), unit.phone) == ("enforcement", "2026-03-01", "2155550100")
    assert batch.refused == 0


def test_what_was_brought_is_encrypted_and_goes_when_its_days_are_over(world, by):
    batch = put_in(by, world.now, "people", book([["账号", "姓名", "手机号"], ["yin01", "隐名氏", "13900005678"]]))
    with connection.cursor() as cursor:
        for table in ("sheets_batch", "sheets_batchchange"):
            cursor.execute(f"SELECT * FROM {table}")
            raw = b"".join(
                bytes(v) if isinstance(v, bytes | memoryview) else str(v).encode()
                for row in cursor.fetchall()
                for v in row
            )
            assert "隐名氏".encode() not in raw
            assert b"13900005678" not in raw
    assert "隐名氏" not in "".join(str(e.after) + str(e.before) for e in Entry.objects.all())
    jobs.delete_what_is_over(now=world.now + timedelta(days=29))
    assert Batch.objects.get().kept
    jobs.delete_what_is_over(now=world.now + timedelta(days=31))
    batch.refresh_from_db()
    assert (batch.kept, batch.created, BatchChange.objects.count()) == (False, 1, 0)
    with pytest.raises(ConflictError):
        services.undo(by=by, now=world.now, uuid=batch.uuid)


def test_a_tree_of_areas_from_one_sheet_and_back(world, by):
    head = ["区域名称", "区域类型", "上级区域"]
    rows = [
        ["新微网格", "微网格", "新网格/新居民区"],
        ["新居民区", "居民区", "华阳路街道/新网格"],
        ["新网格", "综合网格", "华阳路街道"],
        ["坏", "微网格", "华阳路街道"],
        ["孤儿", "居民区", "没有的网格"],
    ]
    batch = put_in(by, world.now, "areas", book([head, *rows]))
    assert counts(batch) == (3, 0, 0, 2)
    assert faults(batch)[5] == {"parent": "微网格不能直接放在街道之下。"}
    leaf: Any = Area.objects.get(name="新微网格")
    assert (leaf.level, leaf.parent.name, leaf.code, leaf.path) == (
        3,
        "新居民区",
        "microgrid-001",
        f"{leaf.parent.path}{leaf.pk}/",
    )
    again = bring(by, world.now, "areas", book([head, *rows[:3]]))
    assert counts(again) == (0, 0, 3, 0)
    assert take_back(by, world.now, batch).state == "undone"
    assert not Area.objects.filter(name__startswith="新").exists()
