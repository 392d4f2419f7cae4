"""Writes of the room `venues`."""

from linli.foundation.venues.services.charging import count_bikes, save_project
from linli.foundation.venues.services.keeping import (
    add_activity,
    add_item,
    add_photo,
    cancel_activity,
    drop_item,
    drop_photo,
    review,
    set_menu,
    set_slots,
    set_state,
)
from linli.foundation.venues.services.kinds import load_shipped, save_facility, save_kind, save_map
from linli.foundation.venues.services.posters import make_poster, opened, save_channel, withdraw_poster
from linli.foundation.venues.services.venues import add_venue, change_venue

__all__ = [
    "add_activity",
    "add_item",
    "add_photo",
    "add_venue",
    "cancel_activity",
    "change_venue",
    "count_bikes",
    "drop_item",
    "drop_photo",
    "load_shipped",
    "make_poster",
    "opened",
    "review",
    "save_channel",
    "save_facility",
    "save_kind",
    "save_map",
    "save_project",
    "set_menu",
    "set_slots",
    "set_state",
    "withdraw_poster",
]
