"""Reading the sheets of an XLSForm workbook as texts, each with the row and the column that it stands in."""

from __future__ import annotations

import io
import math
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any
from xml.parsers import expat

import openpyxl
from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter

from linli.foundation.core.errors import InvalidError
from linli.foundation.forms.types import Fault
from linli.foundation.sheets import services as sheets

MAX_ROWS = {"survey": 3000, "choices": 20_000, "settings": 20}
MAX_COLUMNS = 120
MAX_CELL = 5000
MAX_FAULTS = 50
_BROKEN = (zipfile.BadZipFile, expat.ExpatError, KeyError, ValueError, TypeError, AttributeError, IndexError, OSError,
           EOFError, SyntaxError, NotImplementedError)  # fmt: skip


class BadSheetError(InvalidError):
    """A workbook that cannot be taken as a form; ``faults`` says every place to be mended."""

    def __init__(self, faults: list[Fault]) -> None:
        """Say all faults; the first is the message."""
        first = faults[0]
        super().__init__(
            first.message, code="forms.bad_sheet", hint=first.hint, fields={"file": [placed(f) for f in faults]}
        )
        self.faults = tuple(faults)


def placed(fault: Fault) -> str:
    """Return a fault with its place and what to do, as one sentence."""
    where = ""
    if fault.row:
        at = {"sheet": fault.sheet, "row": fault.row, "column": fault.column}
        where = _("%(sheet)s 第 %(row)s 行 %(column)s：") % at if fault.column else _("%(sheet)s 第 %(row)s 行：") % at
    elif fault.sheet:
        where = _("工作表 %(sheet)s：") % {"sheet": fault.sheet}
    return f"{where}{fault.message}{fault.hint}"


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its number as Excel shows it, and header → text of its filled cells."""

    number: int
    cells: dict[str, str]


@dataclass
class Table:
    """A sheet: its rows, and header → letter of the column."""

    name: str
    rows: list[Row] = field(default_factory=list)
    letters: dict[str, str] = field(default_factory=dict)


def read_book(content: bytes, name: str) -> dict[str, Table]:
    """Return the sheets survey, choices and settings.

    Raises:
        BadSheetError: it is no xlsx, has macros, no survey, formulas, too many rows.
    """
    if name.lower().endswith(".xlsm") or _has_macros(content):
        raise BadSheetError([Fault(_("文件里有宏。"), _("请另存为不带宏的 .xlsx 后重试。"))])
    try:
        sheets.check_book(content)
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
        titles = {str(t.title).strip().lower(): t for t in book.worksheets}
        faults: list[Fault] = []
        tables = {kind: _table(titles[kind], kind, faults) for kind in MAX_ROWS if kind in titles}
    except _BROKEN as error:
        if isinstance(error, InvalidError):
            raise BadSheetError([_refused(error)]) from error
        raise BadSheetError([_no_book()]) from error
    except InvalidError as error:
        raise BadSheetError([_refused(error)]) from error
    if "survey" not in tables:
        found = "、".join(str(t.title) for t in book.worksheets[:5])
        message = _("没有名为 survey 的工作表，只有：%(found)s。") % {"found": found}
        raise BadSheetError([Fault(message, _("请把写问题的工作表改名为 survey。"))])
    if faults:
        raise BadSheetError(faults[:MAX_FAULTS])
    return tables


def _refused(error: InvalidError) -> Fault:
    return Fault(error.message, str(error.hint) or _no_book().hint)


def _no_book() -> Fault:
    return Fault(_("这不是有效的 xlsx 文件。"), _("请用 Excel 或 WPS 另存为 .xlsx 后重试。"))


def _has_macros(content: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            return any(n.lower().endswith("vbaproject.bin") for n in package.namelist())
    except zipfile.BadZipFile:
        return False


def _table(sheet: Any, kind: str, faults: list[Fault]) -> Table:
    found = Table(kind)
    most = MAX_ROWS[kind]
    lines: Iterator[Any] = sheet.iter_rows(max_col=MAX_COLUMNS, max_row=most + 2)
    headers: list[str] = []
    for number, cells in enumerate(lines, 1):
        if not any(c.value not in (None, "") for c in cells):
            continue
        if not headers:
            headers = [_text(c.value) for c in cells]
            found.letters = {h: get_column_letter(n) for n, h in enumerate(headers, 1) if h}
            _repeated(kind, number, headers, faults)
            continue
        if number > most:
            message = _("行数超过 %(most)s。") % {"most": most}
            faults.append(Fault(message, _("请拆成几张表单，或把长名单改为从台账里选。"), kind))
            break
        found.rows.append(_row(kind, number, headers, cells, faults))
    return found


def _repeated(kind: str, number: int, headers: list[str], faults: list[Fault]) -> None:
    filled = [h for h in headers if h]
    for header in sorted({h for h in filled if filled.count(h) > 1}):
        message = _("列名“%(name)s”出现了两次。") % {"name": header}
        faults.append(Fault(message, _("请删去或改名其中一列。"), kind, number))


def _row(kind: str, number: int, headers: list[str], cells: Any, faults: list[Fault]) -> Row:
    texts: dict[str, str] = {}
    for header, cell in zip(headers, cells, strict=False):
        if not header or cell.value in (None, ""):
            continue
        place = (kind, number, cell.column_letter)
        if cell.data_type == "f":
            faults.append(Fault(_("单元格里是公式。"), _("请复制后选择性粘贴为数值。"), *place))
        elif len(text := _text(cell.value)) > MAX_CELL:
            faults.append(Fault(_("单元格里的字太多。"), _("最多 %(most)s 个字。") % {"most": MAX_CELL}, *place))
        elif text:
            texts[header] = text
    return Row(number, texts)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and math.isfinite(value) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime) and not value.time() > time(0):
        return value.date().isoformat()
    if isinstance(value, (date, time)):
        return value.isoformat()
    return str(value).replace("\xa0", " ").strip() if value is not None else ""
