"""The desk's places in the rail and the bottom bar."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from linli.engines.cases.workflow import CENTRE, CONVENERS, READERS_ALL, STAFF, UNIT_STAFF
from linli.engines.indicators.types import READERS as FIGURE_READERS
from linli.interfaces.web import navigation
from linli.interfaces.web.navigation import Entry
from linli.programmes.documents.workflow import READERS as DOCUMENT_READERS
from linli.programmes.publishing.workflow import WRITERS as PUBLISHERS

ASKERS = frozenset({"neighbourhood_secretary", "community_worker", "grid_head", "microgrid_head"})


def register() -> None:
    """Enter everything: cases, then what was promised, then who takes part and what is told, then the books."""
    staff = frozenset(STAFF)
    for entry in (
        Entry("cases", _("案件"), "list-details", "desk:list", roles=staff, order=10, bottom=2, view="list"),
        Entry("map", _("地图"), "map-2", "desk:map", roles=staff, order=20, bottom=4, rail=False, view="map"),
        Entry("new", _("登记"), "plus", "desk:new", roles=staff, order=30, bottom=3),
        Entry("consultations", _("会商"), "messages", "desk:consultations", CONVENERS | UNIT_STAFF | CENTRE, order=50),
        Entry("guidance", _("吹哨"), "speakerphone", "desk:guidance", roles=ASKERS | CENTRE | UNIT_STAFF, order=60),
        Entry("shift", _("交接班"), "history", "desk:shift", roles=CENTRE, order=70),
        Entry("owed", _("本周要办"), "calendar-event", "desk:owed", roles=staff, order=110),
        Entry("tasks", _("任务"), "clipboard-list", "desk:tasks", roles=staff, order=120),
        Entry("projects", _("项目"), "flag-2", "desk:projects", roles=staff, order=130),
        Entry("meetings", _("会议"), "users-group", "desk:meetings", roles=staff, order=140),
        Entry("documents", _("文件"), "file", "desk:documents", roles=DOCUMENT_READERS, order=150),
        Entry("fieldwork", _("走访"), "walk", "desk:rounds", roles=staff, order=160),
        Entry("programmes", _("专项"), "flag", "desk:programmes", roles=staff, order=170),
        Entry("alliance", _("联建"), "heart-handshake", "desk:alliance", roles=staff, order=210),
        Entry("publishing", _("宣传"), "book", "desk:publishing", roles=PUBLISHERS, order=220),
        Entry("figures", _("指标"), "chart-bar", "desk:figures", roles=FIGURE_READERS, order=225),
        Entry("companies", _("单车企业"), "bike", "desk:companies", roles=READERS_ALL, order=230),
        Entry("more", _("台账"), "packages", "desk:more", roles=staff, order=310),
        Entry("import", _("导入"), "upload", "desk:import", roles=CENTRE, order=320),
        Entry("account", _("我的"), "user", "web:account", order=910, bottom=5),
    ):
        navigation.register(entry)
