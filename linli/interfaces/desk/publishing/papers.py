"""A report as a Word file and as a table file: tables, headings, page numbers, how each figure came about."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from typing import IO, TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from linli.engines.projects.rules import money
from linli.foundation.exports.services import Sheet, write_sheets
from linli.interfaces.desk.word import font
from linli.programmes.publishing import selectors
from linli.programmes.publishing.rules import markup

if TYPE_CHECKING:
    from linli.programmes.publishing.models import Report
    from linli.programmes.publishing.types import Value

_NEXT = 30
_HEADS = "一二三四五六七八九十"


def _field(paragraph: Any, code: str) -> None:
    """Put a field (the page's number, say) into a paragraph."""
    run = paragraph.add_run()
    for kind, text in (("begin", ""), ("instr", code), ("end", "")):
        if kind == "instr":
            part = OxmlElement("w:instrText")
            part.set(qn("xml:space"), "preserve")
            part.text = text
        else:
            part = OxmlElement("w:fldChar")
            part.set(qn("w:fldCharType"), kind)
        run._r.append(part)


def _set_up(report: Report) -> Any:
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.7)
    section.top_margin, section.bottom_margin = Cm(3.2), Cm(2.8)
    font(document.styles["Normal"], "仿宋", 15, bold=False)
    font(document.styles["Title"], "方正小标宋简体", 22, bold=False)
    for level in (1, 2):
        font(document.styles[f"Heading {level}"], "黑体", 16 if level == 1 else 15, bold=False)
    foot = section.footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
    foot.add_run("— ")
    _field(foot, "PAGE")
    foot.add_run(" —")
    document.core_properties.title = report.title
    document.core_properties.author = str(report.unit)
    return document


def _text(document: Any, text: str) -> None:
    """Put drafted text in, in the small markup of articles."""
    for block in markup.parse(text):
        style = {"ul": "List Bullet", "ol": "List Number"}.get(block.kind.value)
        for line in block.lines:
            paragraph = document.add_paragraph(style=style)
            if style is None:
                paragraph.paragraph_format.first_line_indent = Pt(30)
            for run in line:
                paragraph.add_run(run.text).bold = run.strong or block.kind.value == "h"


def _table(document: Any, heads: list[str], rows: list[list[str]]) -> None:
    table = document.add_table(rows=1, cols=len(heads))
    table.style = "Table Grid"
    for cell, head in zip(table.rows[0].cells, heads, strict=True):
        cell.text = head
        cell.paragraphs[0].runs[0].bold = True
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(mark)  # the head is repeated on each page
    for row in rows:
        for cell, value in zip(table.add_row().cells, row, strict=True):
            cell.text = value
    for line in table.rows:
        for cell in line.cells:
            for paragraph in cell.paragraphs:
                paragraph.paragraph_format.space_after = Pt(0)
                for run in paragraph.runs:
                    run.font.size = Pt(11)
    document.add_paragraph()


def docx_of(report: Report, now: datetime) -> IO[bytes]:
    """Return a report as a Word file; frozen figures where it is out, those of now where it is a draft."""
    document = _set_up(report)
    title = document.add_paragraph(report.title, style="Title")
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    line = document.add_paragraph()
    line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    line.add_run(
        _("%(unit)s　%(since)s至%(until)s")
        % {"unit": report.unit, "since": f"{report.since:%Y-%m-%d}", "until": f"{report.until:%Y-%m-%d}"}
    ).font.size = Pt(12)
    if focus := selectors.focus_of(report):
        about = document.add_paragraph()
        about.alignment = WD_ALIGN_PARAGRAPH.CENTER
        about.add_run(_("专题：%(name)s") % {"name": focus}).font.size = Pt(12)
    if report.frozen_at is None:
        draft = document.add_paragraph()
        draft.alignment = WD_ALIGN_PARAGRAPH.CENTER
        draft.add_run(_("（草稿，数字随数据变化，以发布时为准）")).bold = True
    notes: list[str] = []
    for number, section in enumerate(selectors.sections(report, now)):
        document.add_heading(f"{_HEADS[number % 10]}、{section.title}", level=1)
        _text(document, section.text)
        _figures(document, section.figures, notes)
        if section.code == "next":
            _next(document, report, now)
    _notes(document, report, notes)
    out = BytesIO()
    document.save(out)
    out.seek(0)
    return out


