"""An XLSForm workbook in: read, built, looked at, and shown to ``pyxform``; nothing is kept here."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import PurePath

from django.utils.translation import gettext as _

from linli.foundation.forms.rules import problems, said
from linli.foundation.forms.services.xlsforms.books import MAX_FAULTS, BadSheetError, Row, read_book
from linli.foundation.forms.services.xlsforms.building import COLUMN, Builder
from linli.foundation.forms.services.xlsforms.cells import Cells, parameters
from linli.foundation.forms.services.xlsforms.layout import column_of
from linli.foundation.forms.services.xlsforms.writing import ConversionError, to_xform
from linli.foundation.forms.types import Choice, Fault, Imported, Problem, WholeForm

MAX_FILE_ROWS = 10_001
_COLUMNS = {
    "required_when": "required", "default_expression": "default", "list": "type", "code": "name",
    "count": "repeat_count",
    "guidance": "guidance_hint", "least": "linli_least", "score": "linli_full", "mark": "linli_mark",
}  # fmt: skip


def import_xlsform(content: bytes, name: str, *, files: Mapping[str, bytes] | None = None) -> Imported:
    """Return the form in an XLSForm workbook.

    Args:
        content: the workbook.
        name: its file's name; the title where the settings give none.
        files: csv files that ``select_one_from_file`` names.

    Raises:
        BadSheetError: it cannot be taken; each fault says sheet, row and column, and what to do.
    """
    tables = read_book(content, name)
    builder = Builder(tables, PurePath(name).stem, lambda file, cells: _file_list(files or {}, file, cells))
    form = builder.build()
    if not builder.faults:
        builder.faults += [_placed(builder, p) for p in problems(form)]
    if not builder.faults:
        builder.faults += _converted(builder, form)
    if builder.faults:
        found = sorted(dict.fromkeys(builder.faults), key=lambda f: (f.sheet != "survey", f.row))
        raise BadSheetError(found[:MAX_FAULTS])
    return Imported(form, tuple(builder.notes))


def _placed(builder: Builder, problem: Problem) -> Fault:
    """Return a problem of the form at its cell."""
    message, hint = said(problem)
    sheet = "choices" if problem.path.startswith("choices/") else "survey"
    row = builder.rows.get(problem.path, 0)
    while sheet == "survey" and not row and "/" in problem.path:
        problem = Problem(problem.path.rpartition("/")[0], problem.what, problem.field)
        row = builder.rows.get(problem.path, 0)
    if problem.field == "instance_name":
        return Fault(message, hint, "settings", 2, "instance_name")
    return Fault(message, hint, sheet, row, builder.place(sheet, _column(builder, sheet, problem.field)))


def _column(builder: Builder, sheet: str, field: str) -> str:
    """Return the header under which a field stands in this sheet."""
    wanted = _COLUMNS.get(field, field)
    headers = builder.tables[sheet].letters if sheet in builder.tables else {}
    for header in headers:
        if column_of(header)[1] in {wanted, field} or header.lower() == wanted:
            return header
    return wanted


def _converted(builder: Builder, form: WholeForm) -> list[Fault]:
    try:
        to_xform(form)
    except ConversionError as error:
        key = f"choices/{error.path}" if error.sheet == "choices" else error.path
        message = _("转换程序 pyxform 不接受：%(said)s") % {"said": error.said}
        return [Fault(message, _("请按它所说修改。"), error.sheet, builder.rows.get(key, 0))]
    return []


def _file_list(files: Mapping[str, bytes], name: str, cells: Cells) -> tuple[Choice, ...]:
    """Return the choices of a csv file; none where it is missing or cannot be read."""
    if name not in files or not name.lower().endswith(".csv"):
        return ()
    try:
        text = files[name].decode("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(text, newline="")))[:MAX_FILE_ROWS]
    except (UnicodeDecodeError, csv.Error):
        return ()
    given = parameters(cells.get("parameters"))
    value, label = given.get("value", "name"), given.get("label", "label")
    return tuple(filter(None, (_file_choice(n, row, value, label) for n, row in enumerate(rows, 2))))


def _file_choice(number: int, row: Mapping[str | None, str | None], value: str, label: str) -> Choice | None:
    filled = {str(k).strip(): v.strip() for k, v in row.items() if k and isinstance(v, str) and v.strip()}
    code = filled.pop(value, "")
    if not code:
        return None
    words = Cells.of(Row(number, {("label" if k == label else k): v for k, v in filled.items()}), "zh-hans")
    columns = {name: text for name, text in words.unknown.items() if COLUMN.fullmatch(name)}
    return Choice(code, words.words.get("label", {}), words.media, columns)
