"""Pure rules of posts: terms, stand-ins, and the three administrators kept apart."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time
from itertools import pairwise

from linli.foundation.people.types import Away, Hours, PostGroup, Term


def in_force(first: date, last: date | None, on: date) -> bool:
    """Return whether ``on`` lies in the days from ``first`` to ``last``, both included."""
    return first <= on and (last is None or on <= last)


def overlap(first: date, last: date | None, other_first: date, other_last: date | None) -> bool:
    """Return whether two spans of days share a day."""
    return (other_last is None or first <= other_last) and (last is None or other_first <= last)


def stood_in_for(user_id: int, absences: Iterable[Away], on: date) -> set[int]:
    """Return those for whom ``user_id`` stands in on that day; a stand-in's own stand-in does not inherit."""
    return {a.user_id for a in absences if a.stand_in_id == user_id and in_force(a.first, a.last, on)}


def roles_on(user_id: int, terms: Iterable[Term], absences: Sequence[Away], on: date) -> set[tuple[str, int]]:
    """Return (role, whose post) in which ``user_id`` may act on that day."""
    people = {user_id} | stood_in_for(user_id, absences, on)
    return {(t.role, t.user_id) for t in terms if t.user_id in people and in_force(t.first, t.last, on)}


@dataclass(frozen=True, slots=True)
class Clash:
    """A person who would hold two roles that must lie apart, and how they would come by the second."""

    user_id: int
    roles: tuple[str, str]
    through_stand_in: bool


@dataclass(frozen=True, slots=True)
class _Span:
    user_id: int
    role: str
    first: date
    last: date | None
    acting: bool


def _spans(terms: Sequence[Term], absences: Iterable[Away]) -> list[_Span]:
    spans = [_Span(t.user_id, t.role, t.first, t.last, acting=False) for t in terms]
    for away in absences:
        if away.stand_in_id is None:
            continue
        for t in terms:
            if t.user_id == away.user_id and overlap(t.first, t.last, away.first, away.last):
                last = away.last if t.last is None else min(away.last, t.last)
                spans.append(_Span(away.stand_in_id, t.role, max(t.first, away.first), last, acting=True))
    return spans


def find_clash(terms: Sequence[Term], absences: Iterable[Away], apart: Collection[str]) -> Clash | None:
    """Return the first person who on some day would act in two roles of ``apart``, or None."""
    by_person: dict[int, list[_Span]] = {}
    for span in _spans([t for t in terms if t.role in apart], absences):
        for other in by_person.setdefault(span.user_id, []):
            if other.role != span.role and overlap(span.first, span.last, other.first, other.last):
                roles = (min(span.role, other.role), max(span.role, other.role))
                return Clash(span.user_id, roles, through_stand_in=span.acting or other.acting)
        by_person[span.user_id].append(span)
    return None


def sitting(hours: Iterable[Hours], weekday: int, at: time) -> bool:
    """Return whether a desk with these hours is attended at ``at`` on that day of the week (Monday 1)."""
    return any(h.weekday == weekday and h.starts <= at < h.ends for h in hours)


def hours_clash(hours: Iterable[Hours]) -> bool:
    """Return whether two stretches of one day overlap."""
    per_day: dict[int, list[Hours]] = {}
    for h in hours:
        per_day.setdefault(h.weekday, []).append(h)
    for found in per_day.values():
        ordered = sorted(found, key=lambda h: h.starts)
        if any(a.ends > b.starts for a, b in pairwise(ordered)):
            return True
    return False


def next_days(hours: Iterable[Hours], weekday: int) -> int | None:
    """Return in how many days from ``weekday`` on (0 to 6) a desk is attended next; None: never."""
    days = [(h.weekday - weekday) % 7 for h in hours]
    return min(days) if days else None


def in_group(group: PostGroup, kind: str, role: str, title: str) -> bool:
    """Return whether a post (kind of its unit, role, title) belongs to ``group``.

    The role is enough where the group names any; else, or for other roles, a word of the title decides.
    """
    if group.kinds and kind not in group.kinds:
        return False
    return role in group.roles or any(word in title for word in group.words)
