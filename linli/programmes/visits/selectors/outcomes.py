"""Reads of what visits gave, of noted details, of rounds of the programme, and of the words in force."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Sum

from linli.engines.fieldwork import selectors as fieldwork
from linli.engines.fieldwork.rules.coverage import Coverage, Period
from linli.engines.fieldwork.selectors import CoverageOf, RoundFilter
from linli.engines.fieldwork.workflow import RoundState
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import ForbiddenError, NotFoundError
from linli.foundation.core.paging import Page, keyset
from linli.programmes.visits.models import Detail, Gift, Wording
from linli.programmes.visits.permissions import details_q, may_count
from linli.programmes.visits.shipped import wordings as shipped
from linli.programmes.visits.types import KINDS, PROGRAMME

if TYPE_CHECKING:
    from linli.engines.fieldwork.models import Round, Target

DEPTH = 3  # how many levels of areas are told apart: to the 居民区


@dataclass(frozen=True, slots=True)
class GiftSum:
    """So many of one thing given in a period, on so many visits."""

    kind: str
    label: str
    name: str
    quantity: Decimal
    visits: int


def gifts(by: Actor, first: date, last: date, *, area_path: str = "", most: int = 200) -> list[GiftSum]:
    """Return what was given in a period by item, of the areas that ``by`` works in: one statement."""
    rows = Gift.objects.filter(day__gte=first, day__lte=last, area_path__startswith=area_path)
    if not may_count(by):
        rows = rows.none()
    found = rows.values_list("kind", "name").annotate(sum=Sum("quantity"), n=Count("submission", distinct=True))
    labels = dict(Gift._meta.get_field("kind").flatchoices)
    return [GiftSum(k, str(labels[k]), name, q, n) for k, name, q, n in found.order_by("kind", "-sum", "name")[:most]]


def given_on(
    by: Actor, first: date, last: date, *, kind: str, name: str, cursor: str = "", size: int = 50
) -> Page[Gift]:
    """Return the visits on which a thing was given, the newest first; of homes the door is not said."""
    rows = Gift.objects.filter(day__gte=first, day__lte=last, kind=kind, name=name)
    rows = rows if may_count(by) else rows.none()
    with_ = ("submission__target__kind", "submission__round")
    return keyset(
        rows.select_related(*with_), keys=[("day", date), ("id", int)], cursor=cursor, descending=True, size=size
    )


def given_at(target: Target, *, most: int = 20) -> list[GiftSum]:
    """Return what was given at one target by item, for who may read it: one statement."""
    rows = Gift.objects.filter(submission__target=target).values_list("kind", "name")
    found = rows.annotate(sum=Sum("quantity"), n=Count("submission", distinct=True)).order_by("kind", "-sum", "name")
    labels = dict(Gift._meta.get_field("kind").flatchoices)
    return [GiftSum(k, str(labels[k]), name, q, n) for k, name, q, n in found[:most]]


def details(by: Actor, *, cursor: str = "", size: int = 50) -> Page[Detail]:
    """Return the noted details that ``by`` looks after, without what was noted, the newest first."""
    rows = Detail.objects.filter(details_q(by)).select_related("submission__target__kind")
    return keyset(rows, keys=[("id", int)], cursor=cursor, size=size, descending=True)


def open_rounds(by: Actor) -> list[Round]:
    """Return the open rounds of the programme that ``by`` may read, the newest first: one statement."""
    return list(fieldwork.rounds(by, RoundFilter((RoundState.OPEN,), PROGRAMME), size=30).rows)


def coverage_parts(
    by: Actor, code: str, period: Period, *, area_path: str = "", split: str = "", tag: str = ""
) -> dict[str, Coverage]:
    """Return part → who was reached of whom of one ledger; nothing for who may not count there.

    Args:
        split: ``area``, ``tag``, ``period`` (the months of the period); empty: the whole under ``""``.
    """
    asked = CoverageOf(
        code, period, area_path=area_path, split=split, depth=DEPTH if split == "area" else 0,
        periods=months(period) if split == "period" else (), tag=tag,
    )  # fmt: skip
    try:
        return fieldwork.coverage(by, asked)
    except (ForbiddenError, NotFoundError):
        return {}


def months(period: Period) -> tuple[Period, ...]:
    """Return the months of a period, the first and the last cut to it."""
    found, day = [], period.first
    while day <= period.last:
        end = (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
        found.append(Period(day, min(end, period.last)))
        day = end + timedelta(days=1)
    return tuple(found)


def coverage_by_kind(by: Actor, period: Period, *, area_path: str = "") -> dict[str, dict[str, Coverage]]:
    """Return ledger → the whole; ledgers that ``by`` may not count, or without rows, are left out."""
    found = {code: coverage_parts(by, code, period, area_path=area_path) for code in KINDS}
    return {code: parts for code, parts in found.items() if any(c.whole for c in parts.values())}


@dataclass(frozen=True, slots=True)
class Words:
    """A set of words in force: version 0 is the shipped one."""

    code: str
    number: int
    title: str
    lines: list[str]
    about: str
    source: str
    saved: Wording | None


def wording(code: str) -> Words:
    """Return a set of words in force: one statement.

    Raises:
        KeyError: there is no such set.
    """
    return _words(code, Wording.objects.filter(code=code).order_by("-number").first())


def wordings() -> list[Words]:
    """Return every set of words in force, in their order: one statement."""
    newest: dict[str, Wording] = {}
    for row in Wording.objects.order_by("number"):
        newest[row.code] = row
    return [_words(code, newest.get(code)) for code in shipped()]


def versions(code: str) -> list[Wording]:
    """Return the versions of a set, the newest first."""
    return list(Wording.objects.filter(code=code).order_by("-number")[:50])


def _words(code: str, row: Wording | None) -> Words:
    first: Mapping[str, Any] = shipped()[code]
    if row is None:
        return Words(code, 0, first["title"], list(first["lines"]), first["about"], first["source"], None)
    return Words(code, row.number, row.title, list(row.lines), first["about"], first["source"], row)
