"""Building safety: buildings with grade and last check, and the hazards until they are looked at again."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from linli.engines.fieldwork import selectors as fieldwork
from linli.engines.fieldwork import services
from linli.engines.fieldwork.permissions.submissions import visible_findings
from linli.engines.fieldwork.types import Choice, RoundData, TargetFilter
from linli.engines.fieldwork.workflow import FindingState
from linli.foundation.core import clock
from linli.foundation.core.actors import Actor
from linli.foundation.core.paging import keyset
from linli.interfaces.desk import directory
from linli.interfaces.desk.acting import ActForm
from linli.interfaces.desk.doors import actor_of, staff, today
from linli.interfaces.desk.made_for import form_field, offer
from linli.interfaces.desk.visits.common import NAV, area_name, area_names, form_page
from linli.interfaces.desk.visits.forms import fill, pick, units
from linli.interfaces.web.forms import day_field, words_field

PROGRAMME = PURPOSE = "building_safety"
GRADES = ("a", "b", "c", "d")
OVER = frozenset({FindingState.SCORED.value, FindingState.DROPPED.value})
TONES = {
    "found": "new", "case": "doing", "rectifying": "doing", "rectified": "check", "rechecked": "check",
    "returned": "late", "on_the_spot": "done", "scored": "done", "dropped": "idle",
}  # fmt: skip


class CheckForm(ActForm):
    """A round of checks of buildings."""

    title = words_field(gettext_lazy("名称"), 100, required=True)
    form = form_field()
    grade = words_field(gettext_lazy("只查这一等级"), 1, hint=gettext_lazy("填 a、b、c 或 d；不填为全部。"))
    area_id = pick(gettext_lazy("区域"), required=False)
    unit_id = pick(gettext_lazy("组织单位"))
    starts_on = day_field(gettext_lazy("开始"), initial=today)
    ends_on = day_field(gettext_lazy("结束"), initial=lambda: today() + timedelta(days=30))

    def offer(self) -> None:
        """Offer forms, areas and units."""
        offer(self, PURPOSE)
        fill(self, "area_id", ((a.id, a.name) for a in directory.areas(today())), empty=_("全街道"))
        own = self.by.unit_ids if self.by is not None else frozenset()
        fill(self, "unit_id", sorted(units(), key=lambda u: u[0] not in own))


@require_GET
@staff
def ledger(request: HttpRequest) -> HttpResponse:
    """Show the buildings with grade and last check, and the hazards that are not done with."""
    by, data = actor_of(request), request.GET
    grade = data.get("grade", "") if data.get("grade", "") in GRADES else ""
    filters = TargetFilter(("building",), text=data.get("q", "")[:60], facts={"risk": grade} if grade else {})
    page = fieldwork.page(by, filters, cursor=data.get("cursor", ""))
    asked = {k: v for k in ("grade", "q") if (v := data.get(k, ""))}
    names = area_names()
    found = visible_findings(by).filter(target__kind__code="building").exclude(state__in=OVER)
    hazards = keyset(found.select_related("target"), keys=[("id", int)], cursor=data.get("after", ""), descending=True)
    tabs = [{"label": _("全部等级"), "url": "?", "current": not grade, "count": None}]
    tabs += [
        {"label": _("%(grade)s 级") % {"grade": g.upper()}, "url": f"?grade={g}", "current": grade == g, "count": None}
        for g in GRADES
    ]
    context = {
        "page": page,
        "rows": [
            {"t": t, "area": area_name(names, t.area_path), "url": reverse("desk:target", args=[t.uuid]),
             "grade": str(t.facts.get("risk", "")).upper()}
            for t in page.rows
        ],
        "hazards": hazards,
        "found": [
            {"f": f, "url": reverse("desk:finding", args=[f.uuid]), "tone": TONES[f.state],
             "late": f.recheck_on is not None and f.recheck_on < today()}
            for f in hazards.rows
        ],
        "tabs": tabs,
        "grade": grade,
        "text": data.get("q", ""),
        "base": "?" + urlencode(asked) + "&",
        "nav_here": NAV,
    }  # fmt: skip
    return render(request, "desk/housing/safety.html", context)


@require_http_methods(["GET", "POST"])
@staff
def check(request: HttpRequest) -> HttpResponse:
    """Plan and open a round of checks of buildings."""
    by, status = actor_of(request), 200
    form = CheckForm(request.POST or None, by=by)
    if request.method == "POST":
        status = form.attempt(lambda: _open(by, clock.now(), form.cleaned_data))
        if not status:
            messages.success(request, _("已开始，共 %(n)s 栋。") % {"n": form.made.planned})
            return HttpResponseRedirect(reverse("desk:housing_safety"))
    back = (reverse("desk:housing_safety"), _("房屋安全"))
    return form_page(request, form, title=_("安排房屋安全检查"), back=back, status=status, lacks=(PURPOSE,))


def _open(by: Actor, now: datetime, data: dict[str, Any]) -> Any:
    facts = {"risk": data["grade"]} if data["grade"] in GRADES else {}
    area = next((a for a in directory.areas(today()) if a.id == data["area_id"]), None)
    where = TargetFilter(("building",), area_path=area.path if area else "", facts=facts)
    wanted = RoundData(
        title=data["title"], form=data["form"], unit_id=data["unit_id"], starts_on=data["starts_on"],
        ends_on=data["ends_on"], choice=Choice(filter=where), area_id=data["area_id"], programme=PROGRAMME,
    )  # fmt: skip
    planned = services.plan_round(by=by, now=now, data=wanted)
    return services.open_round(by=by, now=now, uuid=planned.uuid, expected=planned.version)
