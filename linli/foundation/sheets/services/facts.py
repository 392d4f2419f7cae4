"""What a sheet of an xlsx file holds beside the words of its cells: merged, hidden, formulas without a value.

Read by expat straight from the sheet's own XML, since the reader of rows passes over all of it.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from django.utils.translation import gettext as _
from openpyxl.utils import column_index_from_string, get_column_letter

_REF = re.compile(r"([A-Z]{1,3})(\d{1,7})(?::([A-Z]{1,3})(\d{1,7}))?")
_MOST_MERGED = 50_000
Cells = tuple[str, ...]


@dataclass
class Facts:
    """Facts of one sheet; lines and columns from 1 as Excel counts, merged columns from 0.

    Attributes:
        merged: line → column (from 0) → the first line of the merged cells that it lies in.
        hidden_columns: their numbers.
        hidden_rows: how many rows are hidden.
        holes: line → columns (from 0) whose formula has no value.
        formulas: how many cells are formulas.
        last: the last line in which anything stands.
    """

    merged: dict[int, dict[int, int]] = field(default_factory=dict)
    hidden_columns: set[int] = field(default_factory=set)
    hidden_rows: int = 0
    holes: dict[int, list[int]] = field(default_factory=dict)
    formulas: int = 0
    last: int = 0
    _tops: dict[tuple[int, int], str] = field(default_factory=dict)
    _starts: set[tuple[int, int]] = field(default_factory=set)

    def merge(self, ref: str) -> None:
        """Note merged cells; only what is merged downwards stands for more than one row."""
        found = _REF.fullmatch(ref)
        if not found or not found.group(3):
            return
        column, first, last = column_index_from_string(found.group(1)) - 1, int(found.group(2)), int(found.group(4))
        if last - first > _MOST_MERGED:
            return
        for line in range(first + 1, last + 1):
            self.merged.setdefault(line, {})[column] = first
        if last > first:
            self._starts.add((first, column))

    def fill(self, line: int, cells: Cells, head: Sequence[Cells] | None) -> Cells:
        """Return the cells of a line with what is merged into it from above; lines come in their order."""
        for first, column in [s for s in self._starts if s[0] == line] if self._starts else ():
            self._tops[(first, column)] = cells[column] if column < len(cells) else ""
        here = self.merged.get(line)
        if not here:
            return cells
        full = [*cells, *[""] * (max(here) + 1 - len(cells))]
        for column, first in here.items():
            above = self._tops.get((first, column), "")
            full[column] = full[column] or above
        return tuple(full)

    def holes_in(self, line: int) -> list[int]:
        """Return the columns (from 0) of a line whose formula has no value."""
        return self.holes.get(line, [])

    def notes(self, headers: Cells, header: int, filled: int) -> list[str]:
        """Return what the person who brought the sheet should know."""
        found: list[str] = []
        columns = [headers[n - 1] or get_column_letter(n) for n in sorted(self.hidden_columns) if n <= len(headers)]
        if columns:
            found.append(_("隐藏的列也读了：%(names)s。") % {"names": "、".join(columns)})
        if self.hidden_rows:
            found.append(_("%(count)s 个隐藏的行也读了。") % {"count": self.hidden_rows})
        if filled:
            found.append(_("%(count)s 行有合并单元格，每一行都按合并的内容读取。") % {"count": filled})
        if self.formulas:
            found.append(_("%(count)s 个单元格是公式，读取的是最后一次显示的数值。") % {"count": self.formulas})
        return found


def facts_of(package: zipfile.ZipFile, path: str) -> Facts:
    """Return the facts of the sheet at ``path`` in the package.

    Raises:
        ExpatError: it is no XML, or it declares a document type.
    """
    reader = _Reader()
    with package.open(path.lstrip("/")) as file:
        reader.parser.ParseFile(file)
    return reader.facts


class _Reader:
    """Collects the facts while the parser goes through the sheet."""

    def __init__(self) -> None:
        self.facts = Facts()
        self.line = 0
        self.column = 0
        self.formula = self.value = self.in_value = False
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.StartDoctypeDeclHandler = self._no_doctype

    def _no_doctype(self, *_names: Any) -> None:
        message = "document type"
        raise expat.ExpatError(message)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        if name == "c":
            self.column += 1
            if ref := _REF.fullmatch(attributes.get("r", "")):
                self.column = column_index_from_string(ref.group(1))
            self.formula = self.value = False
        elif name == "f":
            self.formula = True
        elif name in {"v", "t"}:
            self.in_value = True
        elif name == "row":
            self.line = int(attributes["r"]) if attributes.get("r", "").isdigit() else self.line + 1
            self.column = 0
            self.facts.hidden_rows += attributes.get("hidden") in {"1", "true"}
        elif name == "col" and attributes.get("hidden") in {"1", "true"}:
            first, last = int(attributes.get("min", 1)), int(attributes.get("max", 1))
            self.facts.hidden_columns.update(range(first, min(last, first + 200) + 1))
        elif name == "mergeCell" and len(self.facts.merged) < _MOST_MERGED:
            self.facts.merge(attributes.get("ref", ""))

    def _text(self, text: str) -> None:
        if self.in_value and text:
            self.value = True
            self.facts.last = self.line

    def _end(self, tag: str) -> None:
        name = tag.rpartition(":")[2]
        if name in {"v", "t"}:
            self.in_value = False
        elif name == "c" and self.formula:
            self.facts.formulas += 1
            self.facts.last = self.line
            if not self.value:
                self.facts.holes.setdefault(self.line, []).append(self.column - 1)
