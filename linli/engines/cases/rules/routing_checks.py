"""What is wrong with a list of routing rules, found without running a case: conflicts, dead rules, names of nothing.

Everything said here is certain: a rule called covered is one whose every case an earlier rule takes first.
The reverse is not claimed; what is not found here, a dry run over real cases may still show.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import time

from linli.engines.cases.rules.routing import RuleSpec, category_fits


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the names in rules refer to.

    Attributes:
        categories: codes of the leaf categories in use.
        groups: codes of categories in use that have others below them.
        area_paths: paths of the areas that there are today, free layers included.
        unit_ids: units at work.
        kinds: kinds of units at work, and ``department/<name>`` of each department.
        sources: codes of the sources.
        questions: codes of the questions that each category asks.
    """

    categories: frozenset[str]
    area_paths: frozenset[str]
    unit_ids: frozenset[int]
    kinds: frozenset[str]
    sources: frozenset[str]
    groups: frozenset[str] = frozenset()
    questions: Mapping[str, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at.

    Attributes:
        code: ``covered``, ``conflict``, ``covered_together``, ``no_category``, ``no_area``, ``no_unit``, ``no_kind``,
            ``no_helper``, ``no_source``, ``no_question``, ``no_time``, or ``untaken`` (of a category).
        rule_id: the rule concerned; 0 for ``untaken``.
        other_id: the earlier rule, for ``covered`` and ``conflict``.
        what: the name that leads nowhere, or the category.
    """

    code: str
    rule_id: int
    other_id: int = 0
    what: str = ""


BLOCKING = frozenset({"no_category", "no_area", "no_unit", "no_kind", "no_source", "no_time"})
"""Findings with which a list must not be put in force: the rule could never do what it says."""


def _patterns_cover(wide: tuple[str, ...], narrow: tuple[str, ...]) -> bool:
    if not wide or "*" in wide:
        return True
    return bool(narrow) and all(
        any((w.endswith("*") and n.removesuffix("*").startswith(w[:-1])) or w == n for w in wide) for n in narrow
    )


def _paths_cover(wide: tuple[str, ...], narrow: tuple[str, ...]) -> bool:
    return not wide or (bool(narrow) and all(n.startswith(wide) for n in narrow))


def _stretches(hours: tuple[time, time]) -> list[tuple[time, time | None]]:
    """Return the hours as stretches of one day; None as the end is midnight. The same time twice is no time."""
    start, end = hours
    if start <= end:
        return [(start, end)] if start < end else []
    return [(start, None), *([(time(0), end)] if end > time(0) else [])]


def _hours_cover(wide: tuple[time, time] | None, narrow: tuple[time, time] | None) -> bool:
    if wide is None:
        return True
    if narrow is None:
        return False
    return all(
        any(a <= b and (end is None or (until is not None and until <= end)) for a, end in _stretches(wide))
        for b, until in _stretches(narrow)
    )


def covers(wide: RuleSpec, narrow: RuleSpec) -> bool:
    """Return whether every case that fits ``narrow`` surely fits ``wide`` too."""
    return (
        _patterns_cover(wide.categories, narrow.categories)
        and _paths_cover(wide.area_paths, narrow.area_paths)
        and (not wide.sources or (bool(narrow.sources) and set(narrow.sources) <= set(wide.sources)))
        and _hours_cover(wide.hours, narrow.hours)
        and all(code in narrow.answers and narrow.answers[code] == value for code, value in wide.answers.items())
        and all(e in narrow.exemptions for e in wide.exemptions)
    )


def target(rule: RuleSpec) -> tuple[object, ...]:
    """Return where a rule sends what it takes, as far as two rules differ by it."""
    return (rule.unit_id, rule.unit_kind if rule.unit_id is None else "", frozenset(rule.helper_kinds), rule.level)


def _named(rule: RuleSpec, around: Surroundings) -> list[Finding]:
    """Return what ``rule`` names that there is not."""
    known = around.categories | around.groups
    found = [Finding("no_category", rule.id, what=p) for p in rule.categories if not _any_fits(p, known)]
    zones = [*rule.area_paths, *(p for e in rule.exemptions for p in e.area_paths)]
    found += [Finding("no_area", rule.id, what=p) for p in dict.fromkeys(zones) if p not in around.area_paths]
    if rule.unit_id is not None and rule.unit_id not in around.unit_ids:
        found.append(Finding("no_unit", rule.id, what=str(rule.unit_id)))
    if rule.unit_id is None and rule.unit_kind not in around.kinds:
        found.append(Finding("no_kind", rule.id, what=rule.unit_kind))
    found += [Finding("no_helper", rule.id, what=k) for k in rule.helper_kinds if k not in around.kinds]
    found += [Finding("no_source", rule.id, what=s) for s in rule.sources if s not in around.sources]
    asked = {q for code, asking in around.questions.items() if _takes(rule, code) for q in asking}
    found += [Finding("no_question", rule.id, what=q) for q in rule.answers if q not in asked]
    times = [rule.hours, *(e.hours for e in rule.exemptions)]
    if any(hours is not None and not _stretches(hours) for hours in times):
        found.append(Finding("no_time", rule.id))
    return found


def _takes(rule: RuleSpec, category: str) -> bool:
    return not rule.categories or category_fits(rule.categories, category)


def _any_fits(pattern: str, categories: frozenset[str]) -> bool:
    return pattern in categories or (pattern.endswith("*") and any(c.startswith(pattern[:-1]) for c in categories))


_Earlier = Mapping[tuple[str, str], Sequence[RuleSpec]]


def _over(rules: Sequence[RuleSpec], around: Surroundings) -> list[Finding]:
    """Return rules that earlier ones take every case from: one alone, or several by categories."""
    found: list[Finding] = []
    earlier: dict[tuple[str, str], list[RuleSpec]] = defaultdict(list)
    for rule in rules:
        taken = [c for c in around.categories if _takes(rule, c)]
        finding = _covered(rule, taken, earlier)
        if finding is not None:
            found.append(finding)
        for category in taken:
            for path in rule.area_paths or ("",):
                earlier[category, path].append(rule)
    return found


def _above(rule: RuleSpec) -> list[str]:
    """Return the paths under which an earlier rule that covers ``rule`` is entered: everywhere, or an area above."""
    if not rule.area_paths:
        return [""]
    path = rule.area_paths[0]
    return ["", *(path[: n + 1] for n, letter in enumerate(path) if letter == "/" and n), path]


def _covered(rule: RuleSpec, taken: Sequence[str], earlier: _Earlier) -> Finding | None:
    """Return how earlier rules cover ``rule``, if they do in every category that it takes."""
    over: dict[int, RuleSpec] = {}
    above = _above(rule)
    for category in taken:
        part = replace(rule, categories=(category,))
        firsts = (next((e for e in earlier.get((category, path), ()) if covers(e, part)), None) for path in above)
        first = next((e for e in firsts if e is not None), None)
        if first is None:
            return None
        over[first.id] = first
    if not over:
        return None
    whole = next((e for e in over.values() if covers(e, rule)), None)
    if whole is None:
        return Finding("covered_together" if len(over) > 1 else "covered", rule.id, other_id=min(over))
    differs = covers(rule, whole) and target(whole) != target(rule)
    return Finding("conflict" if differs else "covered", rule.id, other_id=whole.id)


def check(rules: Sequence[RuleSpec], around: Surroundings) -> list[Finding]:
    """Return everything that is wrong with ``rules`` (those switched on, in order), rule by rule.

    A covered rule still gets a case where the earlier one finds no unit there, or its unit is what is complained
    about: the screen says so.
    """
    by_rule: dict[int, list[Finding]] = defaultdict(list)
    for finding in [f for r in rules for f in _named(r, around)] + _over(rules, around):
        by_rule[finding.rule_id].append(finding)
    left = untaken(rules, sorted(around.categories))
    return [f for r in rules for f in by_rule[r.id]] + [Finding("untaken", 0, what=c) for c in left]


def untaken(rules: Sequence[RuleSpec], categories: Sequence[str]) -> list[str]:
    """Return those of ``categories`` (codes) that no rule names or lets through, in their order."""
    patterns = [r.categories for r in rules]
    if any(not p for p in patterns):
        return []
    return [c for c in categories if not any(category_fits(p, c) for p in patterns)]
