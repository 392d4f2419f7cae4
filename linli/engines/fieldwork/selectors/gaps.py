"""What rounds found wrong, item by item, for the pages of programmes."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from linli.engines.fieldwork.models import Finding
from linli.engines.fieldwork.permissions.submissions import visible_findings
from linli.engines.fieldwork.workflow import FindingState
from linli.foundation.core.actors import Actor
from linli.foundation.core.paging import Page, keyset

ENDED = (FindingState.SCORED, FindingState.DROPPED)


@dataclass(frozen=True, slots=True)
class Answering:
    """What a unit answers for: its own items anywhere, and the free ones where the point is its own.

    Attributes:
        items: codes of questions for which it answers wherever they are asked.
        free: codes for which whoever answers for the point does.
        unit_id: the unit.
        area_path: of points that no unit has, those below this area; empty: none.
    """

    items: tuple[str, ...]
    free: tuple[str, ...]
    unit_id: int
    area_path: str = ""


@dataclass(frozen=True, slots=True)
class GapFilter:
    """Which findings of rounds; what is empty does not narrow.

    Attributes:
        items: codes of questions.
        open: True: those not yet through; None: all but those made in error.
        answering: what one unit answers for.
        target: the row of one target.
    """

    items: tuple[str, ...] = ()
    area_path: str = ""
    open: bool | None = None
    answering: Answering | None = None
    target: int | None = None


def _items(codes: Collection[str]) -> Q:
    found = Q(pk__in=())
    for code in codes:
        found |= Q(item=code) | Q(item__endswith=f"/{code}")
    return found


def _answers(of: Answering) -> Q:
    own = Q(target__unit=of.unit_id)
    if of.area_path:
        own |= Q(target__unit=None, area_path__startswith=of.area_path)
    return _items(of.items) | (_items(of.free) & own)


def _narrowed(rounds: Collection[int], filters: GapFilter) -> Q:
    q = Q(submission__round__in=list(rounds)) & ~Q(state=FindingState.DROPPED)
    if filters.items:
        q &= _items(filters.items)
    if filters.area_path:
        q &= Q(area_path__startswith=filters.area_path)
    if filters.open is not None:
        q &= ~Q(state__in=ENDED) if filters.open else Q(state__in=ENDED)
    if filters.answering is not None:
        q &= _answers(filters.answering)
    if filters.target is not None:
        q &= Q(target=filters.target)
    return q


def gaps(
    by: Actor, rounds: Collection[int], filters: GapFilter | None = None, *, cursor: str = "", size: int = 50
) -> Page[Finding]:
    """Return a page of what the rounds found wrong that ``by`` may read, the newest first: one statement."""
    rows = visible_findings(by).filter(_narrowed(rounds, filters or GapFilter()))
    rows = rows.select_related("target__unit", "submission__round").defer("target__sealed", "submission__sealed")
    return keyset(rows, keys=[("found_at", datetime), ("id", int)], cursor=cursor, size=size, descending=True)


def all_gaps(by: Actor, rounds: Collection[int], *, most: int = 5_000) -> list[Finding]:
    """Return what the rounds found wrong, for a sheet or a paper: one statement."""
    rows = visible_findings(by).filter(_narrowed(rounds, GapFilter()))
    rows = rows.select_related("target__unit", "submission__round").defer("target__sealed", "submission__sealed")
    return list(rows.order_by("target__sort_key", "item", "pk")[:most])


@dataclass(frozen=True, slots=True)
class Closing:
    """How far what was found is: all, through (mended and looked at again), waiting for a re-check, relapses."""

    found: int
    ended: int
    waiting: int
    relapsed: int


def closing(rounds: Collection[int]) -> Closing:
    """Return how much of what rounds found is through: numbers alone, one statement."""
    rows = Finding.objects.filter(submission__round__in=list(rounds)).exclude(state=FindingState.DROPPED)
    n = rows.aggregate(
        found=Count("pk"), ended=Count("pk", filter=Q(state=FindingState.SCORED)),
        waiting=Count("pk", filter=Q(state=FindingState.RECTIFIED)),
        relapsed=Count("pk", filter=Q(relapse_of__isnull=False)),
    )  # fmt: skip
    return Closing(n["found"], n["ended"], n["waiting"], n["relapsed"])
