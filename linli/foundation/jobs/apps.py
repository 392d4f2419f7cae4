"""Registers the room `jobs` with Django."""

from importlib import import_module

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """The room `jobs` on the floor `foundation`."""

    name = "linli.foundation.jobs"
    label = "jobs"

    def ready(self) -> None:
        """Make the room's own schedules known."""
        import_module("linli.foundation.jobs.tasks")
