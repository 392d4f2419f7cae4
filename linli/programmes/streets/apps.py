"""Registers the room `streets` with Django."""

from importlib import import_module

from django.apps import AppConfig


class StreetsConfig(AppConfig):
    """The room `streets` on the floor `programmes`."""

    name = "linli.programmes.streets"
    label = "streets"

    def ready(self) -> None:
        """Register its jobs."""
        import_module("linli.programmes.streets.tasks")
