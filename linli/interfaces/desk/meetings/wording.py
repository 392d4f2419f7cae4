"""Minutes as docx: a sober red head, the facts, who came by unit, the items, what was decided, the table of tasks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from linli.engines.activities.types import MinutesForm, Outcome

if TYPE_CHECKING:
    from linli.engines.activities.models import Meeting

RED = RGBColor(0xC0, 0x1E, 0x1E)
BODY, HEAD = "FangSong", "SimHei"


def _font(run: Any, name: str, size: float, *, bold: bool = False, colour: RGBColor | None = None) -> None:
    run.font.name, run.font.size, run.font.bold = name, Pt(size), bold
    run._element.rPr.rFonts.set(qn("w:eastAsia"), name)
    if colour is not None:
        run.font.color.rgb = colour


def _rule(paragraph: Any) -> None:
    """Draw the red line below the head."""
    borders, line = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    for key, value in (("val", "single"), ("sz", "12"), ("space", "6"), ("color", "C01E1E")):
        line.set(qn(f"w:{key}"), value)
    borders.append(line)
    paragraph._element.get_or_add_pPr().append(borders)


def _line(document: Any, text: str, *, head: bool = False, indent: bool = True) -> Any:
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.line_spacing = 1.5
    paragraph.paragraph_format.space_after = Pt(0)
    if indent and not head:
        paragraph.paragraph_format.first_line_indent = Pt(32)
    _font(paragraph.add_run(text), HEAD if head else BODY, 16 if head else 14, bold=False)
    return paragraph


def _words(document: Any, text: str) -> None:
    for part in text.splitlines():
        if part.strip():
            _line(document, part.strip())


def _table(document: Any, heads: list[str], rows: list[list[str]], widths: list[float]) -> None:
    table = document.add_table(rows=1, cols=len(heads))
    table.style = "Table Grid"
    for n, text in enumerate(heads):
        _cell(table.rows[0].cells[n], text, HEAD, widths[n])
    for row in rows:
        cells = table.add_row().cells
        for n, text in enumerate(row):
            _cell(cells[n], text, BODY, widths[n])


def _cell(cell: Any, text: str, font: str, width: float) -> None:
    cell.width = Cm(width)
    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_after = Pt(0)
    _font(paragraph.add_run(text), font, 11)


def minutes_docx(meeting: Meeting, content: Mapping[str, Any]) -> bytes:
    """Return the minutes as a Word document.

    Args:
        meeting: the meeting, for its state and seal.
        content: what the minutes say, as :func:`linli.engines.activities.selectors.content` returns it.
    """
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.7)
    section.top_margin, section.bottom_margin = Cm(3.2), Cm(3)
    document.core_properties.title = content["title"]
    document.core_properties.author = content["unit"]
    _head(document, meeting, content)
    _present(document, content)
    if content["summary"]:
        _line(document, _("会议概要"), head=True)
        _words(document, content["summary"])
    for number, item in enumerate(content["items"], 1):
        _one_item(document, number, item, said=meeting.form == MinutesForm.RECORD)
    _tasks(document, content)
    if meeting.seal:
        _line(document, "")
        text = _("本记录于 %(at)s 定稿，核验码 %(seal)s。") % {
            "at": f"{timezone.localtime(meeting.sealed_at):%Y-%m-%d %H:%M}" if meeting.sealed_at else "",
            "seal": meeting.seal[:16],
        }
        _line(document, text, indent=False)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def _head(document: Any, meeting: Meeting, content: Mapping[str, Any]) -> None:
    unit = document.add_paragraph()
    unit.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _font(unit.add_run(content["unit"]), HEAD, 26, colour=RED)
    kind = document.add_paragraph()
    kind.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _font(kind.add_run(meeting.get_form_display()), HEAD, 18, colour=RED)
    _rule(kind)
    title = document.add_paragraph()
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _font(title.add_run(content["title"]), HEAD, 18)
    if not meeting.seal:
        draft = document.add_paragraph()
        draft.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _font(draft.add_run(_("（%(state)s，未定稿）") % {"state": meeting.get_state_display()}), BODY, 12)
    at = timezone.localtime(datetime.fromisoformat(content["starts_at"]))
    facts = [
        (_("时间"), f"{at:%Y-%m-%d %H:%M}"),
        (_("地点"), "；".join(content["venues"])),
        (_("主题"), content["theme"]),
        (_("主持"), content["chair"]),
    ]
    for name, value in facts:
        if value:
            _line(document, f"{name}：{value}", indent=False)


def _present(document: Any, content: Mapping[str, Any]) -> None:
    came = [r for r in content["attendance"] if r["came"]]
    missing = [r for r in content["attendance"] if not r["came"]]
    shown = "、".join(f"{r['name']}（{r['came']}）" if r["came"] > 1 else r["name"] for r in came)
    _line(document, f"{_('出席')}：{shown or _('未登记')}", indent=False)
    if missing and came:
        _line(document, f"{_('缺席')}：{'、'.join(r['name'] for r in missing)}", indent=False)


def _one_item(document: Any, number: int, item: Mapping[str, Any], *, said: bool) -> None:
    _line(document, f"{number}. {item['title']}", head=True)
    if item["presenter"]:
        _line(document, f"{_('汇报人')}：{item['presenter']}", indent=False)
    review = item["review"]
    if review:
        figures = _("已完成 %(done)s 项（逾期完成 %(late)s 项），未完成 %(open)s 项（超期 %(over)s 项）。") % {
            "done": review["done"],
            "late": review["done_late"],
            "open": review["open"],
            "over": review["overdue"],
        }
        _line(document, figures)
    if said:
        _words(document, item["record"])
    names = dict(Outcome.choices)
    for decision in item["decisions"]:
        _line(document, f"【{names[decision['kind']]}】{decision['text']}")


def _tasks(document: Any, content: Mapping[str, Any]) -> None:
    rows = [
        [t["title"], t["unit"], t["due_on"]]
        for i in content["items"]
        for tasks in ([t for d in i["decisions"] for t in d["tasks"]], i["tasks"])
        for t in tasks
    ]
    if rows:
        _line(document, _("任务清单"), head=True)
        _table(document, [_("任务"), _("责任单位"), _("完成期限")], rows, [8.6, 4.4, 2.6])
