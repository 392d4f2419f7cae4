"""Registers the room `console` with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConsoleConfig(AppConfig):
    """The room `console` on the floor `interfaces`."""

    name = "linli.interfaces.console"
    label = "console"

    def ready(self) -> None:
        """Enter the face's places into the rail."""
        from linli.interfaces.web.navigation import Entry, register  # noqa: PLC0415  Django must be set up

        readers = frozenset({"system_admin", "security_admin", "shift_leader", "street_leader", "grid_head"})
        system = frozenset({"system_admin"})
        register(Entry("console-jobs", _("后台任务"), "settings", "console:jobs", system, order=920))
        register(Entry("console-grid", _("网格"), "map-2", "console:grids", readers, order=910))
