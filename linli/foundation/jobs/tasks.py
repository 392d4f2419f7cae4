"""What runs by itself in every namespace: the journal's seals (the journal stands below jobs)."""

from __future__ import annotations

from datetime import datetime, timedelta

from linli.foundation.jobs.types import Payload, schedule
from linli.foundation.journal import services as journal


@schedule("journal.seal", every=timedelta(seconds=5))
def seal(payload: Payload, now: datetime) -> None:
    """Seal what has no seal yet."""
    journal.seal_all(now=now)


@schedule("journal.seal_day", every=timedelta(days=1))
def seal_day(payload: Payload, now: datetime) -> None:
    """Let the seal of the day that ended leave the machine."""
    journal.seal_day(now=now)
