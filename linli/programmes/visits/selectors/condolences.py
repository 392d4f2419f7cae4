"""Reads of lists of condolences: for the people of the unit whose they are alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import Count, Q, Sum
from django.utils.translation import gettext as _

from linli.foundation.core.actors import Actor
from linli.foundation.core.crypto import decrypt_text
from linli.foundation.core.errors import NotFoundError
from linli.foundation.core.paging import Page, keyset
from linli.programmes.visits.models import CondolenceEntry, CondolenceList
from linli.programmes.visits.permissions import condolences_q

SEALED = "visits.condolence"


def lists(by: Actor, *, cursor: str = "", size: int = 50) -> Page[CondolenceList]:
    """Return a page of the lists that ``by`` may open, the newest first: one statement."""
    rows = CondolenceList.objects.filter(condolences_q(by)).select_related("unit")
    rows = rows.annotate(people=Count("entries"), given=Count("entries", filter=Q(entries__given_on__isnull=False)))
    return keyset(rows, keys=[("day", date), ("id", int)], cursor=cursor, size=size, descending=True)


def list_for(by: Actor, uuid: UUID) -> CondolenceList:
    """Return one list.

    Raises:
        NotFoundError: there is none, or not for this reader.
    """
    rows = CondolenceList.objects.filter(condolences_q(by), uuid=uuid).select_related("unit", "round")
    found = rows.first()
    if found is None:
        raise NotFoundError(_("没有这份名单。"), code="visits.no_list", hint=_("它可能不在您的查看范围内。"))
    return found


def people_on(row: CondolenceList) -> list[tuple[CondolenceEntry, str]]:
    """Return who is on a list, with the name opened: one statement."""
    entries = row.entries.select_related("target", "signed").order_by("id")
    return [(e, decrypt_text(e.person_sealed, SEALED)) for e in entries]


def entry_for(by: Actor, uuid: UUID, entry: UUID) -> CondolenceEntry:
    """Return one entry of a list.

    Raises:
        NotFoundError: there is none, or not for this reader.
    """
    found = list_for(by, uuid).entries.select_related("signed").filter(uuid=entry).first()
    if found is None:
        raise NotFoundError(_("名单上没有这一位。"), code="visits.no_entry")
    return found


@dataclass(frozen=True, slots=True)
class Festival:
    """What was given at one festival of a year, in all; no names and no small cells."""

    festival: str
    year: int
    people: int
    given: int
    amount: Decimal


def totals(by: Actor) -> list[Festival]:
    """Return the sums by festival and year of the lists that ``by`` may open: one statement."""
    rows = CondolenceEntry.objects.filter(list__in=CondolenceList.objects.filter(condolences_q(by)).values("pk"))
    given = Q(given_on__isnull=False)
    found = (
        rows.values_list("list__festival", "list__day__year")
        .annotate(n=Count("pk"), done=Count("pk", filter=given), money=Sum("amount", filter=given))
        .order_by("-list__day__year", "list__festival")[:100]
    )
    return [Festival(f, y, n, done, money or Decimal(0)) for f, y, n, done, money in found]


def printed(rows: Iterable[tuple[CondolenceEntry, str]]) -> list[list[str]]:
    """Return the lines of the paper list: number, person, why, amount, item, a place to sign."""
    return [
        [str(n), name, e.reason, f"{e.amount:.2f}" if e.amount is not None else "", e.item, ""]
        for n, (e, name) in enumerate(rows, 1)
    ]
