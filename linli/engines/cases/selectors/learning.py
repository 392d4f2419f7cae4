"""What other rooms may learn from: how closed cases were finally sorted. No reporter, and nothing confidential."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.timezone import localtime

from linli.engines.cases.models import Case, CaseEvent
from linli.engines.cases.selectors.catalogue import OTHER
from linli.engines.cases.workflow import Outcome, State

_BATCH = 2_000


@dataclass(frozen=True, slots=True)
class Sorted:
    """One closed case and the category it ended under.

    Attributes:
        text: numbers of persons are covered in it.
        area_id: of the area it lies in.
        at: when it was reported, in the local time.
    """

    uuid: UUID
    text: str
    category: str
    source: str
    area_id: int | None
    at: datetime


def sorted_cases(since: datetime, until: datetime, most: int) -> Iterator[Sorted]:
    """Return the newest ``most`` closed cases reported from ``since`` to before ``until``, the newest first.

    Confidential ones, withdrawn ones, and those that nobody sorted (``other``) teach nothing.
    """
    rows = (
        Case.objects.filter(state=State.CLOSED, kind="problem", confidential=False, category__active=True)
        .filter(reported_at__gte=since, reported_at__lt=until)
        .exclude(outcome=Outcome.WITHDRAWN)
        .exclude(category__code=OTHER)
        .order_by("-reported_at", "-id")
        .values_list("uuid", "text", "category__code", "source", "area_id", "reported_at")
    )
    for uuid, text, code, source, area, at in rows[:most].iterator(chunk_size=_BATCH):
        yield Sorted(uuid, text, code, source, area, localtime(at))


def corrections_since(at: datetime | None) -> int:
    """Return how often a category was corrected by a person after ``at`` (None: ever)."""
    rows = CaseEvent.objects.filter(verb="correct", changes__has_key="category_id")
    return rows.filter(at__gt=at).count() if at is not None else rows.count()
