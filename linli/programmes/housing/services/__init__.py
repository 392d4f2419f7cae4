"""Writes of the room `housing`."""

from linli.programmes.housing.services.acting import (
    act,
    add_paper,
    educate,
    end_watches,
    note_opened,
    plan,
    report,
    watch,
)
from linli.programmes.housing.services.finding import check_rooms, drop, no_consent, open_dossier, swept, verify

__all__ = [
    "act",
    "add_paper",
    "check_rooms",
    "drop",
    "educate",
    "end_watches",
    "no_consent",
    "note_opened",
    "open_dossier",
    "plan",
    "report",
    "swept",
    "verify",
    "watch",
]
