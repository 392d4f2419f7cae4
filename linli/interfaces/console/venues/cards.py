"""The pages of this room on the console's home."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from linli.interfaces.console.contents import Card
from linli.interfaces.console.venues.doors import READERS
from linli.interfaces.console.venues.posters import HANGERS


def cards() -> list[Card]:
    """Return the cards of areas, venues, posters and charging facilities."""
    return [
        Card(
            "places", _("区域"), _("街道、网格、居民区的层级和日期；上传边界先看报告，再按日期生效。"), "map-2",
            "console:areas", READERS, 10,
        ),
        Card(
            "places", _("场所与站点"), _("驿站、联勤联动站、食堂、公厕……开放时间、设施、照片、建站标准。"), "map-pins",
            "console:venues", READERS, 20,
        ),
        Card(
            "places", _("二维码海报"), _("给小区、楼道、站点做 A4 海报：扫码反映、找服务、关注渠道。"), "qrcode",
            "console:posters", HANGERS, 30,
        ),
        Card(
            "places", _("充换电设施"), _("各居民区充电口与电动自行车的缺口，建设项目进度。"), "charging-pile",
            "console:charging", READERS, 40,
        ),
        Card(
            "places", _("场所类别与地图"), _("类别、图标、补充问题、建站标准；公开的专题地图。"), "settings",
            "console:venue_kinds", frozenset({"system_admin"}), 50,
        ),
    ]  # fmt: skip
