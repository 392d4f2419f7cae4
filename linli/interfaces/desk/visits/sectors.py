"""The new sectors: three shares with what is missing, branches, campaigns, stations, experience officers, words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from linli.engines.fieldwork import selectors as fieldwork
from linli.foundation.core import clock
from linli.foundation.core.errors import NotFoundError
from linli.foundation.core.paging import Page
from linli.interfaces.desk.doors import actor_of, id_of, staff, today, uuid_of
from linli.interfaces.desk.visits import forms
from linli.interfaces.desk.visits.common import (
    NAV,
    area_name,
    area_names,
    area_options,
    asked_area,
    asked_period,
    form_page,
    percent,
)
from linli.interfaces.desk.visits.demands import row_of
from linli.programmes.visits import permissions, selectors, services
from linli.programmes.visits.types import Filters, Gap, Origin

if TYPE_CHECKING:
    from linli.engines.fieldwork.models import Target
    from linli.programmes.visits.models import Demand
    from linli.programmes.visits.selectors.sectors import SectorRow, Sectors

SECRETARIES = "secretaries"


def _choices(kind: str, field: str) -> dict[str, str]:
    known = {k.code: k for k in fieldwork.kinds()}
    asked = fieldwork.questions_of(known[kind]).questions if kind in known else ()
    return {c.code: c.label.get("zh-hans", c.code) for q in asked if q.code == field for c in q.choices}


def _share(found: Any) -> dict[str, Any]:
    share = found.share
    return {"reached": found.reached, "whole": found.whole, "share": percent(share),
            "bar": round(share * 100) if share is not None else 0}  # fmt: skip


def gap_labels() -> dict[str, str]:
    """Return how the units are narrowed to what they lack, in words."""
    return {**_lacks(), SECRETARIES: _("“两新”党组织书记")}


def _lacks() -> dict[str, str]:
    return {
        Gap.ORGANISATION.value: _("应建未建"), Gap.WORK.value: _("没有指导员"), Gap.VISIT.value: _("没走访到"),
    }  # fmt: skip


def _tabs(narrow: str, asked: dict[str, str]) -> list[dict[str, Any]]:
    return [
        {"label": label, "url": "?" + urlencode({**asked, "gap": code}), "current": narrow == code, "count": None}
        for code, label in {"": _("全部"), **gap_labels()}.items()
    ]


def _text(request: HttpRequest) -> str:
    return request.GET.get("q", "").replace("\0", "")[:60]


def _gap(request: HttpRequest) -> str:
    wanted = request.GET.get("gap", "")
    return wanted if wanted in {*Gap, SECRETARIES} else ""


def sectors_of(request: HttpRequest, most: int = 200) -> Sectors:
    """Return the coverage that is asked for, with at most so many of the units that it is narrowed to."""
    period, narrow = asked_period(request), _gap(request)
    return selectors.sectors(
        actor_of(request), period.first, period.last, area_path=asked_area(request).path,
        gap=narrow if narrow in set(Gap) else "", secretaries=narrow == SECRETARIES, text=_text(request), most=most,
    )  # fmt: skip


def sector_rows(found: list[SectorRow]) -> list[dict[str, Any]]:
    """Return units of the new sectors as the list shows them."""
    names, party, kinds, gaps = (
        area_names(), _choices("new_sector", "party"), _choices("new_sector", "sector"), _lacks(),
    )  # fmt: skip
    return [
        {"r": r, "party": party.get(r.party, "—"), "sector": kinds.get(r.sector, "—"),
         "area": area_name(names, r.area_path), "url": reverse("desk:target", args=[r.uuid]),
         "lacks": [gaps[g] for g in gaps if g in r.lacks]}
        for r in found
    ]  # fmt: skip


@require_GET
@staff
def sectors(request: HttpRequest) -> HttpResponse:
    """Show organisation, work and visit coverage of the new sectors, and the units that lack something."""
    data, period, where = request.GET, asked_period(request), asked_area(request)
    narrow, text = _gap(request), _text(request)
    found = sectors_of(request)
    names = area_names()
    asked = {k: v for k in ("area", "from", "until", "q") if (v := data.get(k, ""))}
    whole = found.whole
    context = {
        "shares": [
            {"label": label, "url": "?" + urlencode({**asked, "gap": code}), **_share(share)}
            for label, code, share in (
                (_("组织覆盖率"), "organisation", whole.organisation), (_("工作覆盖率"), "work", whole.work),
                (_("走访覆盖率"), "visit", whole.visit),
            )
        ],
        "unsaid": whole.unsaid,
        "areas": [
            {"name": area_name(names, path), "organisation": _share(s.organisation), "work": _share(s.work),
             "visit": _share(s.visit)}
            for path, s in found.areas.items()
        ],
        "rows": sector_rows(found.rows),
        "counted": found.counted,
        "tabs": _tabs(narrow, asked),
        "text": text,
        "narrow": narrow,
        "where": where,
        "area_options": area_options(),
        "period": period,
        "keys": selectors.wording("new_sector"),
        "nav_here": NAV,
    }  # fmt: skip
    return render(request, "desk/visits/sectors.html", context)


def branches_of(request: HttpRequest, cursor: str, size: int) -> Page[Target]:
    """Return a page of the branches that are asked for."""
    return selectors.branches(actor_of(request), text=_text(request), cursor=cursor, size=size)


def branch_rows(found: list[Target]) -> list[dict[str, Any]]:
    """Return branches as the registry shows them."""
    names, types = area_names(), _choices("party_branch", "type")
    return [
        {"t": t, "type": types.get(t.facts.get("type", ""), "—"), "serves": t.facts.get("serves", ""),
         "area": area_name(names, t.area_path), "url": reverse("desk:target", args=[t.uuid])}
        for t in found
    ]  # fmt: skip


def campaign_rows(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the campaigns as the page shows them."""
    types = _choices("party_branch", "type")
    return [
        {"c": c.campaign, "type": types.get(c.campaign.branch_type, ""), "done": c.done,
         "bar": min(100, round(100 * c.done / c.campaign.wanted))}
        for c in selectors.campaigns(actor_of(request))
    ]  # fmt: skip


