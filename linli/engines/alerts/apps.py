"""Registers the room `alerts` with Django."""

from importlib import import_module

from django.apps import AppConfig


class AlertsConfig(AppConfig):
    """The room `alerts` on the floor `engines`."""

    name = "linli.engines.alerts"
    label = "alerts"

    def ready(self) -> None:
        """Register its jobs."""
        import_module("linli.engines.alerts.tasks")
