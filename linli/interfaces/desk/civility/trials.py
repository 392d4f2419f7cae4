"""Self-checks, mock tests and supervision: the lists, a new one, what one found, where marks are lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
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
from linli.foundation.core.errors import NotFoundError
from linli.foundation.core.paging import Page
from linli.interfaces.desk import directory
from linli.interfaces.desk.acting import Act, Acts
from linli.interfaces.desk.civility.common import (
    NAV,
    PURPOSE,
    form_page,
    tab,
)  # fmt: skip
from linli.interfaces.desk.civility.forms import CloseForm, ReasonForm, TrialForm
from linli.interfaces.desk.civility.lists import todo_tone
from linli.interfaces.desk.civility.results import shown
from linli.interfaces.desk.doors import actor_of, id_of, once, staff, today
from linli.programmes.civility import permissions, selectors, services
from linli.programmes.civility.types import Level, Purpose, TrialData, TrialState

if TYPE_CHECKING:
    from linli.foundation.core.actors import Actor
    from linli.programmes.civility.models import Standard, Trial

TONES = {TrialState.OPEN: "doing", TrialState.CLOSED: "done", TrialState.DROPPED: "idle"}
_NEW = {
    Purpose.SELF_CHECK: gettext_lazy("发起自查"),
    Purpose.MOCK: gettext_lazy("发起模拟测评"),
    Purpose.SUPERVISION: gettext_lazy("发起督查"),
}
_HINTS = {
    Purpose.SELF_CHECK: gettext_lazy("按居民区或全街道，对照标准逐项自查；可以按周、按月重复。"),
    Purpose.MOCK: gettext_lazy("按点位类型随机抽样，种子先写下，谁都能据此重抽核对。"),
    Purpose.SUPERVISION: gettext_lazy("随机或全部点位；有反馈、有结果才能办结。"),
}
_RHYTHM = {"weeks": ("weeks", 1), "2weeks": ("weeks", 2), "months": ("months", 1)}


def asked_of(request: HttpRequest) -> dict[str, str]:
    """Return to what the trials are narrowed."""
    return {k: v for k in ("q", "state", "level") if (v := request.GET.get(k, "").strip()[:60])}


def page_of(purpose: str, request: HttpRequest, cursor: str, size: int = 50) -> Page[Trial]:
    """Return a page of the trials of a purpose that the address asks for."""
    query = asked_of(request)
    return selectors.trials(
        actor_of(request), purpose=purpose, state=query.get("state", ""), text=query.get("q", ""),
        level=query.get("level", ""), cursor=cursor, size=size,
    )  # fmt: skip


def rows_of(found: Sequence[Trial]) -> list[dict[str, Any]]:
    """Return trials as the page shows them: with how many visits are planned and done."""
    progress = selectors.progress(found)
    return [
        {"trial": t, "tone": TONES[TrialState(t.state)], "planned": progress.get(t.pk, (0, 0))[0],
         "done": progress.get(t.pk, (0, 0))[1]}
        for t in found
    ]  # fmt: skip


@require_GET
@staff
def listing(request: HttpRequest, purpose: str) -> HttpResponse:
    """Show the trials of a purpose, with how far they are."""
    by, query = actor_of(request), asked_of(request)
    page = page_of(purpose, request, request.GET.get("cursor", ""))
    context = {
        "page": page,
        "rows": rows_of(page.rows),
        "fixed": urlencode({"purpose": purpose}),
        "tabs": [tab(p.label, reverse(f"desk:civility_{p.value}"), current=p == purpose) for p in Purpose],
        "query": query,
        "narrowed": bool(query),
        "base": f"?{urlencode(query)}&",
        "states": [{"value": "", "label": _("全部状态")}]
        + [{"value": s.value, "label": s.label} for s in TrialState],
        "levels": [{"value": "", "label": _("全部层级")}] + [{"value": v.value, "label": v.label} for v in Level]
        if purpose == Purpose.SUPERVISION
        else [],
        "title": Purpose(purpose).label,
        "new": reverse("desk:civility_test_new", args=[purpose]) if permissions.may_start(by) else "",
        "new_label": _NEW[Purpose(purpose)],
        "nav_here": NAV,
    }  # fmt: skip
    return render(request, "desk/civility/trials.html", context)


@require_http_methods(["GET", "POST"])
@staff
def new(request: HttpRequest, purpose: str) -> HttpResponse:
    """Start a trial."""
    by, status = actor_of(request), 200
    if purpose not in Purpose.values:
        raise NotFoundError(_("没有这一类检查。"), code="civility.purpose")
    permissions.check_read(by)
    form = TrialForm(request.POST or None, by=by, row=purpose)
    if request.method == "POST":
        status = form.attempt(lambda: _start(by, purpose, form.cleaned_data))
        if not status:
            messages.success(request, _("已发起，各点位的检查已排好，可以分派。"))
            return HttpResponseRedirect(reverse("desk:civility_test", args=[form.made.uuid]))
    back = (reverse(f"desk:civility_{purpose}"), Purpose(purpose).label)
    title, hint = _NEW[Purpose(purpose)], _HINTS[Purpose(purpose)]
    return form_page(request, form, title=title, back=back, status=status, hint=hint)


def _start(by: Any, purpose: str, data: dict[str, Any]) -> Trial:
    unit, every = _RHYTHM.get(data.pop("every", ""), ("", 0))
    numbers = {name: data.pop(name, None) or 0 for name in ("wanted", "margin")}
    made = TrialData(
        purpose=purpose, rhythm={"unit": unit, "every": every} if unit else {},
        **{**data, **numbers, "types": tuple(data["types"])},
    )  # fmt: skip
    return services.start_trial(by=by, now=clock.now(), data=made)


def _leads(by: Any, row: Any) -> bool:
    return row.state == TrialState.OPEN and permissions.may_lead(by, row.unit_id, row.area_path)


ACTS = (
    Act(
        "close", gettext_lazy("办结"), "check", CloseForm,
        lambda by, now, row, data, seen: services.close_trial(by=by, now=now, uuid=row.uuid, expected=seen, **data),
        _leads, hint=gettext_lazy("有督查就有情况反馈，有督查就有处理结果。"),
    ),
    Act(
        "drop", gettext_lazy("取消"), "x", ReasonForm,
        lambda by, now, row, data, seen: services.drop_trial(by=by, now=now, uuid=row.uuid, expected=seen, **data),
        _leads, danger=True,
    ),
)  # fmt: skip


@require_http_methods(["GET", "POST"])
@staff
def one(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show what a trial found, and close it."""
    by = actor_of(request)
    trial = selectors.trial_for(by, uuid)
    acts = Acts(request, trial, ACTS, purpose=PURPOSE)
    if request.method == "POST" and (done := acts.post(reverse("desk:civility_test", args=[uuid]))) is not None:
        return done
    context = {
        "shown": shown(trial),
        "parts": [{"part": p, "url": reverse("desk:round", args=[p.round.uuid])} for p in selectors.parts(trial)],
        "lists": [{"row": row, "tone": todo_tone(row)} for row in selectors.lists_of(by, trial)],
        "tone": TONES[TrialState(trial.state)],
        "acts": acts.shown,
        "problem": acts.problem,
        "labels": {"standard": _("标准"), "areas": _("居民区"), "units": _("单位")},
        "gaps_url": reverse("desk:civility_gaps", args=[uuid]),
        "nav_here": NAV,
    }
    return render(request, "desk/civility/test.html", context, status=acts.status)


