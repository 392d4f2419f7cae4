"""Where a case is: the same place, and close by."""

from __future__ import annotations

import math
from datetime import datetime

from django.db.models import Q

from linli.engines.cases.models import Case
from linli.engines.cases.selectors.settings import number as rule_number
from linli.foundation.core.coordinates import Point


def near(point: Point, metres: float) -> Q:
    """Return the filter of a box around ``point`` that holds everything within ``metres``."""
    d_lat = metres / 111_320
    d_lon = metres / (111_320 * max(0.2, math.cos(math.radians(point.lat))))
    return Q(lat__range=(point.lat - d_lat, point.lat + d_lat), lon__range=(point.lon - d_lon, point.lon + d_lon))


def same_place(case: Case, now: datetime) -> Q | None:
    """Return the filter of cases at the place of ``case``: same address or a few steps off; None if it has none."""
    where = Q(pk__in=[])
    if case.address_key:
        where |= Q(address_key=case.address_key)
    if case.lat is not None and case.lon is not None:
        where |= near(Point(case.lat, case.lon), float(rule_number("cases.relapse.radius", 50, now)))
    return where if case.address_key or case.lat is not None else None
