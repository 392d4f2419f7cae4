"""The figures that the wall shows, counted at most once in some seconds for all screens of a subdistrict.

Where they cannot be counted, the last ones are shown with their own time: the page says how old they are.
"""

from __future__ import annotations

import logging
import threading
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import DatabaseError

from linli.engines.alerts import selectors as alerts
from linli.engines.cases import selectors
from linli.engines.cases.selectors import Wall
from linli.foundation.core.namespaces import current

if TYPE_CHECKING:
    from linli.engines.alerts.models import Alert

log = logging.getLogger(__name__)
_MAX_AGE = timedelta(seconds=8)
_SHOWN_MEANWHILE = timedelta(seconds=60)
_kept: dict[str, Wall] = {}
_warned: dict[str, tuple[datetime, list[Alert]]] = {}
_lock = threading.Lock()


def forget() -> None:
    """Drop what this process knows."""
    _kept.clear()
    _warned.clear()


def figures(now: datetime) -> Wall:
    """Return the figures of the day, some seconds old at most while the database answers.

    Raises:
        DatabaseError: it does not, and this process has never counted.
    """
    name = current()
    found = _kept.get(name)
    if found is not None and _is_fresh(found, now):
        return found
    # Of several screens that ask at once one counts; the others are given what was counted just before.
    if found is not None and now - found.at < _SHOWN_MEANWHILE and _lock.locked():
        return found
    with _lock:
        found = _kept.get(name)
        if found is not None and _is_fresh(found, now):
            return found
        try:
            found = _kept[name] = selectors.wall(now)
        except DatabaseError:
            if found is None:
                raise
            log.exception("the wall shows figures of %s", found.at)
        return found


def warnings(now: datetime) -> list[Alert]:
    """Return the warnings in force, some seconds old at most; where the database does not answer, those known."""
    name = current()
    at, rows = _warned.get(name, (None, []))
    if at is None or not timedelta(0) <= now - at < _MAX_AGE:
        try:
            rows = alerts.in_force(now)
            _warned[name] = (now, rows)
        except DatabaseError:
            log.exception("the wall shows warnings of %s", at)
    return [a for a in rows if a.begins_at <= now < a.ends_at]


def _is_fresh(found: Wall, now: datetime) -> bool:
    return timedelta(0) <= now - found.at < _MAX_AGE
