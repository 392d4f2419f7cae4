"""A 专报 as Word."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.utils.translation import gettext as _
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from linli.interfaces.desk import word
from linli.interfaces.desk.figures.briefing.telling import Begin, Brief, Note, Paragraph, Section, Table

_RED = RGBColor(0xB0, 0x1E, 0x1E)


def written(brief: Brief, begin: Begin = lambda _heading: None) -> bytes:
    """Return the paper as a docx file; ``begin`` is told the heading of each chapter before it is set."""
    document: Any = Document()
    page = document.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = Cm(2.6)
    page.top_margin = page.bottom_margin = Cm(2.6)
    word.font(document.styles["Normal"], "宋体", 12)
    for level, size in ((1, 15), (2, 13)):
        word.font(document.styles[f"Heading {level}"], "黑体", size, bold=False)
    links = {n.number: n.url for n in brief.notes}
    _head(document, brief)
    _paragraph(document, brief.lead, links)
    for section in brief.sections:
        begin(section.heading)
        _section(document, section, links)
    begin(_("注释"))
    document.add_heading(_("注释"), 1)
    for note in brief.notes:
        _note(document, note)
    for n, table in enumerate(brief.appendix):
        if not n:
            begin(_("附录：计入的件"))
            document.add_page_break()
            document.add_heading(_("附录：计入的件"), 1)
        _table(document, table, size=9)
    foot = document.add_paragraph(brief.foot)
    foot.paragraph_format.space_before = Pt(12)
    foot.runs[0].font.size = Pt(9)
    return word.saved(document)


def _head(document: Any, brief: Brief) -> None:
    title = document.add_paragraph()
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = title.add_run(brief.title)
    run.font.size, run.font.color.rgb = Pt(26), _RED
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), "黑体")
    if brief.issue:
        document.add_paragraph(brief.issue).alignment = WD_ALIGN_PARAGRAPH.CENTER
    line = document.add_paragraph()
    line.paragraph_format.tab_stops.add_tab_stop(Cm(15.8), alignment=2)  # right
    line.add_run(f"{brief.unit}\t{_day(brief)}")
    borders, under = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "12"), ("space", "4"), ("color", "B01E1E")):
        under.set(qn(f"w:{name}"), value)
    borders.append(under)
    line._p.get_or_add_pPr().append(borders)


def _day(brief: Brief) -> str:
    return _("%(y)s 年 %(m)s 月 %(d)s 日") % {"y": brief.day.year, "m": brief.day.month, "d": brief.day.day}


def _section(document: Any, section: Section, links: dict[int, str]) -> None:
    document.add_heading(section.heading, 1)
    for paragraph in section.paragraphs:
        _paragraph(document, paragraph, links)
    if section.chart:
        shape = document.add_picture(BytesIO(section.chart), width=Cm(15.6))
        # What a screen reader says of the picture.
        shape._inline.docPr.set("descr", section.chart_said)
        _small(document, section.chart_said)
    for table in section.tables:
        _table(document, table)


def _small(document: Any, text: str) -> None:
    line = document.add_paragraph(text)
    line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    line.runs[0].font.size = Pt(10)


def _paragraph(document: Any, runs: Paragraph, links: dict[int, str]) -> None:
    line = document.add_paragraph()
    line.paragraph_format.first_line_indent = Pt(24)
    line.paragraph_format.line_spacing = 1.5
    for run in runs:
        if run.note:
            _link(document, line, f"[{run.note}]", links[run.note], raised=True)
        else:
            line.add_run(run.text)


def _link(document: Any, line: Any, text: str, url: str, *, raised: bool = False) -> None:
    around = OxmlElement("w:hyperlink")
    around.set(qn("r:id"), document.part.relate_to(url, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
    run = line.add_run(text)
    run.font.superscript, run.font.color.rgb = raised or None, RGBColor(0x17, 0x56, 0x9B)
    around.append(run._r)
    line._p.append(around)


def _note(document: Any, note: Note) -> None:
    line = document.add_paragraph(f"[{note.number}] {note.name}：{note.text}")
    line.runs[0].font.size = Pt(10)
    _link(document, line, _("打开"), note.url)


def _table(document: Any, table: Table, *, size: float = 10.5) -> None:
    title = document.add_paragraph(_("表：%(title)s") % {"title": table.title})
    title.runs[0].font.size, title.paragraph_format.keep_with_next = Pt(10), True
    made = word.table(document, table.heads, table.rows)
    _repeated(made.rows[0])
    whole = sum(table.widths)
    for row in made.rows:
        for cell, wide in zip(row.cells, table.widths, strict=True):
            cell.width = Cm(15.8 * wide / whole)
            for line in cell.paragraphs:
                for run in line.runs:
                    run.font.size = Pt(size)


def _repeated(row: Any) -> None:
    """Let the heads stand on every page that the table goes on to."""
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(mark)
