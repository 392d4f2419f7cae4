"""Reading every figure when a day ends: written once, so that what was shown can be shown again."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from linli.engines.indicators.definitions import FIGURES
from linli.engines.indicators.models import Reading
from linli.engines.indicators.selectors.choosing import usual_days
from linli.engines.indicators.selectors.counting import counted
from linli.engines.indicators.selectors.days import Period, ends
from linli.engines.indicators.types import Dimension, Value
from linli.foundation.core.actors import SYSTEM

_READ = (Dimension.UNIT, Dimension.AREA)


def read_day(day: date) -> None:
    """Keep what every figure is over the usual days up to ``day``, as what is folded says; what was read stays."""
    days = usual_days(day)
    period, rows = Period.last(days, day), []
    for code in FIGURES:
        for dimension in _READ:
            found = counted(SYSTEM, code, period, by=dimension, now=ends(day))
            if dimension == _READ[0]:
                rows.append(_row(day, days, code, "", found.total))
            rows += [_row(day, days, code, dimension, value) for value in found.values]
    Reading.objects.bulk_create(rows, batch_size=100, ignore_conflicts=True)


def _row(day: date, days: int, code: str, dimension: str, value: Value) -> Reading:
    part = Decimal(str(value.part)).quantize(Decimal("0.01"))
    key = value.key if dimension else ""
    return Reading(
        day=day, figure=code, dimension=dimension, key=key, days=days, part=part, whole=value.whole, value=value.value
    )
