"""Reads the text of an official holiday notice: pure, and never guessing.

国务院办公厅关于…年部分节假日安排的通知 says for each holiday which days are off (放假, 补休) and which weekend days are
worked (上班). What the text says of itself is held against it: weekdays named, days counted, holidays missing,
working days that are no weekend. What it contradicts is told; nothing is entered by this module.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from linli.foundation.rulebook.types import SpecialDay

HOLIDAYS = ("元旦", "春节", "清明", "劳动", "端午", "中秋", "国庆")
_FIXED = {"元旦": ((1, 1),), "劳动": ((5, 1),), "国庆": ((10, 1), (10, 2), (10, 3))}
_WEEKDAYS = {c: n for n, letters in enumerate(("一", "二", "三", "四", "五", "六", "日天")) for c in letters}
_HEADING = re.compile(r"(?:^|(?<=[。\n\s]))(?:[一二三四五六七八九十]{1,3}[、.]\s*)?([\u4e00-\u9fff、“”和]{2,20}?)[:：]")
_BRACKETS = re.compile(r"\(([^()]*)\)")
_WEEKDAY = re.compile(r"(?:周|星期)([一二三四五六日天])")
_DATE = re.compile(r"(?:(\d{4})年)?(?:(\d{1,2})月)?(\d{1,2})日(?:<([一二三四五六日天])>)?")
_RANGE = re.compile(r"\s*(?:至|到|—|–|-|~|～|－)+\s*")
_COUNT = re.compile(r"(?:共|放假)\s*(\d{1,2})\s*天")
_TITLE_YEAR = re.compile(r"(\d{4})\s*年(?:部分)?节假日")
_OFF, _WORK = re.compile(r"放假|补休"), re.compile(r"上班|正常上课")
_KNOWN = re.compile(r"公休|法定|调至|调休|连休")


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in the text that contradicts the calendar or itself.

    Attributes:
        code: ``year``, ``holiday`` (not named), ``weekday``, ``count``, ``weekend`` (worked, but none), ``both``,
            ``date`` (no such day), ``outside``, ``fixed`` (a day of the law that is not off), ``unread``, ``empty``.
        section: the holiday under which it stands, empty where it concerns the whole.
        what: the piece of text or the day concerned.
        found, wanted: what the text says, and what is so.
    """

    code: str
    section: str = ""
    what: str = ""
    found: str = ""
    wanted: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """What a notice says: special days in order, holidays in the order of the text, what contradicts itself."""

    year: int
    days: tuple[SpecialDay, ...]
    names: tuple[str, ...]
    problems: tuple[Problem, ...]

    def in_year(self) -> tuple[SpecialDay, ...]:
        """Return the days of its year."""
        return tuple(d for d in self.days if d.day.year == self.year)

    def before(self) -> tuple[SpecialDay, ...]:
        """Return the days of the December before, which a notice on New Year's Day may move."""
        return tuple(d for d in self.days if d.day.year < self.year)


@dataclass(slots=True)
class _Reader:
    """One holiday's sentences read from left to right: a month or year once named holds until another is."""

    year: int
    section: str
    problems: list[Problem] = field(default_factory=list)
    off: list[date] = field(default_factory=list)
    work: list[date] = field(default_factory=list)
    shifted: list[date] = field(default_factory=list)
    month: int = 0
    named_year: int | None = None

    def day_of(self, match: re.Match[str]) -> date | None:
        """Return the day that a match names; December without a year is the one that its weekday fits."""
        year, month, day, weekday = match.groups()
        if year:
            self.named_year = int(year)
        elif month and int(month) < 12:
            self.named_year = None
        self.month = int(month) if month else self.month
        found = self._make(self.named_year or self.year, int(day))
        if found is None:
            self.problems.append(Problem("date", self.section, match.group(0).split("<")[0]))
            return None
        wanted = _WEEKDAYS[weekday] if weekday else None
        if wanted is not None and found.weekday() != wanted:
            before = self._make(self.year - 1, int(day)) if self.month == 12 and not year else None
            if before is not None and before.weekday() == wanted:
                return before
            self.problems.append(
                Problem("weekday", self.section, found.isoformat(), weekday, "一二三四五六日"[found.weekday()])
            )
        return found

    def _make(self, year: int, day: int) -> date | None:
        try:
            return date(year, self.month, day)
        except ValueError:
            return None

    def days_in(self, clause: str) -> list[date]:
        """Return the days that a clause names, ranges filled."""
        found: list[date] = []
        end = None
        for match in _DATE.finditer(clause):
            between = clause[end : match.start()] if end is not None else ""
            day = self.day_of(match)
            if day is None:
                return []
            if found and end is not None and _RANGE.fullmatch(between):
                found += self._through(found[-1], day)
            else:
                found.append(day)
            end = match.end()
        return found

    def _through(self, first: date, last: date) -> list[date]:
        if not timedelta(0) < last - first < timedelta(days=20):
            self.problems.append(Problem("date", self.section, f"{first.isoformat()} – {last.isoformat()}"))
            return []
        return [first + timedelta(days=n) for n in range(1, (last - first).days + 1)]

    def read(self, text: str) -> None:
        """Read the sentences of one holiday."""
        self.month, begun = 0, 0
        for sentence in re.split(r"[。;；\n]", text):
            begun = len(self.off)
            for clause in re.split(r"[,，]", sentence):
                self._clause(clause)
            count = _COUNT.search(sentence)
            off = len(set(self.off[begun:]))
            if count and off and int(count.group(1)) != off:
                self.problems.append(
                    Problem("count", self.section, sentence.split("<")[0][:20], count.group(1), str(off))
                )

        # A day of rest that was moved away is worked, unless it is a holiday itself.
        self.work += [d for d in self.shifted if d not in self.off]

    def _clause(self, clause: str) -> None:
        known = _OFF.search(clause) or _WORK.search(clause)
        if known is None and "调至" in clause:
            self.shifted += self.days_in(clause.partition("调至")[0])
            self.days_in(clause.partition("调至")[2])
            return
        if known is None:
            days = self.days_in(clause)
            if days and not _KNOWN.search(clause):
                self.problems.append(Problem("unread", self.section, re.sub(r"<.>", "", clause).strip()[:40]))
            return
        days = self.days_in(clause)
        (self.off if _OFF.search(clause) else self.work).extend(days)


