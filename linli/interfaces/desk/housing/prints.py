"""Papers of a dossier for the printer: the notice, the order, the inventory, as docx; blanks stay for hand and seal."""

from __future__ import annotations

from io import BytesIO
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Pt

from linli.foundation.core.errors import NotFoundError
from linli.foundation.rulebook import selectors as rulebook
from linli.interfaces.desk import directory, word
from linli.interfaces.desk.doors import actor_of, today
from linli.interfaces.desk.housing.dossiers import inside, place_of
from linli.interfaces.web.sending import named
from linli.programmes.housing import permissions, selectors

BLANK = "＿＿＿＿＿＿"
LINES = 8


def _titles() -> dict[str, str]:
    return {"notice": _("整治告知书"), "decision": _("责令整改决定书"), "inventory": _("财物清单")}


@require_GET
@never_cache
@inside
def docx(request: HttpRequest, uuid: UUID, kind: str) -> HttpResponse:
    """Send a paper of the dossier as docx, to law officers."""
    by = actor_of(request)
    row = selectors.dossier_for(by, uuid)
    permissions.check_papers(by)
    title = _titles().get(kind)
    if title is None:
        raise NotFoundError(_("没有这种文书。"), code="housing.print")
    answer = HttpResponse(_paper(row, kind, title), content_type=word.MIME)
    return named(answer, f"{row.number} {title}.docx")


def _paper(row: Any, kind: str, title: str) -> bytes:
    paper = Document()
    style = paper.styles["Normal"]
    style.font.name, style.font.size = "仿宋", Pt(15)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), "仿宋")
    head = paper.add_heading(title, level=0)
    head.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paper.add_paragraph(_("编号：%(number)s") % {"number": row.number})
    paper.add_paragraph(_("房屋：%(place)s") % {"place": place_of(row.target)})
    {"notice": _notice, "decision": _decision, "inventory": _inventory}[kind](paper, row)
    paper.add_paragraph(_("执法人员（两人签名）：%(blank)s　%(blank)s") % {"blank": BLANK})
    paper.add_paragraph(_("日期：%(blank)s　（盖章）") % {"blank": BLANK})
    stream = BytesIO()
    paper.save(stream)
    return stream.getvalue()


def _basis(row: Any) -> list[str]:
    return list(row.basis) or list(rulebook.value("housing.basis", on=today()))


def _facts(paper: Any, row: Any) -> None:
    paper.add_paragraph(_("查明的事实："))
    for words in selectors.breach_words(row) or [BLANK * 3]:
        paper.add_paragraph(words, style="List Number")
    paper.add_paragraph(_("依据："))
    for line in _basis(row):
        paper.add_paragraph(line, style="List Bullet")


def _notice(paper: Any, row: Any) -> None:
    paper.add_paragraph(_("受送达人：%(blank)s（由执法人员当面填写）") % {"blank": BLANK})
    _facts(paper, row)
    units = directory.units()
    joint = row.joint_on.strftime("%Y-%m-%d") if row.joint_on else BLANK
    named = "、".join(units[u].name for u in row.units if u in units) or BLANK
    paper.add_paragraph(_("拟于 %(day)s 由%(units)s联合整治。") % {"day": joint, "units": named})
    paper.add_paragraph(_("安全措施：%(text)s") % {"text": row.safety or BLANK})
    paper.add_paragraph(_("您有权陈述、申辩，也可以不作陈述。搬动物品前会与您一起清点并制作清单。"))
    paper.add_paragraph(_("受送达人签名：%(blank)s") % {"blank": BLANK})


def _decision(paper: Any, row: Any) -> None:
    paper.add_paragraph(_("当事人：%(blank)s（由执法人员当面填写）") % {"blank": BLANK})
    _facts(paper, row)
    paper.add_paragraph(_("责令于 %(blank)s 前拆除分隔和床位，恢复房屋原有格局。") % {"blank": BLANK})
    paper.add_paragraph(_("罚款等处罚由执法机关另行决定，本文书不作处罚。"))
    paper.add_paragraph(_("不服本决定的，可依法申请行政复议或提起行政诉讼。"))


def _inventory(paper: Any, row: Any) -> None:
    paper.add_paragraph(_("搬动任何物品之前，由执法人员和当事人共同清点。"))
    table = paper.add_table(rows=1, cols=4)
    table.style = "Table Grid"
    for cell, text in zip(table.rows[0].cells, (_("序号"), _("物品"), _("数量"), _("存放地点")), strict=True):
        cell.text = text
    known = [(what, count) for what, count in row.removed]
    for n in range(max(LINES, len(known))):
        cells = table.add_row().cells
        cells[0].text = str(n + 1)
        if n < len(known):
            cells[1].text, cells[2].text = str(known[n][0]), str(known[n][1])
    paper.add_paragraph(_("当事人签名：%(blank)s") % {"blank": BLANK})
