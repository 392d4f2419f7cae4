"""Registers the room `places` with Django."""

from importlib import import_module

from django.apps import AppConfig


class PlacesConfig(AppConfig):
    """The room `places` on the floor `foundation`."""

    name = "linli.foundation.places"
    label = "places"

    def ready(self) -> None:
        """Register the room's sheets."""
        import_module("linli.foundation.places.sheet_kinds").enter()
