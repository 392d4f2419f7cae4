"""The look at all devices: who fell silent, who is calm again."""

from __future__ import annotations

from datetime import datetime, timedelta

from linli.engines.signals.models import Device
from linli.engines.signals.rules.folding import is_silent
from linli.engines.signals.selectors import numbers
from linli.engines.signals.services.telling import tell
from linli.foundation.core.db.again import whole

MOST = 2_000


def look(*, now: datetime) -> int:
    """Raise one notice for each device that fell silent, clear those that flood no more; return how many changed."""
    n = numbers(now)
    limit, calm = timedelta(minutes=n.silent_minutes), timedelta(minutes=n.flood_calm_minutes)
    rows = Device.objects.filter(active=True, program__isnull=False)
    quiet = rows.filter(silent_since__isnull=True, watched_from__lte=now - limit)
    loud = rows.filter(flooding_since__isnull=False, shed_at__lte=now - calm)
    silent = sum(_silent(pk, now, limit) for pk in quiet.order_by("watched_from").values_list("pk", flat=True)[:MOST])
    return silent + sum(_calm(pk, now, calm) for pk in loud.order_by("pk").values_list("pk", flat=True)[:MOST])


@whole
def _silent(pk: int, now: datetime, limit: timedelta) -> bool:
    row = Device.objects.select_for_update().get(pk=pk)
    if row.silent_since is not None or not row.active or not is_silent(row.watched_from, now, limit):
        return False
    Device.objects.filter(pk=pk).update(silent_since=now)
    tell(row, "silent", now, now)
    return True


@whole
def _calm(pk: int, now: datetime, calm: timedelta) -> bool:
    row = Device.objects.select_for_update().get(pk=pk)
    if row.flooding_since is None or row.shed_at is None or now - row.shed_at < calm:
        return False
    Device.objects.filter(pk=pk).update(flooding_since=None)
    tell(row, "calm", row.flooding_since, now)
    return True
