"""Registers the room `deadlines` with Django."""

from importlib import import_module

from django.apps import AppConfig


class DeadlinesConfig(AppConfig):
    """The room `deadlines` on the floor `foundation`."""

    name = "linli.foundation.deadlines"
    label = "deadlines"

    def ready(self) -> None:
        """Register the sweep with the jobs, and what hangs on rules that came from a sheet."""
        from linli.foundation.deadlines import tasks  # noqa: F401, PLC0415

        import_module("linli.foundation.deadlines.sheet_kinds").enter()
