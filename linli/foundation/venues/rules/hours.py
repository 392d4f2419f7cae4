"""Opening hours: a weekly pattern with breaks, days on which it is otherwise, and what that means at a moment.

Times are minutes of a day. A span that ends at or before it begins goes on after midnight
(``22:00-02:00``); ``00:00-24:00`` is the whole day. Moments are local and naive, since a
notice on a door knows no time zones. No Django, no clock.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any

DAY = 24 * 60
MAX_SPANS, MAX_EXCEPTIONS = 6, 60
_LOOK_AHEAD = 400
_SPAN = re.compile(r"(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})")
_SHUT = {"休息", "关闭", "不开放", "closed", "-", ""}
_FOLD = str.maketrans("：－—–～~至０１２３４５６７８９，、；;", ":------0123456789,,,,")


class BadHoursError(ValueError):
    """Hours that cannot be read; ``args[0]`` is a code: span, order, overlap, many, date."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Open from ``start`` to ``end``, minutes of the day it begins on; ``end`` is up to a day after midnight."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Exceptional:
    """Days, both included, on which the weekly pattern does not hold; without spans they are days off."""

    first: date
    last: date
    spans: tuple[Span, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Hours:
    """When something is open.

    Attributes:
        week: seven days from Monday, each with its spans.
        exceptions: days that differ; of two that hold on a day the one entered later counts.
        always: open day and night (an exception still holds).
    """

    week: tuple[tuple[Span, ...], ...] = ((),) * 7
    exceptions: tuple[Exceptional, ...] = ()
    always: bool = False

    @property
    def known(self) -> bool:
        """Whether anything was entered at all."""
        return self.always or any(self.week) or bool(self.exceptions)


@dataclass(frozen=True, slots=True)
class Now:
    """How it stands at a moment: ``open`` is None where no hours are known; ``until`` is the next change."""

    open: bool | None
    until: datetime | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """Neighbouring days of the week with the same spans, to be read; 0 is Monday."""

    first: int
    last: int
    spans: tuple[Span, ...] = field(default=())


def parse_spans(text: str) -> tuple[Span, ...]:
    """Return the spans that ``text`` names (``08:30-11:30, 13:30-17:00``); none for a day off.

    Raises:
        BadHoursError: not readable, overlapping, or too many.
    """
    folded = text.strip().translate(_FOLD).replace(" ", "")
    if folded.lower() in _SHUT:
        return ()
    spans = sorted(_span(part) for part in folded.split(",") if part)
    if len(spans) > MAX_SPANS:
        raise BadHoursError("many")
    if any(a.end > b.start for a, b in pairwise(spans)):
        raise BadHoursError("overlap")
    if spans and spans[-1].end - DAY > spans[0].start:
        raise BadHoursError("overlap")
    return tuple(spans)


def _span(part: str) -> Span:
    found = _SPAN.fullmatch(part)
    if found is None:
        raise BadHoursError("span")
    h1, m1, h2, m2 = map(int, found.groups())
    if m1 > 59 or m2 > 59 or h1 > 23 or h2 > 24 or (h2 == 24 and m2):
        raise BadHoursError("span")
    start, end = h1 * 60 + m1, h2 * 60 + m2
    if start == end:
        raise BadHoursError("order")
    return Span(start, end if end > start else end + DAY)


def span_text(span: Span) -> str:
    """Return a span as it is typed and read: ``08:30-11:30``."""
    end = span.end if span.end <= DAY else span.end - DAY
    return f"{_clock(span.start)}-{_clock(end)}"


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def spans_text(spans: Sequence[Span]) -> str:
    """Return spans as :func:`parse_spans` reads them."""
    return ", ".join(map(span_text, spans))


def parse_exceptions(text: str) -> tuple[Exceptional, ...]:
    """Return the days that differ, one a line: first day, perhaps ``~`` and the last, then hours or 休息, then a note.

    Raises:
        BadHoursError: with the number of the line as its second argument.
    """
    lines = [(n, line.strip()) for n, line in enumerate(text.splitlines(), 1) if line.strip()]
    if len(lines) > MAX_EXCEPTIONS:
        raise BadHoursError("many")
    found = []
    for number, line in lines:
        try:
            found.append(_exception(line))
        except BadHoursError as error:
            raise BadHoursError(error.args[0], number) from error
    return tuple(found)


def _exception(line: str) -> Exceptional:
    days, _gap, rest = line.replace("　", " ").partition(" ")
    first_text, _mark, last_text = days.replace("～", "~").replace("至", "~").partition("~")
    try:
        first = date.fromisoformat(first_text)
        last = date.fromisoformat(last_text) if last_text else first
    except ValueError as error:
        raise BadHoursError("date") from error
    if last < first:
        raise BadHoursError("date")
    hours, _gap, note = rest.strip().partition(" ")
    return Exceptional(first, last, parse_spans(hours), note.strip()[:60])


def exceptions_text(exceptions: Sequence[Exceptional]) -> str:
    """Return the exceptions as :func:`parse_exceptions` reads them."""
    lines = []
    for e in exceptions:
        days = e.first.isoformat() if e.first == e.last else f"{e.first.isoformat()}~{e.last.isoformat()}"
        hours = spans_text(e.spans).replace(" ", "") or "休息"
        lines.append(f"{days} {hours} {e.note}".strip())
    return "\n".join(lines)


def exception_on(hours: Hours, day: date) -> Exceptional | None:
    """Return what differs on ``day``, if anything does."""
    return next((e for e in reversed(hours.exceptions) if e.first <= day <= e.last), None)


def spans_on(hours: Hours, day: date) -> tuple[Span, ...]:
    """Return the spans that begin on ``day``."""
    special = exception_on(hours, day)
    if special is not None:
        return special.spans
    return (Span(0, DAY),) if hours.always else hours.week[day.weekday()]


def _covers(hours: Hours, moment: datetime) -> bool:
    minute = moment.hour * 60 + moment.minute
    today, before = moment.date(), moment.date() - timedelta(days=1)
    return any(s.start <= minute < s.end for s in spans_on(hours, today)) or any(
        s.start <= minute + DAY < s.end for s in spans_on(hours, before)
    )


def now(hours: Hours, moment: datetime) -> Now:
    """Return whether it is open at ``moment`` and until when it stays so (None: for more than a year)."""
    if not hours.known:
        return Now(None)
    special = exception_on(hours, moment.date())
    is_open = _covers(hours, moment)
    until = next((m for m in _edges(hours, moment) if _covers(hours, m) is not is_open), None)
    return Now(is_open, until, special.note if special else "")


def _edges(hours: Hours, moment: datetime) -> list[datetime]:
    """Return the moments after ``moment`` at which a span begins or ends, in order: this week's, then on exceptions."""
    start = moment.date() - timedelta(days=1)
    days = {start + timedelta(days=n) for n in range(10)}
    for e in hours.exceptions:
        for day in (e.first, e.last + timedelta(days=1)):
            if start <= day <= start + timedelta(days=_LOOK_AHEAD):
                days |= {day + timedelta(days=n) for n in range(-1, 9)}
    edges = set()
    for day in days:
        midnight = datetime.combine(day, time())
        for span in spans_on(hours, day):
            edges |= {midnight + timedelta(minutes=span.start), midnight + timedelta(minutes=span.end)}
    return sorted(edge for edge in edges if edge > moment)


def lines(hours: Hours) -> list[Line]:
    """Return the week as it is read: neighbouring days with the same hours in one line, days off left out."""
    found: list[Line] = []
    for day, spans in enumerate(hours.week):
        if found and found[-1].spans == spans and found[-1].last == day - 1:
            found[-1] = Line(found[-1].first, day, spans)
        else:
            found.append(Line(day, day, spans))
    return [line for line in found if line.spans]


def to_json(hours: Hours) -> dict[str, Any]:
    """Return the hours as plain JSON."""
    return {
        "week": [[[s.start, s.end] for s in day] for day in hours.week],
        "exceptions": [
            {
                "first": e.first.isoformat(),
                "last": e.last.isoformat(),
                "spans": [[s.start, s.end] for s in e.spans],
                "note": e.note,
            }
            for e in hours.exceptions
        ],
        "always": hours.always,
    }


def from_json(data: Mapping[str, Any]) -> Hours:
    """Return the hours that :func:`to_json` wrote; an empty mapping is “not known”."""
    if not data:
        return Hours()
    return Hours(
        week=tuple(tuple(Span(a, b) for a, b in day) for day in data["week"]),
        exceptions=tuple(
            Exceptional(
                date.fromisoformat(e["first"]),
                date.fromisoformat(e["last"]),
                tuple(Span(a, b) for a, b in e["spans"]),
                e["note"],
            )
            for e in data["exceptions"]
        ),
        always=data["always"],
    )
