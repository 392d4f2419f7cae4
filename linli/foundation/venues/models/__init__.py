"""Tables of the room `venues`."""

from linli.foundation.venues.models.charging import BikeCount, ChargingProject
from linli.foundation.venues.models.posters import Channel, Poster, PosterDay
from linli.foundation.venues.models.venues import (
    Activity,
    Facility,
    Menu,
    ThematicMap,
    Venue,
    VenueItem,
    VenueKind,
    VenuePhoto,
    VenueSlot,
    VenueToken,
)

__all__ = [
    "Activity",
    "BikeCount",
    "Channel",
    "ChargingProject",
    "Facility",
    "Menu",
    "Poster",
    "PosterDay",
    "ThematicMap",
    "Venue",
    "VenueItem",
    "VenueKind",
    "VenuePhoto",
    "VenueSlot",
    "VenueToken",
]
