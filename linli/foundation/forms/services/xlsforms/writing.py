"""Forms out: the workbook, and the XForm that OpenRosa clients read."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from xlsxwriter import Workbook  # type: ignore[import-untyped]

from linli.foundation.forms.rules import photos_apart
from linli.foundation.forms.services.xlsforms.lines import (
    OWN,
    Line,
    choice_lines,
    headers,
    settings_line,
    survey_lines,
)
from linli.foundation.forms.types import WholeForm

if TYPE_CHECKING:
    from pyxform.errors import PyXFormError

_SURVEY = ("type", "name")
_CHOICES = ("list_name", "name")


class ConversionError(ValueError):
    """``pyxform`` refuses a form: what it says, and at which item."""

    def __init__(self, said: str, sheet: str = "", path: str = "") -> None:
        super().__init__(said)
        self.said, self.sheet, self.path = said, sheet, path


def export_xlsform(form: WholeForm) -> bytes:
    """Return a form as an XLSForm workbook that other programs read too."""
    survey = [line for _path, line in survey_lines(form)]
    choices = [line for _path, line in choice_lines(form)]
    target = io.BytesIO()
    # Texts stay texts: nothing of a form is taken for a formula, a number or a link.
    with Workbook(target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        head = book.add_format({"bold": True, "bottom": 1})
        for name, lines, first in (
            ("survey", survey, _SURVEY), ("choices", choices, _CHOICES), ("settings", [settings_line(form)], ()),
        ):  # fmt: skip
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 0)
            columns = headers(lines, first)
            for at, column in enumerate(columns):
                sheet.write_string(0, at, column, head)
                sheet.set_column(at, at, 28 if "::" in column or column == "type" else 18)
            for number, line in enumerate(lines, 1):
                for at, column in enumerate(columns):
                    if line.get(column):
                        sheet.write_string(number, at, line[column])
    return target.getvalue()


def to_xform(form: WholeForm, *, first: Sequence[Line] = (), more: Mapping[str, Line] | None = None) -> str:
    """Return a form as an XForm document; each picture of a photo question is a question of its own.

    Args:
        form: what is asked.
        first: lines of the sheet ``survey`` that stand before it: a list from a file, say.
        more: path of a question → columns put over those of its line.

    Raises:
        ConversionError: ``pyxform`` refuses it.
    """
    # Half a second to import, which only a conversion is to cost.
    from pyxform.errors import PyXFormError  # noqa: PLC0415
    from pyxform.xls2xform import convert  # noqa: PLC0415

    over = more or {}
    survey = [("", line) for line in first]
    survey += [(path, {**line, **over.get(path, {})}) for path, line in survey_lines(photos_apart(form))]
    choices = choice_lines(form)
    sheets: dict[str, list[Line]] = {
        "survey": [_standard(line) for _path, line in survey],
        "choices": [_standard(line) for _path, line in choices],
        "settings": [settings_line(form)],
    }
    given = dict(sheets) | {
        f"{name}_header": [dict.fromkeys(headers(lines, ()))] for name, lines in sheets.items() if lines
    }
    try:
        return str(convert(xlsform=given).xform)
    except PyXFormError as error:
        row = (error.context or {}).get("row")
        raise _refused(error, row, survey, choices) from error
    except (LookupError, ValueError, TypeError, AttributeError, RecursionError) as error:
        raise ConversionError(type(error).__name__) from error


def _standard(line: Line) -> Line:
    return {k: v for k, v in line.items() if not k.startswith(OWN)}


def _refused(
    error: PyXFormError, row: object, survey: list[tuple[str, Line]], choices: list[tuple[str, Line]]
) -> ConversionError:
    said = str(error)
    sheet = "choices" if "'choices' sheet" in said else "survey"
    lines = choices if sheet == "choices" else survey
    at = row - 2 if isinstance(row, int) else -1
    return ConversionError(said, sheet, lines[at][0] if 0 <= at < len(lines) else "")
