"""Hot topics of a period, for who may read the cases; each opens to its cases."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _

from linli.engines.cases.permissions import visible
from linli.engines.cases.selectors.settings import number as rule_number
from linli.engines.cases.types import Kind
from linli.engines.cases.workflow import State
from linli.engines.judgement.rules import topics as rules
from linli.engines.judgement.rules.topics import Message, Topic
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import NotFoundError

if TYPE_CHECKING:
    from linli.engines.cases.models import Case

_NO_MATTER = (State.VOID, State.REFUSED, State.SPLIT)


@dataclass(frozen=True, slots=True)
class Found:
    """The topics of a period; ``left_out``: how many older cases the limit left out."""

    topics: list[Topic]
    read: int
    left_out: int


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(settings.TIME_ZONE))


def hot_topics(actor: Actor, *, since: date, until: date, area_path: str = "", now: datetime) -> Found:
    """Return the topics of the days ``since`` to ``until`` among what ``actor`` may read, hottest first.

    Two statements, and as many cases at most as the rulebook says, the newest. Each case speaks for
    as many people as raised it.
    """
    most = int(rule_number("judgement.topics.most", 1_500, now))
    least = int(rule_number("judgement.topics.least", 3, now))
    rows = visible(actor).filter(
        kind=Kind.PROBLEM,
        reported_at__gte=_midnight(since),
        reported_at__lt=_midnight(until + timedelta(days=1)),
        area_path__startswith=area_path,
    )
    rows = rows.exclude(state__in=_NO_MATTER)
    columns: Any = rows.order_by("-reported_at", "-pk").values_list(
        "number", "title", "text", "reported_at", "area_path", "reporter_count"
    )
    zone = ZoneInfo(settings.TIME_ZONE)
    messages = [
        Message(number, title, text, at.astimezone(zone), number, path, count)
        for number, title, text, at, path, count in columns[: most + 1]
    ]
    left_out = rows.count() - most if len(messages) > most else 0
    return Found(rules.find(messages[:most], rules.Options(least=least)), min(len(messages), most), max(0, left_out))


def topic_of(found: Found, first: str) -> Topic:
    """Return the topic whose oldest case is ``first``.

    Raises:
        NotFoundError: no topic of the period begins with it.
    """
    for topic in found.topics:
        if topic.ids[0] == first:
            return topic
    raise NotFoundError(
        _("没有找到这个热点。"), code="judgement.topic", hint=_("时间段变了，热点可能不同，请返回列表。")
    )


def topic_cases(actor: Actor, topic: Topic) -> list[Case]:
    """Return the cases of a topic that ``actor`` may read, newest first; one statement."""
    rows = visible(actor).filter(number__in=topic.ids).select_related("category", "unit")
    return list(rows.order_by("-reported_at", "-pk"))
