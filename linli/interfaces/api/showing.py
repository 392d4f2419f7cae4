"""A case as the API shows it: what the desk shows to the same person, and nothing more."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from linli.engines.cases import selectors
from linli.engines.cases.selectors import CaseRow, Detail
from linli.engines.cases.workflow import VERBS, State
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import DomainError

if TYPE_CHECKING:
    from linli.engines.cases.models import Case, CaseEvent, CaseFile

_NEVER_YEAR = 9000


def _due(case: Case | CaseRow) -> datetime | None:
    return None if case.due_at.year > _NEVER_YEAR or not case.is_open else case.due_at


def _late(due: datetime | None, now: datetime) -> bool:
    return due is not None and due < now


def row(case: CaseRow, now: datetime) -> dict[str, Any]:
    """Return a case of a list."""
    due = _due(case)
    return {
        "number": case.number,
        "title": case.title,
        "state": case.state,
        "state_label": str(State(case.state).label),
        "open": case.is_open,
        "outcome": case.outcome,
        "urgent": case.urgent,
        "category": case.category,
        "area": case.area_label,
        "address": case.address,
        "reported_at": case.reported_at,
        "due_at": due,
        "overdue": _late(due, now),
    }


def problem_of(error: DomainError) -> dict[str, Any]:
    """Return what is wrong with one line of many, as problem JSON."""
    found: dict[str, Any] = {
        "type": f"urn:linli:error:{error.code}", "title": error.message, "status": error.status, "code": error.code,
    }  # fmt: skip
    if error.hint:
        found["detail"] = error.hint
    if error.fields:
        found["fields"] = error.fields
    return found


def event(found: CaseEvent) -> dict[str, Any]:
    """Return one act of a history: not what it keeps for the machine, which the desk words for its readers."""
    verb = VERBS.get(found.verb)
    return {
        "seq": found.seq,
        "verb": found.verb,
        "label": str(verb.label) if verb else found.verb,
        "at": found.at,
        "by": found.by_label,
        "from_state": found.from_state,
        "to_state": found.to_state,
        "text": found.text,
        "reason": found.reason,
        "rule": found.rule,
    }


def attached(item: CaseFile) -> dict[str, Any]:
    """Return a file of a case."""
    return {
        "uuid": item.file.uuid,
        "kind": item.file.kind,
        "purpose": item.purpose,
        "caption": item.caption,
    }


def detail(actor: Actor, found: Detail, now: datetime) -> dict[str, Any]:
    """Return a case with all that hangs on it, for ``actor``."""
    case = found.case
    due = _due(case)
    return {
        **_head(case),
        "due_at": due,
        "overdue": _late(due, now),
        "reporters": [{"id": r.pk, "way": r.way, "told": r.told_at is not None} for r in found.reporters],
        "answers": [
            {"question": question, "answer": words} for question, words in selectors.answers_of(case, personal=False)
        ],
        "files": [attached(item) for item in found.files],
        "acts": [
            {"verb": b.verb.rstrip("_"), "label": b.label, "allowed": b.allowed, "why": b.why} for b in found.buttons
        ],
        "events": [event(e) for e in found.events],
        "more_events": found.more_events,
    }


_PLAIN = (
    "number", "uuid", "version", "title", "text", "kind", "source", "state", "outcome", "level", "urgent",
    "confidential", "external_number", "address", "reported_at", "accepted_at", "dispatched_at", "handed_in_at",
    "closed_at",
)  # fmt: skip


def _head(case: Case) -> dict[str, Any]:
    return {
        **{name: getattr(case, name) for name in _PLAIN},
        "category": case.category.code,
        "category_name": case.category.name,
        "state_label": str(case.get_state_display()),
        "open": case.is_open,
        "unit": {"id": case.unit.pk, "name": case.unit.name} if case.unit is not None else None,
        "handler": case.handler.display_name if case.handler is not None else "",
        "area": case.area_label,
        "point": {"lat": case.lat, "lon": case.lon} if case.lat is not None else None,
    }
