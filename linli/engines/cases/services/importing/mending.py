"""The sheet of rows that were not taken: bad cells marked, the reason behind; it can be mended and sent again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill

from linli.engines.cases.services.importing.layouts import FIELDS
from linli.engines.cases.services.importing.rows import Refused

_BAD = PatternFill("solid", fgColor="FFF3CD")
_LONGEST = 32_000


def _cell(table: Any, text: str) -> Any:
    cell = WriteOnlyCell(table, ILLEGAL_CHARACTERS_RE.sub("", text)[:_LONGEST])
    cell.data_type = "s"  # a text that begins with "=" stays a text
    return cell


def write_refused(refused: Sequence[Refused], headers: Sequence[str], mapping: Mapping[str, int]) -> bytes:
    """Return an xlsx with the refused rows, each under the sheet's own headers, and the reason in a last column."""
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
    for row in refused:
        table.append(_line(table, row, width, mapping))
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _line(table: Any, row: Refused, width: int, mapping: Mapping[str, int]) -> list[Any]:
    cells = [_cell(table, c) for c in (*row.cells, *[""] * width)[:width]]
    words = []
    for field, reason in row.reasons.items():
        column = mapping.get(field)
        words.append(f"{FIELDS[field]}：{reason}" if field in FIELDS else reason)
        if column is not None and column < width:
            cells[column].fill = _BAD
            cells[column].comment = Comment(reason, "Linli")
    return [*cells, _cell(table, _("第 %(line)s 行") % {"line": row.line} + "：" + " ".join(words))]
