"""A list as a table file: written row by row with little memory, no cell ever a formula."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import IO, Any

import xlsxwriter  # type: ignore[import-untyped]

# Strings are written as strings; what a spreadsheet program could take for a formula gets a mark before it.
_RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_LONGEST = 32_000


def harmless(text: str) -> str:
    """Return ``text`` such that no spreadsheet program runs it."""
    text = text[:_LONGEST]
    return f"'{text}" if text.startswith(_RISKY) else text


def write(title: str, columns: Sequence[tuple[str, int]], rows: Iterable[Sequence[Any]], note: str) -> IO[bytes]:
    """Return a temporary file with one sheet: ``note`` in the first line, then the heads, then the rows."""
    out: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  handed on to be streamed
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
    sheet = book.add_worksheet(title[:31])
    bold = book.add_format({"bold": True, "bg_color": "#E8F0F9", "border": 1, "text_wrap": True})
    moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    for i, (_name, width) in enumerate(columns):
        sheet.set_column(i, i, width)
    sheet.write_string(0, 0, note)
    for i, (name, _width) in enumerate(columns):
        sheet.write_string(1, i, name, bold)
    sheet.freeze_panes(2, 1)
    for r, row in enumerate(rows, start=2):
        for c, value in enumerate(row):
            _cell(sheet, r, c, value, moment)
    book.close()
    out.seek(0)
    return out


def _cell(sheet: Any, row: int, column: int, value: Any, moment: Any) -> None:
    if isinstance(value, datetime):
        sheet.write_datetime(row, column, value.replace(tzinfo=None), moment)
    elif isinstance(value, int):
        sheet.write_number(row, column, value)
    else:
        sheet.write_string(row, column, harmless(str(value)))
