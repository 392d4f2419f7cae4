"""The desk's places in the rail and the bottom bar, and the number on the bell."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from linli.engines.cases.workflow import CENTRE, CONVENERS, STAFF, UNIT_STAFF
from linli.foundation.messages import selectors as messages
from linli.interfaces.web import context, navigation
from linli.interfaces.web.navigation import Entry

ASKERS = frozenset({"neighbourhood_secretary", "community_worker", "grid_head", "microgrid_head"})


def unread(request: HttpRequest) -> int:
    """Return how many messages the person has not read."""
    user = getattr(request, "user_row", None)
    return messages.unread_count(user.pk) if user is not None else 0


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
    context.provide("unread", unread)
