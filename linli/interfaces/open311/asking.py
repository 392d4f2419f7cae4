"""What a program asks for, read from the address: moments, lists and pages, each fault named."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.utils.dateparse import parse_date, parse_datetime
from django.utils.timezone import get_current_timezone, is_naive, make_aware
from django.utils.translation import gettext as _

from linli.engines.cases.selectors import Feed
from linli.foundation.core.errors import InvalidError, NotFoundError
from linli.interfaces.open311 import offering

MOST_ROWS, MOST_PAGES = 1000, 1000
SPAN = timedelta(days=90)
_LOST_PLUS = re.compile(r"(T\d\d:\d\d(?::\d\d(?:\.\d+)?)?) (\d\d:?\d\d)$")
_NUMBER = re.compile(r"[0-9]{1,6}")


def several(text: str) -> tuple[str, ...]:
    """Return the parts of a list with commas, empty ones left out, each once."""
    return tuple(dict.fromkeys(p for p in (part.strip() for part in text.split(",")) if p))


def moment(text: str) -> datetime | None:
    """Return the moment that ``text`` names, None where it names none; without an offset it is local."""
    plain = _LOST_PLUS.sub(r"\1+\2", text.strip())  # a plus sign that was not encoded arrives as a blank
    try:
        found = parse_datetime(plain)
        if found is None and (day := parse_date(plain)) is not None:
            found = datetime(day.year, day.month, day.day)  # noqa: DTZ001  made aware below
        return make_aware(found, get_current_timezone()) if found is not None and is_naive(found) else found
    except (ValueError, OverflowError):
        return None


class _Reader:
    """Reads one parameter after the other and keeps what is wrong with each."""

    def __init__(self, data: Mapping[str, str]) -> None:
        self.data, self.errors = data, {}  # type: tuple[Mapping[str, str], dict[str, list[str]]]

    def wrong(self, name: str, message: str) -> None:
        self.errors.setdefault(name, []).append(f"{name}：{message}")

    def at(self, name: str) -> datetime | None:
        text = self.data.get(name, "").strip()
        found = moment(text) if text else None
        if text and found is None:
            self.wrong(name, _("“%(value)s”不是日期时间，应如 2026-03-10T00:00:00Z。") % {"value": text[:40]})
        return found

    def number(self, name: str, default: int, most: int) -> int:
        text = self.data.get(name, "").strip()
        if not text:
            return default
        if not _NUMBER.fullmatch(text) or not 1 <= int(text) <= most:
            self.wrong(name, _("应为 1 至 %(most)s 的整数。") % {"most": most})
            return default
        return int(text)

    def span(self, first: str, last: str) -> tuple[datetime | None, datetime | None]:
        """Return the two ends as given; both is at most 90 days."""
        start, end = self.at(first), self.at(last)
        if start is not None and end is not None and start > end:
            self.wrong(first, _("不能晚于 %(last)s。") % {"last": last})
        elif start is not None and end is not None and end - start > SPAN:
            self.wrong(first, _("一次查询的时间范围最多 %(days)s 天。") % {"days": SPAN.days})
        return start, end


def _whole(start: datetime | None, end: datetime | None, now: datetime) -> tuple[datetime, datetime | None]:
    """Return 90 days where an end is missing: the latest ones where both are."""
    if start is not None:
        return start, end or start + SPAN
    return (end or now) - SPAN, end


def read(data: Mapping[str, str], *, sender: int | None, now: datetime) -> Feed:
    """Return what the query string of a list of requests asks for.

    Raises:
        InvalidError: with everything that is wrong, by parameter.
        NotFoundError: a service code that does not exist.
    """
    reader = _Reader(data)
    size = reader.number("page_size", MOST_ROWS, MOST_ROWS)
    page = reader.number("page", 1, MOST_PAGES)
    numbers = several(data.get("service_request_id", ""))
    if numbers:
        if len(numbers) > MOST_ROWS:
            reader.wrong("service_request_id", _("一次最多 %(most)s 个编号。") % {"most": MOST_ROWS})
        _raise(reader)
        return Feed(numbers=numbers, sender=sender)
    states = several(data.get("status", "").lower())
    if set(states) - {"open", "closed"}:
        reader.wrong("status", _("只能是 open 或 closed。"))
    reported = reader.span("start_date", "end_date")
    updated = reader.span("updated_after", "updated_before")
    _raise(reader)
    codes = several(data.get("service_code", ""))
    for code in codes:
        if offering.service(code) is None:
            raise NotFoundError(_("没有 service_code“%(code)s”。") % {"code": code[:40]}, code="open311.no_service")
    if updated != (None, None):
        updated = _whole(*updated, now)
    if reported != (None, None) or updated == (None, None):
        reported = _whole(*reported, now)
    is_open = {"open": True, "closed": False}.get(states[0]) if len(states) == 1 else None
    return Feed(
        codes=codes, is_open=is_open, reported=reported, updated=updated, sender=sender, page=page, size=size
    )  # fmt: skip


def _raise(reader: _Reader) -> None:
    if reader.errors:
        raise InvalidError(_("查询条件有误。"), code="open311.query", fields=reader.errors)
