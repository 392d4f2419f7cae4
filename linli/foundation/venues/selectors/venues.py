"""Venues as staff see them: lists, one with all that belongs to it, kinds, what is due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from linli.foundation.core.errors import NotFoundError
from linli.foundation.core.paging import Page, keyset
from linli.foundation.core.text import tokens
from linli.foundation.forms import selectors as forms
from linli.foundation.forms.types import QuestionSet
from linli.foundation.venues.models import (
    Activity,
    Facility,
    Menu,
    Poster,
    ThematicMap,
    Venue,
    VenueKind,
    VenueToken,
)
from linli.foundation.venues.rules import standard as standards
from linli.foundation.venues.types import Filters, State


def found_by(rows: QuerySet[Venue], text: str) -> QuerySet[Venue]:
    """Return those of ``rows`` that hold every token of ``text``; the last one may be the beginning of a word."""
    wanted = list(dict.fromkeys(tokens(text[:80])))[:32]
    if not wanted and text.strip():
        return rows.none()
    for n, token in enumerate(wanted):
        match = Q(token=token) if n < len(wanted) - 1 else Q(token__startswith=token)
        rows = rows.filter(Exists(VenueToken.objects.filter(match, venue=OuterRef("pk"))))
    return rows


def matching(filters: Filters) -> QuerySet[Venue]:
    """Return the venues that ``filters`` let through, with kind and keeper."""
    f = filters
    conditions = {
        "kind__code__in": f.kinds,
        "state__in": f.states,
        "area_path__startswith": f.area_path,
        "level": f.level,
        "district": f.district,
        "review_on__lte": f.review_due,
    }
    rows = Venue.objects.filter(**{k: v for k, v in conditions.items() if v})
    if f.public is not None:
        rows = rows.filter(kind__public=f.public)
    if f.lacking:
        rows = rows.filter(lacking__gt=0)
    if f.facility:
        rows = rows.filter(facilities__icontains=f'"{f.facility}"')
    return found_by(rows, f.text).select_related("kind", "keeper", "area").defer("area__geometry", "area__wkb")


def page(filters: Filters, *, cursor: str = "", size: int = 50) -> Page[Venue]:
    """Return a page of the venues, by name."""
    return keyset(matching(filters), keys=[("name", str), ("id", int)], cursor=cursor, size=size)


def venue_for(uuid: UUID) -> Venue:
    """Return one venue, with kind, keeper, post and area.

    Raises:
        NotFoundError: there is none.
    """
    rows = Venue.objects.select_related("kind", "keeper", "keeper_post", "area")
    found = rows.filter(uuid=uuid).first()
    if found is None:
        raise NotFoundError(_("没有这个场所。"), code="venues.none")
    return found


def venue_by_id(id: int) -> Venue | None:
    """Return a venue by row, or None."""
    return Venue.objects.select_related("kind").filter(pk=id).first()


def kinds(*, active: bool = True) -> list[VenueKind]:
    """Return the kinds in their order with the number of their venues (``count``)."""
    rows = VenueKind.objects.annotate(count=Count("venues")).order_by("order", "id")
    return list(rows.filter(active=True) if active else rows)


def kind(code: str) -> VenueKind:
    """Return a kind.

    Raises:
        NotFoundError: there is none.
    """
    found = VenueKind.objects.filter(code=code).first()
    if found is None:
        raise NotFoundError(_("没有这种场所。"), code="venues.no_kind")
    return found


def questions_of(kind_code: str) -> QuestionSet:
    """Return a kind's extra questions, at their newest version; none where it has none."""
    try:
        return forms.question_set(f"venue.{kind_code}")
    except NotFoundError:
        return QuestionSet(0, ())


def facilities() -> list[Facility]:
    """Return everything that venues may offer, in order."""
    return list(Facility.objects.all())


def thematic_maps() -> list[ThematicMap]:
    """Return every thematic map, in order."""
    return list(ThematicMap.objects.all())


def districts() -> list[str]:
    """Return the business districts in use."""
    return sorted(set(Venue.objects.exclude(district="").values_list("district", flat=True)))


@dataclass(frozen=True, slots=True)
class Seen:
    """A slot of the standard in one station: there or not, with a note."""

    slot: standards.Slot
    present: bool
    note: str


def standard_of(venue: Venue) -> list[Seen]:
    """Return every slot of the kind's standard and how it stands with ``venue``."""
    kept = {s.slot: s for s in venue.slots.all()}
    found = []
    for slot in standards.slots(standards.from_json(venue.kind.standard)):
        row = kept.get(slot.code)
        found.append(Seen(slot, bool(row and row.present), row.note if row else ""))
    return found


def menus(venue: Venue, first: date, last: date) -> dict[tuple[date, str], str]:
    """Return what a canteen serves from one day to another, by day and meal."""
    rows = Menu.objects.filter(venue=venue, day__gte=first, day__lte=last)
    return {(m.day, m.meal): m.dishes for m in rows}


def activities(venue: Venue, now: datetime, *, limit: int = 20) -> list[Activity]:
    """Return what takes place at a venue and is not over, the next first."""
    return list(venue.activities.filter(ends_at__gt=now).order_by("starts_at", "id")[:limit])


def review_due(day: date) -> int:
    """Return how many open venues of reviewed kinds are due for review by ``day``, or never were."""
    rows = Venue.objects.filter(kind__reviewed=True, state=State.OPEN)
    return rows.filter(Q(review_on__lte=day) | Q(review_on=None)).count()


def living_below(path: str) -> tuple[int, int]:
    """Return how many venues that are not closed, and posters not taken down, lie in an area and below it."""
    venues = Venue.objects.filter(area_path__startswith=path).exclude(state=State.CLOSED).count()
    return venues, Poster.objects.filter(area_path__startswith=path, withdrawn_at=None).count()
