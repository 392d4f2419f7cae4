"""One case as the right column shows it."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from linli.engines.cases import permissions, selectors, services
from linli.engines.cases.types import Decision, FilePurpose, RequestKind, Source
from linli.engines.cases.workflow import READERS_ALL, STATES, VERBS, Stage, State, Step
from linli.engines.fieldwork.selectors import boards
from linli.engines.projects.permissions import OPENERS
from linli.engines.projects.selectors import came_of
from linli.foundation.core.actors import Actor
from linli.foundation.deadlines import selectors as deadlines
from linli.interfaces.desk import directory
from linli.interfaces.desk.cases import rows
from linli.interfaces.desk.cases.acts import ACTS, Act, Asked
from linli.interfaces.desk.cases.acts.table import PAGES
from linli.interfaces.desk.cases.presenters import timeline
from linli.interfaces.web import formats

if TYPE_CHECKING:
    from linli.engines.cases.models import Case, CaseEvent, CaseFile, Request
    from linli.foundation.deadlines.models import Clock


SHOWN = 3
_ASKED = {
    "decide_extension": RequestKind.EXTENSION,
    "decide_shelving": RequestKind.SHELVING,
    "refuse_raise": RequestKind.RAISE,
}


def _photo(item: CaseFile) -> dict[str, Any]:
    caption = item.caption or str(item.get_purpose_display())
    shown = item.file.has_shown
    base = f"/desk/files/{item.file.uuid}/"
    return {
        "url": f"{base}1600/" if shown else f"{base}original/",
        "thumb": f"{base}320/",
        "alt": _("%(what)s照片") % {"what": caption},
        "caption": caption,
        "shown": shown,
        "kind": item.file.kind,
        "purpose": item.purpose,
    }


def _steps(case: Case) -> list[dict[str, Any]]:
    now = STATES[State(case.state)].step
    ended = not case.is_open and case.state == State.CLOSED
    return [
        {
            "label": step.label,
            "state": "done"
            if step < now or ended or step is Step.FOUND
            else "now"
            if step == now and case.is_open
            else "todo",
        }
        for step in Step
    ]


def _deadline(case: Case, clocks: list[Clock], now: datetime) -> dict[str, Any] | None:
    facts = STATES[State(case.state)]
    if not case.is_open or not case.dues:
        return None
    if not facts.clock_runs:
        return {
            "due": now,
            "start": None,
            "label": "",
            "paused": _("时限已暂停（%(state)s）") % {"state": case.get_state_display()},
        }
    due = rows.due_of(case)
    if due is None:
        return None
    start = next((c.started_at for c in clocks if c.stage == case.due_stage), None)
    label = _("%(stage)s时限") % {"stage": dict(Stage.choices).get(case.due_stage, "")}
    return {"due": due, "start": start, "label": label, "paused": ""}


def _other_clocks(case: Case, clocks: list[Clock]) -> list[dict[str, Any]]:
    stages = dict(Stage.choices)
    return [{"stage": stages.get(c.stage, c.stage), "due": c.due_at} for c in clocks if c.stage != case.due_stage]


_WHY: dict[str, Any] = {
    "category": lambda: _("类别不符"),
    "area": lambda: _("区域不符"),
    "source": lambda: _("来源不符"),
    "hours": lambda: _("不在时段内"),
    "answers": lambda: _("问答不符"),
    "no_unit": lambda: _("该处没有这类单位"),
    "subject": lambda: _("是被反映单位"),
    "exempt": lambda: _("落在例外的区域和时间内"),
}


def _trace(lines: Any) -> list[dict[str, Any]]:
    return [
        {"name": line["name"], "fits": line["fits"], "why": _WHY[line["why"]]() if line["why"] in _WHY else ""}
        for line in lines
    ]


def _route(events: list[CaseEvent]) -> dict[str, Any] | None:
    """Return which rule sent the case where it is, from the newest act that keeps it."""
    for event in events:
        route = event.data.get("route")
        if event.verb == "dispatch" and not route:
            return {"by_hand": event.by_label, "trace": []}
        if route and route.get("trace"):
            fitting = next((t["name"] for t in route["trace"] if t["fits"]), "")
            return {
                "rule": fitting,
                "unit": directory.unit_name(route.get("unit")),
                "trace": _trace(route["trace"]),
                "suggested": event.verb == "report",
                "helpers": "、".join(directory.unit_name(u) for u in route.get("helpers", [])),
            }
    return None


def route_of(code: str, asked: Asked) -> dict[str, Any] | None:
    """Return where the rules would send the case, for the forms that choose a unit."""
    if code not in {"dispatch", "transfer"}:
        return None
    found = asked.route
    lines = [{"name": t.name, "fits": t.fits, "why": t.why} for t in found.trace]
    rule = next((t.name for t in found.trace if t.fits), "")
    return {
        "rule": rule,
        "unit": directory.unit_name(found.unit_id),
        "trace": _trace(lines[-12:]),
        "suggested": True,
        "helpers": "",
    }


def _pending(requests: list[Request]) -> dict[str, Request]:
    return {r.kind: r for r in requests if r.decision == Decision.PENDING}


def _applies(act: Act, case: Case, pending: dict[str, Request], detail: selectors.Detail) -> bool:
    """Return whether the thing that ``act`` works on is there at all."""
    if act.code in _ASKED:
        return _ASKED[act.code] in pending
    if act.code in {"order_reply", "order_result"}:
        return case.open_orders > 0
    if act.code == "help_result":
        return bool(detail.helpers)
    if act.code == "amend":
        return bool(selectors.spec_of(case.category_version).questions)
    if act.code == "educate":
        spec = selectors.spec_of(case.category_version)
        return bool(spec.law or spec.laws) or selectors.library_in_use(localtime(case.changed_at).date())
    return act.code != "review" or case.needs_review


def _button(act: Act, case: Case, allowed: bool, why: str) -> dict[str, Any]:
    label = _("受理并派遣") if act.code == "dispatch" and case.state == State.REPORTED else act.label
    return {
        "code": act.code,
        "label": label,
        "allowed": allowed,
        "why": why,
        "key": act.key,
        "icon": act.icon,
        "rank": 58 if act.code == "urge" and case.unit_id is None else act.rank,
        "url": reverse("desk:act", args=[case.number, act.code]),
        "page": False,
    }


def _buttons(
    actor: Actor, case: Case, detail: selectors.Detail
) -> tuple[list[dict[str, Any]], list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the acts in front, the others that this person may do, and those they may not, with the reason."""
    pending = _pending(detail.requests)
    doors = {b.verb: b for b in detail.buttons}
    if case.state == State.REPORTED and "accept" in doors:
        doors["dispatch"] = doors["accept"]
    found: list[dict[str, Any]] = []
    for act in ACTS.values():
        door = doors.get(act.door or act.code)
        if door is not None and _applies(act, case, pending, detail):
            found.append(_button(act, case, door.allowed, door.why))
    for code, (icon, tail) in PAGES.items():
        door = doors.get(code)
        if door is not None:
            found.append(
                {
                    "code": code,
                    "label": door.label,
                    "allowed": door.allowed,
                    "why": door.why,
                    "key": "",
                    "icon": icon,
                    "rank": 68,
                    "page": True,
                    "url": reverse("desk:case", args=[case.number]) + tail,
                }
            )
    found.sort(key=lambda b: b["rank"])
    allowed = [b for b in found if b["allowed"]]
    front = [b for b in allowed if b["rank"] < 50][:SHOWN]
    return front, [b for b in allowed if b not in front], [b for b in found if not b["allowed"]]


