"""The papers that are handed over on the street, as A4 Word files: warnings, orders, frontage duties."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Cm, Pt

from linli.interfaces.desk import directory
from linli.interfaces.desk.word import font
from linli.programmes.streets.rules import shipped

if TYPE_CHECKING:
    from linli.programmes.streets.models import Duty, Matter


def _sheet(
    title: str, number: str, lines: Sequence[str], foot: Sequence[str], table: Sequence[Sequence[str]]
) -> BytesIO:
    """Return one sheet of paper: heading, number, text, a table, and who signs below."""
    paper = Document()
    section = paper.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.7)
    section.top_margin, section.bottom_margin = Cm(3.2), Cm(2.8)
    font(paper.styles["Normal"], "仿宋", 15)
    font(paper.styles["Title"], "方正小标宋简体", 22)
    paper.core_properties.title = title
    paper.add_paragraph(title, style="Title").alignment = WD_ALIGN_PARAGRAPH.CENTER
    if number:
        paper.add_paragraph(number).alignment = WD_ALIGN_PARAGRAPH.RIGHT
    for n, line in enumerate(lines):
        paragraph = paper.add_paragraph(line)
        if n:
            paragraph.paragraph_format.first_line_indent = Pt(30)
    if table:
        grid = paper.add_table(rows=0, cols=2, style="Table Grid")
        for name, value in table:
            cells = grid.add_row().cells
            cells[0].text, cells[1].text = name, value
            cells[0].width, cells[1].width = Cm(4), Cm(11.6)
    paper.add_paragraph("")
    for line in foot:
        paper.add_paragraph(line).alignment = WD_ALIGN_PARAGRAPH.RIGHT
    kept = BytesIO()
    paper.save(kept)
    kept.seek(0)
    return kept


def _day(day: Any) -> str:
    return _("%(y)s年%(m)s月%(d)s日") % {"y": day.year, "m": day.month, "d": day.day} if day else "　　年　月　日"


def matter(row: Matter) -> tuple[str, BytesIO]:
    """Return title and paper of a matter: the order where there is one, else the warning."""
    shop, fault = row.target.name, shipped.fault_name(row.fault)
    unit = directory.unit_name(row.unit_id)
    table = [
        (_("商户"), shop), (_("地址"), row.target.address), (_("问题"), fault), (_("现场情况"), row.text),
        (_("改正期限"), _day(row.correct_by)),
    ]  # fmt: skip
    if not row.order_number:
        title = _("提醒告知单")
        lines = [
            f"{shop}：",
            _("%(day)s巡查发现你处存在“%(fault)s”，请在%(by)s前自行改正，我们会再来查看。")
            % {"day": _day(row.found_on), "fault": fault, "by": _day(row.correct_by)},
            _("对情况有不同意见的，可以当场说明，或在收到后向发出单位陈述。"),
        ]
        return title, _sheet(title, "", lines, [unit, _day(row.found_on), _("签收：　　　　　　　")], table)
    title = _("责令改正通知书")
    number = _("责改〔%(year)s〕%(n)s 号") % {"year": row.order_year, "n": row.order_number}
    lines = [
        f"{shop}：",
        _("经查，你处存在“%(fault)s”。依据%(basis)s，现责令你处于%(by)s前改正。")
        % {"fault": fault, "basis": row.basis, "by": _day(row.correct_by)},
        _("你处有权陈述、申辩。逾期不改正的，将依法移送处理。"),
    ]
    way = f"{row.get_served_display()}　{row.get_way_display()}　{_day(row.served_on)}"
    table.append((_("送达"), way))
    foot = [_("执法人员（两人）：　　　　　　　　　"), _("签收：　　　　　　　"), _day(row.ordered_on)]
    return title, _sheet(title, number, lines, foot, table)


def duty(row: Duty) -> tuple[str, BytesIO]:
    """Return title and paper of a frontage duty."""
    title = _("市容环境卫生责任区责任告知书")
    number = (
        _("门责〔%(year)s〕%(n)s 号") % {"year": row.notice_year, "n": row.notice_number} if row.notice_number else ""
    )
    lines = [
        f"{row.target.name}：",
        _("依据《上海市市容环境卫生管理条例》关于市容环境卫生责任区的规定，现将你处的责任区范围和责任告知如下。"),
        *(f"{n}．{words}" for n, words in enumerate(shipped.names(row.contents, shipped.duties()), start=1)),
        _("发现他人破坏市容环境卫生的，请劝阻；劝阻无效的，请报告。"),
    ]
    table = [
        (_("地址"), row.target.address),
        (_("范围"), _("左 %(left)s 米，右 %(right)s 米，向外 %(out)s 米")
         % {"left": row.left, "right": row.right, "out": row.out}),
        (_("界线"), row.sides),
    ]  # fmt: skip
    return title, _sheet(title, number, lines, [_("签收：　　　　　　　"), _day(row.served_on)], table)
