"""What the pages of ledgers read: figures of each ledger, watches and knocks of one target, its pictures over time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from linli.engines.fieldwork.models import Attempt, Finding, Kind, Submission, SubmissionFile, Target, Visit, Watch
from linli.engines.fieldwork.permissions import may_count, may_list, readable
from linli.engines.fieldwork.permissions import submissions as doors
from linli.engines.fieldwork.selectors.kinds import counts
from linli.engines.fieldwork.selectors.targets import family, matching, target_for
from linli.engines.fieldwork.selectors.watches import watches
from linli.engines.fieldwork.types import TargetFilter
from linli.engines.fieldwork.workflow import FINDING_OVER, VISIT_OPEN, RoundState
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import NotFoundError
from linli.foundation.core.kept import Kept
from linli.foundation.core.paging import Page, keyset

RECENT = (30, 90)
_HEAVY = ("sealed", "area__geometry", "area__wkb")
_twins = Kept(60.0)
_figures = Kept(15.0)


@dataclass(frozen=True, slots=True)
class Figures:
    """One ledger in numbers, as far as somebody may know.

    Attributes:
        visited: how many somebody was at within the last 30 and within the last 90 days; None of guarded ledgers.
        twins: groups of entries that may be one and the same; as of some seconds ago.
        listed: whether this person may open the list.
    """

    kind: Kind
    count: int
    visited: tuple[int, int] | None
    twins: int
    listed: bool


def figures(by: Actor, now: datetime) -> list[Figures]:
    """Return every ledger in use in numbers: four statements at most, kept for some seconds."""
    grants = frozenset((g.role, g.unit_id, g.area_path) for g in by.grants)
    return _figures.get(lambda: _read_figures(by, now), by.uuid, grants)


def _read_figures(by: Actor, now: datetime) -> list[Figures]:
    first, second = (now - timedelta(days=days) for days in RECENT)
    living = readable(by, guarded=False).filter(until=None).order_by()
    rows = living.values_list("kind").annotate(
        n=Count("*"),
        late=Count("kind", filter=Q(visited_at__gte=first)),
        long=Count("kind", filter=Q(visited_at__gte=second)),
    )
    living_of, visited = {}, {}
    for kind_id, n, late, long in rows:
        living_of[kind_id], visited[kind_id] = n, (late, long)
    doubles = _twins.get(lambda: _groups(by), by.uuid, by.roles)
    found = []
    for each in counts(by, living_of):
        kind, open_ = each.kind, not each.kind.guarded
        seen = visited.get(kind.pk, (0, 0)) if open_ else None
        found.append(Figures(kind, each.count, seen, doubles.get(kind.pk, 0) if open_ else 0, each.listed))
    return found


def _groups(by: Actor) -> dict[int, int]:
    rows = readable(by, guarded=False).filter(until=None).exclude(same_key="").order_by()
    found: dict[int, int] = {}
    for kind, _key, _n in rows.values_list("kind", "same_key").annotate(n=Count("*")).filter(n__gt=1):
        found[kind] = found.get(kind, 0) + 1
    return found


def ledger_for(by: Actor, code: str) -> Kind:
    """Return a ledger whose list somebody may open, with its form.

    Raises:
        NotFoundError: there is none, or its targets are not for this person; the two look alike.
    """
    found = Kind.objects.select_related("parent", "fields").filter(code=code).first()
    if found is None or not may_list(by, found):
        raise NotFoundError(_("没有这个台账。"), code="fieldwork.no_kind")
    return found


def _matching(by: Actor, kind: Kind, filters: TargetFilter) -> QuerySet[Target]:
    return matching(readable(by, guarded=kind.guarded).filter(kind=kind), filters, [kind.pk])


def ledger_page(by: Actor, kind: Kind, filters: TargetFilter, *, cursor: str = "", size: int = 50) -> Page[Target]:
    """Return a page of a ledger by address and name: one statement, two with words or a tag."""
    rows = _matching(by, kind, filters).select_related("area", "unit").defer(*_HEAVY)
    return keyset(rows, keys=[("sort_key", str), ("id", int)], cursor=cursor, size=size)


def knocks_at(by: Actor, target: Target, *, most: int = 100) -> list[Attempt]:
    """Return the knocks at a target that nobody answered, the newest first."""
    rows = Attempt.objects.filter(visit__target__in=family(target.pk)).select_related("visit__round")
    return list(rows.order_by("-at", "-pk")[:most]) if may_count(by) else []


def watches_at(by: Actor, target: Target) -> list[Watch]:
    """Return the watches over a target that somebody may read, the newest first."""
    return list(watches(by).filter(target__in=family(target.pk)).order_by("-cleared_on"))


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of a target: which question it answers, when it was taken, of which record."""

    path: str
    file: UUID
    at: datetime
    submission: Submission


def pictures(by: Actor, target: Target, *, most: int = 400) -> list[Picture]:
    """Return the pictures in the records of a target that somebody may read, the oldest first: two statements."""
    sent = doors.visible(by).filter(target__in=family(target.pk))
    rows = SubmissionFile.objects.filter(submission__in=sent, file__kind="photo")
    rows = rows.select_related("file", "submission__form__form").order_by("-submission__made_at", "-pk")[:most]
    return [Picture(r.path, r.file.uuid, r.submission.made_at, r.submission) for r in reversed(rows)]


def picture_for(by: Actor, target: UUID, file: UUID) -> None:
    """Raise NotFoundError unless somebody may see this picture as one of this target."""
    ids = family(target_for(by, target).pk)
    sent = doors.visible(by).filter(target__in=ids)
    if not SubmissionFile.objects.filter(submission__in=sent, file__uuid=file).exists():
        raise NotFoundError(_("没有这张照片。"), code="fieldwork.no_picture")


class Standing(StrEnum):
    """How a flat stands in the drawing of its house: nothing of who lives there."""

    TROUBLE = "trouble"  # something found wrong is not closed
    DUE = "due"  # a visit is due
    RECENT = "recent"  # somebody was there within 90 days
    LONG_AGO = "long_ago"
    NEVER = "never"


def standings(targets: Sequence[Target], now: datetime) -> dict[int, Standing]:
    """Return how targets stand that somebody may read, by key: two statements."""
    ids = [t.pk for t in targets]
    troubled = set(
        Finding.objects.filter(target__in=ids).exclude(state__in=FINDING_OVER).values_list("target", flat=True)
    )
    due = Visit.objects.filter(target__in=ids, state__in=VISIT_OPEN, round__state=RoundState.OPEN)
    waiting = set(due.values_list("target", flat=True))
    since = now - timedelta(days=RECENT[1])
    found = {}
    for t in targets:
        seen = (
            Standing.NEVER if t.visited_at is None else Standing.RECENT if t.visited_at >= since else Standing.LONG_AGO
        )
        found[t.pk] = Standing.TROUBLE if t.pk in troubled else Standing.DUE if t.pk in waiting else seen
    return found