@require_http_methods(["GET", "POST"])
@staff
def branches(request: HttpRequest) -> HttpResponse:
    """Show the registry of branches with the block or grid that each serves, and campaigns: wanted and there."""
    by, status = actor_of(request), 200
    form = forms.CampaignForm(request.POST or None, by=by)
    if request.method == "POST":
        status = form.attempt(lambda: services.begin_campaign(by=by, now=clock.now(), **form.cleaned_data))
        if not status:
            return HttpResponseRedirect(reverse("desk:visits_branches"))
    page = branches_of(request, request.GET.get("cursor", ""), 50)
    text = _text(request)
    context = {
        "page": page,
        "rows": branch_rows(page.rows),
        "base": f"?{urlencode({'q': text})}&" if text else "?",
        "campaigns": campaign_rows(request),
        "text": text,
        "form": form if permissions.may_lead(by) else None,
        "opened": status != 200,
        "nav_here": NAV,
    }  # fmt: skip
    return render(request, "desk/visits/branches.html", context, status=status)


def reports_of(request: HttpRequest, cursor: str, size: int) -> Page[Demand]:
    """Return a page of what the experience officers reported, with what came of it."""
    filters = Filters(origin=Origin.EXPERIENCE)
    return selectors.demand_page(actor_of(request), filters, now=clock.now(), cursor=cursor, size=size)


@require_http_methods(["GET", "POST"])
@staff
def stations(request: HttpRequest) -> HttpResponse:
    """Show service stations and experience officers with what came of their reports; take a report or an officer."""
    by, now, status = actor_of(request), clock.now(), 200
    found, officers = selectors.stations(by), selectors.officers(today())
    sent = request.POST.get("act", "")
    report = forms.ReportForm(
        request.POST if sent == "report" else None, by=by, officers=[(str(o.uuid), o.post) for o in officers]
    )
    officer = forms.OfficerForm(
        request.POST if sent == "officer" else None, by=by, stations=[(str(t.uuid), t.name) for t in found.rows]
    )
    if request.method == "POST":
        form, run = (report, _report) if sent == "report" else (officer, _appoint)
        status = form.attempt(lambda: run(by, now, form.cleaned_data))
        if not status:
            messages.success(request, _("已登记。"))
            return HttpResponseRedirect(reverse("desk:visits_stations"))
    page = reports_of(request, request.GET.get("cursor", ""), 50)
    context = {
        "stations": [{"t": t, "url": reverse("desk:target", args=[t.uuid])} for t in found.rows],
        "officers": officers,
        "page": page,
        "rows": [row_of(d) for d in page.rows],
        "forms": [
            {"code": "report", "title": _("登记体验报告"), "form": report, "open": sent == "report"},
            {"code": "officer", "title": _("聘任体验官"), "form": officer, "open": sent == "officer"},
        ] if permissions.may_lead(by) else [],
        "today": today(),
        "nav_here": NAV,
    }  # fmt: skip
    return render(request, "desk/visits/stations.html", context, status=status)


def _report(by: Any, now: Any, data: dict[str, Any]) -> Any:
    data["officer"] = uuid_of(data["officer"])
    return services.take_report(by=by, now=now, **data)


def _appoint(by: Any, now: Any, data: dict[str, Any]) -> Any:
    return services.appoint_officer(by=by, now=now, **{**data, "station": uuid_of(data["station"])})


@require_GET
@staff
def wordings(request: HttpRequest) -> HttpResponse:
    """Show the sets of words in force."""
    context = {
        "sets": selectors.wordings(), "may_lead": permissions.may_lead(actor_of(request)), "now": clock.now(),
        "nav_here": NAV,
    }  # fmt: skip
    return render(request, "desk/visits/wordings.html", context)


@require_http_methods(["GET", "POST"])
@staff
def wording(request: HttpRequest, code: str) -> HttpResponse:
    """Change a set of words; the former versions stay."""
    by, status = actor_of(request), 200
    permissions.check_lead(by)
    try:
        found = selectors.wording(code)
    except KeyError as error:
        raise NotFoundError(_("没有这组文字。"), code="visits.no_wording") from error
    initial = {"title": found.title, "lines": "\n".join(found.lines)}
    form = forms.WordingForm(request.POST or None, by=by, initial=initial)
    if request.method == "POST":
        status = form.attempt(lambda: _save(by, code, form.cleaned_data, id_of(request.POST.get("version", "")) or 0))
        if not status:
            messages.success(request, _("已保存为第 %(n)s 版。") % {"n": form.made.number})
            return HttpResponseRedirect(reverse("desk:visits_wording"))
    back = (reverse("desk:visits_wording"), _("用语与要诀"))
    hint = _("%(about)s。现在用的是第 %(n)s 版。") % {"about": found.about, "n": found.number}
    return form_page(request, form, title=found.title, back=back, status=status, hint=hint, version=found.number)


def _save(by: Any, code: str, data: dict[str, Any], expected: int) -> Any:
    return services.save_wording(
        by=by, now=clock.now(), code=code, title=data["title"], lines=data["lines"].splitlines(), why=data["why"],
        expected=expected,
    )  # fmt: skip
