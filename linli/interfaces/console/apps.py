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
        from linli.interfaces.console.words import READERS as WORD_READERS  # noqa: PLC0415
        from linli.interfaces.web.navigation import Entry, register  # noqa: PLC0415

        system = frozenset({"system_admin"})
        enter(
            Card(
                "loop",
                _("分类与提问"),
                _("问题分几类、问居民什么、要什么照片、有危险先提示什么；先预览，再发布。"),
                "list-details",
                "console:categories",
                WORD_READERS,
                order=10,
            ),
            Card(
                "words",
                _("消息模板"),
                _("受理、派遣、办结时告诉大家的话：按渠道和语言预览，给自己发测试，随时恢复出厂。"),
                "mail",
                "console:templates",
                WORD_READERS,
                order=10,
            ),
            Card(
                "words",
                _("快捷用语"),
                _("办理、答复时点一下就写好的句子，可以只用于某一类、某种结果。"),
                "message-circle",
                "console:phrases",
                WORD_READERS,
                order=20,
            ),
            Card(
                "words",
                _("法律条文库"),
                _("分类引用、普法时宣讲的条文，写明出处和有效期。"),
                "file",
                "console:laws",
                WORD_READERS,
                order=30,
            ),
        )
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
        readers = frozenset({"shift_leader", "street_leader", "grid_head"})
        register(Entry("console-grid", _("网格"), "map-2", "console:grids", readers, order=910))
        register(Entry("console", _("管理"), "settings", "console:home", roles(), order=920))
