"""Table files: written row by row with little memory, no cell ever a formula.

A library makes the book with everything in it but the rows (heads, widths, formats, what the standard asks for); the
rows are put between as text. The library's own way through a dozen calls for each cell took most of a long export.
"""

from __future__ import annotations

import math
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from itertools import islice
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile

import xlsxwriter  # type: ignore[import-untyped]
from xlsxwriter.utility import xl_col_to_name  # type: ignore[import-untyped]

from linli.foundation.core.text import harmless

_TITLE = re.compile(r"[\[\]:*?/\\']")
_SHEET = re.compile(r"xl/worksheets/sheet(\d+)\.xml")
_PROBE = re.compile(r'<row r="3".*?<c r="A3" s="(\d+)">.*?</row>', re.DOTALL)
_DIMENSION = re.compile(r"<dimension [^>]*/>")
_MARKED = re.compile(r"[&<>]")
# What XML cannot hold, and what stands for that in a table file.
_UNHELD = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff\ud800-\udfff]|_(?=x[0-9A-Fa-f]{4}_)")
_DAY_0, _DAY = datetime(1899, 12, 30), timedelta(days=1)  # noqa: DTZ001  a table's clock knows no zone
_FIRST_YEAR = 1901
_LONGEST = 32_767
_AT_ONCE = 500


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
        _write(out, list(sheets))
    except BaseException:
        out.close()
        raise
    return out


def _write(out: IO[bytes], sheets: Sequence[Sheet]) -> None:
    with ZipFile(_frame(sheets)) as frame, ZipFile(out, "w", ZIP_DEFLATED) as book:
        for name in frame.namelist():
            found = _SHEET.fullmatch(name)
            if found is None:
                book.writestr(name, frame.read(name))
                continue
            with book.open(name, "w") as file:
                file.writelines(_filled(frame.read(name).decode(), sheets[int(found[1]) - 1]))
    out.seek(0)


def _frame(sheets: Sequence[Sheet]) -> IO[bytes]:
    """Return the book without its rows: a moment stands where they belong, to show by which number it is formatted."""
    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    bold = book.add_format({"bold": True, "bg_color": "#E8F0F9", "border": 1, "text_wrap": True})
    moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    for each in sheets:
        sheet = book.add_worksheet(_TITLE.sub(" ", each.title)[:31])
        for i, (name, width) in enumerate(each.columns):
            sheet.set_column(i, i, width)
            sheet.write_string(1, i, name, bold)
        sheet.write_string(0, 0, each.note)
        sheet.freeze_panes(2, 1)
        sheet.write_datetime(2, 0, _DAY_0 + _DAY, moment)
    book.close()
    out.seek(0)
    return out


def _filled(frame: str, sheet: Sheet) -> Iterator[bytes]:
    """Yield a sheet: what stands before its rows, the rows, what stands behind them."""
    probe = _PROBE.search(frame)
    if probe is None:
        message = "the book has no place for rows"
        raise ValueError(message)
    # How far the sheet reaches is not known yet, and need not be said.
    yield _DIMENSION.sub("", frame[: probe.start()]).encode()
    columns = [xl_col_to_name(i) for i in range(len(sheet.columns))]
    rows = enumerate(sheet.rows, start=3)
    while lines := "".join(_row(n, row, columns, probe[1]) for n, row in islice(rows, _AT_ONCE)):
        yield lines.encode()
    yield frame[probe.end() :].encode()


def _row(number: int, row: Sequence[Any], columns: Sequence[str], moment: str) -> str:
    cells = "".join(_cell(f"{c}{number}", value, moment) for c, value in zip(columns, row, strict=False))
    return f'<row r="{number}">{cells}</row>'


def _cell(at: str, value: Any, moment: str) -> str:
    """Return a cell; nothing for nothing, so that a program that counts or filters what is blank finds it."""
    if value is None or value == "":
        return ""
    if isinstance(value, datetime) and value.year >= _FIRST_YEAR:
        return f'<c r="{at}" s="{moment}"><v>{(value.replace(tzinfo=None) - _DAY_0) / _DAY:.16G}</v></c>'
    if isinstance(value, int | float) and math.isfinite(value):
        return f'<c r="{at}"><v>{value:.16G}</v></c>'
    return f'<c r="{at}" t="inlineStr"><is><t xml:space="preserve">{_held(harmless(str(value)))}</t></is></c>'


def _held(text: str) -> str:
    """Return text as a cell holds it."""
    if len(text) > _LONGEST // 2:
        text = text.encode("utf-16-le", "surrogatepass")[: 2 * _LONGEST].decode("utf-16-le", "ignore")
    if _UNHELD.search(text):
        text = _UNHELD.sub(lambda found: f"_x{ord(found[0]):04X}_", text)
    if _MARKED.search(text):
        text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text
