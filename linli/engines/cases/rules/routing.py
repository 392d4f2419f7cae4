"""Routing: ordered rules as data; the first that fits decides, and the trace says why.

A rule's conditions all have to hold; an empty one holds always. What a unit is asked for is a
kind (the unit of that kind whose area is nearest) or one unit by id. Nothing that is
complained about is ever chosen. In a zone and at a time that it exempts a rule does not hold: stalls in a
street that is open to them, outside the hours of a shift (上海市市容环境卫生管理条例 第21条 knows such places).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any


@dataclass(frozen=True, slots=True)
class Exemption:
    """Where and when a rule does not hold; what is left empty holds everywhere and always.

    Attributes:
        area_paths: path prefixes of areas, of the tree or of free layers.
        hours: (from, to) local time of the report, may cross midnight.
        first, last: days between which it counts, both included.
        basis: the decision that it rests on, for people.
    """

    area_paths: tuple[str, ...] = ()
    hours: tuple[time, time] | None = None
    first: date | None = None
    last: date | None = None
    basis: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class RuleSpec:
    """One routing rule.

    Attributes:
        name: what people call it.
        categories: category codes or prefixes ending in ``*``; empty: any.
        area_paths: path prefixes of areas, of the tree or of free layers; empty: any.
        sources: codes of :class:`Source`; empty: any.
        hours: (from, to) local time of the report, may cross midnight; None: any.
        answers: question code → value that must have been answered.
        exemptions: zones and times in which the rule does not hold.
        unit_kind: kind of the main unit, or ``unit_id`` one unit.
        helper_kinds: kinds of helping units.
        level: level that the rule gives, empty: the category's.
    """

    id: int
    name: str
    categories: tuple[str, ...] = ()
    area_paths: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    hours: tuple[time, time] | None = None
    answers: Mapping[str, Any] = field(default_factory=dict)
    exemptions: tuple[Exemption, ...] = ()
    unit_kind: str = ""
    unit_id: int | None = None
    helper_kinds: tuple[str, ...] = ()
    level: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """What routing may look at; ``zones`` are the paths of the free layers' areas that hold the place."""

    category: str
    area_path: str
    source: str
    local_time: time
    answers: Mapping[str, Any]
    subject_unit_id: int | None = None
    zones: tuple[str, ...] = ()
    local_date: date | None = None


@dataclass(frozen=True, slots=True)
class TraceLine:
    """One rule looked at: whether it fitted and, if not, the condition that failed."""

    rule_id: int
    name: str
    fits: bool
    why: str


@dataclass(frozen=True, slots=True)
class Route:
    """Where a case goes: None for the unit means the inbox of those no rule fitted."""

    unit_id: int | None
    helper_ids: tuple[int, ...]
    level: str
    rule_id: int | None
    trace: tuple[TraceLine, ...]


def _in_hours(hours: tuple[time, time], at: time) -> bool:
    start, end = hours
    return start <= at < end if start <= end else at >= start or at < end


def category_fits(patterns: tuple[str, ...], category: str) -> bool:
    """Return whether one of the codes, or prefixes ending in ``*``, is that of the category."""
    return any(category.startswith(p[:-1]) if p.endswith("*") else category == p for p in patterns)


def _lies_in(area_paths: tuple[str, ...], facts: Facts) -> bool:
    paths = (facts.area_path, *facts.zones)
    return any(path.startswith(wanted) for wanted in area_paths for path in paths)


def exempts(exemption: Exemption, facts: Facts) -> bool:
    """Return whether ``facts`` lie in the zone and time of ``exemption``.

    One that names days does not count where the day is not known.
    """
    if exemption.area_paths and not _lies_in(exemption.area_paths, facts):
        return False
    if exemption.hours and not _in_hours(exemption.hours, facts.local_time):
        return False
    if exemption.first is None and exemption.last is None:
        return True
    day = facts.local_date
    return day is not None and (exemption.first or day) <= day <= (exemption.last or day)


def looks_at_zones(rules: Sequence[RuleSpec]) -> bool:
    """Return whether any of ``rules`` may name an area of a free layer."""
    return any(r.area_paths or any(e.area_paths for e in r.exemptions) for r in rules)


def failing(rule: RuleSpec, facts: Facts) -> str:
    """Return the code of the first condition of ``rule`` that ``facts`` fail, empty if it fits."""
    if rule.categories and not category_fits(rule.categories, facts.category):
        return "category"
    if rule.area_paths and not _lies_in(rule.area_paths, facts):
        return "area"
    if rule.sources and facts.source not in rule.sources:
        return "source"
    if rule.hours and not _in_hours(rule.hours, facts.local_time):
        return "hours"
    if any(facts.answers.get(code) != value for code, value in rule.answers.items()):
        return "answers"
    return "exempt" if any(exempts(e, facts) for e in rule.exemptions) else ""


def route(
    rules: Sequence[RuleSpec],
    facts: Facts,
    unit_for: Callable[[str, str], int | None],
) -> Route:
    """Return where a case goes by the first of ``rules`` (in order) that fits.

    Args:
        rules: in their order.
        facts: of the case.
        unit_for: (unit kind, area path) → id of the unit of that kind in charge there, or None.
    """
    trace: list[TraceLine] = []
    for rule in rules:
        why = failing(rule, facts)
        unit = None
        if not why:
            unit = rule.unit_id if rule.unit_id is not None else unit_for(rule.unit_kind, facts.area_path)
            if unit is None:
                why = "no_unit"
            elif unit == facts.subject_unit_id:
                why = "subject"
        trace.append(TraceLine(rule.id, rule.name, not why, why))
        if why or unit is None:
            continue
        found = (unit_for(kind, facts.area_path) for kind in rule.helper_kinds)
        helpers = tuple(dict.fromkeys(h for h in found if h is not None and h not in {unit, facts.subject_unit_id}))
        return Route(unit, helpers, rule.level, rule.id, tuple(trace))
    return Route(None, (), "", None, tuple(trace))
