"""Reading xlsx, csv and tsv row by row, in bounded memory."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import openpyxl
from django.utils.translation import gettext as _
from openpyxl.utils.exceptions import InvalidFileException

from linli.foundation.core.errors import InvalidError

MAX_BYTES = 30 * 1024 * 1024
MAX_UNPACKED = 300 * 1024 * 1024
MAX_ROWS = 100_000
MAX_COLUMNS = 60
_LONGEST_CELL = 32_767  # as Excel has it; longer than any text that is taken, so nothing is cut unseen
_LOOK_FOR_HEADER = 10


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row: its line in the sheet (from 1) and its cells as text."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet's headers, and its rows to be read once."""

    headers: tuple[str, ...]
    rows: Iterator[SheetRow]


def _refuse(message: str, hint: str = "") -> InvalidError:
    return InvalidError(message, code="cases.import.file", hint=hint, fields={"file": [message]})


def open_sheet(content: bytes, name: str) -> Sheet:
    """Return the sheet in ``content``; the first row with at least two filled cells is its header.

    Raises:
        InvalidError: too large, or not a sheet.
    """
    if len(content) > MAX_BYTES:
        raise _refuse(_("文件太大，最多 %(size)s MB。") % {"size": MAX_BYTES // 1024**2}, _("请分成几个文件导入。"))
    lines = _xlsx(content) if content[:2] == b"PK" else _text(content, name)
    headers: tuple[str, ...] = ()
    number = 0
    for number, cells in enumerate(lines, start=1):
        if sum(bool(c.strip()) for c in cells) >= 2:
            headers = cells
            break
        if number >= _LOOK_FOR_HEADER:
            break
    if not headers:
        raise _refuse(_("没有找到表头。"), _("第一行应是各列的名称，如“留言主题”“留言详情”。"))
    return Sheet(headers, _rows(lines, number))


def _rows(lines: Iterator[tuple[str, ...]], header: int) -> Iterator[SheetRow]:
    for line, cells in enumerate(lines, start=header + 1):
        if line - header > MAX_ROWS:
            raise _refuse(_("超过 %(count)s 行。") % {"count": MAX_ROWS}, _("请分成几个文件导入。"))
        if any(c.strip() for c in cells):
            yield SheetRow(line, cells)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _xlsx(content: bytes) -> Iterator[tuple[str, ...]]:
    broken = _refuse(_("这不是有效的 xlsx 文件。"), _("请用 Excel 或 WPS 另存为 .xlsx 或 .csv 后重试。"))
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            if sum(i.file_size for i in package.infolist()) > MAX_UNPACKED:
                raise _refuse(_("文件展开后过大。"))
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, OSError) as error:
        raise broken from error
    table = book.worksheets[0] if book.worksheets else None
    if table is None:
        raise broken
    return (tuple(_cell(v) for v in row[:MAX_COLUMNS]) for row in table.iter_rows(values_only=True))


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise _refuse(_("文字编码读不懂。"), _("请另存为 UTF-8 编码的 CSV，或 .xlsx。"))


def _text(content: bytes, name: str) -> Iterator[tuple[str, ...]]:
    if b"\x00" in content[:4096]:
        raise _refuse(_("这不是表格文件。"), _("可用：.xlsx、.csv、.tsv。"))
    text = _decoded(content)
    first = text.split("\n", 1)[0]
    delimiter = "\t" if name.lower().endswith(".tsv") or first.count("\t") > first.count(",") else ","
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    return (tuple(c[:_LONGEST_CELL] for c in row[:MAX_COLUMNS]) for row in _careful(lines))


def _careful(lines: Iterator[list[str]]) -> Iterator[list[str]]:
    try:
        yield from lines
    except csv.Error as error:
        raise _refuse(_("表格读到一半出错：%(error)s") % {"error": error}) from error
