"""Registers the room `cases` with Django."""

from importlib import import_module

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """The closed loop of one problem."""

    name = "linli.engines.cases"
    label = "cases"

    def ready(self) -> None:
        """Register jobs, the handler of deadline marks, and the room's sheets."""
        from linli.engines.cases import tasks  # noqa: F401, PLC0415

        import_module("linli.engines.cases.sheet_kinds").enter()
