"""The sheets of the room: ledgers of targets, and of guarded ones."""

from linli.engines.fieldwork.sheet_kinds.homes import HOMES
from linli.engines.fieldwork.sheet_kinds.targets import TARGETS
from linli.foundation.sheets.types import register


def enter() -> None:
    """Register them."""
    register(TARGETS)
    register(HOMES)
