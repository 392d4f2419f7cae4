"""Jobs of the room `signals`."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from linli.engines.signals import services
from linli.foundation.jobs.services import schedule


@schedule("signals.look", every=timedelta(minutes=5))
def look(_payload: dict[str, Any], now: datetime) -> None:
    """Tell of devices that fell silent, and of those that are calm again."""
    services.look(now=now)


@schedule("signals.forget", every=timedelta(days=1))
def forget(_payload: dict[str, Any], now: datetime) -> None:
    """Delete the events that are past their device's days."""
    services.forget(now=now)