def _tidy(text: str) -> str:
    """Return the text with brackets reduced to the weekday that they name."""
    plain = text.translate(str.maketrans("（）：．０１２３４５６７８９", "():.0123456789")).replace("\r", "")
    plain = re.sub(r"[ \t\u3000\xa0]+", "", plain)

    def weekday(match: re.Match[str]) -> str:
        named = _WEEKDAY.search(match.group(1))
        return f"<{named.group(1)}>" if named else ""

    return _BRACKETS.sub(weekday, plain)


def _sections(text: str) -> Iterator[tuple[str, str]]:
    """Yield (name, sentences) of every holiday that the text has a heading for."""
    headings = [m for m in _HEADING.finditer(text) if "通知" not in m.group(1) and "如下" not in m.group(1)]
    for n, heading in enumerate(headings):
        end = headings[n + 1].start() if n + 1 < len(headings) else len(text)
        body = text[heading.end() : end]
        if _DATE.search(body):
            yield heading.group(1).strip("、"), body


def parse(text: str, year: int) -> Notice:
    """Return what the text of the notice for ``year`` says, with everything that contradicts the calendar or itself."""
    plain = _tidy(text)
    problems: list[Problem] = []
    titled = _TITLE_YEAR.search(plain)
    if titled and int(titled.group(1)) != year:
        problems.append(Problem("year", found=titled.group(1), wanted=str(year)))
    days: dict[date, SpecialDay] = {}
    names: list[str] = []
    for name, body in _sections(plain):
        reader = _Reader(year, name)
        reader.read(body)
        names.append(name)
        problems += reader.problems
        problems += _enter(days, reader)
    if not days:
        return Notice(year, (), tuple(names), (*problems, Problem("empty")))
    problems += _missing(names, days, year)
    return Notice(year, tuple(days[d] for d in sorted(days)), tuple(names), tuple(problems))


def _enter(days: dict[date, SpecialDay], reader: _Reader) -> list[Problem]:
    """Enter what one holiday's sentences say into ``days``; return what cannot be."""
    problems = []
    for is_workday, found in ((False, reader.off), (True, reader.work)):
        for day in dict.fromkeys(found):
            known = days.get(day)
            if known is not None and known.is_workday != is_workday:
                problems.append(Problem("both", reader.section, day.isoformat()))
            if is_workday and day.weekday() < 5:
                problems.append(Problem("weekend", reader.section, day.isoformat()))
            if day.year != reader.year and (day.year, day.month) != (reader.year - 1, 12):
                problems.append(Problem("outside", reader.section, day.isoformat()))
            name = f"{reader.section}调休上班" if is_workday else reader.section
            days[day] = SpecialDay(day, is_workday=is_workday, name=name)
    return problems


def _missing(names: Sequence[str], days: Mapping[date, SpecialDay], year: int) -> list[Problem]:
    """Return holidays that the text does not name, and days fixed by law that it does not give off."""
    said = "、".join(names)
    problems = [Problem("holiday", what=holiday) for holiday in HOLIDAYS if holiday not in said]
    for holiday, fixed in _FIXED.items():
        for month, number in fixed:
            day = days.get(date(year, month, number))
            if holiday in said and (day is None or day.is_workday):
                problems.append(Problem("fixed", holiday, date(year, month, number).isoformat()))
    return problems


def differences(notice: Notice, known: Mapping[date, SpecialDay]) -> list[tuple[date, bool, bool]]:
    """Return (day, worked by the notice, worked by ``known``) for each day of the year on which they differ."""
    said = {d.day: d.is_workday for d in notice.days}
    first = date(notice.year, 1, 1)
    found = []
    for n in range(366):
        day = first + timedelta(days=n)
        if day.year != notice.year:
            break
        usual = day.weekday() < 5
        ours = said.get(day, usual)
        theirs = known[day].is_workday if day in known else usual
        if ours != theirs:
            found.append((day, ours, theirs))
    return found
