"""What other rooms set off in the room `projects`."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from linli.engines.projects import services
from linli.foundation.core.actors import Actor
from linli.foundation.people.events import on_hand_over
from linli.foundation.people.types import HandedOver


@on_hand_over
def hand_over(from_user: int, to_user: int | None, by: Actor, now: datetime) -> list[HandedOver]:
    """Pass on the open tasks of somebody who leaves."""
    count = services.hand_over(from_user=from_user, to_user=to_user, by=by, now=now)
    return [HandedOver(_("待完成任务"), count)] if count else []
