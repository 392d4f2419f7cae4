"""Campaigns: the list, a new one, one with its days, sums and what was counted before and after."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from linli.foundation.core import clock
from linli.foundation.core.paging import Page
from linli.interfaces.desk import directory
from linli.interfaces.desk.acting import Act, Acts
from linli.interfaces.desk.civility.common import NAV, PURPOSE, category_names, form_page, tab
from linli.interfaces.desk.civility.doing_forms import CampaignEndForm, CampaignForm, DayForm
from linli.interfaces.desk.doors import actor_of, staff
from linli.programmes.civility import permissions, selectors, services
from linli.programmes.civility.types import DoneData, Drive, DriveData

if TYPE_CHECKING:
    from linli.programmes.civility.models import Campaign


def asked_of(request: HttpRequest) -> tuple[str, str]:
    """Return of which kind campaigns are asked for, and by which words."""
    kind = request.GET.get("kind", "")
    return kind if kind in Drive.values else "", request.GET.get("q", "").strip()[:60]


def page_of(request: HttpRequest, cursor: str, size: int = 50) -> Page[Campaign]:
    """Return a page of the campaigns that the address asks for."""
    kind, text = asked_of(request)
    return selectors.campaigns(actor_of(request), kind=kind, text=text, cursor=cursor, size=size)


@require_GET
@staff
def listing(request: HttpRequest) -> HttpResponse:
    """Show the campaigns of a kind, or all."""
    by, (kind, text) = actor_of(request), asked_of(request)
    context = {
        "page": page_of(request, request.GET.get("cursor", "")),
        "tabs": [tab(_("全部"), "?", current=not kind)]
        + [tab(d.label, f"?kind={d.value}", current=d == kind) for d in Drive],
        "kind": kind,
        "text": text,
        "base": f"?{urlencode({'kind': kind, 'q': text})}&",
        "may_plan": permissions.may_start(by) or bool(permissions.units_of(by)),
        "nav_here": NAV,
    }
    return render(request, "desk/civility/campaigns.html", context)


@require_http_methods(["GET", "POST"])
@staff
def new(request: HttpRequest) -> HttpResponse:
    """Plan a campaign."""
    by, status = actor_of(request), 200
    permissions.check_read(by)
    form = CampaignForm(request.POST or None, by=by, initial={"kind": request.GET.get("kind", "")})
    if request.method == "POST":
        status = form.attempt(lambda: services.plan_campaign(by=by, now=clock.now(), data=_data(form.cleaned_data)))
        if not status:
            messages.success(request, _("已登记，行动前的案件数已经记下。"))
            return HttpResponseRedirect(reverse("desk:civility_campaign", args=[form.made.uuid]))
    back = (reverse("desk:civility_campaigns"), _("专项行动"))
    return form_page(request, form, title=_("登记专项行动"), back=back, status=status)


def _data(values: dict[str, Any]) -> DriveData:
    tuples = {name: tuple(values[name]) for name in ("helper_ids", "categories")}
    return DriveData(**{**values, **tuples})


def _running(by: Any, row: Any) -> bool:
    return row.ended_at is None and (
        permissions.may_enter(by, row.unit_id, row.area_path) or services.units_in(by, row)
    )


def _add_day(by: Any, now: Any, row: Any, data: dict[str, Any], _seen: Any) -> None:
    names = ("on", "text", "headcount", "hours", "area_id", "amounts", "before_id", "after_id")
    values: dict[str, Any] = {name: data.get(name) for name in names}
    services.add_day(by=by, now=now, uuid=row.uuid, data=DoneData(unit_ids=tuple(data["unit_ids"]), **values))


ACTS = (
    Act(
        "day", gettext_lazy("登记一次行动"), "plus", DayForm, _add_day, _running,
        hint=gettext_lazy("时间、地点、参加单位、人数、前后照片和数量。"), primary=True,
    ),
    Act(
        "end", gettext_lazy("结束行动"), "check", CampaignEndForm,
        lambda by, now, row, data, seen: services.end_campaign(by=by, now=now, uuid=row.uuid, expected=seen, **data),
        lambda by, row: row.ended_at is None and permissions.may_enter(by, row.unit_id, row.area_path),
        hint=gettext_lazy("写明结果；行动期间的案件数会同行动前对比。"),
    ),
)  # fmt: skip


def _units(ids: Any) -> str:
    names = directory.units()
    return "、".join(names[u].short for u in ids if u in names)


def _photos(day: Any) -> list[dict[str, Any]]:
    found = []
    for stored, words in ((day.before, _("行动前")), (day.after, _("行动后"))):
        if stored is not None:
            url = reverse("desk:civility_file", args=[stored.uuid, "1600"])
            thumb = reverse("desk:civility_file", args=[stored.uuid, "320"])
            found.append({"url": url, "thumb": thumb, "alt": words, "caption": words})
    return found


@require_http_methods(["GET", "POST"])
@staff
def one(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show a campaign; enter a day of it, end it."""
    by = actor_of(request)
    row = selectors.campaign_for(by, uuid)
    acts = Acts(request, row, ACTS, purpose=PURPOSE)
    if request.method == "POST" and (done := acts.post(reverse("desk:civility_campaign", args=[uuid]))) is not None:
        return done
    days = selectors.days_of(row)
    after = row.after or (selectors.counts(row, row.starts_on, row.ends_on) if row.categories else {})
    context = {
        "row": row,
        "helpers": _units(row.helper_ids),
        "days": [{"day": d, "units": _units(d.unit_ids), "photos": _photos(d)} for d in days],
        "heads": sum(d.headcount for d in days),
        "amounts": selectors.amounts_of(days),
        "categories": category_names(row.categories),
        "before": row.before,
        "after": after,
        "acts": acts.shown,
        "problem": acts.problem,
        "nav_here": NAV,
    }
    return render(request, "desk/civility/campaign.html", context, status=acts.status)
