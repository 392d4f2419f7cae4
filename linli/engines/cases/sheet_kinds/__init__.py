"""The kinds of sheets of the room: categories, routing rules; and those that it reads in a way of its own."""

from linli.engines.cases.services.importing import imports, layouts
from linli.engines.cases.sheet_kinds.categories import CATEGORIES
from linli.engines.cases.sheet_kinds.routing import ROUTING
from linli.foundation.sheets.types import keeps_layouts, register


def enter() -> None:
    """Register them."""
    register(CATEGORIES)
    register(ROUTING)
    for code in layouts():
        keeps_layouts(code, imports)