@dataclass(frozen=True, slots=True)
class Gaps:
    """The gap list of a trial as the address asks for it.

    Attributes:
        query: to what it is narrowed, as the address has it.
        asked: the same as the selector takes it.
        standards: those of the trial's edition.
    """

    trial: Trial
    query: dict[str, str]
    asked: selectors.Asked
    standards: list[Standard]

    def page(self, by: Actor, cursor: str, size: int) -> Page[selectors.Gap]:
        """Return a page of it for ``by``."""
        page, rows = selectors.gap_page(by, self.trial, self.standards, self.asked, cursor=cursor, size=size)
        return Page(rows, page.next, page.previous, page.size)

    def said(self) -> list[str]:
        """Return in words to what it is narrowed, but whether it is open."""
        return _said(self.asked, self.standards)


def gaps_of(request: HttpRequest, uuid: UUID) -> Gaps:
    """Return the gap list that the address asks for; read once.

    Raises:
        NotFoundError: there is no such trial for this person.
    """
    return once(request, "gaps", lambda: _gaps(request, uuid))


def _gaps(request: HttpRequest, uuid: UUID) -> Gaps:
    trial = selectors.trial_for(actor_of(request), uuid)
    query = {k: v for k in ("item", "type", "unit", "area", "open") if (v := request.GET.get(k, "")[:200])}
    asked = selectors.Asked(
        query.get("item", ""), query.get("type", ""), id_of(query.get("unit", "")), query.get("area", ""),
        {"yes": True, "no": False}.get(query.get("open", "")),
    )  # fmt: skip
    return Gaps(trial, query, asked, selectors.all_standards(trial.edition))


def open_labels() -> dict[str, str]:
    """Return of a gap list what is still open, and what is through, as its tabs call them."""
    return {"yes": _("未销项"), "no": _("已销项")}


@require_GET
@staff
def gaps(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show the gap list: each item below its standard, by point and unit."""
    found = gaps_of(request, uuid)
    page, query = found.page(actor_of(request), request.GET.get("cursor", ""), 50), found.query
    kept = {k: v for k, v in query.items() if k != "open"}
    context = {
        "trial": found.trial,
        "fixed": urlencode({"trial": uuid}),
        "page": page,
        "rows": [{"gap": g, "url": reverse("desk:finding", args=[g.finding.uuid]), "tone": _tone(g.finding.state),
                  "record": reverse("desk:record", args=[g.finding.submission.uuid])} for g in page.rows],
        "said": found.said(),
        "tabs": [
            tab(label, f"?{urlencode({**kept, **({'open': value} if value else {})})}",
                current=query.get("open", "") == value)
            for value, label in {"": _("全部"), **open_labels()}.items()
        ],
        "base": f"?{urlencode(query)}&",
        "narrowed": bool(query),
        "nav_here": NAV,
    }  # fmt: skip
    return render(request, "desk/civility/gaps.html", context)


def _tone(state: str) -> str:
    return {"scored": "done", "rectified": "check", "rechecked": "done", "returned": "late", "found": "new"}.get(
        state, "doing"
    )


def _said(asked: selectors.Asked, standards: Any) -> list[str]:
    """Return in words to what the list is narrowed."""
    found = [s.text for s in standards if asked.code and s.code == asked.code]
    found += [t.name for t in selectors.point_types() if asked.kind and t.code == asked.kind]
    if asked.unit_id:
        found.append(directory.unit_name(asked.unit_id))
    if asked.area_path:
        found.append(directory.neighbourhoods(today()).get(asked.area_path, ""))
    return [f for f in found if f]
