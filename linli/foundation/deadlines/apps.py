"""Registers the room `deadlines` with Django."""

from django.apps import AppConfig


class DeadlinesConfig(AppConfig):
    """The room `deadlines` on the floor `foundation`."""

    name = "linli.foundation.deadlines"
    label = "deadlines"

    def ready(self) -> None:
        """Register the sweep with the jobs."""
        from linli.foundation.deadlines import tasks  # noqa: F401, PLC0415
