"""Registers the room `hooks` with Django."""

from django.apps import AppConfig


class HooksConfig(AppConfig):
    """The room `hooks` on the floor `foundation`."""

    name = "linli.foundation.hooks"
    label = "hooks"

    def ready(self) -> None:
        """Declare the room's jobs."""
        from linli.foundation.hooks import tasks  # noqa: F401, PLC0415  Django must be set up
