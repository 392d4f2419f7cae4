"""Table files: written row by row with little memory, no cell ever a formula."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any

import xlsxwriter  # type: ignore[import-untyped]

from linli.foundation.core.text import harmless

_TITLE = re.compile(r"[\[\]:*?/\\']")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a table file: a note in the first line, then the heads with their widths, then the rows."""

    title: str
    columns: Sequence[tuple[str, int]]
    rows: Iterable[Sequence[Any]]
    note: str


def write(title: str, columns: Sequence[tuple[str, int]], rows: Iterable[Sequence[Any]], note: str) -> IO[bytes]:
    """Return a temporary file with one sheet: ``note`` in the first line, then the heads, then the rows."""
    return write_sheets([Sheet(title, columns, rows, note)])


def write_sheets(sheets: Iterable[Sheet]) -> IO[bytes]:
    """Return a temporary file with ``sheets`` in order; titles must differ."""
    out: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  handed on to be streamed
    try:
        _write(out, sheets)
    except BaseException:
        out.close()
        raise
    return out


def _write(out: IO[bytes], sheets: Iterable[Sheet]) -> None:
    book = xlsxwriter.Workbook(
        out,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "remove_timezone": True,
        },
    )
    bold = book.add_format({"bold": True, "bg_color": "#E8F0F9", "border": 1, "text_wrap": True})
    moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    for each in sheets:
        _sheet(book.add_worksheet(_TITLE.sub(" ", each.title)[:31]), each, bold, moment)
    book.close()
    out.seek(0)


def _sheet(sheet: Any, each: Sheet, bold: Any, moment: Any) -> None:
    for i, (_name, width) in enumerate(each.columns):
        sheet.set_column(i, i, width)
    sheet.write_string(0, 0, each.note)
    for i, (name, _width) in enumerate(each.columns):
        sheet.write_string(1, i, name, bold)
    sheet.freeze_panes(2, 1)
    for r, row in enumerate(each.rows, start=2):
        for c, value in enumerate(row):
            _cell(sheet, r, c, value, moment)


def _cell(sheet: Any, row: int, column: int, value: Any, moment: Any) -> None:
    if isinstance(value, datetime):
        sheet.write_datetime(row, column, value.replace(tzinfo=None), moment)
    elif isinstance(value, int | float):
        sheet.write_number(row, column, value)
    elif value is not None and value != "":
        # Nothing stays an empty cell: a program that counts or filters what is blank finds it.
        sheet.write_string(row, column, harmless(str(value)))
