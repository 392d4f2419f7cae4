"""Reads of rules and calendar, from a cache per namespace that costs no statement while it is fresh.

A book is read again when the version row's token has changed; the row is looked at once
every two seconds at most. What this process itself commits counts at once. Inside a
transaction that has changed the book, its own uncommitted book is read, and forgotten
with the transaction if it is rolled back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from linli.foundation.core.versioned import Versioned
from linli.foundation.rulebook.exceptions import RuleMissingError
from linli.foundation.rulebook.models import CalendarDay, CalendarYear, RulebookVersion, RuleEntry
from linli.foundation.rulebook.rules import Hours, WorkingCalendar, from_json, make_calendar, parse_hours
from linli.foundation.rulebook.shipped_rules import shipped
from linli.foundation.rulebook.types import Rule, SpecialDay

LOOK_EVERY = 2.0
"""Seconds during which a book is believed without looking at the version row."""


@dataclass(frozen=True, slots=True)
class _Book:
    rules: Mapping[str, tuple[Rule, ...]]
    calendar: WorkingCalendar


def forget(namespace: str | None = None) -> None:
    """Drop the cached book of one namespace, or of all."""
    _books.forget(namespace)


def changed() -> None:
    """Tell the cache that the transaction in force has changed the book of this namespace."""
    _books.changed()


def _book() -> _Book:
    return _books.get()


def _token() -> UUID | None:
    return RulebookVersion.objects.values_list("token", flat=True).first()


def _read(token: UUID | None) -> _Book:
    """Read the whole book."""
    rules = dict(shipped())
    if token is None:
        return _Book(rules, make_calendar(hours=_hours(rules)))
    own: dict[str, list[Rule]] = {}
    for row in RuleEntry.objects.order_by("code", "valid_from"):
        own.setdefault(row.code, []).append(to_rule(row))
    rules.update({code: tuple(found) for code, found in own.items()})
    days = [SpecialDay(d.date, d.is_workday, d.name, d.source) for d in CalendarDay.objects.all()]
    years = list(CalendarYear.objects.values_list("year", flat=True))
    return _Book(rules, make_calendar(own=days, announced=years, hours=_hours(rules)))


def _hours(rules: Mapping[str, tuple[Rule, ...]]) -> list[tuple[date, Hours]]:
    found = rules.get("calendar.working_hours", ())
    return [(r.valid_from, parse_hours([str(t) for t in r.value])) for r in found if isinstance(r.value, list)]


_books: Versioned[_Book] = Versioned(_token, _read, LOOK_EVERY)


def to_rule(row: RuleEntry) -> Rule:
    """Return a row as the value that is handed out."""
    return Rule(
        code=row.code,
        value=from_json(row.value),
        unit=row.unit,
        title=row.title,
        source=row.source,
        mark=row.mark,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        why=row.why,
        shipped=row.shipped,
    )


def find_rule(code: str, *, on: date) -> Rule | None:
    """Return the rule ``code`` in force on a day, or None."""
    for rule_ in _book().rules.get(code, ()):
        if rule_.holds(on):
            return rule_
    return None


def rule(code: str, *, on: date) -> Rule:
    """Return the rule ``code`` in force on the day ``on``.

    Raises:
        RuleMissingError: there is none.
    """
    found = find_rule(code, on=on)
    if found is None:
        raise RuleMissingError(code, on)
    return found


def first_rule(*codes: str, on: date) -> Rule:
    """Return the first of ``codes`` that is in force: for a category's own value before the general one.

    Raises:
        RuleMissingError: none is; the last code, the most general one, is named.
    """
    for code in codes:
        if (found := find_rule(code, on=on)) is not None:
            return found
    raise RuleMissingError(codes[-1], on)


def value(code: str, *, on: date) -> Any:
    """Return the value of the rule ``code`` on the day ``on``; no statement while the cache is fresh.

    Raises:
        RuleMissingError: there is none.
    """
    return rule(code, on=on).value


def all_rules(on: date, *, prefix: str = "") -> list[Rule]:
    """Return every rule in force on the day ``on``, by code; ``prefix`` narrows to one room's."""
    rules = (r for code, found in _book().rules.items() if code.startswith(prefix) for r in found if r.holds(on))
    return sorted(rules, key=lambda r: r.code)


def codes_below(prefix: str) -> list[str]:
    """Return the codes of all rules, whenever in force, that are ``prefix`` or lie below it (``prefix.``)."""
    return sorted(code for code in _book().rules if code == prefix or code.startswith(f"{prefix}."))


def history(code: str) -> list[Rule]:
    """Return every value that the rule ``code`` has had or will have, oldest first."""
    return list(_book().rules.get(code, ()))


def codes() -> list[str]:
    """Return the codes of every rule, whatever its days, in order."""
    return sorted(_book().rules)


def as_shipped(code: str, *, on: date) -> Rule | None:
    """Return the rule ``code`` as Linli ships it for a day, None where this installation has made it up."""
    return next((r for r in shipped().get(code, ()) if r.holds(on)), None)


def entries(code: str) -> list[RuleEntry]:
    """Return the rows of a rule that this installation holds, oldest first, with who entered them and when."""
    return list(RuleEntry.objects.filter(code=code).order_by("valid_from"))


def working_calendar() -> WorkingCalendar:
    """Return the working calendar of this namespace; no statement while the cache is fresh."""
    return _book().calendar


def announced(year: int) -> CalendarYear | None:
    """Return the entry of a year that this installation has announced itself, None where it has not."""
    return CalendarYear.objects.filter(year=year).first()


def noticed(year: int) -> list[SpecialDay]:
    """Return the official days of a year as this installation entered them, none where it entered no notice."""
    found = announced(year)
    days = found.days if found is not None else []
    return [SpecialDay(date.fromisoformat(day), is_workday=worked, name=name) for day, worked, name in days]


def is_announced(year: int) -> bool:
    """Return whether the holidays of a year are known, shipped or entered."""
    return year in working_calendar().years


def own_days(year: int) -> list[SpecialDay]:
    """Return the days of ``year`` that this installation has entered itself."""
    rows = CalendarDay.objects.filter(date__year=year).order_by("date")
    return [SpecialDay(d.date, d.is_workday, d.name, d.source) for d in rows]
