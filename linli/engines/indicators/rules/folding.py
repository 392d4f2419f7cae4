"""The history of one case folded into what figures count: pure, from plain values to plain values.

A case's events hold what each changed, so its rows here follow from them alone, whatever was known before: what is
kept can be thrown away and counted again, and what a slow transaction commits late is folded when it is there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from linli.engines.cases.types import Told
from linli.engines.cases.workflow import Stage

# Verb → kind of act that figures count; the others are no figure's.
ACTS: Mapping[str, str] = {
    "check": "check",
    "dispatch": "dispatch",
    "return_": "return",
    "transfer": "transfer",
    "decide_extension": "extension",
    "raise_level": "raise",
    "order": "order",
    "urge": "urge",
    "reopen": "reopen",
}
# Figures of what is open are kept as sums for each of these; "" is everything.
DIMENSIONS = ("", "unit", "area_path", "category", "level", "source")
_NO_CLOCK = 9000
Key = tuple[date, str, str]


@dataclass(frozen=True, slots=True)
class Standing:
    """By what an open case is told apart on a day."""

    state: str
    level: str
    unit: int
    area_path: str
    category: int
    source: str
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time during which a case was open and stood unchanged; ``ends_at`` None: it still does."""

    begins_at: datetime
    ends_at: datetime | None
    standing: Standing


