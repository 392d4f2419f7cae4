"""Folding every few seconds, and looking at thresholds."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from linli.engines.indicators import services
from linli.foundation.jobs.services import schedule


@schedule("indicators.fold", every=timedelta(seconds=10))
def fold(_payload: dict[str, Any], now: datetime) -> None:
    """Fold what the journal has sealed since, reading the days that are over on the way."""
    services.fold_all(now=now)


@schedule("indicators.look", every=timedelta(minutes=10))
def look(_payload: dict[str, Any], now: datetime) -> None:
    """Tell those whose thresholds were crossed."""
    services.look(now=now)
