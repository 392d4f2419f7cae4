"""Reading exports, and how many rows a list has."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils.timezone import localtime

from linli.foundation.core.actors import Actor
from linli.foundation.core.paging import Page, counting, keyset
from linli.foundation.exports import permissions
from linli.foundation.exports.models import Export
from linli.foundation.exports.types import GOING, Asking, Listing, work_of
from linli.foundation.rulebook import selectors as rulebook


def number(code: str, now: datetime) -> int:
    """Return a number of the rulebook, ``exports.<code>``."""
    return int(rulebook.value(f"exports.{code}", on=localtime(now).date()))


def count(listing: Listing, asking: Asking, *, at_most: int) -> int:
    """Return how many rows the list has, counting no further than ``at_most``."""
    with counting(at_most) as found:
        shown = sum(len(page) for page in listing.pages(asking))
    return min(at_most, max(found.rows, shown))


def exports(by: Actor, *, cursor: str = "", size: int = 25) -> Page[Export]:
    """Return a page of one's own exports, newest first."""
    rows = permissions.own(by).select_related("file")
    return keyset(rows, keys=[("id", int)], cursor=cursor, size=size, descending=True)


def going(by: Actor) -> int:
    """Return how many of one's exports wait or are being written."""
    return permissions.own(by).filter(state__in=GOING).count()


def title(row: Export) -> str:
    """Return what an export is called: as it was when it was asked for."""
    work = work_of(row.kind)
    return row.title or (str(work.title) if work is not None else row.kind)


def expires_at(row: Export, now: datetime) -> datetime | None:
    """Return when the file of an export is deleted; None where there is none."""
    return row.ended_at + timedelta(days=number("keep_days", now)) if row.file_id and row.ended_at else None


def stale(row: Export, now: datetime) -> bool:
    """Return whether nothing was heard of an export for so long that it is taken for dead."""
    return row.going and now - row.touched_at > timedelta(minutes=number("silent_minutes", now))


def silent(now: datetime, limit: int = 100) -> Sequence[Export]:
    """Return the exports of which nothing was heard for too long, oldest first."""
    before = now - timedelta(minutes=number("silent_minutes", now))
    return list(Export.objects.filter(state__in=GOING, touched_at__lt=before).order_by("touched_at", "id")[:limit])


def over(now: datetime, limit: int = 100) -> Sequence[Export]:
    """Return the exports whose file is over its days, oldest first."""
    before = now - timedelta(days=number("keep_days", now))
    rows = Export.objects.select_related("file").filter(state="ready", ended_at__lt=before)
    return list(rows.order_by("ended_at", "id")[:limit])
