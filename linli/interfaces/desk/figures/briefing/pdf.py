"""A 专报 as PDF, its fonts inside: it reads the same on every machine."""

from __future__ import annotations

from io import BytesIO

from django.utils.translation import gettext as _
from fpdf import FPDF
from fpdf.enums import TableCellFillMode, WrapMode
from fpdf.fonts import FontFace, TTFFont

from linli.interfaces.desk.figures.briefing.drawing import SANS, SERIF, font_path
from linli.interfaces.desk.figures.briefing.telling import Begin, Brief, Note, Paragraph, Run, Section, Table, lines_of

MIME = "application/pdf"
_RED, _INK, _BLUE, _GREY = (176, 30, 30), (23, 34, 45), (23, 86, 155), (92, 105, 117)
_LEFT, _TOP, _BOTTOM = 25, 24, 24
_BODY, _LINE = 12.0, 8.0


class Paper(FPDF):
    """An A4 page with its number below."""

    size = _BODY

    def __init__(self, brief: Brief) -> None:
        """Prepare fonts, margins and what a file says of itself."""
        super().__init__("portrait", "mm", "A4")
        self.add_font("song", fname=font_path(SERIF))
        self.add_font("hei", fname=font_path(SANS))
        self.set_margins(_LEFT, _TOP, _LEFT)
        self.set_auto_page_break(True, _BOTTOM)
        self.c_margin = 0
        self.set_title(brief.title)
        self.set_author(brief.unit)
        self.set_lang("zh-CN")
        self.links_of = {n.number: n.url for n in brief.notes}

    def footer(self) -> None:
        """Write the number of the page."""
        self.set_y(-15)
        self.set_font("song", size=9)
        self.set_text_color(*_GREY)
        self.cell(0, 6, _("第 %(n)s 页") % {"n": self.page_no()}, align="C")

    def _measure(self, text: str, note: int) -> float:
        self.set_font_size(_BODY * 0.62 if note else self.size)
        return float(self.get_string_width(text))

    def set_paragraph(self, runs: Paragraph, *, size: float = _BODY, line: float = _LINE, indent: float = 2) -> None:
        """Set a paragraph, its first line begun by ``indent`` characters; notes stand raised and open."""
        self.size = size
        self.set_font("song", size=size)
        em = float(self.get_string_width("中"))
        for row in lines_of(runs, self.epw, indent * em, self._measure):
            if self.will_page_break(line):
                self.add_page()
            y = self.get_y()
            for piece in row:
                self.set_font("song", size=size * 0.62 if piece.note else size)
                self.set_text_color(*(_BLUE if piece.note else _INK))
                self.set_xy(self.l_margin + piece.x, y - (1.3 if piece.note else 0))
                link = self.links_of.get(piece.note, "")
                wide = self.get_string_width(piece.text)
                self.cell(wide, line, piece.text, link=link)
            self.set_xy(self.l_margin, y + line)


def written(brief: Brief, begin: Begin = lambda _heading: None) -> bytes:
    """Return the paper as a PDF file; ``begin`` is told the heading of each chapter before it is set."""
    paper = Paper(brief)
    try:
        _set(paper, brief, begin)
        return bytes(paper.output())
    finally:
        # Where it was stopped, nobody else closes them.
        for font in paper.fonts.values():
            if isinstance(font, TTFFont):
                font.close()


def _set(paper: Paper, brief: Brief, begin: Begin) -> None:
    paper.add_page()
    _head(paper, brief)
    paper.set_paragraph(brief.lead)
    for section in brief.sections:
        begin(section.heading)
        _section(paper, section)
    begin(_("注释"))
    _heading(paper, _("注释"))
    for note in brief.notes:
        _note(paper, note)
    for n, table in enumerate(brief.appendix):
        if not n:
            begin(_("附录：计入的件"))
            paper.add_page()
            _heading(paper, _("附录：计入的件"))
        _table(paper, table, size=8)
    paper.ln(4)
    paper.set_paragraph([Run(brief.foot)], size=9, line=5.5, indent=0)


def _head(paper: Paper, brief: Brief) -> None:
    paper.set_font("hei", size=26)
    paper.set_text_color(*_RED)
    paper.multi_cell(0, 14, brief.title, align="C", wrapmode=WrapMode.CHAR, new_x="LMARGIN", new_y="NEXT")
    paper.set_text_color(*_INK)
    paper.set_font("song", size=12)
    if brief.issue:
        paper.cell(0, 9, brief.issue, align="C", new_x="LMARGIN", new_y="NEXT")
    day = _("%(y)s 年 %(m)s 月 %(d)s 日") % {"y": brief.day.year, "m": brief.day.month, "d": brief.day.day}
    paper.cell(paper.epw / 2, 9, brief.unit)
    paper.cell(paper.epw / 2, 9, day, align="R", new_x="LMARGIN", new_y="NEXT")
    paper.set_draw_color(*_RED)
    paper.set_line_width(0.6)
    paper.line(paper.l_margin, paper.get_y(), paper.w - paper.r_margin, paper.get_y())
    paper.ln(6)


def _heading(paper: Paper, text: str) -> None:
    if paper.will_page_break(12 + _LINE * 2):
        paper.add_page()
    paper.ln(3)
    paper.set_font("hei", size=14)
    paper.set_text_color(*_INK)
    paper.multi_cell(0, 9, text, wrapmode=WrapMode.CHAR, new_x="LMARGIN", new_y="NEXT")


def _section(paper: Paper, section: Section) -> None:
    _heading(paper, section.heading)
    for paragraph in section.paragraphs:
        paper.set_paragraph(paragraph)
    if section.chart:
        if paper.will_page_break(paper.epw / 3 + 8):
            paper.add_page()
        paper.image(BytesIO(section.chart), w=paper.epw, alt_text=section.chart_said)
        paper.set_font("song", size=10)
        paper.set_text_color(*_GREY)
        paper.cell(0, 7, section.chart_said, align="C", new_x="LMARGIN", new_y="NEXT")
    for table in section.tables:
        _table(paper, table)


def _table(paper: Paper, table: Table, *, size: float = 10) -> None:
    paper.ln(2)
    if paper.will_page_break(30):
        paper.add_page()
    paper.set_font("hei", size=10)
    paper.set_text_color(*_INK)
    title = _("表：%(title)s") % {"title": table.title}
    paper.multi_cell(0, 7, title, wrapmode=WrapMode.CHAR, new_x="LMARGIN", new_y="NEXT")
    paper.set_font("song", size=size)
    paper.set_draw_color(150, 160, 170)
    paper.set_line_width(0.2)
    heads = FontFace(family="hei", fill_color=(232, 240, 249))
    with paper.table(
        col_widths=tuple(table.widths), line_height=size * 0.6, text_align="LEFT", padding=1.2, headings_style=heads,
        wrapmode=WrapMode.CHAR, cell_fill_mode=TableCellFillMode.NONE,
    ) as made:  # fmt: skip
        for cells in (table.heads, *table.rows):
            row = made.row()
            for cell in cells:
                row.cell(str(cell) or " ")


def _note(paper: Paper, note: Note) -> None:
    paper.set_paragraph([Run(f"[{note.number}] {note.name}：{note.text}")], size=10, line=6, indent=0)
    paper.set_font("song", size=9)
    paper.set_text_color(*_BLUE)
    paper.multi_cell(0, 5, note.url, link=note.url, wrapmode=WrapMode.CHAR, new_x="LMARGIN", new_y="NEXT", align="L")
    paper.ln(1)
