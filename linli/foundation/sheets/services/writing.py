"""Writing xlsx: templates, sheets out, and the rows to be mended. The one writer of sheets that come in again.

Every cell is written as a text or a number, never as a formula: what begins with "=" stays what it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from linli.foundation.sheets.services.showing import shown
from linli.foundation.sheets.types import Column, SheetKind, Type, Values

_BAD = PatternFill("solid", fgColor="FFF3CD")
_HEAD = PatternFill("solid", fgColor="E8F0F9")
_QUIET = Font(italic=True, color="6B7280")
_LONGEST = 32_000
_LAST_CHOICE_ROW = 20_001
MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _cell(table: Any, text: str) -> Any:
    cell = WriteOnlyCell(table, ILLEGAL_CHARACTERS_RE.sub("", text)[:_LONGEST])
    cell.data_type = "s"  # a text that begins with "=" stays a text
    return cell


def _saved(book: Workbook) -> bytes:
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def write_refused(
    refused: Iterable[tuple[int, Sequence[str], Mapping[str, str]]],
    headers: Sequence[str],
    mapping: Mapping[str, int],
    names: Mapping[str, Any],
) -> bytes:
    """Return an xlsx with the rows that were not taken, each under the sheet's own headers, the reason behind.

    Args:
        refused: line, cells, and field → reason.
        mapping: field → column from 0; the cell there is marked.
        names: field → what people call it.
    """
    book = Workbook(write_only=True)
    table = book.create_sheet(_("待修改"))
    titles = [*headers, _("待修改原因")]
    if headers and headers[-1] == titles[-1]:  # mended before and refused again
        titles.pop()
    width = len(titles) - 1
    head = [_cell(table, h) for h in titles]
    for cell in head:
        cell.font = Font(bold=True)
    table.append(head)
    for line, cells, reasons in refused:
        table.append(_refused_line(table, (*cells, *[""] * width)[:width], line, reasons, mapping, names))
    return _saved(book)


def _refused_line(
    table: Any,
    texts: Sequence[str],
    line: int,
    reasons: Mapping[str, str],
    mapping: Mapping[str, int],
    names: Mapping[str, Any],
) -> list[Any]:
    cells = [_cell(table, c) for c in texts]
    words = []
    for field, reason in reasons.items():
        column = mapping.get(field)
        words.append(f"{names[field]}：{reason}" if field in names else reason)
        if column is not None and column < len(cells):
            cells[column].fill = _BAD
            cells[column].comment = Comment(reason, "Linli")
    return [*cells, _cell(table, _("第 %(line)s 行") % {"line": line} + "：" + " ".join(words))]


def _width(column: Column) -> int:
    return {Type.INTEGER: 8, Type.DECIMAL: 12, Type.DATE: 13, Type.YES_NO: 8, Type.CHOICE: 16}.get(column.type, 24)


def _head(table: Any, kind: SheetKind, columns: Sequence[Column]) -> list[Any]:
    cells = []
    for i, column in enumerate(columns, start=1):
        cell = _cell(table, str(column.header))
        cell.font, cell.fill = Font(bold=True), _HEAD
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        if text := about_column(column):
            cell.comment = Comment(text, "Linli", width=320, height=110)
        cells.append(cell)
        table.column_dimensions[get_column_letter(i)].width = _width(column)
    table.freeze_panes = "A2"
    return cells


def about_column(column: Column) -> str:
    """Return what stands at the header of a column: needed or not, how to write it."""
    how = {
        Type.DATE: _("日期，如 2026-03-01。"),
        Type.YES_NO: _("填“是”或“否”。"),
        Type.INTEGER: _("整数。"),
        Type.DECIMAL: _("数字。"),
        Type.CHOICE: _("从选项中选一项。"),
        Type.CHOICES: _("可选多项，用顿号分隔。"),
        Type.LIST: _("可填多项，用顿号分隔。"),
    }.get(column.type, "")
    need = _("必填。") if column.required else ""
    return f"{need}{how}{column.hint}"


def write_template(kind: SheetKind) -> bytes:
    """Return an empty sheet of a kind: headers with hints, lists to choose from, an example that is not imported."""
    book = Workbook(write_only=True)
    table = book.create_sheet(str(kind.title)[:31])
    head = _head(table, kind, kind.columns)
    table.append(head)
    example = [_cell(table, _example(c, first=i == 0)) for i, c in enumerate(kind.columns)]
    for cell in example:
        cell.font = _QUIET
    lists = _choice_lists(kind)
    for i, column in enumerate(kind.columns, start=1):
        if column.name in lists:
            table.data_validations.append(_validation(i, lists[column.name], column))
    table.append(example)
    _explain(book, kind)
    _choices_sheet(book, kind, lists)
    return _saved(book)


def _example(column: Column, *, first: bool) -> str:
    text = shown(column, str(column.example)) if column.type in {Type.CHOICE, Type.YES_NO} else str(column.example)
    return f"{_('示例')}：{text}" if first else text


def _choice_lists(kind: SheetKind) -> dict[str, tuple[str, int]]:
    """Return column → (letter on the sheet of choices, how many there are)."""
    found: dict[str, tuple[str, int]] = {}
    for column in kind.columns:
        words = _words(column)
        if words and column.type in {Type.CHOICE, Type.YES_NO}:
            found[column.name] = (get_column_letter(len(found) + 1), len(words))
    return found


def _words(column: Column) -> list[str]:
    if column.type is Type.YES_NO:
        return [_("是"), _("否")]
    return [str(words) for _code, words in column.choices()] if column.choices else []


def _validation(place: int, chosen: tuple[str, int], column: Column) -> DataValidation:
    letter, count = chosen
    title = _("选项")
    rule = DataValidation(
        type="list", formula1=f"'{title}'!${letter}$1:${letter}${count}", allow_blank=not column.required
    )
    rule.error, rule.showErrorMessage = _("请从选项中选一项。"), True
    where = get_column_letter(place)
    rule.add(f"{where}2:{where}{_LAST_CHOICE_ROW}")
    return rule


def _explain(book: Workbook, kind: SheetKind) -> None:
    table = book.create_sheet(_("填表说明"))
    for letter, width in zip("ABC", (22, 70, 40), strict=True):
        table.column_dimensions[letter].width = width
    head = [_cell(table, t) for t in (_("列"), _("说明"), _("选项"))]
    for cell in head:
        cell.font = Font(bold=True)
    table.append(head)
    for column in kind.columns:
        table.append([_cell(table, t) for t in (str(column.header), about_column(column), "、".join(_words(column)))])
    for text in (
        _("第一个单元格以“示例”开头的行不会导入。"),
        _("表里没有的列保持原样；有列而单元格空着，就是清空。"),
        _("先检查，再导入；有错的行可以下载、改好、再导入。导入以后可以撤销。"),
    ):
        table.append([_cell(table, ""), _cell(table, text)])


def _choices_sheet(book: Workbook, kind: SheetKind, lists: Mapping[str, tuple[str, int]]) -> None:
    table = book.create_sheet(_("选项"))
    table.sheet_state = "hidden"
    columns = [_words(kind.column(name)) for name in lists]
    for i in range(max((len(c) for c in columns), default=0)):
        table.append([_cell(table, c[i] if i < len(c) else "") for c in columns])


def write_rows(kind: SheetKind, rows: Iterable[Values]) -> bytes:
    """Return the sheet of what is there: it can be imported again and changes nothing."""
    book = Workbook(write_only=True)
    table = book.create_sheet(str(kind.title)[:31])
    table.append(_head(table, kind, kind.columns))
    for values in rows:
        table.append([_cell(table, shown(c, values.get(c.name, ""))) for c in kind.columns])
    _explain(book, kind)
    return _saved(book)


def write_table(title: str, headers: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Return a sheet of texts under bold headers, the first row standing still."""
    book = Workbook(write_only=True)
    table = book.create_sheet(title[:31])
    table.freeze_panes = "A2"
    head = [_cell(table, h) for h in headers]
    for at, cell in enumerate(head, start=1):
        cell.font, cell.fill = Font(bold=True), _HEAD
        table.column_dimensions[get_column_letter(at)].width = 20
    table.append(head)
    for row in rows:
        table.append([_cell(table, text) for text in row])
    return _saved(book)
