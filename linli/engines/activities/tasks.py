"""What runs by itself and what other rooms set off: series, ended tasks, hand-over, forgetting who came."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from linli.engines.activities import services
from linli.engines.activities.models import Meeting, Series, Topic, TopicNote
from linli.engines.activities.workflow import OPEN_BEFORE, TOPIC_OPEN
from linli.engines.projects import selectors as projects
from linli.foundation.core.actors import Actor
from linli.foundation.jobs.services import Keeping, handler, keep, schedule
from linli.foundation.people.events import on_hand_over
from linli.foundation.people.types import HandedOver
from linli.foundation.places.events import on_hanging
from linli.foundation.places.types import Hanging

keep(
    Keeping(
        "activities.attendee",
        "activities.Attendee",
        ("user", "sent_sealed"),
        since="the end of the meeting",
        end="the link to the person goes; that the unit came stays in the minutes",
        take=lambda before, _now, limit: services.forget_people(before, limit),
    )
)


@schedule("activities.series", every=timedelta(hours=6))
def make_series(_payload: dict[str, Any], now: datetime) -> None:
    """Make the next meetings of every series; what is there already is not made again."""
    services.make_due(now=now)


@handler("meeting.task_ended")
def task_ended(_payload: dict[str, Any], _now: datetime) -> None:
    """Keep nothing: the next meeting of the series reads how the tasks stand when it is opened."""


@handler("topic.task_ended")
def topic_task_ended(payload: dict[str, Any], now: datetime) -> None:
    """Write a task's result into the topic that it came from, once."""
    topic = Topic.objects.filter(uuid=UUID(payload["source"])).first()
    task = projects.task_result(int(payload["task"]))
    if topic is None or task is None:
        return
    text = _("任务“%(title)s”%(state)s：%(result)s") % {
        "title": task.title,
        "state": task.get_state_display(),
        "result": task.result,
    }
    if not TopicNote.objects.filter(topic=topic, step="task", text=text).exists():
        TopicNote.objects.create(topic=topic, step="task", text=text, at=now, by_label=str(payload["by"])[:80])


@on_hand_over
def hand_over(from_user: int, to_user: int | None, by: Actor, now: datetime) -> list[HandedOver]:
    """Pass on the open topics of somebody who leaves, and the meetings whose minutes they were to take."""
    count = services.hand_over(from_user=from_user, to_user=to_user, by=by, now=now)
    Meeting.objects.filter(secretary=from_user, state__in=OPEN_BEFORE).update(secretary=to_user)
    Series.objects.filter(secretary=from_user).update(secretary=to_user)
    return [HandedOver(_("领题"), count)] if count else []


@on_hanging
def hanging(area_id: int, path: str, day: date) -> Sequence[Hanging]:
    """Return the meetings to come and the open topics of an area and of those below it."""
    del area_id, day
    coming = Meeting.objects.filter(area_path__startswith=path, state__in=OPEN_BEFORE).count()
    topics = Topic.objects.filter(area__path__startswith=path, state__in=TOPIC_OPEN).count()
    named = ((_("未召开的会议"), coming), (_("未破解的难题"), topics))
    return [Hanging(what, count) for what, count in named if count]
