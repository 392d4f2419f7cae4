"""The sweep as a scheduled job: once a minute in each namespace."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from linli.foundation.deadlines.services import sweep
from linli.foundation.jobs.services import schedule


@schedule("deadlines.sweep", every=timedelta(minutes=1))
def sweep_clocks(payload: dict[str, Any], now: datetime) -> None:
    """Tell every mark that has been reached."""
    sweep(now=now)
