"""Jobs of the room `mailbox`."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from linli.engines.mailbox import services
from linli.foundation.jobs.services import enqueue, handler, schedule


@schedule("mailbox.look", every=timedelta(minutes=3))
def look(_payload: dict[str, Any], now: datetime) -> None:
    """Ask for a look into every mailbox, and deal with what a look that broke off left."""
    services.look_soon(now=now)
    services.take_all(now=now)


@handler("mailbox.read")
def read(payload: dict[str, Any], now: datetime) -> None:
    """Look into one mailbox; again at once where there was more than one look takes."""
    found = services.look(now=now, mailbox_id=int(payload["mailbox"]))
    if found.more:
        enqueue(name="mailbox.read", payload=payload, now=now, key=f"mailbox.read:{payload['mailbox']}", max_attempts=1)


@schedule("mailbox.forget", every=timedelta(days=1))
def forget(_payload: dict[str, Any], now: datetime) -> None:
    """Delete what is over its days."""
    services.forget(now=now)
