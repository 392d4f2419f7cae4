"""Venues as everybody sees them: of public kinds, open, within their dates; nothing of persons, no notes of staff."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from linli.foundation.core.errors import NotFoundError
from linli.foundation.venues.models import ThematicMap, Venue, VenuePhoto
from linli.foundation.venues.rules import hours as opening
from linli.foundation.venues.selectors.venues import found_by
from linli.foundation.venues.types import State


def _shown(on: date) -> QuerySet[Venue]:
    rows = Venue.objects.filter(kind__public=True, kind__active=True, state__in=[State.OPEN, State.PAUSED])
    rows = rows.filter(Q(valid_from=None) | Q(valid_from__lte=on), Q(valid_to=None) | Q(valid_to__gte=on))
    return rows.select_related("kind", "area").defer("area__geometry", "area__wkb").annotate(rank=F("kind__order"))


def public_maps() -> list[ThematicMap]:
    """Return the thematic maps that are shown."""
    return list(ThematicMap.objects.filter(active=True))


def public_map(code: str) -> ThematicMap:
    """Return a thematic map that is shown.

    Raises:
        NotFoundError: there is none.
    """
    found = ThematicMap.objects.filter(code=code, active=True).first()
    if found is None:
        raise NotFoundError(_("没有这张地图。"), code="venues.no_map")
    return found


def public_venues(
    on: date, *, kinds: Collection[str] = (), text: str = "", facility: str = "", area_path: str = ""
) -> QuerySet[Venue]:
    """Return the venues shown on a day, of some kinds or all, in the order of kinds and addresses."""
    rows = _shown(on)
    if kinds:
        rows = rows.filter(kind__code__in=kinds)
    if facility:
        rows = rows.filter(facilities__icontains=f'"{facility}"')
    if area_path:
        rows = rows.filter(area_path__startswith=area_path)
    return found_by(rows, text).order_by("kind__order", "sort_key", "id")


def open_now(rows: QuerySet[Venue], moment: datetime) -> QuerySet[Venue]:
    """Return those of ``rows`` that are open at the local, naive ``moment``; two statements."""
    listed = rows.filter(state=State.OPEN).values_list("pk", "hours")
    ids = [pk for pk, hours in listed if opening.now(opening.from_json(hours), moment).open]
    return rows.filter(pk__in=ids)


def public_venue(uuid: UUID, on: date) -> Venue:
    """Return one venue that everybody may see.

    Raises:
        NotFoundError: there is none, or it is not (or no longer) shown.
    """
    found = (
        _shown(on)
        .select_related("kind", "keeper", "area")
        .defer("area__geometry", "area__wkb")
        .filter(uuid=uuid)
        .first()
    )
    if found is None:
        raise NotFoundError(_("没有找到这个服务点，它可能已经关闭或搬走。"), code="venues.none")
    return found


def is_public_photo(file: UUID, on: date) -> bool:
    """Return whether a file is a picture of a venue that everybody may see."""
    return VenuePhoto.objects.filter(file__uuid=file, venue__in=_shown(on)).exists()
