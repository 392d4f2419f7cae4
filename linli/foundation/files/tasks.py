"""Jobs of the room `files`."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from linli.foundation.files import services
from linli.foundation.jobs.services import schedule


@schedule("files.clean_up", every=timedelta(days=1))
def clean_up(payload: dict[str, Any], now: datetime) -> None:
    """Remove content that belongs to no row."""
    services.clean_up(now=now)
