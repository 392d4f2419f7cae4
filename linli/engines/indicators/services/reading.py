"""Reading every figure when a day ends: written once, so that what was shown can be shown again."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from linli.engines.indicators.definitions import FIGURES
from linli.engines.indicators.models import Reading
from linli.engines.indicators.selectors.choosing import usual_days
from linli.engines.indicators.selectors.counting import plain_values
from linli.engines.indicators.selectors.days import Period, ends
from linli.engines.indicators.types import Dimension, Value

_READ = (Dimension.NONE, Dimension.UNIT, Dimension.AREA)


def read_day(day: date) -> None:
    """Keep what every figure is over the usual days up to ``day``, as what is folded says; what was read stays."""
    days = usual_days(day)
    period, now = Period.last(days, day), ends(day)
    rows = [
        _row(day, days, code, dimension, value)
        for code, figure in FIGURES.items()
        for dimension in _READ
        for value in plain_values(figure, period, dimension, now)
    ]
    Reading.objects.bulk_create(rows, batch_size=100, ignore_conflicts=True)


def _row(day: date, days: int, code: str, dimension: str, value: Value) -> Reading:
    part = Decimal(str(value.part)).quantize(Decimal("0.01"))
    return Reading(
        day=day,
        figure=code,
        dimension=dimension,
        key=value.key,
        days=days,
        part=part,
        whole=value.whole,
        value=value.value,
    )
