"""Registers the room `wall` with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WallConfig(AppConfig):
    """The room `wall` on the floor `interfaces`."""

    name = "linli.interfaces.wall"
    label = "wall"

    def ready(self) -> None:
        """Enter the wall into the rail of those who see the whole subdistrict."""
        from linli.interfaces.wall.access import READERS  # noqa: PLC0415  Django must be set up
        from linli.interfaces.web.navigation import Entry, register  # noqa: PLC0415

        register(Entry("wall", _("大屏"), "chart-bar", "wall:day", READERS, order=60))
