"""Call-backs: who may be sampled, what waits, what was said, whether a sample was drawn as recorded."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext as _

from linli.engines.cases.models import CallBack, CallBackRound, Case, Reporter
from linli.engines.cases.permissions import visible
from linli.engines.cases.rules.sampling import Candidate, draw, from_rows, group_of
from linli.engines.cases.types import CallBackState, FeedbackWay, Kind, Source
from linli.engines.cases.workflow import Outcome, State
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import NotFoundError
from linli.foundation.core.paging import Page, keyset


def candidates(since: datetime, until: datetime) -> list[Candidate]:
    """Return the cases closed from ``since`` until before ``until`` whose reporter may be called, by id.

    Left out: 要求保密; orders of 12345, which the city calls back; nobody to call (no number, or no
    answer wanted); withdrawn ones; those whose review is pending already.
    """
    callable_ = Reporter.objects.filter(case=OuterRef("pk")).exclude(phone_hash="").exclude(way=FeedbackWay.NONE)
    rows = Case.objects.filter(
        Exists(callable_), state=State.CLOSED, closed_at__gte=since, closed_at__lt=until, kind=Kind.PROBLEM
    )
    rows = rows.filter(confidential=False, needs_review=False).exclude(source=Source.HOTLINE)
    rows = rows.exclude(outcome=Outcome.WITHDRAWN).order_by("id")
    return [
        Candidate(pk, group_of(outcome, rating), unit_id or 0)
        for pk, outcome, rating, unit_id in rows.values_list("pk", "outcome", "rating", "unit_id")
    ]


def redrawn(rows: Iterable[CallBackRound]) -> dict[int, bool]:
    """Return for each sample whether drawing again by what was recorded gives the same cases: one statement."""
    rows = list(rows)
    drawn: dict[int, set[int]] = {row.pk: set() for row in rows}
    for round_id, case_id in CallBack.objects.filter(round__in=drawn).values_list("round_id", "case_id"):
        drawn[round_id].add(case_id)
    return {
        row.pk: set(draw(from_rows(row.candidates), row.shares, row.minimum, row.seed)) == drawn[row.pk] for row in rows
    }


def call_backs(actor: Actor, *, waiting: bool, cursor: str = "", size: int = 50) -> Page[CallBack]:
    """Return one page of the calls to make, oldest first, or of those made, newest first."""
    rows = CallBack.objects.filter(case__in=visible(actor)).select_related("case__category", "case__unit", "round")
    if waiting:
        return keyset(rows.filter(state=CallBackState.WAITING), keys=[("id", int)], cursor=cursor, size=size)
    rows = rows.exclude(state=CallBackState.WAITING)
    return keyset(rows, keys=[("ended_at", datetime), ("id", int)], cursor=cursor, size=size, descending=True)


def rounds(*, cursor: str = "", size: int = 20) -> Page[CallBackRound]:
    """Return one page of the weekly samples, newest first, with ``done`` and ``unhappy`` counted."""
    rows = CallBackRound.objects.annotate(
        done=Count("calls", filter=Q(calls__state=CallBackState.DONE)),
        given_up=Count("calls", filter=Q(calls__state=CallBackState.GIVEN_UP)),
    )
    return keyset(rows, keys=[("week", date), ("id", int)], cursor=cursor, size=size, descending=True)


def call_back_for(actor: Actor, uuid: UUID) -> CallBack:
    """Return the call-back with that uuid, if ``actor`` may read its case.

    Raises:
        NotFoundError: there is none for this reader.
    """
    rows = CallBack.objects.filter(uuid=uuid, case__in=visible(actor))
    found = rows.select_related("round", "case__category", "case__category_version", "case__unit").first()
    if found is None:
        raise NotFoundError(_("没有找到这次回访。"), code="cases.call_back")
    return found


def week_before(day: date) -> date:
    """Return the Monday of the week before the one that ``day`` lies in."""
    return day - timedelta(days=day.weekday() + 7)
