"""Table files, read again by another library: what was put in comes out, whatever it was."""

import io
from datetime import UTC, date, datetime

import openpyxl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.utils.escape import unescape

from linli.foundation.core.text import harmless
from linli.foundation.exports.services import Sheet, write, write_sheets


def read(file):
    with file:
        return openpyxl.load_workbook(io.BytesIO(file.read()))


def _to_the_minute(moment):
    return moment.replace(second=0, microsecond=0)


cells = st.one_of(
    st.none(),
    st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\r\ufffe\uffff"), max_size=30),
    st.sampled_from(["", "=1+1", "@SUM(A1)", "<b>&amp;", "_x0041_", "\x00\x1f", " 前后 ", "行\n行", "𠮷" * 40, "]]>"]),
    st.integers(-(10**12), 10**12),
    st.floats(-1e9, 1e9, allow_nan=False).map(lambda f: round(f, 3)),
    st.datetimes(datetime(1990, 1, 1), datetime(2099, 1, 1)).map(_to_the_minute),  # noqa: DTZ001
    st.booleans(),
)


def expected(value):
    """Return what a reader gets for a cell; of what XML cannot hold, what stands for it."""
    if value is None or value == "":
        return None
    if isinstance(value, str):
        return harmless(value)
    return value


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.lists(cells, min_size=3, max_size=3), max_size=6))
def test_what_is_put_in_comes_out(rows):
    sheet = read(write("表", [("甲", 10), ("乙", 20), ("丙", 30)], rows, "注")).worksheets[0]
    assert sheet["A1"].value == "注"
    assert [c.value for c in sheet[2]] == ["甲", "乙", "丙"]
    for n, row in enumerate(rows, start=3):
        for c, value in enumerate(row, start=1):
            found = sheet.cell(n, c).value
            # This library leaves what stands for what XML cannot hold as it is, where others read it.
            assert (unescape(found) if isinstance(found, str) else found) == expected(value), value
            assert sheet.cell(n, c).data_type != "f"


def test_moments_are_moments_and_what_a_cell_cannot_hold_is_text():
    aware = datetime(2026, 3, 10, 10, 5, tzinfo=UTC)
    rows = [[aware, date(2026, 3, 10), float("nan")], [datetime(1800, 1, 1), float("inf"), "长" * 40_000]]  # noqa: DTZ001
    sheet = read(write("表", [("一", 10), ("二", 10), ("三", 10)], rows, "注")).worksheets[0]
    assert sheet["A3"].value == datetime(2026, 3, 10, 10, 5)  # noqa: DTZ001
    assert sheet["A3"].number_format == "yyyy-mm-dd hh:mm"
    assert (sheet["B3"].value, sheet["C3"].value) == ("2026-03-10", "nan")
    assert (sheet["A4"].value, sheet["B4"].value) == ("1800-01-01 00:00:00", "inf")
    assert len(sheet["C4"].value) == 32_000
    assert sheet.freeze_panes == "B3"
    assert sheet.column_dimensions["A"].width > 9


def test_several_sheets_and_many_rows_come_in_order_and_are_read_once():
    rows = ([n, f"第{n}行"] for n in range(1_203))
    heads = [("数", 8), ("文", 20)]
    book = read(write_sheets([Sheet("一/二", heads, rows, "甲"), Sheet("空", heads, [], "乙")]))
    assert book.sheetnames == ["一 二", "空"]
    assert [r[0] for r in book["一 二"].iter_rows(min_row=3, values_only=True)] == list(range(1_203))
    assert book["空"].max_row == 2
    assert book["空"]["A1"].value == "乙"
