"""Minutes that went round for correction, and who still has to say something about them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q

from linli.engines.activities.models import Attendee, Meeting
from linli.engines.activities.selectors.kinds import number
from linli.engines.activities.selectors.meetings import visible
from linli.engines.activities.types import RemarkKind
from linli.engines.activities.workflow import MeetingState
from linli.foundation.core.actors import Actor


@dataclass(frozen=True, slots=True)
class Correcting:
    """Minutes out for correction as they concern one reader.

    Attributes:
        read: the reader was there and has not answered yet.
        waiting: how many remarks the reader, who keeps the minutes, has to answer; None for who does not keep them.
    """

    meeting: Meeting
    at: datetime
    read: bool
    waiting: int | None


def corrections_owed(actor: Actor, *, now: datetime, until: datetime, limit: int = 200) -> list[Correcting]:
    """Return the minutes that ``actor`` has to check, and the remarks they have to answer: one statement.

    Whoever was there checks them within ``activities.correct_days`` of their being sent round; where nobody was
    marked as present, whoever was invited. Who keeps the minutes answers every remark until the same moment.
    """
    days = timedelta(days=number("correct_days", now))
    invited = Attendee.objects.filter(meeting=OuterRef("pk"))
    came = invited.filter(came_at__isnull=False)
    own = Q(user=actor.user_id, user__isnull=False) | Q(unit__in=actor.unit_ids, group="unit")
    left = own & Q(checked_at__isnull=True)
    rows: Any = (
        Meeting.objects.filter(pk__in=visible(actor).values("pk"), state=MeetingState.CORRECTING)
        .filter(circulated_at__lte=until - days)
        .annotate(
            read=Exists(came.filter(left)) | (~Exists(came) & Exists(invited.filter(left))),
            keeps=_keeps(actor),
            waiting=Count("remarks", filter=Q(remarks__kind=RemarkKind.COMMENT, remarks__answered_at__isnull=True)),
        )
        .filter(Q(read=True) | Q(keeps=True, waiting__gt=0))
    )
    return [
        Correcting(m, m.circulated_at + days, m.read, m.waiting if m.keeps else None)
        for m in rows.order_by("circulated_at", "id")[:limit]
    ]


def _keeps(actor: Actor) -> Any:
    mine = Meeting.objects.filter(pk=OuterRef("pk"))
    return Exists(mine.filter(Q(secretary=actor.user_id) | Q(secretary__isnull=True, created_by=actor.user_id)))
