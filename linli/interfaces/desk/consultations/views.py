"""Consultations (会商): what waits, calling one, what it decided with tasks, the minutes on paper."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import timedelta
from itertools import zip_longest
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from linli.engines.activities import selectors as activities
from linli.engines.cases import selectors as cases
from linli.engines.cases import services
from linli.engines.cases.permissions import can
from linli.engines.cases.services import TaskOrder
from linli.engines.cases.workflow import CONVENERS, LEVELS, Level
from linli.engines.projects import selectors as projects
from linli.foundation.core import clock
from linli.foundation.core.errors import DomainError, ForbiddenError, InvalidError
from linli.interfaces.desk.admissions.views import entry_options
from linli.interfaces.desk.doors import (
    UNIT_KINDS,
    actor_of,
    day_of,
    id_of,
    local,
    moment_of,
    problem,
    staff,
    unit_options,
)

if TYPE_CHECKING:
    from linli.engines.cases.models import Case, Consultation
    from linli.foundation.core.paging import Page

MAX_TASKS = 20
COMMITTEE = "neighbourhood_committee"


def _bodies() -> dict[str, str]:
    """Return which body convenes at which level (一般问题 need none)."""
    return {
        Level.GENERAL.value: _("党支部、居民区直接解决，不召集会商"),
        Level.COMPREHENSIVE.value: _("由综合网格召集会商"),
        Level.DIFFICULT.value: _("由街道党工委召集协调"),
    }


def decided_page(request: HttpRequest, cursor: str, size: int = 20) -> Page[Consultation]:
    """Return a page of those decided, newest first."""
    return cases.consultation_page(actor_of(request), undecided=False, cursor=cursor, size=size)


@require_GET
@staff
def consultations(request: HttpRequest) -> HttpResponse:
    """Show what waits for a consultation by level, those called, and those decided."""
    actor = actor_of(request)
    waiting: dict[str, list[Case]] = defaultdict(list)
    for case in cases.consultable(actor):
        waiting[case.level].append(case)
    bodies = _bodies()
    groups = [
        {"level": level.value, "label": level.label, "body": bodies[level.value], "cases": waiting[level.value]}
        for level in LEVELS[:0:-1]
    ]
    context = {
        "groups": groups,
        "general": bodies[Level.GENERAL.value],
        "called": cases.consultations(actor),
        "nav_here": "consultations",
        "decided": decided_page(request, request.GET.get("cursor", "")),
        "may_convene": actor.has_role(*CONVENERS),
    }
    return render(request, "desk/consultations/list.html", context)


def _convene_form(request: HttpRequest, data: QueryDict, error: DomainError | None = None) -> HttpResponse:
    waiting = cases.consultable(actor_of(request))
    chosen = {*data.getlist("cases"), *(str(c.pk) for c in waiting if c.number in data.getlist("case"))}
    committees = unit_options([COMMITTEE])
    tomorrow = (local(clock.now()) + timedelta(days=1)).replace(hour=14, minute=0)
    context = {
        "waiting": waiting,
        "chosen": chosen,
        "units": unit_options([k for k in UNIT_KINDS if k != COMMITTEE]),
        "committees": committees,
        "committee_chosen": any(str(o["value"]) in data.getlist("units") for o in committees),
        "typed": defaultdict(str, data.dict()),
        "nav_here": "consultations",
        "chosen_units": data.getlist("units"),
        "errors": defaultdict(list, error.fields if error else {}),
        "problem": problem(error) if error else None,
        "tomorrow": f"{tomorrow:%Y-%m-%dT%H:%M}",
    }
    return render(request, "desk/consultations/convene.html", context, status=error.status if error else 200)


@require_http_methods(["GET", "POST"])
@staff
def convene(request: HttpRequest) -> HttpResponse:
    """Call a consultation over one or more problems."""
    actor = actor_of(request)
    if not actor.has_role(*CONVENERS):
        raise ForbiddenError(_("会商由综合网格长、街道领导或值班长召集。"), code="desk.convene")
    if request.method == "GET":
        return _convene_form(request, request.GET)
    data = request.POST
    ids = [i for i in map(id_of, data.getlist("cases")) if i is not None]
    try:
        held_at = moment_of(data.get("held_at", ""))
        if held_at is None:
            raise InvalidError(_("还有内容需要填写。"), fields={"held_at": [_("请填写会商时间。")]})
        meeting = services.convene(
            by=actor,
            now=clock.now(),
            cases=cases.by_ids(actor, ids),
            title=data.get("title", ""),
            held_at=held_at,
            unit_ids=[i for i in map(id_of, data.getlist("units")) if i is not None],
            place=data.get("place", "").strip()[:120],
        )
    except DomainError as error:
        return _convene_form(request, data, error)
    return HttpResponseRedirect(reverse("desk:consultation", args=[meeting.uuid]))


def _orders(data: QueryDict, case_id: int) -> list[TaskOrder]:
    """Return the tasks typed for one problem; rows without words are left out.

    Raises:
        InvalidError: a row without a unit or a day.
    """
    found: list[TaskOrder] = []
    for row in _typed_tasks(data, case_id)[:MAX_TASKS]:
        title, unit_id, due_on = row["title"], id_of(row["unit"]), day_of(row["due"])
        if not title.strip():
            continue
        if unit_id is None or due_on is None:
            raise InvalidError(
                _("任务“%(title)s”还没有责任单位或期限。") % {"title": title.strip()[:40]},
                fields={f"task_{case_id}": [_("请补充责任单位和期限。")]},
            )
        found.append(TaskOrder(title.strip(), unit_id, due_on, id_of(row["entry"]), row["reason"].strip()))
    return found


def _decide(request: HttpRequest, meeting: Consultation) -> None:
    data = request.POST
    items, parties = list(meeting.items.all()), list(meeting.parties.all())
    services.decide(
        by=actor_of(request),
        now=clock.now(),
        consultation=meeting,
        minutes=data.get("minutes", "").strip(),
        decisions={i.case_id: data.get(f"decision_{i.case_id}", "") for i in items},
        positions={p.unit_id: data.get(f"position_{p.unit_id}", "").strip() for p in parties},
        attended=[i for i in map(id_of, data.getlist("attended")) if i is not None],
        tasks={i.case_id: _orders(data, i.case_id) for i in items},
    )


def _typed_tasks(data: Mapping[str, Any], case_id: int) -> list[dict[str, str]]:
    if not isinstance(data, QueryDict):
        return []
    names = ("title", "unit", "due", "entry", "reason")
    rows = zip_longest(*(data.getlist(f"task_{name}_{case_id}") for name in names), fillvalue="")
    return [dict(zip(names, row, strict=True)) for row in rows]


def _page(request: HttpRequest, meeting: Consultation, template: str, error: DomainError | None = None) -> HttpResponse:
    actor, data = actor_of(request), request.POST
    items = list(meeting.items.all())
    tasks = projects.tasks_of_many([i.case.uuid for i in items])
    agenda = [
        {
            "item": i,
            "case": i.case,
            "target": f"decision_{i.case_id}",
            "tasks": tasks.get(i.case.uuid, []),
            "decision": data.get(f"decision_{i.case_id}", "") or i.decision,
            "rows": (_typed_tasks(data, i.case_id) or [{}])[:MAX_TASKS],
        }
        for i in sorted(items, key=lambda i: i.order)
    ]
    attended = data.getlist("attended")
    parties = [
        {
            "party": p,
            "here": str(p.unit_id) in attended if attended else True,
            "position": data.get(f"position_{p.unit_id}", ""),
        }
        for p in meeting.parties.all()
    ]
    open_now = meeting.decided_at is None
    context = {
        "meeting": meeting,
        "agenda": agenda,
        "parties": parties,
        "others": [i for i in activities.agenda(meeting.meeting) if i.kind != "case"] if meeting.meeting else [],
        "body": _bodies()[meeting.level],
        "nav_here": "consultations",
        "may_decide": open_now and bool(items) and all(can(actor, i.case, "decide") for i in items),
        "units": unit_options(empty=_("责任单位")) if open_now else [],
        "entries": entry_options(empty=_("居民区：清单事项")) if open_now else [],
        "typed": defaultdict(str, data.dict()),
        "problem": problem(error) if error else None,
        "phrases": cases.phrases("decide"),
    }
    return render(request, template, context, status=error.status if error else 200)


@require_http_methods(["GET", "POST"])
@staff
def consultation(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show one consultation; record what it decided, with its tasks."""
    meeting = cases.consultation_for(actor_of(request), uuid)
    if request.method == "POST":
        try:
            _decide(request, meeting)
        except DomainError as error:
            if isinstance(error, ForbiddenError):
                raise
            return _page(request, meeting, "desk/consultations/page.html", error)
        return HttpResponseRedirect(reverse("desk:consultation", args=[uuid]))
    return _page(request, meeting, "desk/consultations/page.html")


@require_GET
@staff
def sheet(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show agenda or minutes for the printer."""
    return _page(request, cases.consultation_for(actor_of(request), uuid), "desk/consultations/print.html")
