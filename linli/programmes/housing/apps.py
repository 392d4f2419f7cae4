"""Registers the room `housing` with Django."""

from importlib import import_module

from django.apps import AppConfig


class HousingConfig(AppConfig):
    """The room `housing` on the floor `programmes`."""

    name = "linli.programmes.housing"
    label = "housing"

    def ready(self) -> None:
        """Register what it listens to and its jobs."""
        import_module("linli.programmes.housing.tasks")
