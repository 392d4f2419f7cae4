"""Reading who keeps in touch with which neighbourhood, when one was there, and what is missing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import NotFoundError
from linli.foundation.people import selectors as people
from linli.foundation.people.types import Holder
from linli.programmes.streets import permissions
from linli.programmes.streets.models import Contact, ContactVisit
from linli.programmes.streets.rules.contacts import last_day, missing

_BORDERS = ("area__geometry", "area__wkb")


def all_officers(now: datetime) -> dict[int, Holder]:
    """Return user → post of everybody who works in an enforcement unit."""
    found: dict[int, Holder] = {}
    for unit in people.units_of_kind(permissions.ENFORCEMENT):
        for holder in people.members_of(unit.pk, set(permissions.OF_UNIT), now=now):
            found.setdefault(holder.user_id, holder)
    return found


def _readable(by: Actor) -> Q:
    return permissions.area_or(by, Q(user=by.user_id))


def contact_for(by: Actor, uuid: UUID, *, lock: bool = False) -> Contact:
    """Return one contact.

    Raises:
        NotFoundError: there is none, or not for this person.
    """
    rows = Contact.objects.select_for_update(of=("self",)) if lock else Contact.objects.all()
    found = rows.select_related("user", "unit", "area").defer(*_BORDERS).filter(_readable(by), uuid=uuid).first()
    if found is None:
        raise NotFoundError(_("没有这项联络。"), code="streets.no_contact")
    return found


@dataclass(frozen=True, slots=True)
class ContactOf:
    """A contact in a month: when somebody was there, and how many times are missing."""

    contact: Contact
    days: tuple[date, ...]
    missing: int


def contacts_in(by: Actor, month: date, *, gaps: bool = False, text: str = "", most: int = 500) -> list[ContactOf]:
    """Return the contacts of a month by area, each with its days: two statements.

    Args:
        gaps: only those where a time is missing.
        text: part of an area's name.
    """
    last = last_day(month)
    rows = Contact.objects.filter(_readable(by), starts_on__lte=last)
    rows = rows.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=month), area__name__contains=text)
    found = list(rows.select_related("user", "unit", "area").defer(*_BORDERS).order_by("area_path", "id")[:most])
    days: dict[int, list[date]] = {}
    visits = ContactVisit.objects.filter(contact__in=found, on__gte=month, on__lte=last)
    for contact, on in visits.order_by("on").values_list("contact", "on"):
        days.setdefault(contact, []).append(on)
    told = [ContactOf(c, tuple(days.get(c.pk, ())), missing(c.per_month, days.get(c.pk, ()), month)) for c in found]
    return [c for c in told if c.missing or not gaps]


def contact_visits(row: Contact) -> list[ContactVisit]:
    """Return a contact's log, the newest first."""
    return list(row.visits.all()[:100])
