"""Sheets come in by the same door as everything else, once, and what cannot come in can be mended."""

import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from linli.engines.cases.models import Case, CaseEvent, Reporter
from linli.engines.cases.services import importing
from linli.engines.cases.tests.letters import letters, workbook
from linli.foundation.core.actors import SYSTEM
from linli.foundation.core.errors import InvalidError, NotFoundError
from linli.foundation.journal.models import Entry

HEADER = ["留言编号", "留言用户", "留言主题", "留言时间", "留言详情", "反对数", "点赞数"]
ROWS = [
    ["188006", "A1", "路灯不亮", "2019/2/28 11:25:05", "\n\t弄堂里路灯坏了三天，请打13800001234", 0, 5],
    ["188007", "A2", "怎么办居住证", "2019/2/14 20:00:00", "咨询居住证续签", 0, 1],
    ["188008", "A3", "说不清", "2019/2/15 20:00:00", "嗡嗡作响的铁柜子", 0, 1],
]
REAL = Path(__file__).resolve().parents[4].parent / "shared" / "data" / "messages" / "messages.xlsx"


def sheet(rows, header=HEADER):
    book = openpyxl.Workbook()
    table: Any = book.active
    for row in (header, *rows):
        table.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def take(world, content, name="a.xlsx", kind="messages", **more):
    table = importing.open_sheet(content, name)
    layout = importing.layout(kind)
    mapping = importing.guess(table.headers, layout)
    result = importing.import_rows(by=SYSTEM, now=world.now, layout=layout, rows=table.rows, mapping=mapping, **more)
    return table, mapping, result


def test_messages_become_cases_once_and_personal_data_is_masked(world):
    _table, mapping, result = take(world, sheet(ROWS))
    assert mapping == {"key": 0, "name": 1, "title": 2, "time": 3, "text": 4, "dislikes": 5, "likes": 6}
    assert (result.taken, result.seen, result.refused) == (3, 0, [])
    lamp = Case.objects.select_related("category").get(title="路灯不亮")
    assert (lamp.category.code, lamp.source, lamp.reported_at) == ("street_lamp", "message", world.now)
    assert "13800001234" not in lamp.text
    assert lamp.text_sealed is not None
    origin = CaseEvent.objects.get(case=lamp, verb="report").data["origin"]
    assert origin == {"key": "188006", "occurred_at": "2019-02-28T11:25:05+08:00", "likes": "5", "dislikes": "0"}
    assert Case.objects.get(title="说不清").category.code == "other"
    again = take(world, sheet(ROWS))[2]
    assert (again.taken, again.seen) == (0, 3)
    assert Case.objects.count() == Reporter.objects.count() == 3


def test_a_broken_off_import_goes_on_and_a_row_twice_in_a_sheet_counts_once(world):
    take(world, sheet(ROWS[:1]))
    result = take(world, sheet([*ROWS, ROWS[2]]))[2]
    assert (result.taken, result.seen) == (2, 2)


def test_a_dry_run_writes_nothing(world):
    before = Entry.objects.count()
    result = take(world, sheet([*ROWS, ["9", "", "", "", "x" * 20_001, "", ""]]), dry_run=True)[2]
    assert (result.taken, len(result.refused)) == (3, 1)
    assert Case.objects.count() == 0
    assert Entry.objects.count() == before


def test_refused_rows_are_marked_mended_and_sent_again(world):
    header = [*HEADER, "分类"]
    bad = [["1", "", "怪事", "昨天", "有怪事", "", "", "飞碟"], ["2", "", "路灯", "", "路灯不亮", "", "", "路灯不亮"]]
    table, mapping, result = take(world, sheet(bad, header))
    assert result.taken == 1
    assert set(result.refused[0].reasons) == {"time", "category"}
    mended: Any = openpyxl.load_workbook(
        io.BytesIO(importing.write_refused(result.refused, table.headers, mapping))
    ).active
    assert mended.cell(2, 9).value.startswith("第 2 行：")
    assert mended.cell(2, 4).comment.text.startswith("“昨天”")
    mended.cell(2, 4).value, mended.cell(2, 8).value = "2019-03-01", "其他问题"
    out = io.BytesIO()
    mended.parent.save(out)
    assert take(world, out.getvalue())[2].taken == 1


def test_an_unknown_category_becomes_other_only_if_told_so(world):
    rows = [["1", "", "怪事", "", "有怪事", "", "", "飞碟"]]
    assert len(take(world, sheet(rows, [*HEADER, "分类"]))[2].refused) == 1
    assert take(world, sheet(rows, [*HEADER, "分类"]), unknown_to_other=True)[2].categories == {"other": 1}


