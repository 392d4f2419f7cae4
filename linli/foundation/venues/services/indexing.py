"""What is kept beside a venue so that lists are quick: its search tokens, and what it lacks of its standard."""

from __future__ import annotations

from collections.abc import Iterable

from linli.foundation.core.text import tokens
from linli.foundation.venues.models import Venue, VenueKind, VenueSlot, VenueToken
from linli.foundation.venues.rules import standard as standards

_BATCH = 500


def words_of(venue: Venue) -> list[str]:
    """Return what a venue is found by, once each: its names and address, its kind's, what it offers and who helps."""
    kind = venue.kind
    text = [venue.name, *venue.aliases, venue.address, venue.district, venue.partner, venue.plaque, kind.name]
    return sorted({t[:64] for t in tokens("\n".join([*text, *kind.aliases]))})


def index_all(venues: Iterable[Venue]) -> None:
    """Write the search tokens of ``venues`` anew."""
    rows = list(venues)
    for start in range(0, len(rows), _BATCH):
        part = rows[start : start + _BATCH]
        VenueToken.objects.filter(venue__in=[v.pk for v in part]).delete()
        VenueToken.objects.bulk_create([VenueToken(venue=v, token=t) for v in part for t in words_of(v)])


def recount(kind: VenueKind) -> None:
    """Count again what the venues of ``kind`` lack of its standard."""
    groups = standards.from_json(kind.standard)
    has: dict[int, set[str]] = {}
    for venue_id, slot in VenueSlot.objects.filter(venue__kind=kind, present=True).values_list("venue_id", "slot"):
        has.setdefault(venue_id, set()).add(slot)
    changed = []
    for venue in Venue.objects.filter(kind=kind).only("id", "lacking"):
        lacking = len(standards.missing(groups, has.get(venue.pk, set())))
        if venue.lacking != lacking:
            venue.lacking = lacking
            changed.append(venue)
    Venue.objects.bulk_update(changed, ["lacking"], batch_size=_BATCH)
