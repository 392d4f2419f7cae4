"""What judgement does beside a request: keys written with a case, keys of old cases, learning."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from linli.engines.cases.events import on_written
from linli.engines.judgement.services import duplicates
from linli.foundation.jobs.services import schedule

if TYPE_CHECKING:
    from linli.engines.cases.models import Case


@on_written
def keys(case: Case, *, fresh: bool) -> None:
    """Keep the keys of a case as it is written."""
    duplicates.write_keys(case, fresh=fresh)


@schedule("judgement.duplicates_index", every=timedelta(hours=6))
def index_missing(_payload: dict[str, Any], now: datetime) -> None:
    """Give keys to cases that came in another way."""
    duplicates.index_missing(now=now)


@schedule("judgement.duplicates_learn", every=timedelta(days=7))
def relearn(_payload: dict[str, Any], now: datetime) -> None:
    """Learn from what was merged and dismissed."""
    duplicates.relearn(now=now)
