"""The register of needs: the list, one need with its way to an answer, entering one by hand."""

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

from linli.engines.fieldwork.permissions import may_read as may_read_target
from linli.engines.projects import selectors as projects
from linli.foundation.core import clock
from linli.foundation.core.paging import Page
from linli.interfaces.desk import directory
from linli.interfaces.desk.acting import Act, Acts
from linli.interfaces.desk.doors import actor_of, id_of, staff, today, uuid_of
from linli.interfaces.desk.visits import forms
from linli.interfaces.desk.visits.common import NAV, area_name, area_names, form_page
from linli.programmes.visits import permissions, selectors, services
from linli.programmes.visits.types import DemandData, Filters, Origin, Way
from linli.programmes.visits.workflow import AWAITED, VERBS, DemandState

TONES = {"new": "new", "assigned": "doing", "replied": "check", "told": "done", "dropped": "idle"}


def _may(verb: str) -> Any:
    return lambda by, row: row.state in VERBS[verb].origins and permissions.may(by, verb, row)


ACTS = (
    Act(
        "assign", gettext_lazy("分派"), "send", forms.AssignForm,
        lambda by, now, row, data, seen: services.assign(by=by, now=now, uuid=row.uuid, expected=seen, **data),
        lambda by, row: row.state == "new" and _may("assign")(by, row),
        hint=gettext_lazy("承办单位会收到任务，到期前提醒，超期逐级提醒。"), primary=True,
    ),
    Act(
        "reply", gettext_lazy("答复"), "message", forms.ReplyForm,
        lambda by, now, row, data, seen: services.reply(
            by=by, now=now, uuid=row.uuid, text=data["reply"], expected=seen
        ),
        _may("reply"), primary=True,
    ),
    Act(
        "tell", gettext_lazy("已告知本人"), "circle-check", forms.TellForm,
        lambda by, now, row, data, seen: services.tell(by=by, now=now, uuid=row.uuid, expected=seen, **data),
        _may("tell"), primary=True,
    ),
    Act(
        "ask_again", gettext_lazy("继续办理"), "arrow-left", forms.AgainForm,
        lambda by, now, row, data, seen: services.ask_again(by=by, now=now, uuid=row.uuid, expected=seen, **data),
        _may("ask_again"),
    ),
    Act(
        "reassign", gettext_lazy("改派"), "arrows-left-right", forms.AssignForm,
        lambda by, now, row, data, seen: services.assign(by=by, now=now, uuid=row.uuid, expected=seen, **data),
        lambda by, row: row.state == "assigned" and _may("assign")(by, row),
    ),
    Act(
        "give_back", gettext_lazy("不是本单位的事，退回"), "arrow-left", forms.ReasonForm,
        lambda by, now, row, data, seen: services.give_back(by=by, now=now, uuid=row.uuid, expected=seen, **data),
        _may("give_back"),
    ),
    Act(
        "drop", gettext_lazy("不予受理"), "x", forms.ReasonForm,
        lambda by, now, row, data, seen: services.drop(by=by, now=now, uuid=row.uuid, expected=seen, **data),
        _may("drop"), danger=True, hint=gettext_lazy("理由会作为答复告知对方。"),
    ),
)  # fmt: skip


def row_of(row: Any, names: dict[str, str] | None = None) -> dict[str, Any]:
    """Return a need as lists show it."""
    on = today()
    late = row.state in AWAITED and row.due_on is not None and row.due_on < on
    target_kind = row.target.kind.name if row.target is not None else ""
    return {
        "row": row,
        "text": selectors.words_of(row),
        "who": target_kind if row.guarded else row.who or target_kind,
        "tone": "late" if late else TONES[row.state],
        "words": _("超期 %(n)s 天") % {"n": (on - row.due_on).days} if late else row.get_state_display(),
        "days": selectors.days_to_reply(row),
        "area": area_name(names, row.area_path) if names is not None else "",
        "late": late,
    }


def _filters(request: HttpRequest) -> Filters:
    data = request.GET
    state, origin = data.get("state", ""), data.get("origin", "")
    area = next((a for a in directory.areas(today()) if a.id == id_of(data.get("area", ""))), None)
    return Filters(
        state=state if state in DemandState.values else "", origin=origin if origin in Origin.values else "",
        unit_id=id_of(data.get("unit", "")), late=bool(data.get("late")), text=data.get("q", "").replace("\0", "")[:60],
        area_path=area.path if area else "", target=uuid_of(data.get("target", "")),
        source=uuid_of(data.get("source", "")),
    )  # fmt: skip


def page_of(request: HttpRequest, cursor: str, size: int = 50) -> Page[Any]:
    """Return a page of the needs that the address asks for."""
    return selectors.demand_page(actor_of(request), _filters(request), now=clock.now(), cursor=cursor, size=size)


_ASKED = ("q", "origin", "unit", "area", "late", "target", "source")


