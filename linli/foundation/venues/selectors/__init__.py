"""Reads of the room `venues`."""

from linli.foundation.venues.selectors.charging import bike_counts, charging_lines, projects
from linli.foundation.venues.selectors.posters import (
    channels,
    poster_by_code,
    poster_by_uuid,
    poster_opens,
    posters_for,
)
from linli.foundation.venues.selectors.public import open_now, public_map, public_maps, public_venue, public_venues
from linli.foundation.venues.selectors.venues import (
    activities,
    districts,
    facilities,
    kind,
    kinds,
    living_below,
    matching,
    menus,
    page,
    questions_of,
    review_due,
    standard_of,
    thematic_maps,
    venue_by_id,
    venue_for,
)

__all__ = [
    "activities",
    "bike_counts",
    "channels",
    "charging_lines",
    "districts",
    "facilities",
    "kind",
    "kinds",
    "living_below",
    "matching",
    "menus",
    "open_now",
    "page",
    "poster_by_code",
    "poster_by_uuid",
    "poster_opens",
    "posters_for",
    "projects",
    "public_map",
    "public_maps",
    "public_venue",
    "public_venues",
    "questions_of",
    "review_due",
    "standard_of",
    "thematic_maps",
    "venue_by_id",
    "venue_for",
]
