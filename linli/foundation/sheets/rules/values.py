"""What a cell says: dates, numbers, yes and no as people here write them. Pure: texts in, texts out.

Every reader returns the one way in which a value is kept (``2026-03-01``, ``12``, ``yes``), so that two
writings of the same are equal and what was written out is read in again unchanged.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal, InvalidOperation

from linli.foundation.core.text import clean, to_halfwidth

EXAMPLE = ("示例", "example")
YES = frozenset({"是", "yes", "y", "true", "1", "√", "对", "有", "启用", "在用"})
NO = frozenset({"否", "no", "n", "false", "0", "×", "x", "不", "无", "停用", "不用"})
_SPLIT = re.compile(r"[、，,；;\n]+")
_DIGITS = {c: str(i) for i, c in enumerate("〇一二三四五六七八九")} | {"零": "0", "○": "0"}
_DATE = re.compile(
    r"(\d{4})\s*[-/.年\-－—／．]\s*(\d{1,2})\s*[-/.月－—／．]\s*(\d{1,2})\s*[日号]?"
    r"(?:[\sT]+\d{1,2}[:：]\d{2}(?:[:：]\d{2}(?:\.\d+)?)?)?"
)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_HAN_DATE = re.compile(
    r"([〇零○一二三四五六七八九]{4})年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,3})[日号]"
)


class BadValueError(ValueError):
    """A cell that cannot be read; the argument says of what: date, serial, integer, decimal, yes_no, choice."""


def tidy(text: str) -> str:
    """Return a cell's text as it is kept: on one line, without control characters and needless spaces."""
    return re.sub(r"\s+", " ", clean(text)).strip()


def is_example(cells: tuple[str, ...]) -> bool:
    """Return whether a row is the example of a template: its first filled cell says so."""
    first = next((t for c in cells if (t := tidy(c))), "")
    return first.casefold().startswith(EXAMPLE)


def _han_number(text: str) -> int:
    """Return 一 … 三十一 as a number."""
    tens, ten, ones = text.partition("十")
    if not ten:
        return int("".join(_DIGITS[c] for c in text))
    if len(tens) > 1 or len(ones) > 1 or "十" in ones:
        raise BadValueError("date")
    return (int(_DIGITS[tens]) if tens else 1) * 10 + (int(_DIGITS[ones]) if ones else 0)


def _parts(text: str) -> tuple[int, int, int] | None:
    if found := _DATE.fullmatch(text) or _COMPACT.fullmatch(text):
        year, month, day = (int(g) for g in found.groups())
        return year, month, day
    if found := _HAN_DATE.fullmatch(text):
        year_text, month_text, day_text = found.groups()
        return int("".join(_DIGITS[c] for c in year_text)), _han_number(month_text), _han_number(day_text)
    return None


def read_date(text: str) -> str:
    """Return a date as ``YYYY-MM-DD``: of 2026-3-1, 2026/3/1, 2026.03.01, 2026年3月1日, 二〇二六年三月一日, 20260301.

    A time behind it is dropped. A bare number of days (a date cell that lost its format) is refused, since
    nobody can tell from which epoch it counts.

    Raises:
        BadValueError: ``serial`` for such a number, ``date`` otherwise.
    """
    text = to_halfwidth(tidy(text))
    if not text:
        return ""
    parts = _parts(text)
    if parts is None:
        raise BadValueError("serial" if re.fullmatch(r"\d{5}(\.\d+)?", text) else "date")
    try:
        found = date(*parts)
    except ValueError as error:
        raise BadValueError("date") from error
    if not 1900 <= found.year <= 2200:
        raise BadValueError("date")
    return found.isoformat()


def read_integer(text: str) -> str:
    """Return a whole number in plain digits: of １２, 1,200, 12.0.

    Raises:
        BadValueError: ``integer``.
    """
    text = to_halfwidth(tidy(text)).replace(",", "").replace("，", "")
    if not text:
        return ""
    found = re.fullmatch(r"([+-]?\d{1,12})(?:\.0+)?", text)
    if not found:
        raise BadValueError("integer")
    return str(int(found.group(1)))


def read_decimal(text: str) -> str:
    """Return a number in plain digits without needless zeros: of ０.50, 1,200.

    Raises:
        BadValueError: ``decimal``.
    """
    text = to_halfwidth(tidy(text)).replace(",", "").replace("，", "")
    if not text:
        return ""
    try:
        found = Decimal(text)
    except InvalidOperation as error:
        raise BadValueError("decimal") from error
    if not found.is_finite() or abs(found.adjusted()) > 15 or len(found.as_tuple().digits) > 30:
        raise BadValueError("decimal")
    plain = f"{found:f}"
    plain = plain.rstrip("0").rstrip(".") if "." in plain else plain
    return "0" if plain in {"-0", ""} else plain


def read_yes_no(text: str) -> str:
    """Return ``yes``, ``no`` or nothing.

    Raises:
        BadValueError: ``yes_no``.
    """
    word = to_halfwidth(tidy(text)).casefold()
    if not word:
        return ""
    if word in YES:
        return "yes"
    if word in NO:
        return "no"
    raise BadValueError("yes_no")


def read_list(text: str) -> str:
    """Return the entries of a cell, parted by 、，,；; or lines, each once, joined by 、."""
    return "、".join(dict.fromkeys(t for part in _SPLIT.split(text) if (t := tidy(part))))


def decimal_text(value: float | None) -> str:
    """Return a number as a sheet keeps it: at most nine decimals, no zeros behind; empty for None."""
    if value is None:
        return ""
    return f"{value:.9f}".rstrip("0").rstrip(".") or "0"
