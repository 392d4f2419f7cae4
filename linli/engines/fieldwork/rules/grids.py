"""The floors and flats of a building: building → floor → flat."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Floor:
    """One floor: its number (-1 is B1), what it and its flats are called in the ledger, in the words of the place."""

    number: int
    name: str
    flats: tuple[str, ...]


def floors(first: int, last: int, doors: int, *, without: Collection[int] = (), most: int = 2_000) -> tuple[Floor, ...]:
    """Return the floors of a building with so many doors each, from below.

    There is no floor 0. A flat is called by floor and door: 302 室, 1201 室, below the ground B101 室.

    Args:
        first: the lowest floor that has flats; below 0 below the ground.
        last: the highest.
        doors: flats of a floor, 1 to 99.
        without: floors that are not there (many a house has no 4, 13, 14).
        most: how many flats a building may have.

    Raises:
        ValueError: there is no floor between them, no door, or there are too many flats.
    """
    numbers = [n for n in range(first, last + 1) if n and n not in set(without)] if last - first <= most else []
    if not numbers or not 1 <= doors <= 99 or len(numbers) * doors > most:
        raise ValueError("a building has floors, each with 1 to 99 doors")
    return tuple(Floor(n, f"{_named(n)} 层", _flats(_named(n), doors)) for n in numbers)


def _flats(floor: str, doors: int) -> tuple[str, ...]:
    return tuple(f"{floor}{door:02d} 室" for door in range(1, doors + 1))


def _named(number: int) -> str:
    return str(number) if number > 0 else f"B{-number}"
