"""What hangs on a rule that came from a sheet: clocks that count by it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _

from linli.foundation.deadlines.models import Clock
from linli.foundation.sheets.types import Change, Hang, watch


def _clocks(changes: Sequence[Change], since: datetime) -> list[Hang]:
    """Return the rules by which clocks were started after the import, once the rules held."""
    found = []
    for change in changes:
        code, _bar, first = change.ref.partition("|")
        begins = datetime.combine(date.fromisoformat(first), time(), tzinfo=ZoneInfo(settings.TIME_ZONE))
        count = Clock.objects.filter(rule_code=code, started_at__gte=max(since, begins)).count()
        if count:
            found.append(Hang(change.label, _("已有 %(count)s 个时限按它计算。") % {"count": count}))
    return found


def enter() -> None:
    """Register it."""
    watch("rules", _clocks)
