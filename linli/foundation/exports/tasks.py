"""Jobs of the room `exports`: writing what was asked for, ending what fell silent, deleting what is over its days."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from linli.foundation.exports import services
from linli.foundation.exports.models import Export
from linli.foundation.exports.types import AGAIN
from linli.foundation.jobs.services import Keeping, dropping, handler, keep, schedule
from linli.foundation.jobs.types import Payload


@handler(services.JOB)
def write(payload: Payload, now: datetime) -> None:
    """Write an export."""
    services.run(now=now, uuid=UUID(payload["export"]))


@schedule("exports.silent", every=timedelta(minutes=5))
def silent(payload: Payload, now: datetime) -> None:
    """End what fell silent."""
    services.fail_silent(now=now)


@schedule("exports.expire", every=timedelta(hours=1))
def expire(payload: Payload, now: datetime) -> None:
    """Delete files whose days are over."""
    services.expire(now=now)


keep(
    Keeping(
        "exports.rows",
        "exports.Export",
        ("query_sealed", "user"),
        since="the end of the export; its file goes earlier, after the days of the rulebook (`exports.keep_days`)",
        end="the row is deleted; the journal keeps who took out what",
        take=dropping(lambda before: Export.objects.filter(state__in=AGAIN, ended_at__lt=before)),
    )
)
