"""Writes of the room `places`."""

from linli.foundation.places.services.areas import (
    add_areas,
    add_layer,
    count_households,
    end_area,
    found,
    load_pattern,
    merge_areas,
    move_area,
    move_border,
    patterns,
    rename_area,
    set_kind,
)
from linli.foundation.places.services.imports import import_geojson
from linli.foundation.places.services.places import add_places, set_backdrop
from linli.foundation.places.services.uploads import apply_upload, drop_upload, keep_border, keep_upload

__all__ = [
    "add_areas",
    "add_layer",
    "add_places",
    "apply_upload",
    "count_households",
    "drop_upload",
    "end_area",
    "found",
    "import_geojson",
    "keep_border",
    "keep_upload",
    "load_pattern",
    "merge_areas",
    "move_area",
    "move_border",
    "patterns",
    "rename_area",
    "set_backdrop",
    "set_kind",
]
