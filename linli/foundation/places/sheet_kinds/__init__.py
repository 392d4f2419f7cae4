"""The kinds of sheets of the room: areas by their names, estates and buildings."""

from linli.foundation.places.sheet_kinds.areas import AREAS
from linli.foundation.places.sheet_kinds.places import PLACES
from linli.foundation.sheets.types import register


def enter() -> None:
    """Register them."""
    register(AREAS)
    register(PLACES)
