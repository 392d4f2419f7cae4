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
        from linli.interfaces.console.doors import READERS as SETTERS  # noqa: PLC0415
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
                "loop",
                _("派遣规则"),
                _("什么诉求派给谁：修改草稿、测试地址、在过去一年的案件上试运行、启用。"),
                "arrows-left-right",
                "console:routing",
                SETTERS,
                30,
            ),
            Card(
                "loop",
                _("规则库"),
                _("时限和数字：出处、生效日期、历史，改动前先看影响。"),
                "list-details",
                "console:rules",
                SETTERS,
                10,
            ),
            Card(
                "loop",
                _("工作日历"),
                _("节假日和调休，录入放假通知，本街道自定的停工和上班。"),
                "calendar",
                "console:calendar",
                SETTERS,
                20,
            ),
            Card(
                "watch", _("后台任务"), _("失败的消息和定时任务：查看、重发、丢弃。"), "refresh", "console:jobs", system
            ),
        )
        readers = frozenset({"shift_leader", "street_leader", "grid_head"})
        register(Entry("console-grid", _("网格"), "map-2", "console:grids", readers, order=910))
        register(Entry("console", _("管理"), "settings", "console:home", roles(), order=920))