@require_GET
@staff
def listing(request: HttpRequest) -> HttpResponse:
    """Show the needs that this person may read, by state, narrowed by words, origin, unit and area."""
    by, now, filters = actor_of(request), clock.now(), _filters(request)
    asked = {k: v for k in _ASKED if (v := request.GET.get(k, ""))}
    plain = Filters(**{**_fields(filters), "state": "", "late": False})
    counts = selectors.demand_counts(by, plain, now=now)
    page = page_of(request, request.GET.get("cursor", ""))
    names = area_names()
    rest = {k: v for k, v in asked.items() if k != "late"}
    tabs = [{"label": _("全部"), "url": "?" + urlencode(rest), "current": not filters.state and not filters.late,
             "count": None}]  # fmt: skip
    tabs += [
        {"label": s.label, "url": "?" + urlencode({**rest, "state": s.value}), "current": filters.state == s,
         "count": counts.get(s.value, 0)}
        for s in DemandState
    ]  # fmt: skip
    tabs.append(
        {"label": _("超期"), "url": "?" + urlencode({**rest, "late": "1"}), "current": filters.late,
         "count": counts["late"], "late": bool(counts["late"])}
    )  # fmt: skip
    whole = {**asked, **({"state": filters.state} if filters.state else {})}
    context = {
        "page": page,
        "rows": [row_of(r, names) for r in page.rows],
        "tabs": tabs,
        "filters": filters,
        "asked": {k: request.GET.get(k, "") for k in _ASKED},
        "units": [{"value": "", "label": _("全部单位")},
                  *({"value": u.id, "label": u.short} for u in directory.units().values())],
        "origins": [{"value": "", "label": _("全部来源")}, *({"value": o.value, "label": o.label} for o in Origin)],
        "narrowed": bool(asked) or bool(filters.state),
        "base": "?" + urlencode(whole) + "&",
        "nav_here": NAV,
    }  # fmt: skip
    return render(request, "desk/visits/demands.html", context)


def _fields(filters: Filters) -> dict[str, Any]:
    return {name: getattr(filters, name) for name in Filters.__dataclass_fields__}


def _steps(row: Any) -> list[dict[str, Any]]:
    order = ["new", "assigned", "replied", "told"]
    if row.state not in order:
        return []
    at = order.index(row.state)
    labels = [_("登记"), _("答复中"), _("告知"), _("完成")]
    return [
        {"label": label, "state": "done" if n < at or row.state == "told" else "now" if n == at else "todo"}
        for n, label in enumerate(labels)
    ]


@require_http_methods(["GET", "POST"])
@staff
def one(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show one need: what, of whom, who answers until when, what was answered; and what can be done."""
    by = actor_of(request)
    row = selectors.demand_for(by, uuid)
    acts = Acts(request, row, ACTS, purpose="visits")
    if request.method == "POST" and (done := acts.post(reverse("desk:visits_demand", args=[uuid]))) is not None:
        return done
    target = row.target if row.target is not None and may_read_target(by, row.target) else None
    words = {code: verb.label for code, verb in VERBS.items()} | {"register": _("登记")}
    context = {
        "demand": row,
        "shown": row_of(row, area_names()),
        "target": target,
        "target_url": reverse("desk:target", args=[target.uuid]) if target is not None else "",
        "record_url": reverse("desk:record", args=[row.submission.uuid]) if row.submission is not None else "",
        "company_url": reverse("desk:visits_company", args=[row.source]) if row.origin == Origin.COMPANY else "",
        "way": Way(row.told_way).label if row.told_way else "",
        "tasks": projects.tasks_of(row.uuid),
        "steps": _steps(row),
        "entries": [
            {"title": words.get(e.verb, e.verb), "at": e.at, "who": e.by_label, "text": e.text}
            for e in selectors.steps_of(row)
        ],
        "acts": acts.shown,
        "problem": acts.problem,
        "now": clock.now(),
        "today": today(),
        "nav_here": NAV,
    }
    return render(request, "desk/visits/demand.html", context, status=acts.status)


@require_http_methods(["GET", "POST"])
@staff
def new(request: HttpRequest) -> HttpResponse:
    """Enter a need by hand."""
    by, status = actor_of(request), 200
    form = forms.DemandForm(request.POST or None, by=by)
    if request.method == "POST":
        status = form.attempt(lambda: services.register(by=by, now=clock.now(), data=_data(form.cleaned_data)))
        if not status:
            messages.success(request, _("已登记，编号 %(number)s。") % {"number": form.made.number})
            return HttpResponseRedirect(reverse("desk:visits_demand", args=[form.made.uuid]))
    back = (reverse("desk:visits_demands"), _("需求登记册"))
    return form_page(request, form, title=_("登记需求"), back=back, status=status)


def _data(data: dict[str, Any]) -> DemandData:
    return DemandData(**{**data, "origin": Origin(data["origin"])})
