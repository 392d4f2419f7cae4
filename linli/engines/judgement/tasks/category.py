"""Once a day: a new version if people have corrected enough, and how the one in use does."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from linli.engines.judgement.services import category
from linli.foundation.jobs.services import schedule


@schedule("judgement.category", every=timedelta(days=1))
def learn(_payload: dict[str, Any], now: datetime) -> None:
    """Learn from corrections, then count the months."""
    category.learn_if_due(now=now)
    category.watch(now=now)