def _facts(case: Case, detail: selectors.Detail) -> list[tuple[Any, Any]]:
    reporter = case.reporter_count
    spec = selectors.spec_of(case.category_version)
    facts: list[tuple[Any, Any]] = [
        (_("地点"), case.address or _("未填地点")),
        (_("网格"), case.area_label.replace(" · ", "・") or _("位置待定")),
    ]
    if case.other_area_id:
        names = {"here": directory.area_name(case.area_id), "other": directory.area_name(case.other_area_id)}
        facts.append((_("界址"), _("靠近边界：按坐标属于%(here)s，也可能属于%(other)s，派遣前请核实。") % names))
    ways = "、".join(dict.fromkeys(str(r.get_way_display()) for r in detail.reporters))
    facts += [
        (_("类别"), spec.name),
        (_("来源"), "・".join(str(w) for w in (case.get_source_display(), case.external_number or "") if w)),
        (_("反映人"), _("%(n)s 人・答复方式：%(ways)s") % {"n": reporter, "ways": ways or _("无")}),
    ]
    unit = str(case.unit.name) if case.unit else _("尚未派遣")
    facts.append((_("承办"), "・".join(w for w in (unit, case.handler.display_name if case.handler else "") if w)))
    if case.level != "general":
        facts.append((_("级别"), case.get_level_display()))
    if case.subject_unit_id:
        facts.append((_("被反映单位"), directory.unit_name(case.subject_unit_id)))
    if case.rating:
        facts.append(
            (
                _("评价"),
                {"satisfied": _("满意"), "mostly": _("基本满意"), "fair": _("一般"), "unsatisfied": _("不满意")}.get(
                    case.rating
                ),
            )
        )
    return facts


def _is_part(case: Case, detail: selectors.Detail) -> bool:
    """Return whether ``case`` is a part of the report that it came from, not found while that was handled."""
    origin = next((k for k in detail.related if k.pk == case.split_from_id), None)
    if origin is None or origin.state == State.SPLIT:
        return origin is not None
    return any(p.case.pk == case.pk for p in selectors.parts_of(origin))


def _parts(case: Case, detail: selectors.Detail) -> list[selectors.Part]:
    """Return the parts of a report that was split; nothing is asked of the others."""
    return selectors.parts_of(case) if detail.parts and case.unit_id is None else []


