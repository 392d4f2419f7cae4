"""Writes of the room `owners`."""

from linli.programmes.owners.services.answering import answer, ask, object_to, publish, withdraw
from linli.programmes.owners.services.driving import ask_all, close_drive, publish_all, start_drive
from linli.programmes.owners.services.taking import take_over

__all__ = [
    "answer",
    "ask",
    "ask_all",
    "close_drive",
    "object_to",
    "publish",
    "publish_all",
    "start_drive",
    "take_over",
    "withdraw",
]
