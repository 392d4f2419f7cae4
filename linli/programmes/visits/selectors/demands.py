"""Reads of the register of needs: lists, one with its steps, how long an answer takes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from statistics import median
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from linli.foundation.core.actors import Actor
from linli.foundation.core.crypto import decrypt_text
from linli.foundation.core.errors import NotFoundError
from linli.foundation.core.paging import Page, keyset
from linli.foundation.people.selectors import local_day
from linli.programmes.visits.models import Demand, DemandEvent
from linli.programmes.visits.permissions import demands_q
from linli.programmes.visits.types import Filters
from linli.programmes.visits.workflow import AWAITED, OPEN, DemandState

if TYPE_CHECKING:
    from linli.engines.fieldwork.models import Target

SEALED = "visits.demand"
_WITH = ("unit", "target__kind", "officer")


def words_of(row: Demand) -> str:
    """Return what is needed, opened where it was said at home: for who may read the need."""
    return decrypt_text(row.sealed, SEALED) if row.guarded else row.text


def _matching(by: Actor, filters: Filters, now: datetime) -> QuerySet[Demand]:
    conditions = {
        "state": filters.state,
        "origin": filters.origin,
        "unit": filters.unit_id,
        "area_path__startswith": filters.area_path,
        "target__uuid": filters.target,
        "source": filters.source,
    }
    rows = Demand.objects.filter(demands_q(by)).filter(**{k: v for k, v in conditions.items() if v})
    if filters.late:
        rows = rows.filter(state__in=AWAITED, due_on__lt=local_day(now))
    for word in filters.text[:60].split()[:6]:
        rows = rows.filter(Q(text__contains=word) | Q(who__contains=word) | Q(unit__name__contains=word))
    return rows


def demand_page(by: Actor, filters: Filters, *, now: datetime, cursor: str = "", size: int = 50) -> Page[Demand]:
    """Return a page of the needs that ``by`` may read, the newest first: one statement."""
    rows = _matching(by, filters, now).select_related(*_WITH).defer("target__sealed")
    return keyset(rows, keys=[("id", int)], cursor=cursor, size=size, descending=True)


def demand_for(by: Actor, uuid: UUID) -> Demand:
    """Return one need.

    Raises:
        NotFoundError: there is none, or not for this reader.
    """
    found = Demand.objects.filter(demands_q(by), uuid=uuid).select_related(*_WITH).first()
    if found is None:
        raise NotFoundError(_("没有这项需求。"), code="visits.no_demand", hint=_("它可能不在您的查看范围内。"))
    return found


def demands_of(by: Actor, source: UUID) -> list[Demand]:
    """Return the needs that came of one visit or record, the oldest first."""
    return list(Demand.objects.filter(demands_q(by), source=source).select_related(*_WITH).order_by("id")[:200])


def demands_at(by: Actor, target: Target, *, most: int = 30) -> list[Demand]:
    """Return the needs of one target that ``by`` may read, the newest first: one statement."""
    rows = Demand.objects.filter(demands_q(by), target=target).select_related(*_WITH).defer("target__sealed")
    return list(rows.order_by("-id")[:most])


def steps_of(row: Demand) -> list[DemandEvent]:
    """Return what happened to a need, the newest first."""
    return list(row.events.order_by("-id")[:200])


def demand_counts(by: Actor, filters: Filters, *, now: datetime) -> dict[str, int]:
    """Return how many needs stand where, and under ``late`` how many wait beyond their day: one statement."""
    today = local_day(now)
    late = Count("pk", filter=Q(state__in=AWAITED, due_on__lt=today))
    rows = _matching(by, filters, now).values_list("state").annotate(n=Count("pk"), late=late).order_by()
    found = {"late": 0}
    for state, n, overdue in rows:
        found[state] = n
        found["late"] += overdue
    return found


@dataclass(frozen=True, slots=True)
class Replies:
    """How answers came in a period.

    Attributes:
        answered: needs answered in it.
        in_time: of these, by their day.
        median_days: from entry to answer; None where none was answered.
        waiting: open now.
    """

    answered: int
    in_time: int
    median_days: float | None
    waiting: int


def days_to_reply(row: Demand) -> int | None:
    """Return how many days an answer took, None where there is none."""
    return (local_day(row.replied_at) - local_day(row.created_at)).days if row.replied_at is not None else None


def replies(by: Actor, first: date, last: date, *, origin: str = "") -> Replies:
    """Return how answers came in a period, of the needs that ``by`` may read: two statements."""
    rows = Demand.objects.filter(demands_q(by))
    rows = rows.filter(origin=origin) if origin else rows
    waiting = rows.filter(state__in=OPEN).exclude(state=DemandState.REPLIED).count()
    done = rows.filter(replied_at__date__gte=first, replied_at__date__lte=last).exclude(state=DemandState.DROPPED)
    found = list(done.only("created_at", "replied_at", "due_on"))
    return Replies(len(found), sum(_in_time(r) for r in found), _median(found), waiting)


def _in_time(row: Demand) -> bool:
    return row.replied_at is not None and row.due_on is not None and local_day(row.replied_at) <= row.due_on


def _median(rows: Iterable[Demand]) -> float | None:
    days = [d for r in rows if (d := days_to_reply(r)) is not None]
    return float(median(days)) if days else None