def test_a_text_that_looks_like_a_formula_stays_a_text(world):
    table, mapping, result = take(world, sheet([["", "", "", "坏日期", "\u200b=1+1", "", ""]]))
    row: Any = openpyxl.load_workbook(
        io.BytesIO(importing.write_refused(result.refused, table.headers, mapping))
    ).active
    assert row.cell(2, 5).data_type == "s"


def test_work_orders_come_in_once_by_number_and_changes_are_shown(world):
    header = "工单编号,诉求内容,地址,办理时限,联系电话,姓名\n"
    first = (header + "W1,共享单车堵门,愚园路1号,2026-03-12 17:00,13900001111,王女士\n,没有号,,,,\n").encode("gb18030")
    result = take(world, first, "w.csv", "hotline")[2]
    assert (result.taken, len(result.refused)) == (1, 1)
    case = Case.objects.get(external_number="W1")
    assert case.external_due == datetime(2026, 3, 12, 9, 0, tzinfo=UTC)
    assert datetime.fromisoformat(case.dues["overall"]) == case.external_due
    later = take(
        world, (header + "W1,共享单车堵门,愚园路2号,2026-03-11,13900001111,王女士\n").encode(), "w.csv", "hotline"
    )[2]
    assert [(c.what, c.after) for c in later.changed] == [("地址", "愚园路2号"), ("办理时限", "2026-03-11 23:59")]
    case.refresh_from_db()
    assert case.address == "愚园路1号"


@pytest.mark.parametrize(
    "content", [b"", b"\x00\x01", b"PK\x03\x04broken", b"only one column\nx\n", b"\xff\xfe\xfa" * 9]
)
def test_what_is_no_sheet_is_refused_in_words(db, content):
    with pytest.raises(InvalidError) as caught:
        list(importing.open_sheet(content, "x").rows)
    assert caught.value.fields["file"]


def test_a_missing_column_is_named(world):
    with pytest.raises(InvalidError) as caught:
        take(world, "甲,乙\n1,2\n".encode())
    assert set(caught.value.fields) == {"text"}


def test_an_own_layout_maps_other_headers(world, tmp_path):
    own = tmp_path / "own.toml"
    own.write_text('[columns]\ntext = "说了什么"\nkey = ["流水"]\n', encoding="utf8")
    layout = importing.read_layout(own, importing.layout("messages"))
    assert importing.guess(["流水", "说了什么"], layout) == {"key": 0, "text": 1}
    own.write_text('[columns]\nwho = "谁"\n', encoding="utf8")
    with pytest.raises(InvalidError):
        importing.read_layout(own, importing.layout("messages"))


def test_an_uploaded_sheet_is_kept_encrypted_and_for_its_uploader_alone(world, settings, tmp_path):
    settings.DATA = tmp_path
    paidan, other = world.actor("paidan"), world.actor("zhiban")
    parcel = importing.keep(by=paidan, content=sheet(ROWS), name="a.xlsx", kind="messages")
    kept = next((tmp_path / "imports").rglob(str(parcel.uuid))).read_bytes()
    assert b"13800001234" not in kept
    with pytest.raises(NotFoundError):
        importing.open_parcel(by=other, uuid=parcel.uuid)
    parcel = importing.start(
        by=paidan, now=world.now, parcel=parcel, mapping=parcel.mapping, to_other=False, dry_run=True
    )
    assert (parcel.outcome().taken, Case.objects.count()) == (3, 0)
    importing.start(by=paidan, now=world.now, parcel=parcel, mapping=parcel.mapping, to_other=False, dry_run=False)
    parcel = importing.open_parcel(by=paidan, uuid=parcel.uuid)
    assert parcel.finished
    assert Case.objects.count() == 3
    importing.drop(by=paidan, uuid=parcel.uuid)
    with pytest.raises(NotFoundError):
        importing.open_parcel(by=paidan, uuid=parcel.uuid)


def test_sixty_letters_of_every_shape_come_in(world):
    _table, mapping, result = take(world, workbook(letters()))
    assert mapping == {"key": 0, "name": 1, "title": 2, "time": 3, "text": 4, "dislikes": 5, "likes": 6}
    assert (result.taken, len(result.refused)) == (57, 3)
    assert {r.cells[0]: set(r.reasons) for r in result.refused} == {
        "190012": {"time"},
        "190013": {"text"},
        "190014": {"text"},
    }
    by_key = {e.data["origin"]["key"]: e.case for e in CaseEvent.objects.filter(verb="report").select_related("case")}
    assert by_key["190001"].title == "长宁区黄金园洗砂场昼夜施工"
    assert len(by_key["190002"].text) == 6900
    for key, secret in [
        ("190003", "5678"),
        ("190004", "陈小样"),
        ("190005", "周大样"),
        ("190006", "440308199901101512"),
        ("190006", "abc12345"),
        ("190011", "１３８１２３４５６７８"),
    ]:
        case = by_key[key]
        assert secret not in case.text + case.title
        assert "＊＊＊＊" in case.text
        assert case.text_sealed is not None
    assert by_key["190004"].address == "安西路"
    assert by_key["190007"].title == "=HYPERLINK(1)"
    assert by_key["190008"].text == "𠮷屋门口🚲🚲，<b>加粗</b>；DROP TABLE。"
    assert by_key["190009"].text == "只有主题没有详情的留言"
    assert by_key["190010"].text_sealed is None
    kinds = {c.title: c.category.code for c in Case.objects.select_related("category")}
    assert kinds["长宁路路灯不亮"] == "street_lamp"
    assert kinds["被开发商坑害的业主"] == "other"
    assert result.placed == sum(bool(c.address) for c in Case.objects.all()) == 30


