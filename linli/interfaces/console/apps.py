"""Registers the room `console` with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConsoleConfig(AppConfig):
    """The room `console` on the floor `interfaces`."""

    name = "linli.interfaces.console"
    label = "console"

    def ready(self) -> None:
        """Enter the face's places into the rail and its pages into its home."""
        from linli.interfaces.console import lists  # noqa: PLC0415  Django must be set up
        from linli.interfaces.console.cards import CARDS  # noqa: PLC0415
        from linli.interfaces.console.contents import enter, roles  # noqa: PLC0415
        from linli.interfaces.web.navigation import Entry, register  # noqa: PLC0415

        lists.register()
        enter(*CARDS)
        readers = frozenset({"shift_leader", "street_leader", "grid_head"})
        register(Entry("console-grid", _("网格"), "map-2", "console:grids", readers, order=910))
        register(Entry("console", _("管理"), "settings", "console:home", roles(), order=920, bottom=4))
