"""Registers the room `desk` with Django."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """The room `desk` on the floor `interfaces`."""

    name = "linli.interfaces.desk"
    label = "desk"

    def ready(self) -> None:
        """Enter the pages in the rail and tell the shell how much is unread."""
        from linli.interfaces.desk import menu  # noqa: PLC0415  the apps must be ready

        menu.register()
