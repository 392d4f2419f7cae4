"""The kinds of sheets of the room: categories, routing rules."""

from linli.engines.cases.sheet_kinds.categories import CATEGORIES
from linli.engines.cases.sheet_kinds.routing import ROUTING
from linli.foundation.sheets.types import register


def enter() -> None:
    """Register them."""
    register(CATEGORIES)
    register(ROUTING)
