"""What became of every case, read from the histories when a simulation has ended."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

# verb → the moment that it marks, the first time that it was done
_MOMENTS = {
    "accept": "accepted", "dispatch": "dispatched", "sign": "signed", "arrive": "arrived", "hand_in": "handed_in",
    "check": "checked", "reply": "replied", "close": "closed", "merge": "merged", "refuse": "refused",
}  # fmt: skip
_COUNTED = {
    "return_": "returns", "urge": "urges", "reopen": "reopened", "join": "joined", "recall": "recalls",
}  # fmt: skip


def facts(size: int = 500) -> Iterator[list[dict[str, Any]]]:
    """Yield the facts of all cases, some hundreds at a time, the oldest first."""
    from linli.engines.cases import permissions  # noqa: PLC0415  after start()
    from linli.engines.cases.selectors import every_case, histories  # noqa: PLC0415
    from linli.foundation.core.actors import SYSTEM  # noqa: PLC0415

    for uuids in every_case(size):
        told = histories(uuids)
        cases = permissions.get_cases_for(SYSTEM, list(told))
        yield [fact(row(cases[pk]), events) for pk, events in sorted(told.items())]


def row(case: Any) -> dict[str, Any]:
    """Return what a case's row says at the end."""
    return {
        "number": case.number, "source": case.source, "category": case.category.code, "unit": case.unit_id,
        "area": case.area_path, "level": case.level, "urgent": case.urgent, "state": case.state, "open": case.is_open,
        "outcome": case.outcome, "overdue": case.was_overdue, "rating": case.rating, "reporters": case.reporter_count,
        "reported": case.reported_at.isoformat(), "into": case.merged_into_id is not None,
    }  # fmt: skip


def fact(found: dict[str, Any], events: list[Any]) -> dict[str, Any]:
    """Return ``found`` with what happened: first moments, counts, marks that clocks reached, rises of the level."""
    marks: Counter[str] = Counter()
    counts: Counter[str] = Counter()
    rises: list[str] = []
    for event in events:
        if event.verb in _MOMENTS:
            found.setdefault(_MOMENTS[event.verb], event.at.isoformat())
        if event.verb == "close":
            found["last_closed"] = event.at.isoformat()
        counts[_COUNTED.get(event.verb, "")] += 1
        _more(event.verb, event.data, counts, marks)
        if event.verb == "raise_level" and "level" in event.data:
            rises.append(str(event.data["level"]))
    del counts[""]
    return {**found, **counts, "marks": dict(marks), "rises": rises}


def _more(verb: str, data: Mapping[str, Any], counts: Counter[str], marks: Counter[str]) -> None:
    if verb == "escalate":
        marks[f"{data.get('stage')} {data.get('mark')}"] += 1
    elif verb == "check":
        counts["reworks"] += data.get("passed") is False
    elif verb == "review":
        counts["reopened"] += bool(data.get("reopen"))
