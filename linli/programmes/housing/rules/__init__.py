"""Pure rules of the room `housing`: what a step lacks, rooms as they are typed, what is broken in words that travel."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from linli.engines.fieldwork.rules.housing import Breach, Limits, Room, Use, check, to_verify
from linli.programmes.housing.workflow import VERBS, Need

MOST_PEOPLE, MOST_AREA = 60, Decimal(999)


@dataclass(frozen=True, slots=True)
class Facts:
    """What is there of a flat, as far as a step may ask for it.

    Attributes:
        checked: rooms were held against the rules.
        breach: something was broken that two officers are to look at.
        warrant: entry is not by warrant, or the paper is there.
        basis: the plan names its articles.
        papers: kinds of papers and pictures that are there (a statement that was declined is one).
        educated: the legal education was given.
        firm: a property firm is named that reports.
    """

    checked: bool = False
    breach: bool = False
    warrant: bool = True
    basis: bool = False
    papers: frozenset[str] = frozenset()
    educated: bool = False
    firm: bool = False


def missing(verb: str, facts: Facts) -> tuple[Need, ...]:
    """Return what a step asks for and is not there, in the order of the table."""
    there = {
        Need.CHECK: facts.checked,
        Need.BREACH: facts.breach or not facts.checked,  # said once: first look, then find
        Need.WARRANT: facts.warrant,
        Need.BASIS: facts.basis,
        Need.EDUCATION: facts.educated,
        Need.FIRM: facts.firm,
    }
    return tuple(n for n in VERBS[verb].needs if not there.get(n, n.value in facts.papers))


class BadRoomError(ValueError):
    """A room that cannot be: ``place`` (from 0) and ``field`` say where."""

    def __init__(self, place: int, field: str) -> None:
        """Say where."""
        super().__init__(f"room {place}: {field}")
        self.place, self.field = place, field


def rooms_of(rows: Iterable[Mapping[str, Any]]) -> tuple[Room, ...]:
    """Return rooms as typed or sent; rows that say nothing are passed over.

    Args:
        rows: ``room``, ``use``, ``area``, ``persons``, ``kin``, ``slept_in``, ``parts``, ``beds_let``. Whatever else a
            row holds is not looked at, names least of all.

    Raises:
        BadRoomError: a figure that no room can have.
    """
    found = []
    for place, row in enumerate(rows):
        if not any(row.get(name) not in (None, "", False) for name in ("room", "area", "persons", "beds_let", "parts")):
            continue
        found.append(_room(place, row))
    return tuple(found)


def _room(place: int, row: Mapping[str, Any]) -> Room:
    use = str(row.get("use") or Use.BEDROOM.value)
    if use not in set(Use):
        raise BadRoomError(place, "use")
    text = row.get("area")
    try:
        area = Decimal(str(text)) if text not in (None, "") else None
    except InvalidOperation:
        raise BadRoomError(place, "area") from None
    if area is not None and not (area.is_finite() and 0 < area <= MOST_AREA):
        raise BadRoomError(place, "area")
    return Room(
        name=str(row.get("room") or f"{place + 1}")[:20],
        use=Use(use),
        area=area,
        persons=_count(place, row, "persons", 0),
        kin=row.get("kin") in (True, "yes", "on"),
        slept_in=row.get("slept_in") in (True, "yes", "on"),
        parts=_count(place, row, "parts", 1),
        beds_let=_count(place, row, "beds_let", 0),
    )


def _count(place: int, row: Mapping[str, Any], name: str, least: int) -> int:
    text = row.get(name)
    if text in (None, ""):
        return least
    try:
        number = int(str(text))
    except ValueError:
        raise BadRoomError(place, name) from None
    if not least <= number <= MOST_PEOPLE:
        raise BadRoomError(place, name)
    return number


def as_json(room: Room) -> dict[str, Any]:
    """Return a room as it is kept."""
    return {
        "room": room.name, "use": room.use.value, "area": str(room.area) if room.area is not None else None,
        "persons": room.persons, "kin": room.kin, "slept_in": room.slept_in, "parts": room.parts,
        "beds_let": room.beds_let,
    }  # fmt: skip


def breach_json(breach: Breach) -> dict[str, Any]:
    """Return a broken rule as it is kept: numbers as exact fractions in text."""
    return {
        "rule": breach.rule.value, "room": breach.room, "found": _text(breach.found), "allowed": _text(breach.allowed),
        "use": breach.use.value if breach.use is not None else "",
    }  # fmt: skip


def _text(number: Any) -> str:
    if number is None:
        return ""
    value = float(number)
    return f"{value:.1f}".rstrip("0").rstrip(".")


def judged(rooms: Sequence[Room], limits: Limits) -> tuple[list[dict[str, Any]], bool]:
    """Return the broken rules as they are kept, and whether two officers are to look."""
    found = check(rooms, limits)
    return [breach_json(b) for b in found], to_verify(found)
