"""One record as a Word file for signing: what was answered, the pictures, what was found, who was there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from typing import IO, TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Cm, Pt

from linli.foundation.core.errors import DomainError
from linli.foundation.files import selectors as stored
from linli.interfaces.desk.doors import local, uuid_of
from linli.interfaces.desk.fieldwork.records.presenting import Section, name_of
from linli.interfaces.desk.word import font

if TYPE_CHECKING:
    from linli.engines.fieldwork.models import Finding, Submission, SubmissionUnit

PICTURE = Cm(7.2)


def _set_up(title: str) -> Any:
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.4)
    section.top_margin, section.bottom_margin = Cm(2.4), Cm(2.2)
    font(document.styles["Normal"], "仿宋", 12)
    font(document.styles["Heading 1"], "黑体", 14)
    document.core_properties.title = title
    head = document.add_paragraph()
    head.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = head.add_run(title)
    run.bold = True
    run.font.size = Pt(18)
    return document


def _facts(document: Any, rows: Sequence[tuple[str, str]]) -> None:
    table = document.add_table(rows=0, cols=2)
    table.style = "Table Grid"
    for label, words in rows:
        cells = table.add_row().cells
        cells[0].text, cells[1].text = label, words
        cells[0].width, cells[1].width = Cm(4.2), Cm(12)


def _pictures(document: Any, photos: Sequence[dict[str, Any]]) -> None:
    paragraph = document.add_paragraph()
    for photo in photos:
        uuid = uuid_of(str(photo["url"]).rstrip("/").split("/")[-2])
        if uuid is None:
            continue
        try:
            content, _mime = stored.open_shown(uuid, 1600)
            paragraph.add_run().add_picture(_jpeg(content), width=PICTURE)
        except (DomainError, OSError, ValueError):
            continue
        paragraph.add_run(" ")


def _jpeg(content: bytes) -> BytesIO:
    from PIL import Image  # noqa: PLC0415  only where there is a picture

    out = BytesIO()
    with Image.open(BytesIO(content)) as image:
        image.thumbnail((1_000, 1_000))
        image.convert("RGB").save(out, "JPEG", quality=82)
    out.seek(0)
    return out


def _about(row: Submission, present: Sequence[SubmissionUnit]) -> list[tuple[str, str]]:
    """Return what stands at the head of a record: about what, when, by whom, with whom."""
    target = row.target
    facts = [
        (_("对象"), name_of(row)),
        (_("地址"), target.address if target is not None else ""),
        (_("轮次"), row.round.title if row.round is not None else ""),
        (_("时间"), f"{local(row.made_at):%Y-%m-%d %H:%M}"),
        (_("填写人"), "、".join(filter(None, (row.by_label, row.second_label)))),
    ]
    if row.marks is not None and row.full is not None:
        facts.append((_("得分"), f"{row.marks.normalize():f}/{row.full.normalize():f}"))
    units = "、".join(_("%(unit)s %(n)s 人") % {"unit": p.unit, "n": p.people} for p in present)
    facts.append((_("参加单位"), units))
    return [f for f in facts if f[1]]


def record_docx(
    row: Submission, sections: Sequence[Section], findings: Sequence[Finding], present: Sequence[SubmissionUnit], *,
    now: datetime,
) -> IO[bytes]:  # fmt: skip
    """Return one record as a Word file.

    Args:
        sections: the answers as the reader may see them.
        findings: what the record found.
        present: the units that were there, with how many people.
    """
    document = _set_up(row.form.form.title)
    _facts(document, _about(row, present))
    for section in sections:
        if section.title:
            document.add_heading(section.title, level=1)
        _facts(document, [(line.label, line.words) for line in section.lines if line.words])
        for line in section.lines:
            if line.photos:
                document.add_paragraph(line.label)
                _pictures(document, line.photos)
    if findings:
        document.add_heading(_("发现的问题"), level=1)
        for finding in findings:
            document.add_paragraph(f"{finding.text}（{finding.get_state_display()}）", style="List Number")
    _signatures(document, row, now)
    out = BytesIO()
    document.save(out)
    out.seek(0)
    return out


def _signatures(document: Any, row: Submission, now: datetime) -> None:
    document.add_heading(_("签字"), level=1)
    table = document.add_table(rows=0, cols=2)
    table.style = "Table Grid"
    people = [_("检查人"), *([_("同行人")] if row.second_label else []), _("被检查单位（人）"), _("年   月   日")]
    for label in people:
        cells = table.add_row().cells
        cells[0].text = label
        cells[0].width, cells[1].width = Cm(4.2), Cm(12)
    document.add_paragraph(
        _("记录编号 %(n)s，打印于 %(at)s。") % {"n": row.uuid, "at": f"{local(now):%Y-%m-%d %H:%M}"}
    ).runs[0].font.size = Pt(9)
