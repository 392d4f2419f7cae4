"""Reports: the list, the form, the page where each figure opens its rows, Word and table files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from linli.engines.cases import services as cases
from linli.engines.projects.types import Strand
from linli.foundation.core import clock
from linli.foundation.core.errors import DomainError, NotFoundError, StaleError
from linli.foundation.core.paging import Page
from linli.foundation.sheets.services import MIME
from linli.interfaces.desk import word
from linli.interfaces.desk.doors import actor_of, day_of, id_of, local, once
from linli.interfaces.desk.publishing import papers, pieces
from linli.interfaces.desk.publishing.doors import (
    first_unit,
    list_context,
    overseers,
    unit_choices,
    writers,
)
from linli.interfaces.web.forms import DomainForm, day_field, text_field
from linli.interfaces.web.sending import named
from linli.programmes.alliance import permissions as alliance
from linli.programmes.publishing import events, permissions, selectors, services
from linli.programmes.publishing.rules.reporting import last_half_year
from linli.programmes.publishing.services.reports import TEXT
from linli.programmes.publishing.types import FigureRow, Period, ReportData, ReportKind

if TYPE_CHECKING:
    from linli.foundation.core.actors import Actor
    from linli.programmes.publishing.models import Report

_OPENS = {
    "case": "desk:case",
    "task": "desk:task",
    "meeting": "desk:meeting",
    "project": "desk:project",
    "claim": "desk:alliance_claim",
    "member": "desk:alliance_member",
    "consultation": "desk:consultation",
    "praise": "desk:praise_one",
    "article": "desk:publishing_article",
    "issue": "desk:publishing_issue",
    "report": "desk:publishing_report",
    "method": "desk:publishing_method",
}


class ReportForm(DomainForm):
    """Title, kind, period, and a text for each section."""

    title = forms.CharField(label=gettext_lazy("标题"), max_length=80)
    kind = forms.ChoiceField(label=gettext_lazy("种类"), choices=ReportKind.choices, widget=forms.RadioSelect)
    since = day_field(gettext_lazy("从"))
    until = day_field(gettext_lazy("到"))
    focus = forms.ChoiceField(
        label=gettext_lazy("专题"),
        required=False,
        help_text=gettext_lazy("数字只计这个专题的；分不出专题的数字会注明是全部。"),
    )
    unit = forms.TypedChoiceField(label=gettext_lazy("来源单位"), coerce=int)

    def __init__(self, *args: Any, actor: Actor, sections: dict[str, Any], topical: bool, **kwargs: Any) -> None:
        """Offer the units, a text for each of ``sections``, and of a topic's report what it may be about."""
        super().__init__(*args, **kwargs)
        if topical:
            focus: Any = self.fields["focus"]
            focus.choices = _focuses()
        else:
            del self.fields["focus"]
        unit: Any = self.fields["unit"]
        unit.choices = [("", _("请选择")), *unit_choices(actor)]
        for code, title in sections.items():
            self.fields[f"text_{code}"] = text_field(title, required=False, longest=TEXT, rows=5)

    @property
    def parts(self) -> dict[str, list[dict[str, Any]]]:
        """The fields of the head, and the texts."""
        every = self.drawn
        return {
            "head": [f for f in every if not f["name"].startswith("text_")],
            "texts": [f for f in every if f["name"].startswith("text_")],
        }


@require_GET
@writers
def listing(request: HttpRequest) -> HttpResponse:
    """Show the reports; those who do not read all figures see what is out."""
    context = list_context(request, "report", "reports") | {"may_begin": permissions.may_report(actor_of(request))}
    return render(request, "desk/publishing/reports.html", context)


def _focuses() -> list[tuple[str, Any]]:
    """Return what a topic's report may be about: nothing, a strand, a name of one of the vocabularies."""
    found: dict[str, str] = {"": _("不限")}
    found |= {f"strand:{s.value}": _("三化：%(name)s") % {"name": s.label} for s in Strand}
    for label, names in selectors.topics():
        for name in names:
            found.setdefault(f"topic:{name}", _("%(kind)s：%(name)s") % {"kind": label, "name": name})
    return list(found.items())


def _focus_of(report: Report) -> str:
    asked = selectors.asked_of(report)
    if asked.strand:
        return f"strand:{asked.strand}"
    return f"topic:{asked.topic}" if asked.topic else ""


def _data(cleaned: dict[str, Any]) -> ReportData:
    texts = {n.removeprefix("text_"): v for n, v in cleaned.items() if n.startswith("text_")}
    what, _colon, name = cleaned.get("focus", "").partition(":")
    return ReportData(
        cleaned["title"], cleaned["kind"], cleaned["since"], cleaned["until"], cleaned["unit"], texts,
        topic=name if what == "topic" else "", strand=name if what == "strand" else "",
    )  # fmt: skip


