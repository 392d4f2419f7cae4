"""Tickets by which a neighbourhood or grid asks a department (吹哨), with the department's answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from linli.engines.cases.models import Case, CaseEvent
from linli.engines.cases.permissions import visible
from linli.foundation.core.actors import Actor
from linli.foundation.core.paging import Page, keyset

ANSWERS = ("hand_in", "reply", "help_result")


@dataclass(frozen=True, slots=True)
class Ticket:
    """One ticket with what the department last answered; empty while it has not."""

    case: Case
    answer: str
    answered_by: str
    answered_at: datetime | None


def guidance_tickets(actor: Actor, *, asked: bool = True, cursor: str = "", size: int = 30) -> Page[Ticket]:
    """Return the tickets that ``actor``'s units asked (or, ``asked`` false, were asked), newest first: two statements.

    The centre, which has no ticket of its own, sees all.
    """
    rows = visible(actor).filter(kind="guidance").select_related("unit", "asking_unit").defer("text_sealed", "answers")
    if not actor.has_role("dispatcher", "shift_leader", "street_leader", "supervisor"):
        mine = Q(asking_unit__in=actor.unit_ids) | Q(reported_by=actor.user_id)
        rows = rows.filter(mine if asked else Q(unit__in=actor.unit_ids) & ~mine)
    page = keyset(rows, keys=[("reported_at", datetime), ("id", int)], cursor=cursor, size=size, descending=True)
    last: dict[int, CaseEvent] = {}
    for event in CaseEvent.objects.filter(case__in=[c.pk for c in page.rows], verb__in=ANSWERS).order_by("seq"):
        last[event.case_id] = event
    return Page([_ticket(c, last.get(c.pk)) for c in page.rows], page.next, page.previous, page.size)


def _ticket(case: Case, event: CaseEvent | None) -> Ticket:
    if event is None:
        return Ticket(case, "", "", None)
    return Ticket(case, event.text, event.by_label, event.at)
