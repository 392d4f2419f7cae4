"""Registers the room `console` with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConsoleConfig(AppConfig):
    """The room `console` on the floor `interfaces`."""

    name = "linli.interfaces.console"
    label = "console"

    def ready(self) -> None:
        """Enter the face's places into the rail and its pages into its home."""
        from linli.interfaces.console.contents import Card, enter, roles  # noqa: PLC0415  Django must be set up
        from linli.interfaces.console.people.views import READERS  # noqa: PLC0415
        from linli.interfaces.web.navigation import Entry, register  # noqa: PLC0415

        system = frozenset({"system_admin"})
        enter(
            Card(
                "people",
                _("综合网格"),
                _("并入的条线网格、下沉力量、值班、无人负责的地方。"),
                "map-2",
                "console:grids",
                READERS,
            ),
            Card(
                "watch", _("后台任务"), _("失败的消息和定时任务：查看、重发、丢弃。"), "refresh", "console:jobs", system
            ),
        )
        enter(
            Card(
                "set_up",
                _("表格导入导出"),
                _("单位、岗位、人员、区域、楼幢、分类、规则：下载模板、检查、导入、撤销。"),
                "table",
                "console:sheets",
                frozenset({"system_admin", "security_admin"}),
            )
        )
        readers = frozenset({"shift_leader", "street_leader", "grid_head"})
        register(Entry("console-grid", _("网格"), "map-2", "console:grids", readers, order=910))
        register(Entry("console", _("管理"), "settings", "console:home", roles(), order=920))
