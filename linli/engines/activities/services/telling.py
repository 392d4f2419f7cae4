"""Telling who is invited: the invitation, a change, minutes to correct."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from linli.engines.activities.models import Attendee, Meeting, Topic
from linli.engines.activities.permissions import HEADS
from linli.foundation.core.actors import Actor
from linli.foundation.messages import services as messages
from linli.foundation.people import selectors as people
from linli.foundation.people.types import Holder, Role


def recipients(meeting: Meeting, now: datetime, *, came: bool = False) -> list[int]:
    """Return who is told: everybody invited by post, of an invited unit its heads (all of it, if it has none)."""
    rows = Attendee.objects.filter(meeting=meeting)
    if came:
        rows = rows.filter(came_at__isnull=False)
    found = list(rows)
    users = [a.user_id for a in found if a.user_id is not None]
    for unit_id in {a.unit_id for a in found if a.group == "unit" and a.user_id is None}:
        if unit_id is not None:
            users += [h.user_id for h in heads_of(unit_id, now)]
    return list(dict.fromkeys(users))


def heads_of(unit_id: int, now: datetime) -> list[Holder]:
    """Return who answers for a unit: its heads, else everybody in it."""
    roles = HEADS | {Role.STREET_LEADER.value}
    return people.members_of(unit_id, roles, now=now) or people.members_of(unit_id, now=now)


def _send(meeting: Meeting, template: str, users: Collection[int], by: Actor, now: datetime, key: str) -> None:
    venues = list(meeting.venues.order_by("order"))
    params = {
        "title": meeting.title,
        "when": f"{timezone.localtime(meeting.starts_at):%Y-%m-%d %H:%M}",
        "place": "；".join(v.name for v in venues) or _("另行通知"),
        "text": meeting.cancel_reason or meeting.theme or "—",
        "by": by.label,
    }
    messages.tell_users(
        users,
        template=template,
        params=params,
        subject_kind="meeting",
        subject_uuid=meeting.uuid,
        url=f"/desk/meetings/{meeting.uuid}/",
        key=key,
        now=now,
    )


def tell_passed(topic: Topic, user_id: int, by: Actor, now: datetime, reason: str) -> None:
    """Tell somebody that a topic was handed over to them."""
    params = {
        "title": topic.title,
        "when": topic.due_on.isoformat() if topic.due_on else "—",
        "place": topic.unit.name if topic.unit else "—",
        "text": reason,
        "by": by.label,
    }
    messages.tell_users(
        [user_id],
        template="activities.topic_passed",
        params=params,
        subject_kind="topic",
        subject_uuid=topic.uuid,
        url=f"/desk/topics/{topic.uuid}/",
        key=f"activities.topic_passed:{topic.uuid}:{topic.version}",
        now=now,
    )


def tell_invited(meeting: Meeting, by: Actor, now: datetime) -> int:
    """Invite everybody who was not told yet; return how many people that concerns."""
    users = recipients(meeting, now)
    _send(meeting, "activities.invited", users, by, now, f"activities.invited:{meeting.uuid}")
    return len(users)


def tell_changed(meeting: Meeting, by: Actor, now: datetime, *, cancelled: bool = False) -> None:
    """Tell everybody invited that time or place moved, or that the meeting is off."""
    template = "activities.cancelled" if cancelled else "activities.changed"
    _send(meeting, template, recipients(meeting, now), by, now, f"{template}:{meeting.uuid}:{meeting.version}")


def tell_correcting(meeting: Meeting, by: Actor, now: datetime) -> None:
    """Tell who came that the minutes wait for their corrections."""
    users = recipients(meeting, now, came=True) or recipients(meeting, now)
    key = f"activities.to_correct:{meeting.uuid}:{meeting.version}"
    _send(meeting, "activities.to_correct", users, by, now, key)
