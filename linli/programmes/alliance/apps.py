"""Registers the room `alliance` with Django."""

from importlib import import_module

from django.apps import AppConfig


class AllianceConfig(AppConfig):
    """The room `alliance` on the floor `programmes`."""

    name = "linli.programmes.alliance"
    label = "alliance"

    def ready(self) -> None:
        """Register its jobs and its sheets."""
        import_module("linli.programmes.alliance.tasks")
        import_module("linli.programmes.alliance.sheet_kinds").enter()
