"""How a routing rule is kept: plain data, read strictly, so that a broken one is named instead of dropped in silence.

Shape of one rule::

    {"key": "12", "name": …, "active": true, "note": …,
     "conditions": {"categories": […], "area_paths": […], "sources": […], "hours": ["22:00", "06:00"],
                    "answers": {…}, "exemptions": [{"area_paths": […], "hours": […], "first": "2026-05-01",
                    "last": "2026-10-31", "basis": …}]},
     "action": {"unit_kind": …, "unit_id": …, "helper_kinds": […], "level": …}}
"""

from __future__ import annotations

import hashlib
import json
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from linli.engines.cases.rules.routing import Exemption, RuleSpec

Raw = Mapping[str, Any]
_LEVELS = frozenset({"general", "comprehensive", "difficult"})


class BrokenRuleError(ValueError):
    """A kept rule cannot be read; the text names the part at fault."""


@dataclass(frozen=True, slots=True)
class Broken:
    """A rule that is left out since it cannot be read: its place in the list, its name, the part at fault."""

    index: int
    key: str
    name: str
    part: str


def _texts(raw: Any, part: str) -> tuple[str, ...]:
    if raw is None:
        return ()
    if not isinstance(raw, list | tuple) or not all(isinstance(t, str) and t for t in raw):
        raise BrokenRuleError(part)
    return tuple(raw)


def _hours(raw: Any, part: str) -> tuple[time, time] | None:
    if not raw:
        return None
    try:
        start, end = (time.fromisoformat(t) for t in raw)
    except (TypeError, ValueError) as error:
        raise BrokenRuleError(part) from error
    return start, end


def _day(raw: Any) -> date | None:
    if not raw:
        return None
    try:
        return date.fromisoformat(raw)
    except (TypeError, ValueError) as error:
        raise BrokenRuleError("exemptions") from error


def _mapping(raw: Any, part: str) -> Mapping[str, Any]:
    if raw is None:
        return {}
    if not isinstance(raw, Mapping):
        raise BrokenRuleError(part)
    return raw


def _exemption(raw: Any) -> Exemption:
    held = _mapping(raw, "exemptions")
    found = Exemption(
        area_paths=_texts(held.get("area_paths"), "exemptions"),
        hours=_hours(held.get("hours"), "exemptions"),
        first=_day(held.get("first")),
        last=_day(held.get("last")),
        basis=str(held.get("basis") or ""),
    )
    if not (found.area_paths or found.hours or found.first or found.last):
        raise BrokenRuleError("exemptions")  # it would switch the rule off for good
    if found.first and found.last and found.first > found.last:
        raise BrokenRuleError("exemptions")
    return found


def to_rule(raw: Raw, id: int) -> RuleSpec:
    """Return the rule that ``raw`` describes, under the row id ``id``.

    Raises:
        BrokenRuleError: it cannot be read; the text is the part: ``conditions``, ``categories``, ``area_paths``,
            ``sources``, ``hours``, ``answers``, ``exemptions``, ``action``, ``unit``, ``helper_kinds``, ``level``.
    """
    conditions = _mapping(raw.get("conditions"), "conditions")
    action = _mapping(raw.get("action"), "action")
    exemptions = conditions.get("exemptions") or []
    if not isinstance(exemptions, list | tuple):
        raise BrokenRuleError("exemptions")
    kind, unit = action.get("unit_kind") or "", action.get("unit_id")
    if not isinstance(kind, str) or not (unit is None or type(unit) is int) or not (kind or unit is not None):
        raise BrokenRuleError("unit")
    level = action.get("level") or ""
    if level and (not isinstance(level, str) or level not in _LEVELS):
        raise BrokenRuleError("level")
    return RuleSpec(
        id=id,
        name=str(raw.get("name") or ""),
        categories=_texts(conditions.get("categories"), "categories"),
        area_paths=_texts(conditions.get("area_paths"), "area_paths"),
        sources=_texts(conditions.get("sources"), "sources"),
        hours=_hours(conditions.get("hours"), "hours"),
        answers=_mapping(conditions.get("answers"), "answers"),
        exemptions=tuple(_exemption(e) for e in exemptions),
        unit_kind=kind,
        unit_id=unit,
        helper_kinds=_texts(action.get("helper_kinds"), "helper_kinds"),
        level=level,
    )


def read_rules(raws: Sequence[Raw], ids: Sequence[int] | None = None) -> tuple[list[RuleSpec], list[Broken]]:
    """Return the active rules of a list that can be read, and those that cannot.

    Without ``ids`` a rule's id is its place in the list, from 1.
    """
    rules: list[RuleSpec] = []
    broken: list[Broken] = []
    for index, raw in enumerate(raws):
        if not raw.get("active", True):
            continue
        try:
            rules.append(to_rule(raw, ids[index] if ids is not None else index + 1))
        except BrokenRuleError as error:
            broken.append(Broken(index, str(raw.get("key", "")), str(raw.get("name", "")), str(error)))
    return rules, broken


def digest(raws: Sequence[Raw]) -> str:
    """Return a short text that is the same for the same list and for no other."""
    text = json.dumps([dict(r) for r in raws], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Difference:
    """What became of one rule between two lists: ``added``, ``removed``, ``changed`` or ``moved``."""

    what: str
    name: str
    key: str


def differences(old: Sequence[Raw], new: Sequence[Raw]) -> list[Difference]:
    """Return what distinguishes ``new`` from ``old``, rules being the same where their keys are."""
    before = {str(r["key"]): r for r in old}
    after = {str(r["key"]): r for r in new}
    found = [Difference("removed", str(r["name"]), k) for k, r in before.items() if k not in after]
    kept = [k for k in after if k in before]
    places = {k: n for n, k in enumerate(before)}
    still = _longest_rising([places[k] for k in kept])
    stayed = {kept[n] for n in still}
    for key, rule in after.items():
        if key not in before:
            found.append(Difference("added", str(rule["name"]), key))
        elif dict(rule) != dict(before[key]):
            found.append(Difference("changed", str(rule["name"]), key))
        elif key not in stayed:
            found.append(Difference("moved", str(rule["name"]), key))
    return found


def _longest_rising(numbers: Sequence[int]) -> list[int]:
    """Return the places of a longest rising run of ``numbers``, so that one rule moved counts as one."""
    tails: list[int] = []
    places: list[int] = []
    before: list[int] = []
    for place, number in enumerate(numbers):
        at = bisect_left(tails, number)
        if at == len(tails):
            tails.append(number)
            places.append(place)
        else:
            tails[at], places[at] = number, place
        before.append(places[at - 1] if at else -1)
    run = []
    place = places[-1] if places else -1
    while place >= 0:
        run.append(place)
        place = before[place]
    return run[::-1]
