"""Registers the room `cases` with Django."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """The closed loop of one problem."""

    name = "linli.engines.cases"
    label = "cases"

    def ready(self) -> None:
        """Register jobs and the handler of deadline marks."""
        from linli.engines.cases import tasks  # noqa: F401, PLC0415
