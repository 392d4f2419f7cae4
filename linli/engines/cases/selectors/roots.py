"""Repeated causes: what came of each, what came again after it was cured, where one may lie."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from linli.engines.cases.models import Case, RootCause, RootCauseChild
from linli.engines.cases.permissions import visible
from linli.engines.cases.selectors.places import same_place
from linli.engines.cases.selectors.settings import number as rule_number
from linli.engines.cases.types import Kind
from linli.engines.cases.workflow import Outcome, State
from linli.foundation.core.actors import Actor
from linli.foundation.core.paging import Page, keyset

MOST = 200
# What was no problem of its own, or counts elsewhere.
LEFT_OUT = Q(state__in=[State.VOID, State.REFUSED, State.MERGED, State.SPLIT]) | Q(outcome=Outcome.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Root:
    """A root-cause case with what its page shows: its children and what came again, if this reader may see them."""

    row: RootCause
    children: list[Case]
    hidden: int
    again: list[Case]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One place and kind of problem that came up often: perhaps one cause."""

    address: str
    category: str
    count: int
    numbers: list[str]


def root_rows(actor: Actor, *, is_open: bool, cursor: str = "", size: int = 50) -> Page[Case]:
    """Return one page of root-cause cases, newest first, each with ``child_count``."""
    rows = visible(actor).filter(kind=Kind.ROOT_CAUSE, is_open=is_open)
    rows = rows.annotate(child_count=Count("root_cause__children")).select_related("category", "unit", "root_cause")
    return keyset(rows, keys=[("reported_at", datetime), ("id", int)], cursor=cursor, size=size, descending=True)


def root_of(actor: Actor, case: Case, now: datetime) -> Root | None:
    """Return what hangs on the root-cause case ``case``, None if it is of another kind; at most four statements."""
    if case.kind != Kind.ROOT_CAUSE:
        return None
    row = RootCause.objects.filter(case=case).first()
    if row is None:
        return None
    row.case = case
    links = RootCauseChild.objects.filter(root=row)
    mine = visible(actor).filter(pk__in=links.values("case")).select_related("category", "unit")
    children = list(mine.order_by("-reported_at", "-id")[:MOST])
    every = list(Case.objects.filter(pk__in=links.values("case")))
    again = came_again(row, every, now)
    shown = visible(actor).filter(pk__in=again.values("pk")).select_related("category", "unit")
    return Root(row, children, len(every) - len(children), list(shown.order_by("-reported_at")[:MOST]) if every else [])


def matters(children: Sequence[Case], now: datetime) -> Q:
    """Return the filter of cases at the place and of the kind of one of ``children``."""
    found = Q(pk__in=[])
    for child in children:
        where = same_place(child, now)
        if where is not None:
            found |= where & Q(category=child.category_id)
    return found


def came_again(row: RootCause, children: Sequence[Case], now: datetime) -> QuerySet[Case]:
    """Return the cases of the same place and kind that were reported after the root was cured, while it is watched."""
    rows = Case.objects.filter(matters(children, now), reported_at__gt=row.case.closed_at or now)
    if row.watch_until is None or row.case.closed_at is None:
        return rows.none()
    end = row.case.closed_at + timedelta(days=(row.watch_until - row.case.closed_at.date()).days + 1)
    return rows.filter(reported_at__lte=end).exclude(LEFT_OUT).exclude(kind=Kind.ROOT_CAUSE)


def suggestions(actor: Actor, now: datetime, *, limit: int = 50) -> list[Suggestion]:
    """Return places where one kind of problem came up often lately and no open root-cause case has it: two statements.

    How often and within how many days the rulebook says (``cases.root.count``, ``cases.root.days``).
    """
    count, days = int(rule_number("cases.root.count", 3, now)), int(rule_number("cases.root.days", 90, now))
    taken = RootCauseChild.objects.filter(case=OuterRef("pk"))
    rows = visible(actor).filter(reported_at__gt=now - timedelta(days=days), kind=Kind.PROBLEM)
    rows = rows.exclude(address_key="").exclude(LEFT_OUT).filter(~Exists(taken)).order_by()
    grouped: Any = rows.values("address_key", "category").annotate(n=Count("pk")).filter(n__gte=count)
    often = [(g["address_key"], g["category"], g["n"]) for g in grouped.order_by("-n", "address_key")[:limit]]
    if not often:
        return []
    where = Q(pk__in=[])
    for key, category, _n in often:
        where |= Q(address_key=key, category=category)
    found: dict[tuple[str, int], list[Case]] = {}
    for case in rows.filter(where).select_related("category").order_by("-reported_at")[: limit * 20]:
        found.setdefault((case.address_key, case.category_id), []).append(case)
    return [
        Suggestion(cases[0].address, cases[0].category.name, n, [c.number for c in cases])
        for key, category, n in often
        if (cases := found.get((key, category)))
    ]
