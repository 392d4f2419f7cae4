"""The score of hotline orders as one town reckoned it, with all its parts; 居村 apart, and never persons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from linli.engines.indicators.rules.measuring import league
from linli.engines.indicators.selectors.choosing import GROUND, minimum, number
from linli.engines.indicators.selectors.counting import counted
from linli.engines.indicators.selectors.days import Period
from linli.engines.indicators.types import Dimension, Value
from linli.foundation.core.actors import Actor
from linli.foundation.people import selectors as people

_USUAL = {"intake": 5, "contact": 30, "demand": 20, "satisfaction": 40, "overdue": 1}
_PARTS = {
    "intake": "hotline_intake",
    "contact": "hotline_contact",
    "on_time": "hotline_on_time",
    "solved": "hotline_solved",
    "satisfaction": "hotline_satisfaction",
}


@dataclass(frozen=True, slots=True)
class Score:
    """One unit's score and what it is made of; None where a part has nothing to divide by.

    Attributes:
        ground: it is a 居民委员会: ranked among its like only.
        late: closings past a limit, each of which costs a deduction.
    """

    unit: int
    name: str
    ground: bool
    parts: Mapping[str, Value]
    late: int
    score: float | None
    place: int | None


def scores(actor: Actor, period: Period, *, now: datetime) -> list[Score]:
    """Return the score of every unit with closed orders in the period, departments first."""
    found: dict[str, dict[str, Value]] = {}
    for part, code in _PARTS.items():
        for value in counted(actor, code, period, by=Dimension.UNIT, now=now).values:
            found.setdefault(value.key, {})[part] = value
    units = people.units({int(key) for key in found if key != "0"})
    weights = number("indicators.hotline.score", _USUAL, period.until)
    with_intake = bool(number("indicators.hotline.with_intake", False, period.until))
    rows: list[Score] = []
    for ground in (False, True):
        group = {pk: found[str(pk)] for pk, u in units.items() if (u.kind == GROUND) is ground}
        intakes = [p["intake"].whole for p in group.values() if "intake" in p]
        mean = sum(intakes) / len(intakes) if intakes else 0.0
        peers = mean if with_intake else None
        made = [_score(pk, units[pk].name, parts, weights, peers, ground=ground) for pk, parts in group.items()]
        rows += _placed(made, minimum(period.until))
    return rows


def _score(
    unit: int, name: str, parts: Mapping[str, Value], weights: Mapping[str, Any], mean: float | None, *, ground: bool
) -> Score:
    on_time = parts.get("on_time")
    late = int(on_time.whole - on_time.part) if on_time else 0
    rates = [parts[p].value if p in parts else None for p in ("contact", "satisfaction")]
    if rates[0] is None or rates[1] is None:
        return Score(unit, name, ground, parts, late, None, None)
    score = weights["contact"] * rates[0] / 100 + weights["demand"] + weights["satisfaction"] * rates[1] / 100
    if mean and "intake" in parts:
        score += weights["intake"] * parts["intake"].whole / mean
    return Score(unit, name, ground, parts, late, score - weights["overdue"] * late, None)


def _placed(rows: list[Score], least: int) -> list[Score]:
    by_key = {str(r.unit): r for r in rows}
    values = [(k, r.score, r.parts["on_time"].whole if "on_time" in r.parts else 0) for k, r in by_key.items()]
    return [
        Score(r.unit, r.name, r.ground, r.parts, r.late, r.score, p.place)
        for p in league(values, minimum=least, falling=True)
        for r in (by_key[p.key],)
    ]
