"""Pure arithmetic of figures: shares with an interval, percentiles by rank, who stands in a league."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

# 95 %: the value of the normal distribution that 2.5 % lie beyond.
_Z = 1.959963984540054


def percent(part: float, whole: int) -> float | None:
    """Return hundredths; None where there is nothing to divide by: a blank, not 0 and not 100."""
    return 100 * part / whole if whole else None


def wilson(part: float, whole: int) -> tuple[float, float] | None:
    """Return between which shares the true one lies with 95 % (Wilson 1927), in percent; None for nothing counted.

    Args:
        part: how many of ``whole``, from 0 to ``whole``.
    """
    if whole <= 0:
        return None
    share = part / whole
    square = _Z * _Z
    middle = share + square / (2 * whole)
    spread = _Z * sqrt(share * (1 - share) / whole + square / (4 * whole * whole))
    scale = 1 + square / whole
    return max(0.0, 100 * (middle - spread) / scale), min(100.0, 100 * (middle + spread) / scale)


def rank_of(count: int, hundredths: int) -> int:
    """Return the place, counted from 1, of a percentile among ``count`` sorted values (nearest rank)."""
    return max(1, -(-count * hundredths // 100))


def percentile(values: Sequence[int], hundredths: int) -> int | None:
    """Return a percentile of sorted values by nearest rank: one of them, never a number between; None for none."""
    return values[rank_of(len(values), hundredths) - 1] if values else None


@dataclass(frozen=True, slots=True)
class Placed:
    """A place in a league; None where too few were counted to say anything."""

    key: str
    place: int | None


def league(values: Sequence[tuple[str, float | None, int]], *, minimum: int, falling: bool) -> list[Placed]:
    """Return the keys in the order of a league: equal values share a place, too few counted have none and come last.

    Args:
        values: key, value (None: nothing to divide by), how many it was counted from.
        minimum: fewer than this many have no place.
        falling: the greatest value comes first.
    """
    known = [(k, v) for k, v, n in values if v is not None and n >= max(1, minimum)]
    known.sort(key=lambda pair: (-pair[1] if falling else pair[1], pair[0]))
    placed: list[Placed] = []
    for n, (key, value) in enumerate(known):
        same = n > 0 and known[n - 1][1] == value
        placed.append(Placed(key, placed[-1].place if same else n + 1))
    there = {p.key for p in placed}
    return placed + [Placed(k, None) for k, _v, _n in sorted(values) if k not in there]


def crossed(value: float | None, threshold: float, *, above: bool) -> bool | None:
    """Return whether a value lies beyond its threshold (the threshold itself does not); None where there is none."""
    if value is None:
        return None
    return value > threshold if above else value < threshold