def test_what_was_refused_is_mended_and_sent_again_and_nothing_comes_twice(world):
    table, mapping, result = take(world, workbook(letters()))
    book = openpyxl.load_workbook(io.BytesIO(importing.write_refused(result.refused, table.headers, mapping)))
    mended: Any = book.active
    assert mended.max_row == 4
    mended.cell(2, 4).value = "2019/3/9 15:00"
    mended.cell(3, 5).value = "改短了"
    mended.cell(4, 3).value = "补了主题"
    out = io.BytesIO()
    book.save(out)
    again = take(world, out.getvalue())[2]
    assert (again.taken, again.seen, again.refused) == (3, 0, [])
    whole = take(world, workbook(letters()))[2]
    assert (whole.taken, whole.seen, len(whole.refused)) == (0, 60, 0)
    assert Case.objects.count() == 60


def test_an_import_broken_off_in_the_middle_leaves_whole_cases_only(world):
    class PulledPlug(BaseException):
        pass

    def pull(done: int) -> None:
        if done >= 20:
            raise PulledPlug

    with pytest.raises(PulledPlug):
        take(world, workbook(letters()), progress=pull)
    assert Case.objects.count() == CaseEvent.objects.count() == Reporter.objects.count() == 20
    result = take(world, workbook(letters()))[2]
    assert (result.taken, result.seen) == (37, 20)
    assert Case.objects.count() == CaseEvent.objects.count() == Reporter.objects.count() == 57


def test_a_row_costs_at_most_twelve_statements(world, django_assert_max_num_queries):
    take(world, workbook(letters(12)[:12]))  # what is read once is in its caches
    rows = [r for r in letters(46) if r[0] >= 180012 and r[0] < 190000]
    with django_assert_max_num_queries(12 * len(rows)):
        assert take(world, workbook(rows))[2].taken == len(rows)


def test_the_area_of_a_row_is_filled_only_where_its_words_are_certain(world):
    header = [*HEADER, "地址"]
    said = {
        "1": ("路灯不亮", "安西路789弄12号302室门口路灯坏了", "", "陶家宅"),
        "2": ("路灯不亮", "陶家宅小区和飞乐公寓之间的路灯坏了", "", ""),
        "3": ("飞乐公寓路灯不亮", "路灯坏了", "陶家宅小区东门", "陶家宅"),
        "4": ("路灯不亮", "愚园路上的路灯坏了", "", ""),
        "5": ("路灯不亮", "李天诚先生说路灯坏了", "", ""),
    }
    rows = [[key, "A", title, "", text, "", "", address] for key, (title, text, address, _home) in said.items()]
    take(world, sheet(rows, header))
    for key, (_title, text, address, home) in said.items():
        case = Case.objects.get(text__contains=text, address__contains=address)
        assert case.area_id == (world.areas[home].pk if home else None), key
    assert Case.objects.get(text__contains="302室").address == "安西路789弄12号"


def test_a_known_place_in_the_words_gives_the_area(world):
    found = take(world, sheet([["1", "", "陶家宅居民区垃圾没人清", "", "垃圾满了", "", ""]]))[2]
    case = Case.objects.get()
    assert found.placed == 1
    assert case.area_id == world.areas["陶家宅"].pk
    assert case.area_path.endswith(f"/{world.areas['陶家宅'].pk}/")


@pytest.mark.slow
def test_many_messages_come_in(world):
    """The first 300 real messages where they are beside the checkout, as many letters of the same shapes where not."""
    content = REAL.read_bytes() if REAL.exists() else workbook(letters(300)[:300])
    table = importing.open_sheet(content, REAL.name)
    layout = importing.layout("messages")
    rows = [row for row, _n in zip(table.rows, range(300), strict=False)]
    result = importing.import_rows(
        by=SYSTEM, now=world.now, layout=layout, rows=rows, mapping=importing.guess(table.headers, layout)
    )
    assert (result.read, result.taken) == (300, 300)
    assert len({e.data["origin"]["key"] for e in CaseEvent.objects.filter(verb="report")}) == 300
