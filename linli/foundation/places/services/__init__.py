"""Writes of the room `places`."""

from linli.foundation.places.services.areas import (
    add_areas,
    add_layer,
    end_area,
    found,
    load_pattern,
    move_border,
    patterns,
    rename_area,
    set_kind,
)
from linli.foundation.places.services.imports import import_geojson
from linli.foundation.places.services.places import add_places, set_backdrop

__all__ = [
    "add_areas",
    "add_layer",
    "add_places",
    "end_area",
    "found",
    "import_geojson",
    "load_pattern",
    "move_border",
    "patterns",
    "rename_area",
    "set_backdrop",
    "set_kind",
]
