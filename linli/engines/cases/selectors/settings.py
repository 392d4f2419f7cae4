"""Numbers of the rulebook that the case loop reads."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from linli.foundation.rulebook import selectors as rulebook
from linli.foundation.rulebook.exceptions import RuleMissingError


def number(code: str, default: Any, now: datetime) -> Any:
    """Return the rulebook's value of ``code`` on the day of ``now``, ``default`` where it has none."""
    try:
        return rulebook.value(code, on=now.astimezone(ZoneInfo(settings.TIME_ZONE)).date())
    except RuleMissingError:
        return default
