"""Planning a round of visits in a few words; everything finer is the planner's."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from linli.engines.fieldwork import services as fieldwork
from linli.engines.fieldwork.types import Choice, RoundData, TargetFilter
from linli.foundation.core import clock
from linli.foundation.core.actors import Actor
from linli.foundation.forms import selectors as form_selectors
from linli.interfaces.desk import directory
from linli.interfaces.desk.doors import actor_of, staff, today
from linli.interfaces.desk.visits.common import form_page
from linli.interfaces.desk.visits.forms import PlanForm
from linli.programmes.visits.types import KINDS, PROGRAMME, STATION

RHYTHMS: dict[str, dict[str, Any]] = {
    "weeks": {"unit": "weeks", "every": 1},
    "months": {"unit": "months", "every": 1},
    "quarters": {"unit": "months", "every": 3},
}


PURPOSES = ("visit", "experience")


@require_http_methods(["GET", "POST"])
@staff
def plan(request: HttpRequest) -> HttpResponse:
    """Plan and open a round of visits."""
    by, status = actor_of(request), 200
    kind = request.GET.get("kind", "")
    initial = {"kind": kind if kind in (*KINDS, STATION) else "household", "tag": request.GET.get("tag", "")[:20]}
    form = PlanForm(request.POST or None, by=by, ready=_ready(kind), initial=initial)
    if request.method == "POST":
        status = form.attempt(lambda: _open(by, clock.now(), form.cleaned_data))
        if not status:
            made = form.made
            messages.success(request, _("已开始，共 %(n)s 户（家）待走访。") % {"n": made.planned})
            return HttpResponseRedirect(reverse("desk:round", args=[made.uuid]))
    back = (reverse("desk:visits"), _("四百走访"))
    return form_page(request, form, title=_("安排走访"), back=back, status=status, lacks=PURPOSES)


def _ready(kind: str) -> list[tuple[str, str]]:
    """Return the forms for visits and for experience officers; those for the ledger asked for first."""
    first = form_selectors.made_for("experience" if kind == STATION else "visit")
    return first + [f for f in form_selectors.made_for(*PURPOSES) if f not in first]


def _open(by: Actor, now: datetime, data: dict[str, Any]) -> Any:
    area = next((a for a in directory.areas(today()) if a.id == data["area_id"]), None)
    wanted = RoundData(
        title=data["title"], form=data["form"], unit_id=data["unit_id"], starts_on=data["starts_on"],
        ends_on=data["ends_on"], area_id=data["area_id"], programme=PROGRAMME,
        rhythm=RHYTHMS.get(data["every"], {}), pair=bool(data["pair"]),
        choice=Choice(filter=TargetFilter((data["kind"],), tag=data["tag"], area_path=area.path if area else "")),
    )  # fmt: skip
    planned = fieldwork.plan_round(by=by, now=now, data=wanted)
    return fieldwork.open_round(by=by, now=now, uuid=planned.uuid, expected=planned.version)
