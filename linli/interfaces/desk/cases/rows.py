"""A case as a row of the list and as a pin of the map."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from linli.engines.cases.selectors import CaseRow, Pin
from linli.engines.cases.workflow import STATES, Outcome, State
from linli.interfaces.web import formats
from linli.interfaces.web.links import address

if TYPE_CHECKING:
    from linli.engines.cases.models import Case


NEVER_YEAR = 9000


def due_of(case: Case | CaseRow) -> datetime | None:
    """Return when the case is due, None where no clock runs."""
    return None if case.due_at.year > NEVER_YEAR or not case.is_open else case.due_at


def is_late(case: Case | CaseRow, now: datetime) -> bool:
    """Return whether an open case is past its due date."""
    due = due_of(case)
    return due is not None and due < now


def status_of(case: Case | CaseRow, now: datetime) -> tuple[str, str]:
    """Return (kind of mark, words) of where a case stands; being late goes first."""
    if is_late(case, now):
        return "late", _("已超期")
    state = State(case.state)
    return STATES[state].tone, str(state.label)


def row(case: CaseRow, now: datetime, query: str = "") -> dict[str, Any]:
    """Return what ``{% caserows %}`` shows."""
    kind, words = status_of(case, now)
    closing = "" if case.is_open else str(Outcome(case.outcome).label)
    if case.is_open and case.state == State.SHELVED:
        closing = _("已挂账")
    return {
        "id": case.number,
        "url": address("desk:case", case.number) + (f"?{query}" if query else ""),
        "title": case.title,
        "urgent": case.urgent,
        "status": kind,
        "status_label": words,
        "category": case.category,
        "area": formats.near_name(case.area_label) or _("位置待定"),
        "address": case.address or _("未填地点"),
        "at": case.reported_at,
        "due": due_of(case),
        "closing": closing,
    }


def pin(found: Pin) -> dict[str, Any]:
    """Return what the map draws."""
    kind = "late" if found.overdue and STATES[State(found.state)].open else STATES[State(found.state)].tone
    return {
        "id": found.number,
        "lat": found.lat,
        "lon": found.lon,
        "status": kind,
        "icon": "alert-triangle" if found.icon == "alert" else found.icon,
        "title": found.title,
    }