def _figures(document: Any, figures: Any, notes: list[str]) -> None:
    rows = []
    for shown in figures:
        notes.append(f"{shown.name}：{shown.explained}")
        rows.append([shown.name, shown.said, f"〔{len(notes)}〕"])
        if shown.parts is not None:
            rows += [[f"　{name}", f"{count} {shown.unit}", ""] for name, count in shown.parts.parts]
            if shown.parts.rest:
                rows.append(["　" + _("其他"), f"{shown.parts.rest} {shown.unit}", ""])
    if rows:
        _table(document, [_("指标"), _("数值"), _("说明")], rows)


def _next(document: Any, report: Report, now: datetime) -> None:
    tasks = selectors.next_tasks(report, now)
    if not tasks:
        return
    columns = len(tasks[0])
    heads = [str(h) for shown, heads, _r, _m in selectors.sheets_of(report, now) if shown.code == "projects.next" for h in heads][:3]  # fmt: skip  # noqa: E501
    if columns >= 3 and len(heads) == 3:
        _table(document, heads, [list(t[:3]) for t in tasks[:_NEXT]])
        if len(tasks) > _NEXT:
            document.add_paragraph(_("另有 %(count)s 项，见表格文件。") % {"count": len(tasks) - _NEXT})


def _notes(document: Any, report: Report, notes: list[str]) -> None:
    document.add_heading(_("数字说明"), level=2)
    for number, note in enumerate(notes, 1):
        paragraph = document.add_paragraph()
        paragraph.paragraph_format.space_after = Pt(2)
        paragraph.add_run(f"〔{number}〕{note}").font.size = Pt(11)
    if report.frozen_at is not None:
        words = _("数字截至 %(at)s，校验码 %(digest)s。") % {
            "at": f"{report.frozen_at:%Y-%m-%d %H:%M}",
            "digest": report.digest,
        }
        document.add_paragraph().add_run(words).font.size = Pt(9)


def _part(value: Value) -> Any:
    """Return a count as a number; of money whole yuan as a number, others as they are written."""
    if not value.money:
        return value.part
    return value.part // 100 if value.part % 100 == 0 else money.write(value.part)


def xlsx_of(report: Report, now: datetime) -> IO[bytes]:
    """Return a report's figures as a table file: one sheet with all, one for the rows of each; no persons."""
    found = selectors.sheets_of(report, now)
    columns = [(_("指标"), 20), (_("数值"), 22), (_("分子或件数"), 12), (_("分母"), 10), (_("说明"), 70)]
    rows: list[list[Any]] = []
    for shown, _heads, _rows, _more in found:
        whole = "" if shown.value.whole is None else shown.value.whole
        part = _part(shown.value)
        rows.append([shown.name, shown.said, part, whole, shown.explained])
        if shown.parts is not None:
            rows += [[f"　{n}", f"{c} {shown.unit}", c, "", ""] for n, c in shown.parts.parts]
            if shown.parts.rest:
                rows.append(["　" + _("其他"), f"{shown.parts.rest} {shown.unit}", shown.parts.rest, "", ""])
    period = {"since": f"{report.since:%Y-%m-%d}", "until": f"{report.until:%Y-%m-%d}"}
    span = _("%(since)s至%(until)s") % period
    note = f"{report.title}　{span}"
    if report.digest:
        note += "　" + _("校验码 %(digest)s") % {"digest": report.digest}
    sheets = [Sheet(_("数字"), columns, rows, note)]
    for number, (shown, heads, lines, more) in enumerate(found, 1):
        words = _("%(name)s：%(said)s，共 %(count)s 行") % {
            "name": shown.name,
            "said": shown.said,
            "count": len(lines),
        }
        if more:
            words += _("（只列前 %(count)s 行）") % {"count": len(lines)}
        sheets.append(Sheet(f"{number}{shown.name}", [(h, 22) for h in heads], lines, words))
    return write_sheets(sheets)
