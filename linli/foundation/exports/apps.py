"""Registers the room `exports` with Django."""

from django.apps import AppConfig


class ExportsConfig(AppConfig):
    """The room `exports` on the floor `foundation`."""

    name = "linli.foundation.exports"
    label = "exports"

    def ready(self) -> None:
        """Declare the room's jobs."""
        from linli.foundation.exports import tasks  # noqa: F401, PLC0415  Django must be set up
