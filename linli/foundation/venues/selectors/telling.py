"""Venues as places that a text may mean: name, other names, address."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from datetime import date

from django.db.models import Count, Max, QuerySet

from linli.foundation.places.rules import parse_address
from linli.foundation.places.types import KnownPlace, PlaceSort
from linli.foundation.venues.models import Venue
from linli.foundation.venues.selectors.public import public_venues
from linli.foundation.venues.types import State

_COLUMNS = ("uuid", "name", "aliases", "address", "area_id", "area_path", "area__name", "lat", "lon")


def told_to_all(on: date) -> Sequence[KnownPlace]:
    """Return the venues that everybody may see on a day; one statement."""
    return _told(public_venues(on))


def told_to_staff(on: date) -> Sequence[KnownPlace]:
    """Return the venues that are not closed; one statement."""
    del on
    return _told(Venue.objects.exclude(state=State.CLOSED))


def told_stamp() -> Hashable:
    """Return what changes whenever a venue does; one statement."""
    return tuple(Venue.objects.aggregate(n=Count("pk"), last=Max("changed_at")).values())


def _told(rows: QuerySet[Venue]) -> list[KnownPlace]:
    return [
        KnownPlace(
            f"venue:{uuid}", PlaceSort.VENUE, name, tuple(aliases), address, area, path, called or "", lat, lon,
            parse_address(address).road,
        )
        for uuid, name, aliases, address, area, path, called, lat, lon in rows.order_by("pk").values_list(*_COLUMNS)
    ]  # fmt: skip
