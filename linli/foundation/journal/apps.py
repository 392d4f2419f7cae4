"""Registers the room `journal` with Django."""

from django.apps import AppConfig


class JournalConfig(AppConfig):
    """The room `journal` on the floor `foundation`."""

    name = "linli.foundation.journal"
    label = "journal"
