"""Where a case is: the same place, and close by."""

from __future__ import annotations

import math
from datetime import datetime

from django.db.models import Q

from linli.engines.cases.models import Case
from linli.engines.cases.selectors.settings import number as rule_number
from linli.foundation.core.coordinates import Point
from linli.foundation.core.crypto import keyed_hash
from linli.foundation.core.text import to_halfwidth


def near(point: Point, metres: float) -> Q:
    """Return the filter of a box around ``point`` that holds everything within ``metres``."""
    d_lat = metres / 111_320
    d_lon = metres / (111_320 * max(0.2, math.cos(math.radians(point.lat))))
    return Q(lat__range=(point.lat - d_lat, point.lat + d_lat), lon__range=(point.lon - d_lon, point.lon + d_lon))


def same_place(case: Case, now: datetime) -> Q | None:
    """Return the filter of cases at the place of ``case``: same address or a few steps off; None if it has none."""
    point = Point(case.lat, case.lon) if case.lat is not None and case.lon is not None else None
    return at_place(case.address_key, point, now)


def at_place(address_key: str, point: Point | None, now: datetime) -> Q | None:
    """Return the filter of cases at an address or a few steps from a point; None where neither is known."""
    where = Q(pk__in=[])
    if address_key:
        where |= Q(address_key=address_key)
    if point is not None:
        where |= near(point, float(rule_number("cases.relapse.radius", 50, now)))
    return where if address_key or point is not None else None


def phone_key(phone: str) -> str:
    """Return what a telephone number is kept as beside a reporter, so that the same caller is known again."""
    digits = "".join(c for c in to_halfwidth(phone) if c.isdigit())
    return keyed_hash(digits[2:] if len(digits) == 13 and digits.startswith("86") else digits, "cases.phone")
