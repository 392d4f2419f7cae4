"""Sheets come in by the same door as everything else, once, and what cannot come in can be mended."""

import io
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from linli.engines.cases.models import Case, CaseEvent, Reporter
from linli.engines.cases.services import importing
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
    result = take(world, sheet([*ROWS, ["9", "", "", "", "x" * 6000, "", ""]]), dry_run=True)[2]
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


@pytest.mark.slow
def test_real_messages_come_in(world):
    if not REAL.exists():
        pytest.skip("the real messages are not beside the checkout")
    table = importing.open_sheet(REAL.read_bytes(), REAL.name)
    layout = importing.layout("messages")
    rows = [row for row, _n in zip(table.rows, range(300), strict=False)]
    started = time.process_time()
    result = importing.import_rows(
        by=SYSTEM, now=world.now, layout=layout, rows=rows, mapping=importing.guess(table.headers, layout)
    )
    print(f"{300 / (time.process_time() - started):.0f} messages a second of CPU")  # noqa: T201
    assert result.read == 300
    assert result.taken > 290
