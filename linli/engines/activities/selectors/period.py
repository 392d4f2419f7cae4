"""What was met about and decided in a period, with the rows behind each figure, and what of a meeting may be told.

No text of a record or decision and no person: kinds, titles of meetings and agenda items, units, days, counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from linli.engines.activities.models import AgendaItem, Attendee, Decision, Meeting
from linli.engines.activities.rules.finding import normal
from linli.engines.activities.selectors.kinds import standing_topics
from linli.engines.activities.selectors.meetings import visible
from linli.engines.activities.types import COORDINATING, Doing, Outcome
from linli.engines.activities.workflow import MeetingState
from linli.engines.projects import selectors as projects
from linli.engines.projects.types import TaskState
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import NotFoundError
from linli.foundation.core.paging import Page, keyset
from linli.foundation.core.text import mask_personal

HELD = (MeetingState.MINUTED, MeetingState.CORRECTING, MeetingState.SEALED)
TOLD_ITEMS = (Doing.ITEM, Doing.SPEECH, Doing.STANDING)
MOST_TITLES = 6


def _held(since: datetime, until: datetime, topic: str) -> QuerySet[Meeting]:
    rows = Meeting.objects.filter(state__in=HELD, starts_at__gte=since, starts_at__lt=until)
    return rows.filter(pk__in=AgendaItem.objects.filter(_standing(topic)).values("meeting")) if topic else rows


def _standing(topic: str) -> Q:
    return Q(standing__in=[code for code, one in standing_topics().items() if one.title == topic])


def _decided(since: datetime, until: datetime, topic: str) -> QuerySet[Decision]:
    rows = Decision.objects.filter(meeting__in=_held(since, until, "").values("pk"))
    return rows.filter(item__in=AgendaItem.objects.filter(_standing(topic)).values("pk")) if topic else rows


def period_kinds(since: datetime, until: datetime, topic: str = "") -> list[tuple[str, int]]:
    """Return how many meetings of each kind (its code) were held in a period: one statement.

    Args:
        topic: title of a standing topic; only meetings with an item on it.
    """
    counted: Any = _held(since, until, topic).order_by().values_list("kind").annotate(n=Count("pk"))
    return list(counted)


def period_meetings(
    since: datetime, until: datetime, topic: str = "", *, cursor: str = "", size: int = 50
) -> Page[Meeting]:
    """Return one page of the meetings held in a period, newest first."""
    rows = _held(since, until, topic).select_related("unit")
    return keyset(rows, keys=[("starts_at", datetime), ("id", int)], cursor=cursor, size=size, descending=True)


def period_outcomes(since: datetime, until: datetime, topic: str = "") -> list[tuple[str, int]]:
    """Return how many decisions of each outcome the meetings of a period took: one statement."""
    counted: Any = _decided(since, until, topic).order_by().values_list("kind").annotate(n=Count("pk"))
    return list(counted)


def period_decisions(
    since: datetime, until: datetime, topic: str = "", *, cursor: str = "", size: int = 50
) -> Page[Decision]:
    """Return one page of the decisions of the meetings of a period, newest first; show no text of one."""
    rows = _decided(since, until, topic).select_related("meeting__unit")
    return keyset(rows, keys=[("id", int)], cursor=cursor, size=size, descending=True)


def _sealed(actor: Actor) -> QuerySet[Meeting]:
    return visible(actor).filter(state=MeetingState.SEALED).exclude(kind__in=COORDINATING)


def sealed_meetings(actor: Actor, text: str = "", *, limit: int = 20) -> list[Meeting]:
    """Return the meetings with sealed minutes that ``actor`` reads, newest first; consultations stand in the loop."""
    rows = _sealed(actor)
    if text.strip():
        rows = rows.filter(words__contains=normal(text))
    return list(rows.order_by("-starts_at", "-id")[:limit])


def sealed_meeting(actor: Actor, uuid: UUID) -> Meeting:
    """Return a meeting with sealed minutes.

    Raises:
        NotFoundError: there is none for this reader.
    """
    found = _sealed(actor).filter(uuid=uuid).first()
    if found is None:
        raise NotFoundError(_("没有找到这次会议，或者会议记录还没有定稿。"), code="activities.not_found")
    return found


@dataclass(frozen=True, slots=True)
class Told:
    """What of a meeting may be told: what it dealt with, how many came, what it gave to do and what is done."""

    titles: tuple[str, ...]
    came: int
    units: int
    tasks: int
    done: int


def told_of(meeting: Meeting) -> Told:
    """Return what of a meeting may be told; items about a case or a difficulty are left out: four statements."""
    items = AgendaItem.objects.filter(meeting=meeting, kind__in=TOLD_ITEMS).order_by("order", "id")
    there = Attendee.objects.filter(meeting=meeting, came__gt=0).aggregate(
        came=Sum("came"), units=Count("unit", distinct=True)
    )
    given = Decision.objects.filter(meeting=meeting, kind=Outcome.TASK).values_list("uuid", flat=True)
    tasks = [t for rows in projects.tasks_of_many(list(given)).values() for t in rows]
    titles = dict.fromkeys(mask_personal(title) for title in items.values_list("title", flat=True))
    done = sum(t.state == TaskState.DONE for t in tasks)
    return Told(tuple(titles)[:MOST_TITLES], there["came"] or 0, there["units"], len(tasks), done)
