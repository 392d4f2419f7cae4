"""Buildings of the ledgers as places that a text may mean; of kinds that are not guarded, no flats, no households."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from datetime import date

from django.db.models import Count, Max, Q, QuerySet

from linli.engines.fieldwork.models import Target
from linli.foundation.places.rules import parse_address
from linli.foundation.places.types import KnownPlace, PlaceSort

BUILDING = "building"
_COLUMNS = ("uuid", "name", "address", "area_id", "area_path", "area__name", "lat", "lon")


def _rows() -> QuerySet[Target]:
    return Target.objects.filter(kind__code=BUILDING, kind__guarded=False, merged_into=None)


def buildings_told(on: date) -> Sequence[KnownPlace]:
    """Return the buildings that are in the ledger on a day; one statement."""
    rows = _rows().filter(Q(until=None) | Q(until__gt=on))
    return [
        KnownPlace(
            f"target:{uuid}", PlaceSort.BUILDING, name, (), address, area, path, called or "", lat, lon,
            parse_address(address).road,
        )
        for uuid, name, address, area, path, called, lat, lon in rows.order_by("pk").values_list(*_COLUMNS)
    ]  # fmt: skip


def buildings_stamp() -> Hashable:
    """Return what changes whenever a building of the ledger does; one statement."""
    return tuple(_rows().aggregate(n=Count("pk"), last=Max("changed_at")).values())
