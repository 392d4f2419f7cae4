"""The functions of the language that need only their values; those that look at the form stand in ``walking``."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from linli.foundation.forms.rules.expressions.values import (
    Moment,
    chosen,
    date_text,
    datetime_text,
    milliseconds,
    moment_of,
    number,
    text,
    tidy,
    truth,
)

_DAY = 86_400_000
_WEEKDAYS = "一二三四五六日"
_ANY = 50
CLOCK = {"now", "today"}
Value = Any
Function = Callable[..., Value]


def _substr(_moment: Moment | None, value: Value, start: Value, end: Value = None) -> str:
    whole, first = text(value), number(start)
    last = None if end is None else number(end)
    if first is None or (end is not None and last is None):
        return ""
    return whole[int(first) :] if last is None else whole[int(first) : int(last)]


def _before(_moment: Moment | None, value: Value, mark: Value) -> str:
    whole, sign = text(value), text(mark)
    return whole[: whole.index(sign)] if sign in whole else ""


def _after(_moment: Moment | None, value: Value, mark: Value) -> str:
    whole, sign = text(value), text(mark)
    return whole[whole.index(sign) + len(sign) :] if sign in whole else ""


def _translate(_moment: Moment | None, value: Value, old: Value, new: Value) -> str:
    olds, news = text(old), text(new)
    table: dict[str, str] = {}
    for place, char in enumerate(olds):
        table.setdefault(char, news[place] if place < len(news) else "")
    return "".join(table.get(char, char) for char in text(value))


def _round(_moment: Moment | None, value: Value, places: Value = 0) -> float | None:
    a, p = number(value), number(places)
    if a is None or p is None or abs(p) > 15:
        return None
    shift = 10.0 ** int(p)
    moved = tidy(a * shift + 0.5)
    return None if moved is None else tidy(math.floor(moved) / shift)


def _int(_moment: Moment | None, value: Value) -> float | None:
    a = number(value, _moment)
    return None if a is None else float(math.trunc(a))


def _pow(_moment: Moment | None, base: Value, power: Value) -> float | None:
    a, b = number(base), number(power)
    # Whole powers alone, multiplied out: the same in every language.
    if a is None or b is None or b != int(b) or abs(b) > 100 or (a == 0 and b < 0):
        return None
    found: float | None = 1.0
    for _step in range(abs(int(b))):
        found = None if found is None else tidy(found * a)
    return found if found is None or b >= 0 else (tidy(1 / found) if found else None)


def _abs(moment: Moment | None, value: Value) -> float | None:
    a = number(value, moment)
    return None if a is None else abs(a)


def _selected_at(_moment: Moment | None, value: Value, place: Value) -> str:
    codes, at = chosen(value), number(place)
    return codes[int(at)] if at is not None and 0 <= at < len(codes) else ""


def _wall(value: Value, moment: Moment | None) -> int | None:
    """Return a date, a datetime or a number of days as milliseconds on the wall clock."""
    if isinstance(value, str) and milliseconds(value, moment) is not None:
        return milliseconds(value, moment)
    days = number(value, moment)
    wall = None if days is None else math.floor(days * _DAY + 0.5)
    return None if wall is None or moment_of(wall) is None else wall


def _date(moment: Moment | None, value: Value) -> str:
    return date_text(_wall(value, moment))


def _date_time(moment: Moment | None, value: Value) -> str:
    return datetime_text(_wall(value, moment), moment)


def _decimal_date_time(moment: Moment | None, value: Value) -> float | None:
    wall = _wall(value, moment)
    return None if wall is None else tidy(wall / _DAY)


def _decimal_time(moment: Moment | None, value: Value) -> float | None:
    wall = milliseconds("1970-01-01T" + text(value), None)
    if wall is None:
        wall = _wall(value, moment)
    return None if wall is None else tidy((wall % _DAY) / _DAY)


def _format_date(moment: Moment | None, value: Value, pattern: Value) -> str:
    wall = _wall(value, moment)
    found = None if wall is None else moment_of(wall)
    if found is None:
        return ""
    parts = {
        "Y": f"{found.year:04d}", "y": f"{found.year % 100:02d}", "m": f"{found.month:02d}", "n": str(found.month),
        "b": f"{found.month}月", "d": f"{found.day:02d}", "e": str(found.day), "a": f"周{_WEEKDAYS[found.weekday()]}",
        "H": f"{found.hour:02d}", "h": str(found.hour), "M": f"{found.minute:02d}", "S": f"{found.second:02d}",
        "3": f"{found.microsecond // 1000:03d}", "%": "%",
    }  # fmt: skip
    said, form, at = "", text(pattern), 0
    while at < len(form):
        sign = form[at + 1 : at + 2] if form[at] == "%" else ""
        said += parts.get(sign, "") if sign else form[at]
        at += 2 if sign else 1
    return said


def _now(moment: Moment | None) -> str:
    return datetime_text(_now_wall(moment), moment)


def _today(moment: Moment | None) -> str:
    return date_text(_now_wall(moment))


def _now_wall(moment: Moment | None) -> int | None:
    return None if moment is None else milliseconds(moment.now.isoformat(), moment)


def _plain(function: Callable[..., Value]) -> Function:
    return lambda _moment, *values: function(*values)


FUNCTIONS: dict[str, tuple[int, int, Function]] = {
    "not": (1, 1, _plain(lambda v: not truth(v))),
    "true": (0, 0, _plain(lambda: True)),
    "false": (0, 0, _plain(lambda: False)),
    "boolean": (1, 1, _plain(truth)),
    "boolean-from-string": (1, 1, _plain(lambda v: text(v).strip(" \t\r\n").lower() in {"1", "true", "yes"})),
    "string": (1, 1, _plain(text)),
    "number": (1, 1, lambda moment, v: number(v, moment)),
    "int": (1, 1, _int),
    "round": (1, 2, _round),
    "abs": (1, 1, _abs),
    "pow": (2, 2, _pow),
    "selected": (2, 2, _plain(lambda v, code: text(code) in chosen(v))),
    "count-selected": (1, 1, _plain(lambda v: float(len(chosen(v))))),
    "selected-at": (2, 2, _selected_at),
    "string-length": (1, 1, _plain(lambda v: float(len(text(v))))),
    "substr": (2, 3, _substr),
    "substring-before": (2, 2, _before),
    "substring-after": (2, 2, _after),
    "contains": (2, 2, _plain(lambda v, part: text(part) in text(v))),
    "starts-with": (2, 2, _plain(lambda v, part: text(v).startswith(text(part)))),
    "ends-with": (2, 2, _plain(lambda v, part: text(v).endswith(text(part)))),
    "normalize-space": (1, 1, _plain(lambda v: " ".join(chosen(text(v))))),
    "translate": (3, 3, _translate),
    "today": (0, 0, _today),
    "now": (0, 0, _now),
    "date": (1, 1, _date),
    "date-time": (1, 1, _date_time),
    "decimal-date-time": (1, 1, _decimal_date_time),
    "decimal-time": (1, 1, _decimal_time),
    "format-date": (2, 2, _format_date),
    "format-date-time": (2, 2, _format_date),
}
# Those that look at the form, or leave a part unread.
_LOOKING = {
    "if": (3, 3), "coalesce": (2, _ANY), "once": (1, 1), "concat": (1, _ANY), "join": (2, _ANY), "count": (1, 1),
    "count-non-empty": (1, 1), "sum": (1, 1), "min": (1, _ANY), "max": (1, _ANY), "position": (0, 1),
    "indexed-repeat": (3, 7), "jr:choice-name": (2, 2), "regex": (2, 2),
}  # fmt: skip
ARGUMENTS: dict[str, tuple[int, int]] = {name: found[:2] for name, found in FUNCTIONS.items()} | _LOOKING
