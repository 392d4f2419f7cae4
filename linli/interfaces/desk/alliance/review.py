"""The year drawn from the data: a page of which every figure opens, and the same as a document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Pt

from linli.foundation.core.errors import NotFoundError
from linli.interfaces.desk import word
from linli.interfaces.desk.alliance.members import NAV
from linli.interfaces.desk.doors import id_of, staff, today
from linli.interfaces.web.sending import named
from linli.programmes.alliance.rules import naming, quantities
from linli.programmes.alliance.selectors import review

if TYPE_CHECKING:
    from linli.programmes.alliance.types import Figure

_WHERE = {
    "members": "desk:alliance_members",
    "lists": "desk:alliance_lists",
    "claims": "desk:alliance_claims",
    "agreements": "desk:alliance_agreements",
    "uses": "desk:alliance_uses",
}


def link(figure: Figure) -> str:
    """Return the list that a figure counts."""
    return f"{reverse(_WHERE[figure.where])}?{urlencode(figure.query)}"


def _year(request: HttpRequest) -> int:
    year = id_of(request.GET.get("year", "")) or today().year
    if not 2000 <= year <= 2100:
        raise NotFoundError(_("没有这一年的回顾。"), code="alliance.year")
    return year


def _read(year: int) -> dict[str, Any]:
    projects = [
        {
            **p,
            "quoted": naming.quoted(p["entry"].title),
            "claims": [{"row": c, "share": quantities.share_text(c.share)} for c in p["claims"]],
        }
        for p in review.projects(year)
    ]
    return {
        "year": year,
        "figures": [{"figure": f, "url": link(f)} for f in review.figures(year)],
        "committees": review.committees(year),
        "chairs": review.chairs(year),
        "assemblies": review.assemblies(year),
        "projects": projects,
    }


@require_GET
@staff
def page(request: HttpRequest) -> HttpResponse:
    """Show the review of a year."""
    year = _year(request)
    years = sorted({*review.years(), year}, reverse=True)[:10]
    tabs = [{"label": _("%(year)s 年") % {"year": y}, "url": f"?year={y}", "current": y == year} for y in years]
    context = {**_read(year), "tabs": [{**t, "count": None} for t in tabs], "nav_here": NAV}
    return render(request, "desk/alliance/review.html", context)


@require_GET
@staff
def uses(request: HttpRequest) -> HttpResponse:
    """Show the pieces of resources used in a year."""
    year = _year(request)
    rows = [{"use": u, "quantity": quantities.amount_text(u.quantity)} for u in review.uses(year)]
    return render(request, "desk/alliance/uses.html", {"year": year, "rows": rows, "nav_here": NAV})


def _document(found: dict[str, Any]) -> bytes:
    paper = Document()
    style = paper.styles["Normal"]
    style.font.name, style.font.size = "仿宋", Pt(14)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), "仿宋")
    paper.add_heading(_("%(year)s 年区域化党建联建回顾") % {"year": found["year"]}, level=0)
    for meeting in found["assemblies"]:
        said = _("%(on)s 在%(place)s召开“%(title)s”。")
        paper.add_paragraph(
            said % {"on": meeting.held_on, "place": meeting.place or meeting.body.name, "title": meeting.title}
        )
    paper.add_heading(_("一、总体数字"), level=1)
    _table(paper, [_("项目"), _("数量")], [[str(f["figure"].label), f["figure"].value] for f in found["figures"]])
    paper.add_heading(_("二、轮值主席"), level=1)
    for term in found["chairs"]:
        said = _("%(body)s第%(number)s任轮值主席：%(member)s（%(first)s 至 %(last)s，证书 %(certificate)s）。")
        paper.add_paragraph(
            said
            % {"body": term.body.name, "number": term.number, "member": term.member.name, "first": term.starts_on,
               "last": term.ends_on, "certificate": term.certificate}
        )  # fmt: skip
    paper.add_heading(_("三、专委会"), level=1)
    _table(
        paper, [_("专委会"), _("年初"), _("加入"), _("退出"), _("年末")],
        [[body.name, g.before, g.joined, g.left, g.after] for body, g in found["committees"]],
    )  # fmt: skip
    paper.add_heading(_("四、项目"), level=1)
    _table(
        paper, [_("项目"), _("牵头"), _("认领单位与份额"), _("已确认")],
        [
            [p["quoted"], p["entry"].body.name if p["entry"].body else "",
             "、".join(f"{c['row'].member.called} {c['share']}" for c in p["claims"]), p["done"]]
            for p in found["projects"]
        ],
    )  # fmt: skip
    return word.saved(paper)


def _table(paper: Any, heads: list[str], rows: list[list[Any]]) -> None:
    if rows:
        word.table(paper, heads, rows)
    else:
        paper.add_paragraph(_("本年没有。"))


@require_GET
@staff
def document(request: HttpRequest) -> HttpResponse:
    """Send the review of a year as docx."""
    year = _year(request)
    answer = HttpResponse(_document(_read(year)), content_type=word.MIME)
    return named(answer, f"{year}-{_('区域化党建联建回顾')}.docx")
