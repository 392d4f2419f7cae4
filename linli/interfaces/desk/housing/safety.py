"""Building safety: buildings with grade and last check, and the hazards until they are looked at again."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
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
from linli.foundation.core.paging import Page, keyset
from linli.interfaces.desk import directory
from linli.interfaces.desk.acting import ActForm
from linli.interfaces.desk.doors import actor_of, staff, today
from linli.interfaces.desk.made_for import form_field, offer
from linli.interfaces.desk.visits.common import NAV, area_name, area_names, form_page
from linli.interfaces.desk.visits.forms import fill, pick, units
from linli.interfaces.web.forms import day_field, words_field

if TYPE_CHECKING:
    from linli.engines.fieldwork.models import Finding, Target

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


def _grade(request: HttpRequest) -> str:
    grade = request.GET.get("grade", "")
    return grade if grade in GRADES else ""


def grade_words(code: str) -> str:
    """Return how a grade is told."""
    return _("%(grade)s 级") % {"grade": code.upper()}


def page_of(request: HttpRequest, cursor: str, size: int) -> Page[Target]:
    """Return a page of the buildings that are asked for."""
    grade = _grade(request)
    text = request.GET.get("q", "")[:60]
    filters = TargetFilter(("building",), text=text, facts={"risk": grade} if grade else {})
    return fieldwork.page(actor_of(request), filters, cursor=cursor, size=size)


def rows_of(found: list[Target]) -> list[dict[str, Any]]:
    """Return buildings as the list shows them."""
    names = area_names()
    return [
        {"t": t, "area": area_name(names, t.area_path), "url": reverse("desk:target", args=[t.uuid]),
         "grade": str(t.facts.get("risk", "")).upper()}
        for t in found
    ]  # fmt: skip


def hazards_of(request: HttpRequest, cursor: str, size: int) -> Page[Finding]:
    """Return a page of the hazards that are not done with, the newest first."""
    rows = visible_findings(actor_of(request)).filter(target__kind__code="building").exclude(state__in=OVER)
    return keyset(rows.select_related("target"), keys=[("id", int)], cursor=cursor, size=size, descending=True)


@require_GET
@staff
def ledger(request: HttpRequest) -> HttpResponse:
    """Show the buildings with grade and last check, and the hazards that are not done with."""
    data = request.GET
    grade = _grade(request)
    page = page_of(request, data.get("cursor", ""), 50)
    asked = {k: v for k in ("grade", "q") if (v := data.get(k, ""))}
    hazards = hazards_of(request, data.get("after", ""), 50)
    tabs = [{"label": _("全部等级"), "url": "?", "current": not grade, "count": None}]
    tabs += [{"label": grade_words(g), "url": f"?grade={g}", "current": grade == g, "count": None} for g in GRADES]
    context = {
        "page": page,
        "rows": rows_of(page.rows),
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
