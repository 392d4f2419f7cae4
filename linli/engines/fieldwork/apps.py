"""Registers the room `fieldwork` with Django."""

from django.apps import AppConfig


class FieldworkConfig(AppConfig):
    """The room `fieldwork` on the floor `engines`."""

    name = "linli.engines.fieldwork"
    label = "fieldwork"

    def ready(self) -> None:
        """Register what runs by itself, what other rooms set off, and the room's sheet."""
        from linli.engines.fieldwork import sheet_kinds, tasks  # noqa: F401, PLC0415  Django must be set up
        from linli.engines.fieldwork.services import keeping  # noqa: PLC0415

        keeping.enter()
        sheet_kinds.enter()
