"""Registers the room `signals` with Django."""

from importlib import import_module

from django.apps import AppConfig


class SignalsConfig(AppConfig):
    """The room `signals` on the floor `engines`."""

    name = "linli.engines.signals"
    label = "signals"

    def ready(self) -> None:
        """Register its jobs."""
        import_module("linli.engines.signals.tasks")
