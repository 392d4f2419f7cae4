"""The desk's places in the rail and the bottom bar."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from linli.engines.cases.workflow import CENTRE, CONVENERS, READERS_ALL, STAFF, UNIT_STAFF
from linli.interfaces.web import navigation
from linli.interfaces.web.navigation import Entry

ASKERS = frozenset({"neighbourhood_secretary", "community_worker", "grid_head", "microgrid_head"})


def register() -> None:
    """Enter everything."""
    navigation.register(Entry("new", _("登记"), "plus", "desk:new", roles=frozenset(STAFF), order=30, bottom=3))
    navigation.register(Entry("tasks", _("任务"), "clipboard-list", "desk:tasks", roles=frozenset(STAFF), order=40))
    navigation.register(
        Entry(
            "consultations",
            _("会商"),
            "messages",
            "desk:consultations",
            roles=CONVENERS | UNIT_STAFF | CENTRE,
            order=50,
        )
    )
    navigation.register(
        Entry("guidance", _("吹哨"), "speakerphone", "desk:guidance", roles=ASKERS | CENTRE | UNIT_STAFF, order=60)
    )
    navigation.register(Entry("shift", _("交接班"), "history", "desk:shift", roles=CENTRE, order=70))
    navigation.register(Entry("companies", _("单车企业"), "bike", "desk:companies", roles=READERS_ALL, order=80))
    navigation.register(Entry("more", _("台账"), "packages", "desk:more", roles=frozenset(STAFF), order=90))
    navigation.register(Entry("import", _("导入"), "upload", "desk:import", roles=CENTRE, order=800))