def _kind(text: str) -> str:
    return text if text in ReportKind.values else ReportKind.HALF_YEAR.value


def _form(request: HttpRequest, kind: str, **more: Any) -> ReportForm:
    """Return the form of a kind of report, as it was sent or (``initial``) as it begins."""
    given: dict[str, Any] = {
        "actor": actor_of(request),
        "sections": selectors.sections_of(kind),
        "topical": kind == ReportKind.TOPIC,
    }
    return ReportForm(**given, **more) if "initial" in more else ReportForm(request.POST, **given)


def _start(request: HttpRequest, kind: str) -> dict[str, Any]:
    today = local(clock.now()).date()
    since, until = last_half_year(today)
    titles = {
        ReportKind.HALF_YEAR: _("%(year)s年%(half)s工作推进情况及下阶段工作重点")
        % {"year": since.year, "half": _("上半年") if since.month == 1 else _("下半年")},
        ReportKind.YEAR: _("%(year)s年三化共治工作报告") % {"year": today.year},
        ReportKind.TOPIC: "",
    }
    if kind == ReportKind.YEAR:
        since, until = today.replace(month=1, day=1), today.replace(month=12, day=31)
    return {
        "kind": kind,
        "title": titles[ReportKind(kind)],
        "since": since,
        "until": until,
        "unit": first_unit(actor_of(request)),
    }


@require_http_methods(["GET", "POST"])
@overseers
def new(request: HttpRequest) -> HttpResponse:
    """Begin a report."""
    actor, now, status = actor_of(request), clock.now(), 200
    kind = _kind((request.POST if request.method == "POST" else request.GET).get("kind", ""))
    if request.method == "POST":
        form = _form(request, kind)
        status = form.attempt(lambda: services.begin_report(by=actor, now=now, data=_data(form.cleaned_data)))
        if not status:
            messages.success(request, _("已存为草稿，数字按期间自动取数。"))
            return pieces.redirect_to(form.made)
    else:
        form = _form(request, kind, initial=_start(request, kind))
    kinds = [{"label": k.label, "url": f"?kind={k.value}", "current": k == kind, "count": None} for k in ReportKind]
    context = {"form": form, "kinds": kinds, "report": None, "version": 0, "nav_here": "publishing"}
    return render(request, "desk/publishing/report_form.html", context, status=status)


