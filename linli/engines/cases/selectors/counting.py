"""Many counts of the same cases in one statement, with its text put together from parts that are kept.

A list counts some twenty tabs and inboxes. The query builder takes five times as long to write
that statement as the database takes to answer it; most of its conditions are always the same, so
each is written once (:func:`written`) and from then on is text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet, FullResultSet
from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models.sql.query import Query

from linli.engines.cases.models import Case

# What conditions may speak of; a condition is about one case and joins nothing.
_COLUMNS = (
    "id",
    "kind",
    "state",
    "level",
    "is_open",
    "due_at",
    "reported_at",
    "closed_at",
    "was_overdue",
    "unit_id",
    "handler_id",
    "unrouted",
    "needs_review",
    "open_orders",
    "dues",
)


class Condition(NamedTuple):
    """A condition as text with its parameters."""

    text: str
    params: tuple[Any, ...] = ()

    def __and__(self, other: Condition) -> Condition:
        """Return the condition that both hold."""
        return Condition(f"({self.text}) AND ({other.text})", (*self.params, *other.params))


NEVER = Condition("1 = 0")
ALWAYS = Condition("1 = 1")
OPEN = Condition("is_open")


def written(q: Q) -> Condition:
    """Return ``q`` as text."""
    query = Query(Case, alias_cols=False)
    try:
        text, params = query.get_compiler(connection=connection).compile(query.build_where(q))
    except EmptyResultSet:
        return NEVER
    except FullResultSet:
        return ALWAYS
    return Condition(text, tuple(params))


def any_of(conditions: Sequence[Condition]) -> Condition:
    """Return the condition that one of them holds; never, for none."""
    if not conditions:
        return NEVER
    text = " OR ".join(f"({c.text})" for c in conditions)
    return Condition(text, tuple(p for c in conditions for p in c.params))


def before(column: str, moment: datetime) -> Condition:
    """Return the condition that ``column`` lies before ``moment``."""
    return Condition(f"{column} < %s", (connection.ops.adapt_datetimefield_value(moment),))


def since(column: str, moment: datetime) -> Condition:
    """Return the condition that ``column`` does not lie before ``moment``."""
    return Condition(f"{column} >= %s", (connection.ops.adapt_datetimefield_value(moment),))


def count_each(rows: QuerySet[Case], parts: Sequence[tuple[Condition, Mapping[str, Condition]]]) -> dict[str, int]:
    """Return how many of ``rows`` fulfil each condition, in one statement.

    Args:
        rows: the cases to count.
        parts: pairs of what a group of counts is narrowed to, which should fit an index, and its counts by name.
    """
    try:
        inner, inner_params = rows.order_by().values(*_COLUMNS).query.sql_with_params()
    except EmptyResultSet:  # somebody who may read nothing
        return {name: 0 for _narrowed, wanted in parts for name in wanted}
    names: list[str] = []
    selects: list[str] = []
    params: list[Any] = []
    for narrowed, wanted in parts:
        names += wanted
        text = f"SELECT {_counts(wanted)} FROM ({inner}) AS cases WHERE {narrowed.text}"  # noqa: S608  all ours
        selects.append(f"({text}) AS part{len(selects)}")
        params += [*(p for c in wanted.values() for p in c.params), *inner_params, *narrowed.params]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {', '.join(selects)}", params)  # noqa: S608  conditions are ours
        found = cursor.fetchone()
    return dict(zip(names, map(int, found), strict=True))


def _counts(wanted: Mapping[str, Condition]) -> str:
    return ", ".join(f"COUNT(*) FILTER (WHERE {c.text}) AS c{i}" for i, c in enumerate(wanted.values()))
