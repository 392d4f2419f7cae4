"""Values of expressions: texts, numbers, truths, lists of chosen codes; None is no answer.

Numbers are IEEE doubles, as XPath has them, but each result is rounded to 15 significant digits, so that
``0.1 + 0.2 = 0.3`` holds, in Python and in the browser alike. A date as a number is days since 1970-01-01
on the wall clock of the place; ``frontend/src/expressions.js`` does the very same.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any

_ROUND = Context(prec=15, rounding=ROUND_HALF_UP)
_NUMBER = re.compile(r"[ \t\r\n]*(-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+))[ \t\r\n]*")
_DATE = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})"
    r"(?:[T ]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]{1,6}))?)?(Z|[+-][0-9]{2}(?::?[0-9]{2})?)?)?"
)
_EPOCH = date(1970, 1, 1).toordinal()
_DAY_MS = 86_400_000
MAX_DAY = 2_932_896  # 9999-12-31


@dataclass(frozen=True, slots=True)
class Moment:
    """What time it is where the form is filled: an aware datetime, whose offset is that of the place."""

    now: datetime

    @property
    def offset(self) -> int:
        """Return the minutes by which the place is ahead of UTC."""
        return int((self.now.utcoffset() or timedelta()).total_seconds() // 60)


def tidy(value: float) -> float | None:
    """Return ``value`` to 15 significant digits; None where it is no number."""
    if not math.isfinite(value):
        return None
    return float(_ROUND.create_decimal_from_float(value)) + 0.0


def number(value: Any, moment: Moment | None = None) -> float | None:
    """Return ``value`` as a number, None if it is none; dates count in days."""
    if isinstance(value, bool):
        return float(value)
    if isinstance(value, (int, float, Decimal)):
        try:
            return tidy(float(value))
        except OverflowError:
            return None
    if not isinstance(value, str):
        return None
    match = _NUMBER.fullmatch(value)
    if match:
        return tidy(float(match.group(1)))
    wall = milliseconds(value, moment)
    return None if wall is None else tidy(wall / _DAY_MS)


def milliseconds(text: str, moment: Moment | None = None) -> int | None:
    """Return the wall-clock milliseconds since 1970 of an ISO date or datetime; None if it is none."""
    match = _DATE.fullmatch(text)
    if not match:
        return None
    year, month, day, hour, minute, second, part, zone = match.groups()
    try:
        days = date(int(year), int(month), int(day)).toordinal() - _EPOCH
    except ValueError:
        return None
    hours, minutes, seconds = int(hour or 0), int(minute or 0), int(second or 0)
    if hours > 23 or minutes > 59 or seconds > 59:
        return None
    total = days * _DAY_MS + ((hours * 60 + minutes) * 60 + seconds) * 1000 + int((part or "0").ljust(3, "0")[:3])
    if zone and moment is not None:
        total += (moment.offset - _minutes(zone)) * 60_000
    return total


def _minutes(zone: str) -> int:
    if zone == "Z":
        return 0
    digits = zone[1:].replace(":", "").ljust(4, "0")
    return (int(digits[:2]) * 60 + int(digits[2:])) * (-1 if zone[0] == "-" else 1)


def moment_of(wall: int) -> datetime | None:
    """Return the wall-clock moment of milliseconds since 1970, None out of the years 1 to 9999."""
    if not -_EPOCH < wall // _DAY_MS <= MAX_DAY:
        return None
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=wall)


def date_text(wall: int | None) -> str:
    """Return milliseconds as ``2026-11-22``; empty for none."""
    found = None if wall is None else moment_of(wall)
    return "" if found is None else found.date().isoformat()


def datetime_text(wall: int | None, moment: Moment | None) -> str:
    """Return milliseconds as ``2026-11-22T09:30:00.000+08:00``; empty for none."""
    found = None if wall is None else moment_of(wall)
    if found is None:
        return ""
    zone = timezone(timedelta(minutes=moment.offset if moment else 0))
    return found.replace(tzinfo=zone).isoformat(timespec="milliseconds")


def number_text(value: float) -> str:
    """Return a number as XPath writes it: no exponent, no point without need."""
    if value == int(value):
        return str(int(value))
    return format(Decimal(repr(value)), "f")


def text(value: Any) -> str:
    """Return a value as text; a truth is ``yes`` or ``no``, as a yes-no question keeps it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return number_text(value)
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, dict):
        return _place_text(value)
    return " ".join(map(text, value)) if isinstance(value, (list, tuple)) else str(value)


def _place_text(value: dict[str, Any]) -> str:
    if "lat" in value and "lon" in value:
        return " ".join(number_text(float(n)) for n in (value["lat"], value["lon"], 0, value.get("accuracy", 0)))
    return str(value.get("text", ""))


def truth(value: Any) -> bool:
    """Return whether a value counts as true: not empty, not zero, not no."""
    return value not in (None, "", False, 0, [], {}, "no")


def chosen(value: Any) -> list[str]:
    """Return the codes of an answer: of a list, or of a text with spaces between."""
    if isinstance(value, (list, tuple)):
        return [text(v) for v in value]
    return [word for word in re.split(r"[ \t\r\n]+", text(value)) if word]


def order(a: str, b: str) -> int:
    """Return -1, 0 or 1: texts compared by their characters' numbers."""
    return (a > b) - (a < b)


def compare(sign: str, left: Any, right: Any, moment: Moment | None = None) -> bool:
    """Return whether ``left sign right`` holds: as numbers if both are, else as texts; nothing is not less or more."""
    a, b = number(left, moment), number(right, moment)
    if a is None or b is None:
        x, y = text(left), text(right)
        if sign in {"=", "!="}:
            return (x == y) == (sign == "=")
        if not x or not y:
            return False
        way = order(x, y)
    else:
        way = (a > b) - (a < b)
    return {"=": way == 0, "!=": way != 0, "<": way < 0, "<=": way <= 0, ">": way > 0, ">=": way >= 0}[sign]


def reckon(sign: str, a: float | None, b: float | None) -> float | None:
    """Return ``a sign b``; None where one is no number or is divided by nought."""
    if a is None or b is None or (sign in {"div", "mod"} and b == 0):
        return None
    if sign == "mod":
        quotient = tidy(a / b)
        # As the server always did: the rest has the sign of the divisor.
        return None if quotient is None or abs(quotient) >= 1e15 else tidy(a - b * math.floor(quotient))
    try:
        return tidy({"+": a + b, "-": a - b, "*": a * b}[sign] if sign != "div" else a / b)
    except OverflowError:
        return None
