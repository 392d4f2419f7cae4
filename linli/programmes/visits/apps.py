"""Registers the room `visits` with Django."""

from importlib import import_module

from django.apps import AppConfig


class VisitsConfig(AppConfig):
    """The room `visits` on the floor `programmes`."""

    name = "linli.programmes.visits"
    label = "visits"

    def ready(self) -> None:
        """Register what it listens to and its jobs."""
        import_module("linli.programmes.visits.tasks")
