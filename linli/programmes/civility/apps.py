"""Registers the room `civility` with Django."""

from importlib import import_module

from django.apps import AppConfig


class CivilityConfig(AppConfig):
    """The room `civility` on the floor `programmes`."""

    name = "linli.programmes.civility"
    label = "civility"

    def ready(self) -> None:
        """Count records as they come in, bring results of tasks back, and enter the library's sheet."""
        from linli.engines.fieldwork.events import on_counted  # noqa: PLC0415  the apps must be ready
        from linli.programmes.civility.services import count  # noqa: PLC0415

        on_counted(count)
        import_module("linli.programmes.civility.tasks")
        import_module("linli.programmes.civility.sheet_kinds").enter()
