"""Registers the room `sheets` with Django."""

from importlib import import_module

from django.apps import AppConfig


class SheetsConfig(AppConfig):
    """The room `sheets` on the floor `foundation`."""

    name = "linli.foundation.sheets"
    label = "sheets"

    def ready(self) -> None:
        """Make the room's job known, and how long it keeps what."""
        import_module("linli.foundation.sheets.tasks")
