"""Registers the room `desk` with Django."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """The room `desk` on the floor `interfaces`."""

    name = "linli.interfaces.desk"
    label = "desk"

    def ready(self) -> None:
        """Put the desk's entries into the rail."""
        from django.utils.translation import gettext_lazy as _  # noqa: PLC0415

        from linli.interfaces.web.navigation import Entry, register  # noqa: PLC0415  models must be ready

        register(
            Entry("import", _("导入"), "upload", "desk:import", frozenset({"dispatcher", "shift_leader"}), order=800)
        )
