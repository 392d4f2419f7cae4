"""Registers the room `venues` with Django."""

from django.apps import AppConfig


class VenuesConfig(AppConfig):
    """The room `venues` on the floor `foundation`."""

    name = "linli.foundation.venues"
    label = "venues"

    def ready(self) -> None:
        """Say what hangs on an area, and register the room's sheet."""
        from linli.foundation.venues import sheet_kinds, tasks  # noqa: F401, PLC0415  Django must be set up

        sheet_kinds.enter()
