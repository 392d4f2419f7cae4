"""Stand-in until the room is merged: takes handlers and schedules and runs none."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

Handler = Callable[[dict[str, Any], datetime], None]


def handler(name: str) -> Callable[[Handler], Handler]:
    """Take a handler."""
    return lambda function: function


def schedule(name: str, *, every: timedelta) -> Callable[[Handler], Handler]:
    """Take a schedule."""
    return lambda function: function
