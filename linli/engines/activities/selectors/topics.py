"""Reading topics, the difficulty list and the readings of standing topics."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, Q
from django.utils.translation import gettext as _

from linli.engines.activities.models import Reading, Topic, TopicFile, TopicNote
from linli.engines.activities.permissions import topics_q
from linli.engines.activities.rules.finding import normal
from linli.engines.activities.workflow import TOPIC_OPEN, TopicState
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import NotFoundError
from linli.foundation.core.paging import Page, keyset
from linli.foundation.people import selectors as people

TOPIC_BOXES = ("open", "difficulty", "mine", "closed")


def _box(actor: Actor, box: str) -> Q:
    return {
        "open": Q(state__in=TOPIC_OPEN),
        "difficulty": Q(difficulty=True),
        "mine": Q(state__in=TOPIC_OPEN) & (Q(unit__in=actor.unit_ids) | Q(user=actor.user_id)),
        "closed": Q(state__in=[TopicState.CLOSED, TopicState.DROPPED]),
    }[box]


def topic_list(actor: Actor, box: str, *, text: str = "", cursor: str = "", size: int = 50) -> Page[Topic]:
    """Return one page of a box of :data:`TOPIC_BOXES`, newest first; 赌点 and 堵点 find the same."""
    rows = Topic.objects.filter(topics_q(actor)).filter(_box(actor, box)).select_related("unit", "area", "series")
    if text:
        rows = rows.filter(words__contains=normal(text))
    return keyset(rows, keys=[("raised_at", datetime), ("id", int)], cursor=cursor, size=size, descending=True)


def topics_owed(actor: Actor, *, until: date, units: bool = False, limit: int = 200) -> list[Topic]:
    """Return the topics that are to be solved until a day, soonest first: one statement.

    Args:
        until: the last day.
        units: every topic that the actor's units took on; else what is the actor's in person or nobody's of them yet.
    """
    mine = Q(unit__in=actor.unit_ids)
    if not units:
        mine = Q(user=actor.user_id, user__isnull=False) | (mine & Q(user__isnull=True))
    rows = Topic.objects.filter(topics_q(actor)).filter(mine, state=TopicState.OWNED, due_on__lte=until)
    return list(rows.select_related("unit", "user").order_by("due_on", "id")[:limit])


def topic_for(actor: Actor, uuid: UUID) -> Topic:
    """Return a topic, if ``actor`` may read it.

    Raises:
        NotFoundError: there is none for this reader.
    """
    rows = Topic.objects.filter(topics_q(actor), uuid=uuid)
    found = rows.select_related("unit", "user", "area", "series", "raised_unit").first()
    if found is None:
        raise NotFoundError(_("没有找到这个难题。"), code="activities.topic")
    return found


def notes_of(topic: Topic) -> list[TopicNote]:
    """Return what happened to a topic, newest first, each with its files (at most 200): two statements."""
    files = Prefetch("files", TopicFile.objects.select_related("file"))
    rows = TopicNote.objects.filter(topic=topic).select_related("meeting").prefetch_related(files)
    return list(rows.order_by("-id")[:200])


def topic_file_for(actor: Actor, topic_uuid: UUID, uuid: UUID) -> TopicFile:
    """Return a file of a topic that ``actor`` may read.

    Raises:
        NotFoundError: there is none for this reader.
    """
    topics = Topic.objects.filter(topics_q(actor), uuid=topic_uuid)
    found = TopicFile.objects.filter(topic__in=topics, file__uuid=uuid).select_related("file").first()
    if found is None:
        raise NotFoundError(_("没有找到这个文件。"), code="activities.file")
    return found


def open_topics(series_id: int) -> list[Topic]:
    """Return the open topics of a series, oldest first."""
    return list(Topic.objects.filter(series=series_id, state__in=TOPIC_OPEN).order_by("raised_at", "id"))


def readings(standing: str, month: date) -> list[dict[str, Any]]:
    """Return every 居民区 by name with its value and note for a month and the value of the month before.

    In the order of names: a 居民区 is never ranked.
    """
    before = (month.replace(day=1) - date.resolution).replace(day=1)
    rows = Reading.objects.filter(standing=standing, month__in=[month, before])
    found = {(r.unit_id, r.month): r for r in rows}
    return [
        {"unit": u, "now": found.get((u.pk, month)), "before": found.get((u.pk, before))}
        for u in people.units_of_kind("neighbourhood_committee")
    ]
