"""The dossier of a target: what is known and whence, who was there and when, what was found and what came of it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from linli.engines.cases import selectors as cases
from linli.engines.cases.permissions import get_case_for
from linli.engines.cases.selectors import Filters
from linli.engines.fieldwork import selectors
from linli.engines.fieldwork.permissions import may_enter
from linli.engines.fieldwork.selectors import Dossier
from linli.engines.fieldwork.workflow import VISIT_OPEN, FindingState, VisitState
from linli.foundation.core import clock
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import NotFoundError
from linli.foundation.forms.types import QuestionSet
from linli.interfaces.desk.doors import actor_of, staff
from linli.interfaces.desk.fieldwork.ledgers import offering, shared
from linli.interfaces.desk.fieldwork.ledgers.forms import ReasonForm
from linli.interfaces.desk.fieldwork.ledgers.sections import sections_of

if TYPE_CHECKING:
    from linli.engines.fieldwork.models import Target

VISIT_TONES = {
    VisitState.DUE: "new",
    VisitState.TRIED: "check",
    VisitState.DONE: "done",
    VisitState.UNREACHED: "late",
    VisitState.DROPPED: "idle",
}
_CLOSED = {FindingState.SCORED.value, FindingState.DROPPED.value, FindingState.ON_THE_SPOT.value}
_CASES = 10


@require_GET
@staff
def dossier(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show a target with its whole history."""
    return page(request, selectors.target_for(actor_of(request), uuid))


def page(
    request: HttpRequest, target: Target, *, sent: tuple[str, ReasonForm] | None = None, status: int = 200
) -> HttpResponse:
    """Show the dossier, with an act that was refused, if there is one."""
    by, now = actor_of(request), clock.now()
    found = selectors.dossier(by, target.uuid)
    asked = shared.asked_of(target.kind)
    keeps = shared.may_keep(by, target)
    context = {
        "target": target,
        "kind": target.kind,
        "known": known_rows(found, asked),
        "sealed": sealed_words(target, asked),
        "history": history_rows(found, asked),
        "visits_open": [visit_row(v) for v in found.visits if v.state in VISIT_OPEN],
        "visits_past": [visit_row(v) for v in found.visits if v.state not in VISIT_OPEN],
        "knocks": selectors.knocks_at(by, target),
        "records": [{"row": s, "url": reverse("desk:record", args=[s.uuid])} for s in found.submissions],
        "findings": [finding_row(f) for f in found.findings],
        "cases": cases_here(by, target, found, now),
        "watches": [{"row": w, "standing": selectors.standing(w, now)} for w in selectors.watches_at(by, target)],
        "pictures": len(selectors.pictures(by, target, most=8)),
        "doubles": found.doubles,
        "note": offering.unmerge_note(target),
        "below": found.below,
        "below_kinds": below_kinds(by, target) if target.until is None else [],
        "grid": has_floors(target),
        "acts": offering.shown(by, target, sent),
        "may_keep": keeps,
        "visited": shared.ago(target.visited_at, now),
        "pin": pin_of(target),
        "sections": sections_of(request, target),
        "twins": _twins(by, target) if keeps else None,
        "nav_here": shared.NAV,
    }
    return render(request, "desk/ledgers/target.html", context, status=status)


def known_rows(found: Dossier, asked: QuestionSet) -> list[dict[str, Any]]:
    """Return what is known now, each with its newest source; nothing personal."""
    target = found.target
    newest: dict[str, Any] = {}
    for known in found.facts:
        if known.double is None:
            newest.setdefault(known.field, known)
    by_code = {q.code: q for q in asked.questions}
    columns = {
        "number": target.number,
        "address": target.address,
        "area": target.area_id,
        "unit": target.unit_id,
        "tags": target.tags,
    }
    names = shared.labels()
    values = [(code, names[code], value) for code, value in columns.items()]
    values += [
        (q.code, shared.label_of(q), target.facts.get(q.code)) for q in shared.plain_questions(asked)
    ]  # fmt: skip
    return [
        {
            "label": label,
            "value": shared.in_words(by_code, code, value),
            "tags": value if code == "tags" else None,
            "source": source_of(newest[code]) if code in newest else None,
        }
        for code, label, value in values
    ]


