"""Dates and deadlines: a day without a year takes the text's year; 近期 and 日前 stay relative."""

from __future__ import annotations

import calendar
import re
from collections import Counter
from collections.abc import Iterator

from linli.programmes.documents.rules.drafts import Draft
from linli.programmes.documents.rules.words import one_of
from linli.programmes.documents.types import Kind

_DAY = rf"(?:{one_of('dates', 'part_of_day')})?"
_MONTH = rf"(?:{one_of('dates', 'part_of_month')})"
_YEAR = rf"(?:{one_of('dates', 'part_of_year')})"
_DATE = re.compile(
    rf"(?P<year>(?:19|20)\d\d)年(?:(?P<month>\d{{1,2}})月(?:(?P<day>\d{{1,2}})日{_DAY}|(?P<part>{_MONTH})?)"
    rf"|[至到—-](?:(?:19|20)\d\d)年|(?P<of_year>{_YEAR}))?"
    rf"|(?P<near>今年|去年|明年)?(?<!\d)(?P<m2>\d{{1,2}})月(?:(?P<d2>\d{{1,2}})日{_DAY}|(?P<p2>{_MONTH})|(?![大度饼球光色亮]))"
    rf"|(?<![\w])(?P<c>[〇零一二三四五六七八九]{{4}})年(?:(?P<cm>[一二三四五六七八九十]{{1,2}})月(?:(?P<cd>[一二三四五六七八九十]{{1,3}})日)?)?"
    rf"|(?P<relative>{one_of('dates', 'relative')})"
)
_FIGURE = r"(?:\d{1,3}|[一二两三四五六七八九十]{1,3})"
_RECURRING = re.compile(r"每(?:年|月|季度|半年|周|双月)(?:\d{1,2}月)?(?:\d{1,2}日|底|末|初)?(?:之前|以前|前)")
_WITHIN = re.compile(rf"{_FIGURE}(?:个工作日|个月|小时|分钟|天|日|周|年|个星期)(?:之内|以内|内)")
_EVENT = re.compile(rf"(?:今年|明年|本月)?(?:{one_of('dates', 'events')})(?:之前|以前|前)(?!一|提下|期|后|的|夕)")
_BEFORE = re.compile(r"(?:之前|以前|前)(?!一阶段|期|后|的)")
_OFF = {"去年": -1, "明年": 1}
_YEARS = re.compile(r"(?<!\d)((?:19|20)\d\d)年")


def year_of(text: str) -> int | None:
    """Return the year that a text names most, the first of them where several are named as often."""
    years = Counter(_YEARS.findall(text))
    return int(max(years, key=lambda y: years[y])) if years else None


def _chinese(figure: str) -> int:
    if "十" in figure:
        tens, _, ones = figure.partition("十")
        return 10 * ("〇一二三四五六七八九".find(tens) if tens else 1) + (
            "〇一二三四五六七八九".find(ones) if ones else 0
        )
    return int("".join(str("〇一二三四五六七八九".find(c.replace("零", "〇"))) for c in figure))


def _iso(match: re.Match[str], year: int | None) -> tuple[str, str]:
    """Return a date as far as it is known, and how precise it is."""
    if match["relative"]:
        return "", "relative"
    parts = _chinese_parts(match) if match["c"] else _parts(match, year)
    if not parts:
        return "", "day" if match["d2"] else "month"
    if not _exists(parts):
        return "", "relative"
    return "-".join(f"{p:02d}" for p in parts), ("year", "month", "day")[len(parts) - 1]


def _chinese_parts(match: re.Match[str]) -> list[int]:
    return [_chinese(match["c"]), *(_chinese(match[g]) for g in ("cm", "cd") if match[g])]


def _parts(match: re.Match[str], year: int | None) -> list[int]:
    """Return year, month and day, as far as they are known; nothing where the year is not."""
    given = match["year"] or (year and str(year + _OFF.get(match["near"], 0)))
    if not given:
        return []
    parts = [int(p) for p in (given, match["month"] or match["m2"], match["day"] or match["d2"]) if p]
    if match["of_year"] in ("底", "末", "初"):
        parts.append(1 if match["of_year"] == "初" else 12)
    return parts


def _exists(parts: list[int]) -> bool:
    if len(parts) > 1 and not 1 <= parts[1] <= 12:
        return False
    return len(parts) < 3 or 1 <= parts[2] <= calendar.monthrange(parts[0], parts[1])[1]


def _last_day(iso: str) -> str:
    """Return the last day of a day, month or year."""
    parts = [int(p) for p in iso.split("-")]
    if len(parts) == 1:
        parts.append(12)
    if len(parts) == 2:
        parts.append(calendar.monthrange(*parts)[1])
    return "-".join(f"{p:02d}" for p in parts)


def find_dates(text: str, year: int | None) -> Iterator[Draft]:
    """Yield dates and deadlines; ``year`` is the text's year."""
    taken: set[int] = set()
    for found in _deadlines(text, year):
        if found.start not in taken:
            taken |= set(range(found.start, found.end))
            yield found
    for match in _DATE.finditer(text):
        if match.start() in taken:
            continue
        iso, precision = _iso(match, year)
        yield Draft(
            Kind.DATE,
            match.start(),
            match.end(),
            90 if iso else 75,
            "date.relative" if precision == "relative" else "date.calendar",
            {"iso": iso, "precision": precision, "raw": match[0]},
        )


def _deadlines(text: str, year: int | None) -> Iterator[Draft]:
    for match in _RECURRING.finditer(text):
        yield _deadline(match.start(), match.end(), match[0], "", "deadline.recurring")
    for match in _DATE.finditer(text):
        before = _BEFORE.match(text, match.end())
        if before and not match["relative"]:
            iso, _ = _iso(match, year)
            yield _deadline(
                match.start(),
                before.end(),
                text[match.start() : before.end()],
                _last_day(iso) if iso else "",
                "deadline.date",
            )
    for match in _WITHIN.finditer(text):
        yield _deadline(match.start(), match.end(), match[0], "", "deadline.within")
    for match in _EVENT.finditer(text):
        iso = f"{year}-12-31" if year and match[0].startswith(("年底", "年末", "今年年底")) else ""
        yield _deadline(match.start(), match.end(), match[0], iso, "deadline.event")


def _deadline(start: int, end: int, raw: str, iso: str, rule: str) -> Draft:
    return Draft(
        Kind.DEADLINE, start, end, 90 if iso else 75, rule,
        {"iso": iso, "precision": "day" if iso else "relative", "raw": raw},
    )  # fmt: skip
