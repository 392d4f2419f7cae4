"""Registers the room `console` with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConsoleConfig(AppConfig):
    """The room `console` on the floor `interfaces`."""

    name = "linli.interfaces.console"
    label = "console"

    def ready(self) -> None:
        """Enter the face's places into the rail and its pages into its home."""
        from linli.interfaces.console.admissions.views import READERS as ENTRY_READERS  # noqa: PLC0415
        from linli.interfaces.console.bodies.views import READERS as BODY_READERS  # noqa: PLC0415
        from linli.interfaces.console.contents import Card, enter, roles  # noqa: PLC0415  Django must be set up
        from linli.interfaces.console.desks.views import KEEPERS as DESK_KEEPERS  # noqa: PLC0415
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
                _("居民区协助事项清单"),
                _("可以要求居民区协助的事项，注明依据和有效期。"),
                "clipboard-list",
                "console:admissions",
                ENTRY_READERS,
            ),
            Card(
                "people",
                _("联勤联动站"),
                _("站的范围、地点和成员单位。"),
                "users",
                "console:stations",
                system,
            ),
            Card(
                "people",
                _("社区工作室"),
                _("驻居民区的值守岗位和时间，居民页面公开。"),
                "building-community",
                "console:desks",
                DESK_KEEPERS,
            ),
            Card(
                "people",
                _("领导小组"),
                _("临时机构的任务、成员岗位、办公室和期限。"),
                "users",
                "console:bodies",
                BODY_READERS,
            ),
            Card(
                "people",
                _("必须在网格的事项"),
                _("“四个在网格”等清单，各网格缺什么。"),
                "clipboard-list",
                "console:grid_items",
                READERS,
            ),
            Card(
                "watch", _("后台任务"), _("失败的消息和定时任务：查看、重发、丢弃。"), "refresh", "console:jobs", system
            ),
        )
        readers = frozenset({"shift_leader", "street_leader", "grid_head"})
        register(Entry("console-grid", _("网格"), "map-2", "console:grids", readers, order=910))
        register(Entry("console", _("管理"), "settings", "console:home", roles(), order=920))
