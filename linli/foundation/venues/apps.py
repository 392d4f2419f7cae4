"""Registers the room `venues` with Django."""

from django.apps import AppConfig


class VenuesConfig(AppConfig):
    """The room `venues` on the floor `foundation`."""

    name = "linli.foundation.venues"
    label = "venues"

    def ready(self) -> None:
        """Say what hangs on an area."""
        from linli.foundation.venues import tasks  # noqa: F401, PLC0415  Django must be set up
