"""The cases that a topic of the meetings was raised for."""

from __future__ import annotations

from dataclasses import dataclass

from linli.engines.cases.models import Case, TopicCase
from linli.engines.cases.permissions import visible
from linli.foundation.core.actors import Actor

MOST = 100


@dataclass(frozen=True, slots=True)
class OfTopic:
    """The cases behind a topic: those that this reader may see, newest first, and how many there are beside."""

    cases: list[Case]
    hidden: int


def of_topic(actor: Actor, topic_id: int) -> OfTopic:
    """Return the cases behind a topic as ``actor`` may see them; two statements."""
    links = TopicCase.objects.filter(topic=topic_id)
    found = visible(actor).filter(pk__in=links.values("case")).select_related("category", "unit")
    shown = list(found.order_by("-reported_at", "-id")[:MOST])
    return OfTopic(shown, links.count() - len(shown))