@dataclass(frozen=True, slots=True)
class Act:
    """One thing done that figures count; ``good``: passed, granted, by rule; None where there is no such answer."""

    seq: int
    kind: str
    at: datetime
    good: bool | None
    unit: int
    area_path: str
    category: int
    level: str
    source: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What is true of a case now, as far as figures count it. Lengths of time are whole minutes."""

    seq: int
    kind: str
    source: str
    category: int
    level: str
    unit: int
    area_path: str
    state: str
    outcome: str
    rating: str
    is_open: bool
    was_overdue: bool
    repeat: bool
    reported_at: datetime
    accepted_at: datetime | None
    filed_at: datetime | None
    dispatched_at: datetime | None
    handed_in_at: datetime | None
    closed_at: datetime | None
    due_at: datetime | None
    contact_in_time: bool | None
    rework_count: int
    minutes_to_dispatch: int | None
    minutes_to_hand_in: int | None
    minutes_to_close: int | None


@dataclass(slots=True)
class Kept:
    """All that is kept of one case."""

    facts: Facts
    acts: list[Act] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)


def moment(text: Any) -> datetime | None:
    """Return the moment that an event holds as text, None for none."""
    return datetime.fromisoformat(text) if text else None


def fold(events: Iterable[Told], until: datetime | None = None) -> Kept | None:
    """Return what is kept of a case with this history, in its order; None where nothing has happened yet.

    Args:
        until: as if it had ended just before this moment.
    """
    row: dict[str, Any] = {}
    limits: dict[str, datetime] = {}
    acts: list[Act] = []
    stood: list[tuple[datetime, Standing | None]] = []
    at: datetime | None = None
    seq = 0
    for event in events:
        if until is not None and event.at >= until:
            break
        at = event.at if at is None else max(at, event.at)
        seq = event.seq
        row.update(event.changes)
        limits |= {name: datetime.fromisoformat(due) for name, due in (event.changes.get("dues") or {}).items()}
        if event.verb in ACTS:
            acts.append(_act(event, at, row))
        stood.append((at, _standing(row) if row["is_open"] else None))
    return Kept(_facts(seq, row, limits), acts, list(_spans(stood))) if row else None


def _standing(row: Mapping[str, Any]) -> Standing:
    due = moment(row["due_at"])
    return Standing(
        row["state"],
        row["level"],
        row["unit_id"] or 0,
        row["area_path"],
        row["category_id"],
        row["source"],
        due if due is not None and due.year < _NO_CLOCK else None,
    )


def _spans(stood: Sequence[tuple[datetime, Standing | None]]) -> Iterator[Span]:
    """Return the stretches between the moments, without those of no length; alike neighbours are one."""
    begun: tuple[datetime, Standing] | None = None
    for n, (at, standing) in enumerate(stood):
        if n + 1 < len(stood) and stood[n + 1][0] == at:
            continue
        if begun is not None and standing != begun[1]:
            yield Span(begun[0], at, begun[1])
            begun = None
        if begun is None and standing is not None:
            begun = at, standing
    if begun is not None:
        yield Span(begun[0], None, begun[1])


def _good(event: Told) -> bool | None:
    if event.verb == "check":
        return bool(event.data.get("passed"))
    if event.verb == "dispatch":
        return bool(event.data.get("route"))
    if event.verb == "decide_extension":
        return bool(event.data.get("granted"))
    return None


def _act(event: Told, at: datetime, row: Mapping[str, Any]) -> Act:
    # What was sent back counts for the unit that sent it back, which the row no longer names.
    unit = event.data.get("unit") if event.verb == "return_" else row["unit_id"]
    return Act(
        event.seq,
        ACTS[event.verb],
        at,
        _good(event),
        unit or 0,
        row["area_path"],
        row["category_id"],
        row["level"],
        row["source"],
    )


def _minutes(since: datetime | None, until: datetime | None) -> int | None:
    if since is None or until is None:
        return None
    return max(0, int((until - since).total_seconds() // 60))


def _in_time(done: datetime | None, due: datetime | None, *, ended: bool) -> bool | None:
    """Return whether something with a limit was done in time; None where nothing was asked or it may still be done."""
    if due is None:
        return None
    if done is not None:
        return done <= due
    return False if ended else None


def _facts(seq: int, row: Mapping[str, Any], limits: Mapping[str, datetime]) -> Facts:
    reported = datetime.fromisoformat(row["reported_at"])
    dispatched, handed_in, closed = (moment(row[n]) for n in ("dispatched_at", "handed_in_at", "closed_at"))
    contact = _in_time(moment(row["first_contact_at"]), limits.get(Stage.FIRST_CONTACT), ended=not row["is_open"])
    return Facts(
        seq=seq,
        kind=row["kind"],
        source=row["source"],
        category=row["category_id"],
        level=row["level"],
        unit=row["unit_id"] or 0,
        area_path=row["area_path"],
        state=row["state"],
        outcome=row["outcome"],
        rating=row["rating"],
        is_open=row["is_open"],
        was_overdue=row["was_overdue"],
        repeat=row["relapse_of_id"] is not None,
        reported_at=reported,
        accepted_at=moment(row["accepted_at"]),
        filed_at=moment(row["filed_at"]),
        dispatched_at=dispatched,
        handed_in_at=handed_in,
        closed_at=closed,
        due_at=limits.get(Stage.OVERALL),
        contact_in_time=contact,
        rework_count=row["rework_count"],
        minutes_to_dispatch=_minutes(reported, dispatched),
        minutes_to_hand_in=_minutes(dispatched, handed_in),
        minutes_to_close=_minutes(reported, closed),
    )


def _keys(standing: Standing) -> Iterator[tuple[str, str]]:
    for dimension in DIMENSIONS:
        yield dimension, str(getattr(standing, dimension)) if dimension else ""


def balance(spans: Iterable[Span], zone: ZoneInfo) -> Counter[Key]:
    """Return by how much each day's end finds more or fewer open than the day before: (day, dimension, key) → n.

    Summed up to a day they are what was open when it ended; what began and ended on one day is in none of them.
    """
    found: Counter[Key] = Counter()
    for span in spans:
        began = span.begins_at.astimezone(zone).date()
        ended = span.ends_at.astimezone(zone).date() if span.ends_at is not None else None
        if began == ended:
            continue
        for dimension, key in _keys(span.standing):
            found[began, dimension, key] += 1
            if ended is not None:
                found[ended, dimension, key] -= 1
    return Counter({key: n for key, n in found.items() if n})
