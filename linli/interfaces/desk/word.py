"""What the papers that are made as docx share: fonts for Chinese and Western text, tables, the finished file."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from docx.oxml.ns import qn
from docx.shared import Pt

MIME = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def font(style: Any, name: str, size: float, *, bold: bool | None = None) -> None:
    """Set a style's fonts: Chinese text in ``name``, Western in Times New Roman, ``size`` in points, no colour."""
    style.font.name, style.font.size = "Times New Roman", Pt(size)
    if bold is not None:
        style.font.bold = bold
    style.font.color.rgb = None
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), name)


def table(document: Any, heads: Sequence[str], rows: Sequence[Sequence[Any]]) -> Any:
    """Add a ruled table with its heads to a document, and return it."""
    made = document.add_table(rows=1, cols=len(heads), style="Table Grid")
    for cell, head in zip(made.rows[0].cells, heads, strict=True):
        cell.text = head
    for row in rows:
        for cell, value in zip(made.add_row().cells, row, strict=True):
            cell.text = str(value)
    return made


def saved(document: Any) -> bytes:
    """Return a document as the file that it is."""
    kept = BytesIO()
    document.save(kept)
    return kept.getvalue()
