"""The meetings of a body: those that there are for the reader, and what a new one begins with."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.urls import reverse
from django.utils.http import urlencode

from linli.engines.activities.permissions import PLANNERS
from linli.foundation.core.actors import Actor
from linli.interfaces.desk.meetings.hosts import Host, register
from linli.programmes.alliance import selectors
from linli.programmes.alliance.types import HELD_FOR

if TYPE_CHECKING:
    from linli.programmes.alliance.models import Body


def host_of(_actor: Actor, uuid: UUID) -> Host:
    """Return a body with its members of today as it invites them.

    Raises:
        NotFoundError: there is none.
    """
    body = selectors.body_for(uuid)
    members = [s.member for s in selectors.seats(body)]
    return Host(
        kind=HELD_FOR,
        uuid=body.uuid,
        label=body.name,
        url=reverse("desk:alliance_body", args=[body.uuid]),
        unit_ids=tuple(m.unit_id for m in members if m.unit_id is not None),
        guests=tuple(m.name for m in members if m.unit_id is None),
        unit_id=body.office_id,
        area_id=body.area_id,
    )


def enter() -> None:
    """Make the bodies of the alliance known to the pages of meetings."""
    register(HELD_FOR, host_of)


def shown(by: Actor, body: Body, now: datetime) -> dict[str, Any]:
    """Return the meetings of a body that ``by`` may see, and where one of them calls the next."""
    coming, past = selectors.meetings(body, by, now=now)
    may_call = body.ends_on is None and by.has_role(*PLANNERS)
    query = urlencode({"for": f"{HELD_FOR}:{body.uuid}"})
    return {
        "coming": coming,
        "held": past,
        "call_url": f"{reverse('desk:meeting_new')}?{query}" if may_call else "",
    }
