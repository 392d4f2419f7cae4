"""What the dossier of a ledger's entry shows of the streets."""

from __future__ import annotations

from linli.interfaces.desk.fieldwork.ledgers import sections
from linli.interfaces.desk.streets import lanes, matters


def enter() -> None:
    """Register the sections."""
    sections.register("streets.matters", frozenset(matters.SHOPS), 50, matters.section)
    sections.register("streets.lane", frozenset({"lane"}), 50, lanes.section)
