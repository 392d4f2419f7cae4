"""Counting failures so that no number of parallel guesses gets past the limit.

A try is counted *before* it is judged, by compare-and-set, and given back when it was
right: of a hundred guesses at the same moment only as many are judged as are free.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from django.db import connection, models
from django.utils.translation import gettext as _

from linli.foundation.accounts.exceptions import LockedError
from linli.foundation.accounts.models import Throttle
from linli.foundation.accounts.rules import Limit, address_key, wait_after
from linli.foundation.core import crypto

_ROUNDS = 50


def account_key(identity: str) -> str:
    """Return the key under which tries for an account (or a name that is none) are counted."""
    return "account:" + crypto.keyed_hash(identity, "accounts.throttle")


def source_key(address: str, purpose: str = "address") -> str:
    """Return the key under which tries from a network address are counted."""
    return f"{purpose}:" + crypto.keyed_hash(address_key(address), "accounts.throttle")


def locked(until: datetime, now: datetime) -> LockedError:
    """Return the error that says how long to wait."""
    seconds = max(1, math.ceil((until - now).total_seconds()))
    return LockedError(
        _("尝试次数过多，请稍后再试。"),
        hint=_("请在 %(minutes)d 分钟后重试。") % {"minutes": math.ceil(seconds / 60)},
        wait=seconds,
    )


def count(key: str, limit: Limit, now: datetime) -> None:
    """Count one try under ``key``.

    Raises:
        LockedError: the wait from earlier tries is not over; this one is not counted.
    """
    for _round in range(_ROUNDS):
        row, _made = Throttle.objects.get_or_create(key=key, defaults={"last_at": now})
        if row.blocked_until is not None and row.blocked_until > now:
            raise locked(row.blocked_until, now)
        old = 0 if now - row.last_at > timedelta(seconds=limit.forget_after) else row.failures
        wait = wait_after(old + 1, limit)
        changed = Throttle.objects.filter(pk=row.pk, failures=row.failures, last_at=row.last_at).update(
            failures=old + 1, blocked_until=now + timedelta(seconds=wait) if wait else None, last_at=now
        )
        if changed:
            return
    raise locked(now + timedelta(seconds=limit.first_wait), now)


class Use(NamedTuple):
    """One use to be counted: under which key, and how many are free since the first of a window."""

    key: str
    most: int
    window: timedelta


def tally(key: str, *, most: int, window: timedelta, now: datetime) -> None:
    """Count one use of something open to everybody under ``key``; one statement.

    Raises:
        LockedError: more than ``most`` uses since the first of this ``window``.
    """
    tally_all([Use(key[:80], most, window)], now=now)


def tally_all(uses: Sequence[Use], *, now: datetime) -> None:
    """Count one use under each key, all in one statement; each key at most once.

    Raises:
        LockedError: for one of them more than ``most`` uses since the first of its ``window``.
    """
    used = _tally(uses, now)
    over = [use.window for use in uses if used[use.key][0] > use.most]
    if over:
        raise locked(now + max(over), now)


class Spent(NamedTuple):
    """How often something was used in the window that runs, and when the next one begins."""

    used: int
    resets_at: datetime


def spend(use: Use, *, now: datetime) -> Spent:
    """Count one use and return the count, whatever it is; one statement. Who asks says what is too much."""
    used, began = _tally([use], now)[use.key]
    return Spent(used, began + use.window)


def _tally(uses: Sequence[Use], now: datetime) -> dict[str, tuple[int, datetime]]:
    """Count each use; return key → uses in its window and when that began."""
    ordered = sorted(uses)  # two requests with the same keys lock the rows in the same order
    at = connection.ops.adapt_datetimefield_value
    rows = ", ".join(["(%s, 1, %s)"] * len(ordered))
    begins = f"CASE accounts_throttle.key {'WHEN %s THEN %s ' * len(ordered)}END"
    windows = [value for use in ordered for value in (use.key, at(now - use.window))]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO accounts_throttle (key, failures, last_at) VALUES {rows} ON CONFLICT (key) DO UPDATE SET"  # noqa: S608
            f" failures = CASE WHEN accounts_throttle.last_at <= {begins} THEN 1"
            " ELSE accounts_throttle.failures + 1 END,"
            f" last_at = CASE WHEN accounts_throttle.last_at <= {begins} THEN excluded.last_at"
            " ELSE accounts_throttle.last_at END"
            " RETURNING key, failures, last_at",
            [*(value for use in ordered for value in (use.key, at(now))), *windows, *windows],
        )
        return {key: (used, _moment(began)) for key, used, began in cursor.fetchall()}


def _moment(value: datetime | str) -> datetime:
    """Return a moment as it came from a raw statement: SQLite gives its text."""
    found = datetime.fromisoformat(value) if isinstance(value, str) else value
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)


def clear(key: str) -> None:
    """Forget the failures under ``key``: the right person came."""
    Throttle.objects.filter(key=key).update(failures=0, blocked_until=None)


def give_back(key: str) -> None:
    """Take back one counted try under ``key``: it was no failure."""
    Throttle.objects.filter(key=key, failures__gt=0).update(failures=models.F("failures") - 1, blocked_until=None)
