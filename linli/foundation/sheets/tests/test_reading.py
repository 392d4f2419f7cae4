"""Hostile and awkward sheets: real files, each read in full, in part with a word about it, or refused clearly."""

import io
import re
import zipfile
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from linli.foundation.core.errors import InvalidError
from linli.foundation.sheets.rules import plain
from linli.foundation.sheets.services import open_sheet, reading, write_refused
from linli.foundation.sheets.tests.books import book, cells, opened, saved, with_part

KNOWN = {plain(n) for n in ("单位名称", "单位类型", "电话", "成立日期", "邮箱")}
HEAD = ["单位名称", "单位类型", "电话"]
HALF_PAST = datetime(2026, 3, 2, 9, 30)  # noqa: DTZ001  as a sheet has it
SHEET = "xl/worksheets/sheet1.xml"


def read(content, name="a.xlsx", **more):
    sheet = open_sheet(content, name, known=KNOWN, **more)
    return sheet, list(sheet.rows)


def test_titles_above_the_header_are_passed_over():
    def edit(_book, table):
        table.merge_cells("A1:C1")

    sheet, rows = read(
        book(
            [["华阳路街道单位一览表", None, None], ["填报日期：", "2026-03-01", None], HEAD, ["城管", "城管", "1"]],
            edit=edit,
        )
    )
    assert sheet.headers == tuple(HEAD)
    assert [(r.line, r.cells) for r in rows] == [(4, ("城管", "城管", "1"))]


def test_two_rows_of_headers_are_read_as_one():
    def edit(_book, table):
        table.merge_cells("A1:A2")
        table.merge_cells("B1:C1")

    two = [["单位名称", "联系方式", None], [None, "电话", "邮箱"], ["城管", "021", "a@b.cn"]]
    for content in (book(two, edit=edit), book(two)):
        sheet, rows = read(content)
        assert sheet.headers == ("单位名称", "电话", "邮箱")
        assert [r.cells for r in rows] == [("城管", "021", "a@b.cn")]


def test_cells_merged_downwards_count_for_every_row():
    def edit(_book, table):
        table.merge_cells("B2:B4")

    sheet, rows = read(book([HEAD, ["一中队", "城管", "1"], ["二中队", None, "2"], ["三中队", None, "3"]], edit=edit))
    assert [r.cells[1] for r in rows] == ["城管"] * 3
    assert sheet.notes == ["2 行有合并单元格，每一行都按合并的内容读取。"]


def test_of_a_formula_the_shown_value_is_read_and_one_without_is_a_fault():
    content = book([HEAD, ['=CONCATENATE("城","管")', "城管", "=1/0"]])
    shown = with_part(
        content,
        SHEET,
        lambda x: re.sub(
            rb'<c r="A2"[^>]*>.*?</c>', '<c r="A2" t="str"><f>CONCATENATE("城","管队")</f><v>城管队</v></c>'.encode(), x
        ),
    )
    sheet, rows = read(shown)
    assert rows[0].cells[0] == "城管队"
    assert list(rows[0].faults) == [2]
    assert "公式没有计算结果" in rows[0].faults[2]
    assert "2 个单元格是公式" in sheet.notes[0]


def test_an_error_value_is_a_fault():
    _sheet, rows = read(book([HEAD, ["城管", "#N/A", "1"]]))
    assert rows[0].faults == {1: "单元格显示错误值 #N/A。"}


def test_hidden_columns_and_rows_are_read_and_said():
    def edit(_book, table):
        table.column_dimensions["B"].hidden = True
        table.row_dimensions[3].hidden = True

    sheet, rows = read(book([HEAD, ["城管", "城管", "1"], ["物业", "物业", "2"]], edit=edit))
    assert len(rows) == 2
    assert sheet.notes == ["隐藏的列也读了：单位类型。", "1 个隐藏的行也读了。"]


