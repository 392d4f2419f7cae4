"""Which events are one matter, and whether a device is silent or floods."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta


def home_of(anchors: Iterable[datetime], at: datetime, window: timedelta) -> datetime | None:
    """Return the anchor that an event at ``at`` belongs to: the nearest one less than ``window`` away, or None.

    A draft's anchor is its first event as it came. It does not move, so that a matter that never ends is put before a
    person again after each window. Of two as near, the earlier.
    """
    near = [(abs(at - anchor), anchor) for anchor in anchors if abs(at - anchor) < window]
    return min(near)[1] if near else None


@dataclass(frozen=True, slots=True)
class Rate:
    """How many events came since the begin of a minute."""

    began: datetime
    count: int


def counted(rate: Rate | None, now: datetime, most: int) -> tuple[Rate, bool]:
    """Return the rate with one event more, and whether that one is too much and is shed."""
    if rate is None or not timedelta() <= now - rate.began < timedelta(minutes=1):
        rate = Rate(now, 0)
    after = Rate(rate.began, rate.count + 1)
    return after, after.count > most


def is_silent(heard: datetime, now: datetime, limit: timedelta) -> bool:
    """Return whether nothing was heard for ``limit``; who was never heard counts from when it was entered."""
    return now - heard >= limit
