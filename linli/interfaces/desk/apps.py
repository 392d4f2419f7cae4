"""Registers the room `desk` with Django."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """The room `desk` on the floor `interfaces`."""

    name = "linli.interfaces.desk"
    label = "desk"

    def ready(self) -> None:
        """Tell the shell what it may show, and enter the pages in the rail."""
        from linli.interfaces.desk import menu, shell  # noqa: PLC0415  the apps must be ready

        shell.register()
        menu.register()
