"""When a job is tried again and when a schedule is due next. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

FIRST_WAIT = timedelta(seconds=5)
LONGEST_WAIT = timedelta(hours=1)
# Periods are counted from midnight in China, so that a daily schedule fires at midnight there.
_ORIGIN = datetime(2025, 12, 31, 16, tzinfo=UTC)


def backoff(attempts: int, luck: float) -> timedelta:
    """Return how long to wait after the ``attempts``-th failure: doubling, up to an hour.

    ``luck`` in [0, 1) spreads it over ±25 %, so that what failed together is not tried together.
    """
    doubled: int = 1 << min(max(attempts - 1, 0), 20)
    wait = min(FIRST_WAIT * doubled, LONGEST_WAIT)
    return wait * (0.75 + luck / 2)


def next_period(after: datetime, every: timedelta) -> datetime:
    """Return the first start of a period later than ``after``."""
    return _ORIGIN + ((after - _ORIGIN) // every + 1) * every
