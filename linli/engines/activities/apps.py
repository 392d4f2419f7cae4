"""Registers the room `activities` with Django."""

from django.apps import AppConfig


class ActivitiesConfig(AppConfig):
    """The room `activities` on the floor `engines`."""

    name = "linli.engines.activities"
    label = "activities"

    def ready(self) -> None:
        """Register what runs by itself and what other rooms set off."""
        from linli.engines.activities import tasks  # noqa: F401, PLC0415
