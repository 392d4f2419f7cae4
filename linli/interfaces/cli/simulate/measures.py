"""What a run says: waits, what was late, how contented people were; and what two variants differ in."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import sqrt
from statistics import fmean, stdev
from typing import Any

from linli.interfaces.cli.simulate.driver import Result
from linli.interfaces.cli.simulate.scenario import local

Fact = Mapping[str, Any]
Report = dict[str, Any]
# stage → from, to
STAGES = {
    "accept": ("reported", "accepted"), "dispatch": ("accepted", "dispatched"), "sign": ("dispatched", "signed"),
    "handle": ("signed", "handed_in"), "check": ("handed_in", "checked"), "close": ("checked", "closed"),
    "whole": ("reported", "closed"),
}  # fmt: skip
WEIGHTS = {"satisfied": 1.0, "mostly": 0.8, "fair": 0.6, "unsatisfied": 0.0}
# 97.5 % points of Student's t, by degrees of freedom.
_T = (12.71, 4.30, 3.18, 2.78, 2.57, 2.45, 2.36, 2.31, 2.26, 2.23, 2.20, 2.18, 2.16, 2.14, 2.13, 2.12, 2.11, 2.10, 2.09)
_T_MANY = 1.98


def rank(values: Sequence[float], percent: float) -> float | None:
    """Return the value at ``percent`` by nearest rank, None where there is none."""
    if not values:
        return None
    found = sorted(values)
    return found[max(0, min(len(found) - 1, int(-(-len(found) * percent // 100)) - 1))]


def hours(fact: Fact, stage: str) -> float | None:
    """Return how many hours a stage took, None where it was not ended."""
    begin, end = (fact.get(k) for k in STAGES[stage])
    if not begin or not end:
        return None
    return (datetime.fromisoformat(end) - datetime.fromisoformat(begin)).total_seconds() / 3600


def waits(facts: Iterable[Fact]) -> dict[str, dict[str, float | None]]:
    """Return stage → how many, median and 90th percentile in hours."""
    found: dict[str, list[float]] = {stage: [] for stage in STAGES}
    for fact in facts:
        for stage in STAGES:
            took = hours(fact, stage)
            if took is not None:
                found[stage].append(took)
    return {s: {"n": len(v), "median": rank(v, 50), "p90": rank(v, 90)} for s, v in found.items()}


def satisfaction(ratings: Mapping[str, int]) -> float | None:
    """Return the weighted share of content among those who rated, None where nobody did."""
    rated = sum(ratings.values())
    return sum(WEIGHTS[r] * n for r, n in ratings.items()) / rated if rated else None


def backlog(facts: Sequence[Fact], begin: datetime, days: int) -> list[dict[str, Any]]:
    """Return how many cases came, ended and were open at the end of each day."""
    came = Counter(local(datetime.fromisoformat(f["reported"])).date() for f in facts)
    gone = Counter(local(datetime.fromisoformat(e)).date() for f in facts if (e := ended(f)))
    still, rows = 0, []
    for number in range(days):
        day = (begin + timedelta(days=number)).date()
        still += came[day] - gone[day]
        rows.append({"day": day.isoformat(), "came": came[day], "ended": gone[day], "open": still})
    return rows


def ended(fact: Fact) -> str | None:
    """Return when a case ended, None where it is open."""
    if fact["open"]:
        return None
    found = fact.get("last_closed") or fact.get("merged") or fact.get("refused") or fact["reported"]
    return str(found)


def _group(facts: Iterable[Fact], key: str, names: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    groups: dict[str, list[Fact]] = defaultdict(list)
    for fact in facts:
        if not fact["into"]:
            groups[names.get(str(fact[key]), str(fact[key] or ""))].append(fact)
    return {name: _line(some) for name, some in sorted(groups.items(), key=lambda g: (-len(g[1]), g[0])) if name}


def _line(facts: Sequence[Fact]) -> dict[str, Any]:
    took = waits(facts)
    ratings = Counter(f["rating"] for f in facts if f["rating"])
    return {
        "cases": len(facts), "open": sum(f["open"] for f in facts), "overdue": sum(f["overdue"] for f in facts),
        "handle_median": took["handle"]["median"], "handle_p90": took["handle"]["p90"],
        "whole_median": took["whole"]["median"], "whole_p90": took["whole"]["p90"],
        "satisfaction": satisfaction(ratings),
    }  # fmt: skip


def _doors(times: Mapping[str, Sequence[float]]) -> dict[str, dict[str, float]]:
    return {
        door: {
            "n": len(took), "median": 1000 * (rank(took, 50) or 0), "p95": 1000 * (rank(took, 95) or 0),
            "max": 1000 * max(took),
        }
        for door, took in sorted(times.items())
    }  # fmt: skip


def _storms(result: Result) -> dict[str, dict[str, Any]]:
    made = {}
    for name, reports in result.storms.items():
        own = [f for f in result.facts if f.get("storm") == name]
        answered = [60 * h for f in own if (h := hours(f, "accept") or _until_merged(f)) is not None]
        made[name] = {
            "reports": reports, "joined": result.seen.get(f"joined {name}", 0),
            "merged": sum(f["into"] for f in own), "cases": sum(not f["into"] for f in own),
            "hung_up": result.seen.get(f"hung up {name}", 0),
            "taken_up_median": rank(answered, 50), "taken_up_p90": rank(answered, 90),
        }  # fmt: skip
    return made


def _until_merged(fact: Fact) -> float | None:
    if "merged" not in fact:
        return None
    return (datetime.fromisoformat(fact["merged"]) - datetime.fromisoformat(fact["reported"])).total_seconds() / 3600


def report(result: Result) -> Report:
    """Return the report of a run as plain values."""
    facts, scenario = result.facts, result.scenario
    own = [f for f in facts if not f["into"]]
    ratings = Counter(f["rating"] for f in facts if f["rating"])
    marks: Counter[str] = Counter()
    for fact in facts:
        marks.update(fact["marks"])
    days = backlog(facts, scenario.begin, scenario.days + scenario.settle)
    return {
        "scenario": scenario.name, "title": scenario.title, "seed": result.seed, "start": scenario.start.isoformat(),
        "days": scenario.days, "settle": scenario.settle, "scale": scenario.scale, "rules": result.rules,
        "reports": result.incidents, "cases": len(own), "joined": result.seen.get("joined", 0),
        "merged": len(facts) - len(own), "refused": sum(f["state"] == "refused" for f in own),
        "closed": sum(f["state"] == "closed" for f in own), "open": sum(f["open"] for f in own),
        "calls": result.seen.get("calls", 0), "hung_up": result.seen.get("hung up", 0),
        "lost_calls": result.seen.get("lost calls", 0), "urged": result.seen.get("urged", 0),
        "waits": waits(own), "overdue": sum(f["overdue"] for f in own),
        "marks": dict(sorted(marks.items())), "rises": dict(Counter(r for f in facts for r in f["rises"])),
        "returns": sum(f.get("returns", 0) for f in own), "reworks": sum(f.get("reworks", 0) for f in own),
        "reopened": sum(f.get("reopened", 0) for f in own),
        "ratings": {r: ratings[r] for r in WEIGHTS}, "satisfaction": satisfaction(ratings),
        "by_unit": _group(facts, "unit", result.names), "by_level": _group(facts, "level", {}),
        "by_source": _group(facts, "source", {}),
        "backlog": days, "most_open": max((d["open"] for d in days), default=0),
        "storms": _storms(result),
        "work": {k: {"minutes": m, "share": m / there if there else None} for k, (m, there) in result.worked.items()},
        "doors": _doors(result.times), "jobs": result.jobs, "seconds": result.seconds,
        "trouble": {"refused": dict(result.refused), "stuck": dict(result.stuck)},
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Measure:
    """One number of a report that variants are compared by; ``share`` is shown in percent."""

    key: str
    share: bool = False


COMPARED = (
    Measure("waits.accept.median"), Measure("waits.handle.median"), Measure("waits.handle.p90"),
    Measure("waits.check.median"), Measure("waits.whole.median"), Measure("waits.whole.p90"),
    Measure("overdue_share", share=True), Measure("rises.comprehensive"), Measure("rises.difficult"),
    Measure("reopened"), Measure("urged"), Measure("satisfaction", share=True), Measure("closed"), Measure("open"),
    Measure("most_open"), Measure("joined"), Measure("merged"), Measure("hung_up"),
)  # fmt: skip


def value(report: Report, key: str) -> float | None:
    """Return a number of a report by its path; what was counted nowhere is nought."""
    if key == "overdue_share":
        return report["overdue"] / report["cases"] if report["cases"] else None
    found: Any = report
    for part in key.split("."):
        found = found.get(part, 0 if part in {"comprehensive", "difficult"} else None)
        if found is None:
            return None
    return float(found)


@dataclass(frozen=True, slots=True)
class Difference:
    """A measure in both variants, over all seeds; ``half`` is half of the 95 % interval of the difference."""

    measure: Measure
    before: float | None
    after: float | None
    difference: float | None
    half: float | None
    seeds: int


def interval(values: Sequence[float]) -> float | None:
    """Return half of the 95 % interval of the mean by Student's t, None for a single value."""
    if len(values) < 2:
        return None
    t = _T[len(values) - 2] if len(values) - 2 < len(_T) else _T_MANY
    return t * stdev(values) / sqrt(len(values))


def compared(before: Sequence[Report], after: Sequence[Report]) -> list[Difference]:
    """Return what two variants differ in; report n of both had the same seed, so differences are taken in pairs."""
    return [_difference(m, before, after) for m in COMPARED]


def _difference(measure: Measure, before: Sequence[Report], after: Sequence[Report]) -> Difference:
    pairs = [
        (a, b)
        for x, y in zip(before, after, strict=True)
        if (a := value(x, measure.key)) is not None and (b := value(y, measure.key)) is not None
    ]
    if not pairs:
        return Difference(measure, None, None, None, None, 0)
    apart = [b - a for a, b in pairs]
    return Difference(
        measure, fmean(a for a, _b in pairs), fmean(b for _a, b in pairs), fmean(apart), interval(apart), len(pairs)
    )
