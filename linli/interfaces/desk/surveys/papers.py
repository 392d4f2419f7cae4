"""A survey on paper and as files: posters with QR codes, slips, the report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Pt

from linli.foundation.core import clock
from linli.foundation.core.errors import ConflictError
from linli.foundation.exports.services import Sheet, write_sheets
from linli.foundation.sheets.services import MIME
from linli.interfaces.desk import word
from linli.interfaces.desk.doors import actor_of, staff
from linli.interfaces.web.sending import named
from linli.interfaces.web.surveys import report
from linli.programmes.surveys import permissions, selectors, services
from linli.programmes.surveys.workflow import State, Way

if TYPE_CHECKING:
    from linli.programmes.surveys.models import Survey


def _link(request: HttpRequest, survey: Survey, **query: str) -> str:
    address = request.build_absolute_uri(reverse("portal:survey", args=[survey.code]))
    return f"{address}?{urlencode(query)}" if query else address


@require_GET
@staff
def qr(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Posters: one for each 居民区, or one for all."""
    survey = selectors.survey_for(actor_of(request), uuid)
    way = request.GET.get("way", "")
    way = way if way in survey.ways else survey.ways[0]
    query = {"way": way} if way != survey.ways[0] else {}
    homes = [] if way == Way.TOKEN else selectors.homes(survey)
    posters = [{"name": _("全部"), "url": _link(request, survey, **query)}]
    posters += [{"name": a.name, "url": _link(request, survey, area=a.code, **query)} for a in homes]
    return render(request, "desk/surveys/qr.html", {"survey": survey, "posters": posters, "label": Way(way).label})


@never_cache
@require_POST
@staff
def slips(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Make codes and show them as slips to be printed, this once."""
    by = actor_of(request)
    survey = selectors.survey_for(by, uuid)
    permissions.check_survey(by, survey)
    made = services.issue_tokens(by=by, now=clock.now(), survey=survey)
    names = {a.code: a.name for a in selectors.homes(survey)}
    rows = [
        {"area": names.get(code, ""), "word": word, "url": _link(request, survey, way=Way.TOKEN.value, token=word)}
        for code, word in made
    ]
    return render(request, "desk/surveys/slips.html", {"survey": survey, "rows": rows})


def _ended(request: HttpRequest, uuid: UUID) -> Survey:
    survey = selectors.survey_for(actor_of(request), uuid)
    if survey.state != State.CLOSED:
        raise ConflictError(
            _("问卷还没有结束，结果结束后才出。"), code="surveys.open",
            hint=_("进行中只显示份数，避免从前后变化看出单独一份。"),
        )  # fmt: skip
    return survey


@require_GET
@staff
def paper(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show the report for A4."""
    survey = _ended(request, uuid)
    return render(request, "desk/surveys/print.html", {"survey": survey, **report(survey, screen=False)})


def _cell(cell: dict[str, Any]) -> str:
    return f"{cell['share']}（{cell['between']}，n={cell['count']}）" if cell["share"] else cell["why"]


@require_GET
@staff
def xlsx(request: HttpRequest, uuid: UUID) -> FileResponse:
    """Send the figures as a table file: by 居民区, and each question with its counts."""
    survey = _ended(request, uuid)
    found = report(survey, screen=False)
    heads = [(_("居民区"), 18), (_("样本"), 10), (_("回收率"), 10)]
    for index in found["indices"]:
        heads += [(index["label"], 12), (_("95% 区间"), 18), (_("份数"), 10)]
    first = [_("全部（加权）"), sum(survey.frame.get("drawn", {}).values()), found["rate"]]
    rows = [first + _row([i["whole"] for i in found["indices"]])]
    rows += [[line["name"], line["drawn"], line["rate"], *_row(line["cells"])] for line in found["lines"]]
    asked = [
        [q.label, label, _("不显示") if n is None else n, "" if share is None else f"{share:.1f}%"]
        for q in found["questions"]
        for label, n, share in q.rows
    ]
    note = _("%(title)s　%(since)s 至 %(until)s　匿名问卷，不足 %(small)s 份的格子不显示") % {
        "title": survey.title, "since": survey.opens_on, "until": survey.closes_on, "small": found["small"],
    }  # fmt: skip
    columns = [(_("问题"), 40), (_("回答"), 24), (_("份数"), 10), (_("占比"), 10)]
    sheets = [Sheet(_("各居民区"), heads, rows, note), Sheet(_("各题"), columns, asked, note)]
    return named(FileResponse(write_sheets(sheets), content_type=MIME), f"{survey.title}.xlsx")


def _row(cells: list[dict[str, Any]]) -> list[Any]:
    return [v for c in cells for v in (c["share"] or c["why"], c.get("between", ""), c["count"])]


@require_GET
@staff
def docx(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Send the report as a Word file."""
    survey = _ended(request, uuid)
    found = report(survey, screen=False)
    document = Document()
    for name, size in (("Normal", 12), ("Title", 20), ("Heading 1", 15)):
        style: Any = document.styles[name]
        style.font.size = Pt(size)
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), "宋体")
    document.add_paragraph(survey.title, style="Title").alignment = WD_ALIGN_PARAGRAPH.CENTER
    document.add_paragraph(
        _("%(unit)s　%(since)s 至 %(until)s　收回 %(sheets)s 份　回收率 %(rate)s")
        % {
            "unit": survey.unit, "since": survey.opens_on, "until": survey.closes_on,
            "sheets": found["results"].sheets, "rate": found["rate"],
        }
    )  # fmt: skip
    document.add_heading(_("总体"), 1)
    for index in found["indices"]:
        aim = _("，目标 %(aim)s%%") % {"aim": index["aim"]} if index["aim"] is not None else ""
        change = f"，{index['change']}" if index["change"] else ""
        document.add_paragraph(f"{index['label']}：{_cell(index['whole'])}{aim}{change}", style="List Bullet")
    document.add_heading(_("各居民区"), 1)
    heads = [_("居民区"), _("回收率"), *(i["label"] for i in found["indices"])]
    word.table(document, heads, [[r["name"], r["rate"], *map(_cell, r["cells"])] for r in found["lines"]])
    document.add_heading(_("各题"), 1)
    for q in found["questions"]:
        document.add_paragraph(q.label)
        rows = [
            [label, _("不显示") if n is None else str(n), "" if share is None else f"{share:.1f}%"]
            for label, n, share in q.rows
        ]
        word.table(document, [_("回答"), _("份数"), _("占比")], rows)
    document.add_paragraph(_method(found["small"]))
    return named(HttpResponse(word.saved(document), content_type=word.MIME), f"{survey.title}.docx")


def _method(small: int) -> str:
    return _(
        "区间为 95%% 威尔逊区间，按居民区户数作有限总体校正；全部按户数加权。"
        "匿名问卷：不足 %(small)s 份的格子不显示，也不计入全部。"
    ) % {"small": small}