def source_of(known: Any) -> dict[str, Any]:
    """Return whence a fact is, when and by whom, and where that can be opened."""
    words = {
        "hand": _("登记"),
        "submission": _("走访记录"),
        "import": _("表格导入"),
        "api": _("系统对接"),
        "case": _("案件"),
        "merge": _("合并"),
        "unmerge": _("撤销合并"),
    }
    url = ""
    if known.source_uuid is not None:
        room = {"submission": "desk:record", "merge": "desk:target", "unmerge": "desk:target"}.get(known.source_kind)
        url = reverse(room, args=[known.source_uuid]) if room else ""
    return {"word": words.get(known.source_kind, known.source_kind), "at": known.at, "by": known.by_label, "url": url}


def sealed_words(target: Target, asked: QuestionSet) -> list[str]:
    """Return what is sealed of a target, by name alone."""
    there = selectors.unsealed(target)
    return [shared.label_of(q) for q in asked.questions if q.personal and q.code in there]


def history_rows(found: Dossier, asked: QuestionSet) -> list[dict[str, Any]]:
    """Return how the facts became, those told together in one row; what is personal only by name."""
    by_code = {q.code: q for q in asked.questions}
    names = shared.labels()
    rows: list[dict[str, Any]] = []
    for known in found.facts:
        key = (known.at, known.by_label, known.source_kind, known.source_uuid, known.double)
        if not rows or rows[-1]["key"] != key:
            rows.append({"key": key, "source": source_of(known), "double": known.double, "changes": []})
        question = by_code.get(known.field)
        label = names.get(known.field) or (shared.label_of(question) if question else known.field)
        sealed = question is not None and question.personal
        value = _("（封存）") if sealed else shared.in_words(by_code, known.field, known.value)
        rows[-1]["changes"].insert(0, {"label": label, "value": value or _("（清空）")})
    return rows


def visit_row(visit: Any) -> dict[str, Any]:
    """Return a visit as the dossier lists it."""
    who = "、".join(u.display_name for u in (visit.user, visit.second) if u is not None)
    return {
        "visit": visit,
        "tone": VISIT_TONES[VisitState(visit.state)],
        "who": who,
        "url": reverse("desk:round", args=[visit.round.uuid]),
    }


def finding_row(finding: Any) -> dict[str, Any]:
    """Return something found as the dossier lists it."""
    state = FindingState(finding.state)
    tone = "done" if state.value in _CLOSED else "late" if state == FindingState.RETURNED else "doing"
    return {"finding": finding, "tone": tone, "url": reverse("desk:finding", args=[finding.uuid])}


def cases_here(by: Actor, target: Target, found: Dossier, now: datetime) -> list[Any]:
    """Return the cases that came of what was found here, and those at the same address, as far as ``by`` reads them."""
    rows: dict[str, Any] = {}
    for uuid in [f.case_uuid for f in found.findings if f.case_uuid is not None][:_CASES]:
        try:
            case = get_case_for(by, uuid)
        except NotFoundError:
            continue
        rows[case.number] = case
    if target.address and not target.kind.guarded:
        near = cases.case_list(by, Filters(text=target.address[:60], order="new"), now=now, size=_CASES).rows
        rows |= {c.number: c for c in near if c.number not in rows}
    return list(rows.values())[:_CASES]


def has_floors(target: Target) -> bool:
    """Return whether a target is a house whose floors and flats can be made and drawn."""
    floor = target.kind.children.filter(active=True, guarded=False).first()
    return floor is not None and floor.children.filter(active=True, guarded=False).exists()


def below_kinds(by: Actor, target: Target) -> list[Any]:
    """Return the ledgers whose targets stand in one of this kind, and which somebody fills here."""
    rows = target.kind.children.filter(active=True)
    return [k for k in rows if may_enter(by, k, target.area_path, target.unit_id)]


def pin_of(target: Target) -> list[dict[str, Any]]:
    """Return where a target lies as the map's one pin; of a guarded ledger none, never."""
    if target.lat is None or target.kind.guarded:
        return []
    return [
        {"id": "here", "lat": target.lat, "lon": target.lon, "icon": target.kind.icon, "title": target.name,
         "status": "doing", "url": ""}
    ]  # fmt: skip


def _twins(by: Actor, target: Target) -> Target | None:
    """Return another entry that looks the same, the first one."""
    if not target.same_key or target.until is not None:
        return None
    rows = selectors.of_kinds(by, [target.kind.code]).filter(same_key=target.same_key, until=None)
    return rows.exclude(pk=target.pk).order_by("pk").first()
