"""Reading xlsx, csv and tsv row by row, in bounded memory: the one reader of the house.

Nothing in a file is ever carried out. Of a formula the value that was shown last is read; where the file
holds none, the cell is a fault. What a reader cannot see (hidden rows and columns, further
sheets) is read or passed over, and said in the notes.
"""

from __future__ import annotations

import csv
import io
import zipfile
import zlib
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import chain, islice
from typing import Any
from xml.parsers import expat

import openpyxl
from django.utils.translation import gettext as _
from openpyxl.utils.exceptions import InvalidFileException

from linli.foundation.core.errors import InvalidError
from linli.foundation.sheets.rules import find_header, find_words, is_example, plain
from linli.foundation.sheets.services.facts import Facts, facts_of
from linli.foundation.sheets.types import SheetRow

MAX_BYTES = 30 * 1024 * 1024
MAX_UNPACKED = 300 * 1024 * 1024
MAX_ROWS = 100_000
MAX_COLUMNS = 60
_LONGEST_CELL = 32_767  # as Excel has it; longer than any text that is taken, so nothing is cut unseen
_LOOK_FOR_HEADER = 20
_ERRORS = frozenset({"#N/A", "#REF!", "#NAME?", "#VALUE!", "#DIV/0!", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"})
_BROKEN = (
    zipfile.BadZipFile, InvalidFileException, expat.ExpatError, zlib.error, KeyError, ValueError, TypeError,
    AttributeError, IndexError, OSError, EOFError, SyntaxError, NotImplementedError, RuntimeError,
)  # fmt: skip
Cells = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet's headers, and its rows to be read once; ``notes`` are complete when they have been."""

    headers: Cells
    rows: Iterator[SheetRow]
    notes: list[str] = field(default_factory=list)


@dataclass
class _Table:
    """The lines of a file, and what is known of them beside their words."""

    lines: Iterator[Cells]
    facts: Facts = field(default_factory=Facts)
    notes: list[str] = field(default_factory=list)


def _refuse(message: str, hint: str = "") -> InvalidError:
    return InvalidError(message, code="sheets.file", hint=hint, fields={"file": [f"{message}{hint}"]})


def check_size(size: int) -> None:
    """Raise InvalidError for a file of more than :data:`MAX_BYTES`."""
    if size > MAX_BYTES:
        raise _refuse(_("文件太大，最多 %(size)s MB。") % {"size": MAX_BYTES // 1024**2}, _("请分成几个文件导入。"))


def open_sheet(
    content: bytes, name: str, *, known: Collection[str] = (), most: int = MAX_ROWS, foreign: bool = False
) -> Sheet:
    """Return the sheet in ``content``.

    Args:
        known: names of columns as :func:`rules.plain` has them. The row with most of them is the header, titles
            above it are passed over, and two rows of headers are read as one. Without them, the first row with
            two filled cells is.
        most: how many filled rows it may have.
        foreign: a sheet none of whose columns is known is read, too: somebody says what they are.

    Raises:
        InvalidError: too large, or not a sheet, or no header; later, while rows are read: too many, or broken.
    """
    check_size(len(content))
    if content[:4] == b"\xd0\xcf\x11\xe0":
        raise _refuse(_("这是旧版 .xls 文件或加了密码的文件。"), _("请用 Excel 或 WPS 去掉密码，另存为 .xlsx 后重试。"))
    table = _xlsx(content, known) if content[:2] == b"PK" else _Table(_text(content, name))
    head = list(islice(table.lines, _LOOK_FOR_HEADER))
    at, headers = _header(_filled_down(head, table.facts), known, foreign=foreign)
    lines = chain(head[at + 1 :], table.lines)
    return Sheet(headers, _rows(lines, at + 1, headers, table, most), table.notes)


def _header(head: list[Cells], known: Collection[str], *, foreign: bool) -> tuple[int, Cells]:
    found = find_header(head, known) if known else None
    if found is not None:
        return found
    # One known name will do where nothing better is found: a person then says which column is which.
    for i, cells in enumerate(head):
        if sum(bool(c.strip()) for c in cells) >= 2 and (not known or any(plain(c) in known for c in cells)):
            return i, cells
    if foreign and (found := find_words(head)) is not None:
        return found
    hint = _("请使用下载的模板，不要改动表头。") if known else _("第一行应是各列的名称，如“留言主题”“留言详情”。")
    raise _refuse(_("没有找到表头。"), hint)


def _filled_down(head: list[Cells], facts: Facts) -> list[Cells]:
    return [facts.fill(i, cells, head) for i, cells in enumerate(head, start=1)]


def _rows(lines: Iterator[Cells], header: int, headers: Cells, table: _Table, most: int) -> Iterator[SheetRow]:
    count = filled = 0
    facts = table.facts
    for line, cells in enumerate(lines, start=header + 1):
        if not cells and line not in facts.merged and line not in facts.holes:
            continue
        own = any(c.strip() for c in cells)
        full = facts.fill(line, cells, None)
        if not own and not facts.holes_in(line):
            continue
        if own and is_example(cells):
            table.notes.append(_("第 %(line)s 行是示例，没有读入。") % {"line": line})
            continue
        count += 1
        if count > most:
            raise _refuse(_("超过 %(count)s 行。") % {"count": most}, _("请分成几个文件导入。"))
        filled += full != cells
        yield SheetRow(line, full, _faults(line, full, facts))
    table.notes.extend(facts.notes(headers, header, filled))


def _faults(line: int, cells: Cells, facts: Facts) -> dict[int, str]:
    found = {i: _("单元格显示错误值 %(value)s。") % {"value": c} for i, c in enumerate(cells) if c in _ERRORS}
    for i in facts.holes_in(line):
        found[i] = _("公式没有计算结果，请用 Excel 或 WPS 打开并保存，或改填数值。")
    return found


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)[:_LONGEST_CELL]


def _broken() -> InvalidError:
    return _refuse(_("这不是有效的 xlsx 文件。"), _("请用 Excel 或 WPS 另存为 .xlsx 或 .csv 后重试。"))


def check_book(content: bytes) -> None:
    """Look whether ``content`` is an xlsx that can be opened without harm: size, parts, no document types.

    Raises:
        InvalidError: it is none.
    """
    check_size(len(content))
    if content[:4] == b"\xd0\xcf\x11\xe0":
        raise _refuse(_("这是旧版 .xls 文件或加了密码的文件。"), _("请用 Excel 或 WPS 去掉密码，另存为 .xlsx 后重试。"))
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            _check_package(package)
    except _BROKEN as error:
        raise _broken() from error


def _check_package(package: zipfile.ZipFile) -> None:
    if sum(i.file_size for i in package.infolist()) > MAX_UNPACKED:
        raise _refuse(_("文件展开后过大。"))
    _check_parts(package)


def _xlsx(content: bytes, known: Collection[str]) -> _Table:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            _check_package(package)
            book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
            chosen = _choose(book, known)
            facts = facts_of(package, chosen._worksheet_path)
    except _BROKEN as error:
        raise _broken() from error
    table = _Table(_careful(_cells_of(chosen, facts.last), _BROKEN, _broken), facts)
    others = [w.title for w in book.worksheets if w.title != chosen.title and w.title not in _own_titles()]
    if others:
        table.notes.append(_("只读了工作表“%(title)s”。") % {"title": chosen.title})
    return table


def _own_titles() -> set[str]:
    return {_("填表说明"), _("选项")}


def _cells_of(table: Any, last: int) -> Iterator[Cells]:
    # Bounded columns and rows: a sheet may claim to be 16,384 wide and a million rows long.
    rows = table.iter_rows(values_only=True, max_col=MAX_COLUMNS, max_row=max(last, 1))
    return (_texts(row) for row in rows)


def _texts(row: tuple[Any, ...]) -> Cells:
    """Return the cells of a row as texts, without the empty ones at its end."""
    width = len(row)
    if row.count(None) == width:
        return ()
    while width and row[width - 1] is None:
        width -= 1
    return tuple(_cell(v) for v in row[:width])


def _choose(book: Any, known: Collection[str]) -> Any:
    """Return the first sheet that has a header of known names; else the first."""
    for table in book.worksheets if known else ():
        head = [_texts(row) for row in islice(_raw(table), _LOOK_FOR_HEADER)]
        if find_header(head, known) is not None:
            return table
    return book.worksheets[0]


def _raw(table: Any) -> Iterator[tuple[Any, ...]]:
    rows: Iterator[tuple[Any, ...]] = table.iter_rows(values_only=True, max_col=MAX_COLUMNS, max_row=_LOOK_FOR_HEADER)
    return rows


def _check_parts(package: zipfile.ZipFile) -> None:
    for part in package.infolist():
        if part.filename.endswith((".xml", ".rels")):
            with package.open(part) as file:
                start = file.read(4096)
            if b"<!DOCTYPE" in start or b"<!ENTITY" in start:
                raise _broken()


def _decoded(content: bytes) -> str:
    order = ("utf-16",) if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "gb18030")
    for encoding in order:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise _refuse(_("文字编码读不懂。"), _("请另存为 UTF-8 编码的 CSV，或 .xlsx。"))


def _text(content: bytes, name: str) -> Iterator[Cells]:
    if b"\x00" in content[:4096] and content[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        raise _refuse(_("这不是表格文件。"), _("可用：.xlsx、.csv、.tsv。"))
    text = _decoded(content)
    first = text.split("\n", 1)[0]
    delimiter = "\t" if name.lower().endswith(".tsv") or first.count("\t") > first.count(",") else ","
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    cells = (tuple(c[:_LONGEST_CELL] for c in row[:MAX_COLUMNS]) for row in lines)
    return _careful(cells, (csv.Error,), lambda: _refuse(_("表格读到一半出错。")))


def _careful(
    lines: Iterator[Cells], errors: tuple[type[Exception], ...], refuse: Callable[[], InvalidError]
) -> Iterator[Cells]:
    try:
        yield from lines
    except InvalidError:
        raise
    except errors as error:
        raise refuse() from error