def _relations(case: Case, detail: selectors.Detail, parts: set[int]) -> list[dict[str, Any]]:
    """Return links to cases that hang together with this one; its own ``parts`` stand apart."""
    words = {case.relapse_of_id: _("返潮自"), case.merged_into_id: _("已合并到"), case.split_from_id: _("拆分自")}
    found = []
    for kin in detail.related:
        label = words.get(kin.pk)
        if kin.pk in parts:
            continue
        if label and kin.pk == case.split_from_id and not _is_part(case, detail):
            label = _("办理此件时发现")
        if label is None:
            label = (
                _("已并入本件")
                if kin.merged_into_id == case.pk
                else (_("由本件拆出") if case.state == State.SPLIT else _("办理中一并发现"))
                if kin.split_from_id == case.pk
                else _("此后返潮")
            )
        found.append(
            {"label": label, "number": kin.number, "title": kin.title, "url": reverse("desk:case", args=[kin.number])}
        )
    return found


def _photos(
    detail: selectors.Detail,
) -> tuple[list[dict[str, Any]], list[dict[str, Any]], dict[int, list[dict[str, Any]]]]:
    """Return the report's pictures, pairs of before and after, and pictures by act."""
    by_event: dict[int, list[dict[str, Any]]] = defaultdict(list)
    report: list[dict[str, Any]] = []
    before: list[dict[str, Any]] = []
    after: list[dict[str, Any]] = []
    for item in detail.files:
        photo = _photo(item)
        by_event[item.event_seq].append(photo)
        if item.purpose in {FilePurpose.REPORT, FilePurpose.VOICE}:
            report.append(photo)
        elif photo["shown"] and item.purpose in {FilePurpose.BEFORE, FilePurpose.AFTER}:
            (before if item.purpose == FilePurpose.BEFORE else after).append(photo)
    pairs = []
    if after:
        before = before or [p for p in report if p["shown"]]
        length = max(len(before), len(after))
        pairs = [{"before": before[i : i + 1], "after": after[i : i + 1]} for i in range(length)]
    return report, pairs, by_event


def _project_url(actor: Actor, case: Case) -> str:
    """Return where a project is made of a case; empty for who may not open one."""
    if not actor.has_role(*OPENERS):
        return ""
    source = {"source_kind": "case", "source_uuid": case.uuid, "source_label": case.number, "name": case.title}
    return f"{reverse('desk:project_new')}?{urlencode(source)}"


def context(request: HttpRequest, case: Case, now: datetime, *, acted: bool = False) -> dict[str, Any]:
    """Return everything that the detail's template shows; at most fourteen statements whatever the history."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    detail = selectors.case_detail(actor, case)
    clocks = deadlines.clocks_of("case", case.pk, open_only=True)
    front, more, barred = _buttons(actor, case, detail)
    report, pairs, by_event = _photos(detail)
    spec = selectors.spec_of(case.category_version)
    kind, words = rows.status_of(case, now)
    parts = _parts(case, detail)
    entries = formats.fold_repeats(
        timeline.entry(e, now, [p for p in by_event.get(e.seq, []) if p["shown"]]) for e in detail.events
    )
    query = urlencode(
        [(k, v) for k, values in request.GET.lists() for v in values if k not in {"part", "cursor", "view"}]
    )
    return {
        "case": case,
        "detail": detail,
        "status": kind,
        "status_label": words,
        "steps": _steps(case),
        "deadline": _deadline(case, clocks, now),
        "clocks": _other_clocks(case, clocks),
        "facts": _facts(case, detail),
        "front": front,
        "more": more,
        "barred": barred,
        "entries": entries,
        "report_photos": [p for p in report if p["shown"]],
        "papers": [p for ps in by_event.values() for p in ps if not p["shown"]],
        "pairs": pairs,
        "answers": selectors.answers_of(case, personal=detail.may_read_contact),
        "law": selectors.law_words(spec, localtime(now).date()),
        "companies": spec.code == selectors.BIKES
        and (actor.has_role(*READERS_ALL) or (actor.has_role("contractor") and case.unit_id in actor.unit_ids)),
        "danger": spec.advice(),
        "route": _route(detail.events),
        "parts": parts,
        "praises": selectors.praise_of(actor, [str(e.data["praise"]) for e in detail.events if "praise" in e.data]),
        "root": selectors.root_of(actor, case, now),
        "roots": list(dict.fromkeys(str(e.data["root"]) for e in detail.events if "root" in e.data)),
        "parts_ended": sum(p.ended for p in parts),
        "relations": _relations(case, detail, {p.case.pk for p in parts}),
        "pending": list(_pending(detail.requests).values()),
        "can_contact": detail.may_read_contact,
        "covered": case.text_sealed is not None,
        "owner": permissions.owner_words(case),
        "next_events": detail.events[-1].seq if detail.more_events else 0,
        "acted": rows.row(selectors.CaseRow.of(case), now, query) if acted else None,
        "back_url": reverse("desk:list") + (f"?{query}" if query else ""),
        "may_praise": actor.has_role(*services.PRAISE_KEEPERS),
        "verb_rules": VERBS,
        "came": [{"one": c, "url": reverse(f"desk:{c.kind}", args=[c.uuid])} for c in came_of(actor, case.uuid)],
        "found": boards.case_findings(actor, case.uuid) if case.source == Source.PATROL else [],
        "project_url": _project_url(actor, case),
        "helpers": detail.helpers,
    }
