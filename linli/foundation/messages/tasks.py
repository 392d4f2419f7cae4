"""Jobs of the room `messages`."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from linli.foundation.jobs.services import handler, schedule
from linli.foundation.messages import delivery, digests


@handler("messages.deliver")
def deliver(payload: dict[str, Any], now: datetime) -> None:
    """Send what of a batch is due."""
    delivery.deliver(UUID(payload["batch"]), now)


@schedule("messages.digest", every=timedelta(minutes=15))
def digest(payload: dict[str, Any], now: datetime) -> None:
    """Send today's digests that have not gone yet."""
    digests.send_digests(now)
