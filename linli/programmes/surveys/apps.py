"""Registers the room `surveys` with Django."""

from importlib import import_module

from django.apps import AppConfig


class SurveysConfig(AppConfig):
    """The room `surveys` on the floor `programmes`."""

    name = "linli.programmes.surveys"
    label = "surveys"

    def ready(self) -> None:
        """Register its jobs."""
        import_module("linli.programmes.surveys.tasks")
