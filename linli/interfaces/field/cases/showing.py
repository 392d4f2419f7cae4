"""Cases as the templates take them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.engines.cases.selectors import Detail
from linli.engines.cases.types import FilePurpose, NoteKind
from linli.engines.cases.workflow import STATES, VERBS, State, Step
from linli.interfaces.web import formats

if TYPE_CHECKING:
    from linli.engines.cases.models import Case, CaseEvent

FOREVER = 9000


def due_of(case: Case) -> Any:
    """Return when the case is due, None where no clock runs."""
    return None if case.due_at.year > FOREVER else case.due_at


def row(case: Case, now: Any) -> dict[str, Any]:
    """Return one card of the list."""
    late = case.is_open and case.due_at < now
    return {
        "url": reverse("field:case", args=[case.number]),
        "title": case.title,
        "urgent": case.urgent,
        "status": "late" if late else STATES[State(case.state)].tone,
        "status_label": case.get_state_display(),
        "category": case.category.name,
        "area": formats.near_name(case.area_label),
        "address": case.address or case.area_label or _("地点待补"),
        "at": case.reported_at,
        "due": due_of(case),
        "closing": "" if case.is_open else case.get_outcome_display(),
        "relapse": case.relapse_of_id is not None,
    }


def steps(case: Case) -> list[dict[str, Any]]:
    """Return the six steps."""
    at = STATES[State(case.state)].step
    ended = not case.is_open
    return [
        {"label": s.label, "state": "done" if s < at or (ended and s == at) else "now" if s == at else "todo"}
        for s in Step
    ]


def photos(case: Case, detail: Detail, seq: int | None = None) -> list[dict[str, Any]]:
    """Return the photos of a case, or of one of its acts."""
    found = []
    for attached in detail.files:
        if not attached.file.has_shown or (seq is not None and attached.event_seq != seq):
            continue
        label = FilePurpose(attached.purpose).label
        found.append(
            {
                "url": reverse("field:file_shown", args=[case.number, attached.file.uuid, 1600]),
                "thumb": reverse("field:file_shown", args=[case.number, attached.file.uuid, 320]),
                "alt": _("%(what)s照片") % {"what": label},
                "caption": attached.caption or label,
            }
        )
    return found


def papers(case: Case, detail: Detail) -> list[dict[str, Any]]:
    """Return sound and documents, to be fetched."""
    return [
        {
            "url": reverse("field:file", args=[case.number, f.file.uuid]),
            "label": FilePurpose(f.purpose).label,
            "sound": f.file.kind == "voice",
        }
        for f in detail.files
        if not f.file.has_shown
    ]


_KEPT = {
    "audience": gettext_lazy("宣讲对象：%(what)s"),
    "law": gettext_lazy("宣讲条文：%(what)s"),
    "authority": gettext_lazy("移交：%(what)s"),
    "number": gettext_lazy("对方编号：%(what)s"),
}


def _said(event: CaseEvent) -> str:
    parts = [p for p in (event.text, event.reason) if p]
    if event.verb == "note":
        for name, label in _KEPT.items():
            if event.data.get(name):
                parts.append(label % {"what": event.data[name]})
    within = event.data.get("within_metres")
    if within:
        parts.append(_("到场位置距问题地点约 %(metres)s 米以内。") % {"metres": within})
    elif within == 0:
        parts.append(_("到场位置距问题地点 3 公里以上。"))
    return "\n".join(parts)


def _title(event: CaseEvent) -> Any:
    kind = event.data.get("kind") if event.verb == "note" else None
    if kind:
        return dict(NoteKind.choices).get(kind, VERBS["note"].past)
    return VERBS[event.verb].past or VERBS[event.verb].label


def entries(case: Case, detail: Detail) -> list[dict[str, Any]]:
    """Return the history, newest first."""
    return formats.fold_repeats(
        {
            "title": _title(e),
            "at": e.at,
            "who": e.by_label,
            "text": _said(e),
            "photos": photos(case, detail, e.seq),
        }
        for e in detail.events
    )


def facts(case: Case, detail: Detail) -> list[tuple[str, str]]:
    """Return what is known of a case, in lines."""
    helpers = "、".join(h.unit.short_name or h.unit.name for h in detail.helpers)
    unit = str(case.unit.name) if case.unit else _("未派遣")
    who = f"{unit}・{case.handler.display_name}" if case.handler else unit
    found = [
        (_("地点"), case.address or _("地点待补")),
        (_("网格"), case.area_label.replace(" · ", "・") or _("未落入任何网格")),
        (_("类别"), case.category.name),
        (_("来源"), case.get_source_display()),
        (_("承办"), who),
    ]
    if helpers:
        found.append((_("协同"), helpers))
    if case.level != "general":
        found.append((_("级别"), case.get_level_display()))
    if case.relapse_of_id is not None:
        found.append((_("返潮"), _("同一地点、同类问题近期办结后再次出现。")))
    return found
