"""Finishing minutes merges what they mean for topics; going on undoes it exactly."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from linli.engines.activities.models import AgendaItem, Meeting, Topic, TopicNote
from linli.engines.activities.services.planning import carry_topics
from linli.engines.activities.services.topics import apply_step, raise_row
from linli.engines.activities.types import Doing, NewTopic
from linli.engines.activities.workflow import OPEN_BEFORE, TOPIC_OPEN
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import ConflictError

# All that a step may change; what was there before is put back from here.
FIELDS = ("state", "unit_id", "user_id", "due_on", "result", "evidence", "closed_at", "closed_label")


def _kept(topic: Topic) -> dict[str, Any]:
    found = {name: getattr(topic, name) for name in FIELDS}
    return {k: v.isoformat() if isinstance(v, date) else v for k, v in found.items()}


def _back(kept: dict[str, Any]) -> dict[str, Any]:
    values = dict(kept)
    if values["due_on"]:
        values["due_on"] = date.fromisoformat(values["due_on"])
    if values["closed_at"]:
        values["closed_at"] = datetime.fromisoformat(values["closed_at"])
    return values


def merge(item: AgendaItem, meeting: Meeting, *, by: Actor, now: datetime) -> None:
    """Let an item's proposal take effect; the item keeps how to undo it."""
    data = dict(item.proposal)
    act = data.pop("act")
    if act == "raise":
        new = NewTopic(
            title=data.get("title") or item.title,
            text=data.get("text", ""),
            difficulty=bool(data.get("difficulty")),
            area_id=meeting.area_id,
            series_id=meeting.series_id,
            meeting_id=meeting.pk,
        )
        topic = raise_row(new, by=by, now=now)
        item.topic, item.undo = topic, {"topic": topic.pk, "created": True, "version": topic.version}
    else:
        topic = Topic.objects.select_for_update().get(pk=item.topic_id or 0)
        before = _kept(topic)
        if data.get("due_on"):
            data["due_on"] = date.fromisoformat(data["due_on"])
        note = apply_step(topic, act, data, by=by, now=now, meeting_id=meeting.pk)
        item.undo = {"topic": topic.pk, "before": before, "version": topic.version, "note": note.pk}
    item.save(update_fields=["topic", "undo"])


def separate(item: AgendaItem, meeting: Meeting) -> None:
    """Undo what :func:`merge` did.

    Raises:
        ConflictError: the topic has moved on since.
    """
    undo = item.undo
    topic = Topic.objects.select_for_update().get(pk=undo["topic"])
    elsewhere = AgendaItem.objects.filter(topic=topic).exclude(meeting=meeting)
    used = elsewhere.exclude(meeting__state__in=OPEN_BEFORE, record="")
    if topic.version != undo["version"] or (undo.get("created") and used.exists()):
        raise ConflictError(
            _("难题“%(title)s”已有新的进展，不能退回。") % {"title": topic.title},
            code="activities.moved_on",
            hint=_("请保留本次记录，在下次会议上更正。"),
        )
    item.undo = {}
    if undo.get("created"):
        item.topic = None
        item.save(update_fields=["topic", "undo"])
        elsewhere.delete()
        topic.delete()
        return
    item.save(update_fields=["undo"])
    Topic.objects.filter(pk=topic.pk).update(**_back(undo["before"]), version=F("version") + 1)
    TopicNote.objects.filter(pk=undo["note"]).delete()


def sync_topics(meeting: Meeting) -> None:
    """Bring the agenda of a meeting that has not begun in step: open topics on, those that ended off."""
    if meeting.state not in OPEN_BEFORE:
        return
    stale = meeting.items.filter(kind=Doing.TOPIC, record="").exclude(topic__state__in=TOPIC_OPEN)
    stale.delete()
    carry_topics(meeting)