def test_dates_are_read_in_both_epochs():
    for epoch in (None, CALENDAR_MAC_1904):

        def edit(made, _table, epoch=epoch):
            if epoch:
                made.epoch = epoch

        content = book([["单位名称", "成立日期"], ["城管", date(2026, 3, 1)], ["物业", HALF_PAST]], edit=edit)
        if epoch:
            assert b"date1904" in zipfile.ZipFile(io.BytesIO(content)).read("xl/workbook.xml")
        _sheet, rows = read(content)
        assert [r.cells[1][:10] for r in rows] == ["2026-03-01", "2026-03-02"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_csv_is_read_in_the_encodings_that_people_save(encoding):
    sheet, rows = read(
        "单位名称,单位类型,电话\r\n  城管\u3000,城管,０２１\r\n,,\r\n𠮷祥物业,物业,2\r\n".encode(encoding), "a.csv"
    )
    assert sheet.headers == tuple(HEAD)
    assert [r.line for r in rows] == [2, 4]
    assert rows[1].cells[0] == "𠮷祥物业"


def test_the_example_of_a_template_is_not_read():
    sheet, rows = read(book([HEAD, ["示例：管理办", "科室", ""], ["城管", "城管", "1"]]))
    assert [r.cells[0] for r in rows] == ["城管"]
    assert sheet.notes == ["第 2 行是示例，没有读入。"]


def test_the_sheet_with_the_known_header_is_chosen():
    made = openpyxl.Workbook()
    cover: Any = made.active
    cover.append(["封面"])
    other = made.create_sheet("单位")
    for row in (HEAD, ["城管", "城管", "1"]):
        other.append(row)
    sheet, rows = read(saved(made))
    assert len(rows) == 1
    assert sheet.notes == ["只读了工作表“单位”。"]


def test_too_many_rows_are_refused():
    content = book([HEAD, *([f"u{n}", "城管", ""] for n in range(4))])
    assert len(read(content, most=4)[1]) == 4
    with pytest.raises(InvalidError, match="超过 3 行"):
        read(content, most=3)


@pytest.mark.parametrize("last", [None, pytest.param(b'<c r="A1048576" t="str"><v>x</v></c>', marks=pytest.mark.slow)])
def test_a_sheet_formatted_to_its_last_row_and_column_is_read_at_once(last):
    content = with_part(
        book([HEAD, ["城管", "城管", "1"]]),
        SHEET,
        lambda x: x.replace(b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"/></row></sheetData>').replace(
            b'<dimension ref="A1:C2"', b'<dimension ref="A1:XFD1048576"'
        ),
    )
    assert [r.cells for r in read(content)[1]] == [("城管", "城管", "1")]
    far = content if last is None else with_part(content, SHEET, lambda x: x.replace(b'<c r="XFD1048576"/>', last))
    assert len(read(far)[1]) == (1 if last is None else 2)


@pytest.mark.slow
def test_a_bomb_is_refused_before_it_is_unpacked(monkeypatch):
    bomb = io.BytesIO()
    with (
        zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as package,
        package.open(SHEET, "w", force_zip64=True) as file,
    ):
        for _n in range(301):
            file.write(b" " * 1024 * 1024)
    assert len(bomb.getvalue()) < 1024 * 1024
    with pytest.raises(InvalidError, match="展开后过大"):
        read(bomb.getvalue())


@pytest.mark.parametrize(
    "doctype",
    [b'<!DOCTYPE x [<!ENTITY a "ha">]>', b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'],
)
def test_a_document_type_is_refused(doctype):
    content = with_part(book([HEAD, ["a", "b", "c"]]), SHEET, lambda x: doctype + x)
    with pytest.raises(InvalidError, match="不是有效的 xlsx"):
        read(content)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\xd0\xcf\x11\xe0" + b"\0" * 100, "旧版 .xls"),
        (b"PK\x03\x04nothing", "不是有效的 xlsx"),
        (b"\x00\x01\x02" * 50, "不是表格文件"),
        (b"", "没有找到表头"),
        ("甲,乙\n1,2\n".encode(), "没有找到表头"),
        (b"\xff" * 40, "文字编码读不懂"),
    ],
)
def test_what_is_no_sheet_is_refused_with_what_to_do(content, words):
    with pytest.raises(InvalidError) as error:
        read(content)
    assert words in str(error.value)
    assert error.value.hint


def test_a_package_cut_off_is_refused():
    content = book([HEAD, *([f"u{n}" * 9, "城管", ""] for n in range(3000))])
    with pytest.raises(InvalidError, match="不是有效的 xlsx"):
        read(content[: len(content) // 2])


def test_a_broken_sheet_is_refused():
    content = with_part(book([HEAD, ["a", "b", "c"]]), SHEET, lambda x: x[: len(x) - 40])
    with pytest.raises(InvalidError, match="不是有效的 xlsx"):
        read(content)


def test_a_file_that_is_too_large_is_refused(monkeypatch):
    monkeypatch.setattr(reading, "MAX_BYTES", 10)
    with pytest.raises(InvalidError, match="文件太大"):
        read(b"x" * 11)


def test_what_begins_like_a_formula_is_written_as_a_text_and_comes_back_the_same():
    texts = ("=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://x")', "\t=1")
    content = write_refused([(2, texts, {"": "不行"})], [f"c{n}" for n in range(6)], {}, {})
    row = opened(content).worksheets[0]
    assert {row.cell(2, n).data_type for n in range(1, 7)} == {"s"}
    assert cells(content)[1][:5] == list(texts[:5])
