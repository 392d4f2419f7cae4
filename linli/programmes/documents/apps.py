"""Registers the room `documents` with Django."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """The room `documents` on the floor `programmes`."""

    name = "linli.programmes.documents"
    label = "documents"

    def ready(self) -> None:
        """Register what other rooms set off."""
        from linli.programmes.documents import tasks  # noqa: F401, PLC0415
