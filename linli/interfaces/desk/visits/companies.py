"""Visits of leaders to enterprises: key enterprises, the visits, one visit with its requests."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from linli.engines.fieldwork import selectors as fieldwork
from linli.engines.fieldwork.types import TargetFilter
from linli.foundation.core import clock
from linli.foundation.core.errors import NotFoundError
from linli.foundation.core.paging import Page
from linli.interfaces.desk.acting import Act, Acts
from linli.interfaces.desk.doors import actor_of, id_of, staff
from linli.interfaces.desk.visits import forms
from linli.interfaces.desk.visits.common import NAV, asked_period, form_page
from linli.interfaces.desk.visits.demands import row_of
from linli.programmes.visits import permissions, selectors, services
from linli.programmes.visits.types import CompanyVisitData, Origin

FIELDS = ("held_on", "name", "leaders", "departments", "topics", "notes")
ACTS = (
    Act(
        "request", gettext_lazy("登记诉求"), "clipboard-list", forms.RequestForm,
        lambda by, now, row, data, _seen: services.add_request(by=by, now=now, uuid=row.uuid, **data),
        lambda by, _row: permissions.may_lead(by), primary=True,
        hint=gettext_lazy("每项诉求生成一项任务，有承办单位和期限，答复后回到这里。"),
    ),
)  # fmt: skip


def is_key(request: HttpRequest) -> bool:
    """Return whether the key enterprises are asked for; else the visits of leaders."""
    return request.GET.get("view") == "key"


def _text(request: HttpRequest) -> str:
    return request.GET.get("q", "").replace("\0", "")[:60]


def page_of(request: HttpRequest, cursor: str, size: int) -> Page[Any]:
    """Return a page of the visits of leaders or of the key enterprises, as is asked for."""
    text = _text(request)
    if is_key(request):
        return selectors.key_companies(actor_of(request), text=text, cursor=cursor, size=size)
    return selectors.company_visits(text=text, cursor=cursor, size=size)


def rows_of(request: HttpRequest, found: list[Any]) -> list[dict[str, Any]]:
    """Return visits or enterprises as the list shows them."""
    by = actor_of(request)
    if is_key(request):
        known = selectors.dealings(by, found)
        return [{"t": t, "d": known[t.pk], "url": reverse("desk:target", args=[t.uuid])} for t in found]
    counted = selectors.request_counts(by, found)
    return [{"v": v, "n": counted.get(v.uuid, (0, 0))} for v in found]


@require_GET
@staff
def listing(request: HttpRequest) -> HttpResponse:
    """Show the visits of leaders, or the key enterprises with when they were visited and what they asked for."""
    by, data, key, text = actor_of(request), request.GET, is_key(request), _text(request)
    context: dict[str, Any] = {
        "tabs": [
            {"label": _("走访记录"), "url": "?", "current": not key, "count": None},
            {"label": _("重点企业"), "url": "?view=key", "current": key, "count": None},
        ],
        "key": key,
        "text": text,
        "may_lead": permissions.may_lead(by),
        "base": "?" + urlencode({k: v for k in ("view", "q") if (v := data.get(k, ""))}) + "&",
        "nav_here": NAV,
    }
    page, period = page_of(request, data.get("cursor", ""), 50), asked_period(request)
    context |= {"page": page, "rows": rows_of(request, page.rows), "replies": selectors.replies(
        by, period.first, period.last, origin=Origin.COMPANY)}  # fmt: skip
    return render(request, "desk/visits/companies.html", context)


def _companies(by: Any) -> list[tuple[str, str]]:
    page = fieldwork.page(by, TargetFilter(("company",)), size=500)
    return [(str(t.uuid), t.name) for t in page.rows]


def _typed(data: dict[str, Any]) -> CompanyVisitData:
    return CompanyVisitData(**{**data, "target": UUID(data["target"]) if data["target"] else None})


@require_http_methods(["GET", "POST"])
@staff
def new(request: HttpRequest) -> HttpResponse:
    """Enter a visit that was made."""
    by, status = actor_of(request), 200
    permissions.check_lead(by)
    form = forms.CompanyVisitForm(request.POST or None, by=by, companies=_companies(by),
                                  initial={"target": request.GET.get("target", "")})  # fmt: skip
    if request.method == "POST":
        status = form.attempt(
            lambda: services.enter_company_visit(by=by, now=clock.now(), data=_typed(form.cleaned_data))
        )
        if not status:
            messages.success(request, _("走访已登记，接着登记诉求。"))
            return HttpResponseRedirect(reverse("desk:visits_company", args=[form.made.uuid]))
    back = (reverse("desk:visits_companies"), _("企业走访"))
    return form_page(request, form, title=_("登记企业走访"), back=back, status=status)


def _visit(uuid: UUID) -> Any:
    row = selectors.company_visit(uuid)
    if row is None:
        raise NotFoundError(_("没有这次走访。"), code="visits.no_company_visit")
    return row


@require_http_methods(["GET", "POST"])
@staff
def edit(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Change what was entered of a visit."""
    by, status, row = actor_of(request), 200, _visit(uuid)
    permissions.check_lead(by)
    initial = {f: getattr(row, f) for f in FIELDS} | {"target": str(row.target.uuid) if row.target else ""}
    form = forms.CompanyVisitForm(request.POST or None, by=by, companies=_companies(by), initial=initial)
    if request.method == "POST":
        status = form.attempt(
            lambda: services.change_company_visit(
                by=by, now=clock.now(), uuid=uuid, data=_typed(form.cleaned_data),
                expected=id_of(request.POST.get("version", "")) or 0,
            )
        )  # fmt: skip
        if not status:
            return HttpResponseRedirect(reverse("desk:visits_company", args=[uuid]))
    back = (reverse("desk:visits_company", args=[uuid]), row.name)
    return form_page(request, form, title=_("修改"), back=back, status=status, version=row.version)


@require_http_methods(["GET", "POST"])
@staff
def one(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show one visit with what was asked for; take a request."""
    by, row = actor_of(request), _visit(uuid)
    acts = Acts(request, row, ACTS, purpose="visits")
    if request.method == "POST" and (done := acts.post(reverse("desk:visits_company", args=[uuid]))) is not None:
        return done
    context = {
        "v": row,
        "rows": [row_of(d) for d in selectors.demands_of(by, row.uuid)],
        "target_url": reverse("desk:target", args=[row.target.uuid]) if row.target is not None else "",
        "acts": acts.shown,
        "problem": acts.problem,
        "may_lead": permissions.may_lead(by),
        "now": clock.now(),
        "nav_here": NAV,
    }
    return render(request, "desk/visits/company.html", context, status=acts.status)
