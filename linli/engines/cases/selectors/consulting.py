"""Consultations, orders from above and hand-over notes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from linli.engines.cases.models import (
    Case,
    Consultation,
    Order,
    ShiftNote,
)
from linli.engines.cases.permissions import visible, working_units
from linli.engines.cases.selectors.boxes import BOXES
from linli.engines.cases.selectors.cases import listed
from linli.engines.cases.workflow import State
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import NotFoundError
from linli.foundation.core.paging import Page, keyset


def consultations(actor: Actor, *, undecided: bool = True, limit: int = 50) -> list[Consultation]:
    """Return the consultations that concern ``actor``, soonest first."""
    rows = _concerning(actor, undecided=undecided)
    return list(rows.order_by("held_at" if undecided else "-held_at")[:limit])


def consultation_page(actor: Actor, *, undecided: bool = True, cursor: str = "", size: int = 50) -> Page[Consultation]:
    """Return a page of the same: those to come soonest first, those decided newest first."""
    keys: list[tuple[str, type]] = [("held_at", datetime), ("id", int)]
    rows = _concerning(actor, undecided=undecided)
    return keyset(rows, keys=keys, cursor=cursor, size=size, descending=not undecided)


def _concerning(actor: Actor, *, undecided: bool) -> QuerySet[Consultation]:
    rows = Consultation.objects.filter(decided_at__isnull=undecided)
    if not actor.has_role("dispatcher", "shift_leader", "street_leader", "supervisor"):
        mine = Q(parties__unit__in=working_units(actor))
        for grant in actor.grants:
            if grant.role == "grid_head":
                mine |= Q(area_path__startswith=grant.area_path)
        rows = rows.filter(mine).distinct()
    return rows


def consultation_for(actor: Actor, uuid: Any) -> Consultation:
    """Return the consultation with that uuid, if it concerns ``actor``.

    Raises:
        NotFoundError: there is none for this reader.
    """
    found = (
        Consultation.objects.filter(uuid=uuid)
        .select_related("meeting")
        .prefetch_related("items__case__category", "items__case__unit", "parties__unit")
        .first()
    )
    if found is None or (
        not actor.has_role("dispatcher", "shift_leader", "street_leader", "supervisor")
        and not actor.holds({"grid_head"}, area_path=found.area_path)
        and not {p.unit_id for p in found.parties.all()} & working_units(actor)
    ):
        raise NotFoundError(_("没有找到这次会商。"), code="cases.consultation")
    return found


def consultation_of(meeting_id: int) -> Consultation | None:
    """Return the consultation that a meeting is; the reader may read the meeting. None: it is of another kind."""
    return Consultation.objects.filter(meeting=meeting_id).first()


def consultable(actor: Actor, *, limit: int = 100) -> list[Case]:
    """Return the comprehensive and difficult cases that wait for a consultation in reach of ``actor``."""
    rows = listed(actor).filter(BOXES["consult"]).exclude(state=State.CONSULTING)
    return list(rows.order_by("due_at", "id")[:limit])


def order_for(actor: Actor, order_id: int) -> Order:
    """Return the order (督办) with that id, if its case is for ``actor``.

    Raises:
        NotFoundError: there is none for this reader.
    """
    found = (
        Order.objects.select_related("case__category", "case__category_version", "case__unit")
        .filter(pk=order_id)
        .first()
    )
    if found is None or not visible(actor).filter(pk=found.case_id).exists():
        raise NotFoundError(_("没有找到这份督办。"), code="cases.order")
    return found


def shift_notes(*, limit: int = 20) -> list[ShiftNote]:
    """Return the newest hand-over notes."""
    return list(ShiftNote.objects.order_by("-at")[:limit])


def shift_note(note_id: int) -> ShiftNote:
    """Return one hand-over note.

    Raises:
        NotFoundError: there is none.
    """
    found = ShiftNote.objects.filter(pk=note_id).first()
    if found is None:
        raise NotFoundError(_("没有找到这份交接记录。"), code="cases.shift")
    return found
