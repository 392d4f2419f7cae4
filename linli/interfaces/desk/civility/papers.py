"""A trial's result on paper and as files: A4, a workbook with every figure and every gap, a document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Pt

from linli.foundation.exports.services import Sheet, write_sheets
from linli.foundation.sheets.services import MIME
from linli.interfaces.desk import word
from linli.interfaces.desk.civility.common import self_test
from linli.interfaces.desk.civility.results import Row, Shown, shown
from linli.interfaces.desk.doors import actor_of, local, staff
from linli.interfaces.web.sending import named
from linli.programmes.civility import selectors

if TYPE_CHECKING:
    from linli.programmes.civility.models import Todo

MOST_ON_PAPER = 200


def _heads() -> list[str]:
    return [_("名称"), _("满分率"), _("得分率"), _("满分次数"), _("观测次数"), _("不适用"), _("95% 区间"), _("名次")]


def _cells(row: Row) -> list[Any]:
    score = row.score
    rank = "" if row.rank is None else row.rank
    return [row.name, row.perfect, row.rate, score.perfect, score.observed, score.not_applicable, row.between, rank]


def _gap_heads() -> list[str]:
    return [_("点位"), _("地址"), _("标准"), _("问题"), _("责任单位"), _("状态"), _("发现时间")]


def _gap_cells(gap: selectors.Gap) -> list[Any]:
    f = gap.finding
    name, address = (f.target.name, f.target.address) if f.target is not None else ("", "")
    found = f"{local(f.found_at):%Y-%m-%d %H:%M}"
    text = gap.standard.text if gap.standard else f.item
    return [name, address, text, f.text, gap.unit, str(f.get_state_display()), found]


def _list_heads() -> list[str]:
    return [_("清单"), _("类别"), _("事项"), _("责任单位"), _("地点"), _("期限"), _("状态"), _("结果")]


def _list_cells(row: Todo) -> list[Any]:
    place = row.target.name if row.target else row.area.name if row.area else ""
    return [
        str(row.get_listed_display()), str(row.get_work_display()), row.title, row.unit.name, place,
        row.due_on.isoformat(), str(row.get_state_display()), row.result,
    ]  # fmt: skip


def _tables(found: Shown) -> list[tuple[str, list[Row]]]:
    return [
        (_("按点位类型"), found.types), (_("按单位"), found.units), (_("按居民区"), found.areas),
        (_("按标准"), found.items),
    ]  # fmt: skip


@require_GET
@staff
def paper(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show the result for printing on A4."""
    by = actor_of(request)
    trial = selectors.trial_for(by, uuid)
    gaps = selectors.all_gaps(by, trial, selectors.all_standards(trial.edition))
    context = {
        "shown": shown(trial), "gaps": gaps[:MOST_ON_PAPER], "left": max(0, len(gaps) - MOST_ON_PAPER),
        "lists": selectors.lists_of(by, trial),
    }  # fmt: skip
    return render(request, "desk/civility/paper.html", context)


@require_GET
@staff
def workbook(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """Send the result as a workbook: a sheet for each table, one for the gaps."""
    by = actor_of(request)
    trial = selectors.trial_for(by, uuid)
    found = shown(trial)
    note = f"{trial.title}　{self_test()}　{trial.starts_on} — {trial.ends_on}"
    columns = [(h, 40 if n == 0 else 12) for n, h in enumerate(_heads())]
    sheets = [Sheet(_("合计"), columns, [_cells(found.whole)], note)]
    sheets += [Sheet(title, columns, map(_cells, rows), note) for title, rows in _tables(found)]
    gaps = selectors.all_gaps(by, trial, selectors.all_standards(trial.edition))
    widths = (24, 30, 36, 40, 24, 14, 18)
    heads = list(zip(_gap_heads(), widths, strict=True))
    sheets.append(Sheet(_("问题清单"), heads, map(_gap_cells, gaps), note))
    listed = list(zip(_list_heads(), (8, 20, 30, 24, 24, 12, 12, 40), strict=True))
    sheets.append(Sheet(_("加减乘法清单"), listed, map(_list_cells, selectors.lists_of(by, trial)), note))
    answer = FileResponse(write_sheets(sheets), content_type=MIME)
    return named(answer, f"{trial.title}.xlsx")


@require_GET
@staff
def document(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """Send the result as a document."""
    by = actor_of(request)
    trial = selectors.trial_for(by, uuid)
    gaps = selectors.all_gaps(by, trial, selectors.all_standards(trial.edition))
    paper = _document(shown(trial), gaps, selectors.lists_of(by, trial))
    answer = HttpResponse(paper, content_type=word.MIME)
    return named(answer, f"{trial.title}.docx")


def _document(found: Shown, gaps: list[selectors.Gap], lists: list[Todo]) -> bytes:
    trial, whole = found.trial, found.whole
    paper = Document()
    style = paper.styles["Normal"]
    style.font.name, style.font.size = "仿宋", Pt(12)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), "仿宋")
    paper.add_heading(trial.title, level=0)
    paper.add_paragraph(
        _("%(label)s。%(unit)s，%(first)s 至 %(last)s，指标版本：%(edition)s。")
        % {"label": self_test(), "unit": trial.unit.name, "first": trial.starts_on, "last": trial.ends_on,
           "edition": trial.edition.title}
    )  # fmt: skip
    if trial.seed:
        paper.add_paragraph(_("抽样种子：%(seed)s，可据此重抽核对。") % {"seed": trial.seed})
    paper.add_paragraph(
        _("满分率 %(perfect)s（%(hits)s/%(count)s，95%% 区间 %(between)s），得分率 %(rate)s，问题销项率 %(closed)s。")
        % {"perfect": whole.perfect, "hits": whole.score.perfect, "count": whole.score.observed,
           "between": whole.between or "—", "rate": whole.rate, "closed": found.closed}
    )  # fmt: skip
    for title, rows in _tables(found):
        paper.add_heading(title, level=1)
        _table(paper, _heads(), [_cells(r) for r in rows])
    paper.add_heading(_("问题清单"), level=1)
    _table(paper, _gap_heads(), [_gap_cells(g) for g in gaps[:MOST_ON_PAPER]])
    paper.add_heading(_("加减乘法清单"), level=1)
    _table(paper, _list_heads(), [_list_cells(row) for row in lists])
    if trial.feedback:
        paper.add_heading(_("情况反馈"), level=1)
        paper.add_paragraph(trial.feedback)
        paper.add_heading(_("处理结果"), level=1)
        paper.add_paragraph(trial.result)
    return word.saved(paper)


def _table(paper: Any, heads: list[str], rows: list[list[Any]]) -> None:
    if rows:
        word.table(paper, heads, rows)
    else:
        paper.add_paragraph(_("没有。"))
