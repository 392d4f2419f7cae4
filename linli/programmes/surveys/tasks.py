"""What the room `surveys` does by itself: surveys end with their last day."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from linli.foundation.jobs.services import schedule
from linli.programmes.surveys import services


@schedule("surveys.close", every=timedelta(hours=6))
def close(_payload: dict[str, Any], now: datetime) -> None:
    """End the surveys whose last day is over."""
    services.close_due(now=now)