@require_http_methods(["GET", "POST"])
@overseers
def edit(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Change a report's draft."""
    actor, status = actor_of(request), 200
    report = selectors.report_for(actor, uuid)
    permissions.check(actor, "edit", report)
    version: Any = report.version
    if request.method == "POST":
        form, version = _form(request, _kind(request.POST.get("kind", ""))), request.POST.get("version", "")
        seen = id_of(version) or 0
        status = form.attempt(
            lambda: services.edit_report(
                by=actor, now=clock.now(), report=report, version=seen, data=_data(form.cleaned_data)
            )
        )
        if not status:
            messages.success(request, _("已保存。"))
            return pieces.redirect_to(report)
        if isinstance(form.refused, StaleError):
            version = selectors.report_for(actor, uuid).version
    else:
        start = {
            "title": report.title,
            "kind": report.report_kind,
            "since": report.since,
            "until": report.until,
            "unit": report.unit_id,
            "focus": _focus_of(report),
            **{f"text_{code}": text for code, text in report.texts.items()},
        }
        form = _form(request, report.report_kind, initial=start)
    context = {"form": form, "kinds": [], "report": report, "version": version, "nav_here": "publishing"}
    return render(request, "desk/publishing/report_form.html", context, status=status)


def page(request: HttpRequest, piece: Report, error: DomainError | None = None) -> HttpResponse:
    """Show a report with its figures, each of which opens its rows."""
    now = clock.now()
    opened = permissions.may_report(actor_of(request))
    sections = [
        {
            "section": s,
            "figures": [_drawn(piece, f, opened) for f in s.figures if not f.whole],
            "whole": [_drawn(piece, f, opened) for f in s.figures if f.whole],
        }
        for s in selectors.sections(piece, now)
    ]
    context = pieces.context(request, piece, error) | {
        "sections": sections,
        "may_read": opened,
        "focus": selectors.focus_of(piece),
    }
    return render(request, "desk/publishing/report.html", context, status=error.status if error else 200)


def _drawn(report: Report, shown: Any, opened: bool) -> dict[str, Any]:
    return {"shown": shown, "url": figure_url(report, shown) if opened else ""}


def figure_url(report: Report, shown: Any) -> str:
    """Return the address of the rows behind a figure of a report."""
    asked = selectors.asked_of(report)
    query = {"since": shown.since, "until": shown.until, "report": str(report.uuid)}
    query |= {name: value for name, value in (("topic", asked.topic), ("strand", asked.strand)) if value}
    return f"{reverse('desk:publishing_figure', args=[shown.code])}?{urlencode(query)}"


@require_GET
@writers
def one(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show a report."""
    return page(request, selectors.report_for(actor_of(request), uuid))


def _opens(row: FigureRow, shut: frozenset[str]) -> str:
    """Return the page of what a row counts; empty where there is none, or none for this reader (``shut``: kinds)."""
    try:
        return reverse(_OPENS[row.kind], args=[row.ref]) if row.kind in _OPENS and row.kind not in shut else ""
    except NoReverseMatch:
        return ""


@dataclass(frozen=True, slots=True)
class Asked:
    """A figure, the days and the narrowing of which its rows are asked for."""

    figure: events.Figure
    period: Period
    known: selectors.Topics

    def page(self, now: datetime, cursor: str, size: int) -> Page[FigureRow]:
        """Return a page of what it counts."""
        return self.figure.rows(selectors.narrowed(self.figure, self.period, self.known), now, cursor, size)

    @property
    def focus(self) -> str:
        """To what its report is narrowed, in words."""
        strand = str(Strand(self.period.strand).label) if self.period.strand else ""
        return "、".join(filter(None, [strand, self.period.topic]))

    @property
    def whole(self) -> bool:
        """Whether it cannot be narrowed as its report is, so that it counts all."""
        return selectors.narrowed(self.figure, self.period, self.known) != self.period


def asked_of(request: HttpRequest, code: str) -> Asked:
    """Return the figure and the days that the address asks for; read once.

    Raises:
        NotFoundError: there is no such figure, or no such days.
    """
    return once(request, "figure", lambda: _asked(request, code))


def _asked(request: HttpRequest, code: str) -> Asked:
    get, found = request.GET, events.figure(code)
    since, until = day_of(get.get("since", "")), day_of(get.get("until", ""))
    if found is None or since is None or until is None or until < since:
        raise NotFoundError(_("没有这个指标。"), code="publishing.figure", hint=_("请从报告里的数字点进来。"))
    strand = get.get("strand", "")
    period = Period(since, until, get.get("topic", "")[:40], strand if strand in Strand.values else "")
    return Asked(found, period, selectors.Topics())


@require_GET
@overseers
def figure(request: HttpRequest, code: str) -> HttpResponse:
    """Show the rows that a figure counts; beside a frozen one what it was then."""
    now, get = clock.now(), request.GET
    asked = asked_of(request, code)
    shut = frozenset() if alliance.may_keep(actor_of(request)) else frozenset({"claim"})
    rows = asked.page(now, get.get("cursor", ""), 50)
    report = _report(request)
    frozen = next((f for s in selectors.sections(report, now) for f in s.figures if f.code == code), None) if report and report.frozen_at else None  # fmt: skip  # noqa: E501
    kept = urlencode([(k, v) for k, v in get.items() if k != "cursor" and v])
    context = {
        "figure": selectors.figure_now(asked.figure, asked.period, now, asked.known),
        "fixed": urlencode({"code": code}),
        "focus": asked.focus,
        "columns": asked.figure.columns,
        "rows": [{"cells": row.cells, "url": _opens(row, shut)} for row in rows.rows],
        "page": rows,
        "base": f"?{kept}&",
        "since": asked.period.since,
        "until": asked.period.until,
        "report": report,
        "frozen": frozen,
        "nav_here": "publishing",
    }
    return render(request, "desk/publishing/figure.html", context)


def _report(request: HttpRequest) -> Report | None:
    try:
        return selectors.report_for(actor_of(request), UUID(request.GET.get("report", "")))
    except (ValueError, NotFoundError):
        return None


def _send(file: Any, name: str, mime: str) -> FileResponse:
    return named(FileResponse(file, content_type=mime), name)


@require_GET
@writers
def docx(request: HttpRequest, uuid: UUID) -> FileResponse:
    """Send a report as a Word file."""
    report = selectors.report_for(actor_of(request), uuid)
    return _send(papers.docx_of(report, clock.now()), f"{report.title}.docx", word.MIME)


@require_GET
@overseers
def xlsx(request: HttpRequest, uuid: UUID) -> FileResponse:
    """Send a report's figures with their rows as a table file; that it was taken out is journalled."""
    actor, now = actor_of(request), clock.now()
    report = selectors.report_for(actor, uuid)
    count = sum(len(rows) for _shown, _heads, rows, _more in selectors.sheets_of(report, now))
    cases.note_export(by=actor, now=now, count=count, query=["report"])
    return _send(papers.xlsx_of(report, now), f"{report.title}.xlsx", MIME)
