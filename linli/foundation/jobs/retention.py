"""Deleting what is over its days: what rooms declare, done once a day in bounded batches.

How long a field is kept stands on its model (``personal``, ``keep_days``). A room adds here
from when those days count and what then happens to the row; a repository test fails for a
field with days that nobody deletes. Used through ``jobs.services``.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.apps import apps
from django.db import DatabaseError, models, transaction

from linli.foundation.core.actors import SYSTEM
from linli.foundation.core.models import Personal
from linli.foundation.journal import services as journal

log = logging.getLogger(__name__)
BATCH = 500
MOST_BATCHES = 200
"""A run stops after this many batches of one kind; the next day goes on."""

Rows = Callable[[datetime], models.QuerySet[Any]]
Take = Callable[[datetime, datetime, int], int]


@dataclass(frozen=True, slots=True)
class Keeping:
    """What happens to one kind of data when its days are over.

    Attributes:
        code: its name in the journal and the documentation, ``cases.contact``.
        model: the label of what declares the days, ``cases.Reporter``.
        fields: the personal fields concerned; all of them are kept equally long.
        since: from when the days count, in words.
        end: what happens then, in words.
        take: ``(before, now, limit)`` → how many rows it dealt with, at most ``limit``: those whose
            days began before ``before``. It runs in a transaction and may not return a row twice.
        own_days: the days where no field declares them.
    """

    code: str
    model: str
    fields: tuple[str, ...]
    since: str
    end: str
    take: Take
    own_days: int | None = None

    @property
    def days(self) -> int:
        """How many days it is kept.

        Raises:
            ValueError: the fields do not declare one and the same number.
        """
        if self.own_days is not None:
            return self.own_days
        declared: dict[str, Personal] = apps.get_model(self.model).__dict__["personal"]
        found = {declared[name].keep_days for name in self.fields}
        days = next(iter(found), None)
        if len(found) != 1 or days is None:
            message = f"{self.code}: {', '.join(self.fields)} must declare one number of days, not {found}"
            raise ValueError(message)
        return days


KEEPINGS: dict[str, Keeping] = {}


def keep(keeping: Keeping) -> None:
    """Declare what happens to one kind of data when its days are over."""
    KEEPINGS[keeping.code] = keeping


def blanking(rows: Rows, **values: Any) -> Take:
    """Return a ``take`` that puts ``values`` into the rows; ``rows`` must leave out those that hold them already."""

    def take(before: datetime, _now: datetime, limit: int) -> int:
        found = rows(before)
        ids = list(found.order_by("pk").values_list("pk", flat=True)[:limit])
        return found.model._base_manager.filter(pk__in=ids).update(**values) if ids else 0

    return take


def dropping(rows: Rows) -> Take:
    """Return a ``take`` that deletes the rows."""

    def take(before: datetime, _now: datetime, limit: int) -> int:
        found = rows(before)
        ids = list(found.order_by("pk").values_list("pk", flat=True)[:limit])
        if ids:
            found.model._base_manager.filter(pk__in=ids).delete()
        return len(ids)

    return take


def delete_what_is_over(*, now: datetime) -> dict[str, int]:
    """Delete or blank whatever is over its days; return how many rows of each kind there were.

    Each batch is a transaction of its own with one journal entry: the kind, its days and the
    number of rows, and nothing of what stood in them. A kind that cannot be dealt with does not
    stop the others.

    Raises:
        DatabaseError: after all the others, where a kind failed; the job tells of it.
    """
    done: dict[str, int] = {}
    failed: DatabaseError | None = None
    for keeping in KEEPINGS.values():
        try:
            count = _forget(keeping, now)
        except DatabaseError as error:
            log.exception("retention: %s", keeping.code)
            failed = error
            continue
        if count:
            done[keeping.code] = count
    if failed is not None:
        raise failed
    return done


def _forget(keeping: Keeping, now: datetime) -> int:
    before, total = now - timedelta(days=keeping.days), 0
    for _batch in range(MOST_BATCHES):
        with transaction.atomic():
            count = keeping.take(before, now, BATCH)
            if count:
                journal.record(
                    by=SYSTEM,
                    verb="jobs.retention",
                    kind="retention",
                    uuid=None,
                    label=keeping.code,
                    now=now,
                    after={"rows": count, "days": keeping.days},
                    rule=f"{keeping.model}.personal",
                )
        total += count
        if count < BATCH:
            break
    return total
