"""Registers the room `field` with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

# Those who mostly work on a phone; everyone else of the staff reaches the face by its address.
ON_FOOT = frozenset({"inspector", "community_worker", "microgrid_head", "stairwell_head", "unit_handler", "contractor"})


class FieldConfig(AppConfig):
    """The room `field` on the floor `interfaces`."""

    name = "linli.interfaces.field"
    label = "field"

    def ready(self) -> None:
        """Enter the face's places into rail and bottom bar."""
        from linli.interfaces.web.navigation import Entry, register  # noqa: PLC0415  Django must be set up

        places = (
            ("field", _("今日"), "walk", "field:today", 20, 1),
            ("field-map", _("地图"), "map-2", "field:map", 21, 2),
            ("field-report", _("上报"), "camera", "field:report", 22, 3),
            ("field-around", _("责任人"), "users", "field:around", 23, 4),
            ("field-account", _("我的"), "user-circle", "web:account", 24, 5),
        )
        for code, label, icon, url_name, order, bottom in places:
            register(Entry(code, label, icon, url_name, ON_FOOT, order, bottom, rail=code != "field-account"))
