"""How many to check, how they are spread, and what a share found in a sample says about the whole.

Sizes and allocations are exact integers and fractions. Margins are floats by nature (they hold a square root); they are
good to nine digits, and pages show one decimal. Sources: Cochran, Sampling Techniques, 3rd ed. 1977, §§ 4.4, 5.3–5.9;
Wilson, Journal of the American Statistical Association 22 (1927) 209–212; Newcombe, Statistics in Medicine 17 (1998)
857–872 and 873–890 (method 10).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from math import ceil, sqrt
from statistics import NormalDist

HALF = Fraction(1, 2)


def z_of(confidence: Fraction) -> float:
    """Return the two-sided normal quantile of a confidence (19/20 → 1.959964).

    Raises:
        ValueError: the confidence is not between 0 and 1.
    """
    if not 0 < confidence < 1:
        raise ValueError("a confidence lies between 0 and 1")
    return NormalDist().inv_cdf(float((1 + confidence) / 2))


def sample_size(whole: int, margin: Fraction, confidence: Fraction, share: Fraction = HALF) -> int:
    """Return how many of ``whole`` must be asked so that a share is known to ±``margin``.

    n₀ = z² p (1 − p) ÷ margin²; n = n₀ ÷ (1 + (n₀ − 1) ÷ N), rounded up (Cochran 4.4).

    Args:
        whole: how many there are (N).
        margin: half the width, as a part of 1 (5 points: 1/20).
        confidence: as a part of 1 (19/20).
        share: the share expected; 1/2 is the most careful.

    Raises:
        ValueError: something lies outside its range.
    """
    if whole < 0 or not 0 < margin < 1 or not 0 < share < 1:
        raise ValueError("a whole is not negative; a margin and a share lie between 0 and 1")
    if not whole:
        return 0
    z = Fraction(round(z_of(confidence) * 10**6), 10**6)
    first = z * z * share * (1 - share) / margin**2
    return min(whole, ceil(first / (1 + (first - 1) / whole)))


def allocate(sizes: Mapping[str, int], wanted: int, least: int = 0) -> dict[str, int]:
    """Spread a sample over strata by their size, with at least ``least`` of each, never more than there are.

    First every stratum gets its least (or all it has), even where this is more than ``wanted`` in all; the rest is
    spread by largest remainder (Hamilton) over what each stratum has left, what finds no room passing to the others.
    Equal remainders go to the larger stratum, then to the name that sorts first.

    Args:
        sizes: stratum → how many there are.
        wanted: how many in all.
        least: how many of each stratum at least.

    Raises:
        ValueError: a number is negative.
    """
    if wanted < 0 or least < 0 or any(n < 0 for n in sizes.values()):
        raise ValueError("sizes of strata and samples are not negative")
    given = {name: min(least, size) for name, size in sizes.items()}
    rest = min(wanted, sum(sizes.values())) - sum(given.values())
    if rest <= 0:
        return given
    # Towards n·size/N for each; whoever lies above it by the least gives nothing back and takes no more.
    open_, aim = dict(sizes), rest + sum(given.values())
    while True:
        total = sum(open_.values())
        over = [name for name, size in open_.items() if total and Fraction(aim * size, total) < given[name]]
        if not over:
            break
        for name in over:
            aim -= given[name]
            del open_[name]
    quotas = {name: Fraction(aim * size, sum(open_.values())) for name, size in open_.items() if size}
    for name, quota in quotas.items():
        given[name] = int(quota)
    left = aim - sum(int(q) for q in quotas.values())
    order = sorted(quotas, key=lambda name: (int(quotas[name]) - quotas[name], -sizes[name], name))
    for name in order[:left]:
        given[name] += 1
    return given


@dataclass(frozen=True, slots=True)
class Interval:
    """Between what a share lies, as parts of 1."""

    low: float
    high: float

    @property
    def margin(self) -> float:
        """Half the width."""
        return (self.high - self.low) / 2


def wilson(hits: int, count: int, confidence: Fraction) -> Interval | None:
    """Return the Wilson score interval of a share; None where nothing was counted.

    Args:
        hits: how many had it.
        count: of how many.
        confidence: as a part of 1.

    Raises:
        ValueError: not 0 ≤ hits ≤ count.
    """
    if not 0 <= hits <= count:
        raise ValueError("hits lie between 0 and the count")
    if not count:
        return None
    z2 = z_of(confidence) ** 2
    middle = hits + z2 / 2
    half = sqrt(z2 * (hits * (count - hits) / count + z2 / 4))
    # The ends are known exactly where none or all had it.
    low = 0.0 if hits == 0 else (middle - half) / (count + z2)
    high = 1.0 if hits == count else (middle + half) / (count + z2)
    return Interval(max(0.0, low), min(1.0, high))


@dataclass(frozen=True, slots=True)
class Counted:
    """What was found in one stratum.

    Attributes:
        whole: how many there are (N).
        count: how many were looked at, not more.
        hits: how many of them had it.
    """

    whole: int
    count: int
    hits: int

    def __post_init__(self) -> None:
        """Refuse what does not fit together (ValueError)."""
        if not 0 <= self.hits <= self.count <= self.whole:
            raise ValueError("hits ≤ looked at ≤ all there are")


@dataclass(frozen=True, slots=True)
class Estimate:
    """A share of the whole, weighted by strata.

    Attributes:
        share: Σ Nₕ pₕ ÷ Σ Nₕ over the strata looked at, exact.
        margin: half the width, as a part of 1; None where a stratum had one look only and is larger.
        looked: how many were looked at.
        covered: how many there are in the strata looked at; the estimate speaks of them alone.
        left_out: strata of which nobody looked at anything, by name.
    """

    share: Fraction
    margin: float | None
    looked: int
    covered: int
    left_out: tuple[str, ...]


def weighted(strata: Mapping[str, Counted], confidence: Fraction) -> Estimate | None:
    """Return the stratified estimate of a share with its margin (Cochran 5.3, 5.6); None where nobody looked.

    The variance is Σ Wₕ² (1 − nₕ/Nₕ) pₕ(1 − pₕ) ÷ (nₕ − 1); a stratum looked at whole adds nothing to it.
    """
    used = {name: s for name, s in strata.items() if s.count}
    left_out = tuple(sorted(name for name, s in strata.items() if s.whole and not s.count))
    covered = sum(s.whole for s in used.values())
    if not covered:
        return None
    share = sum((Fraction(s.whole * s.hits, s.count) for s in used.values()), Fraction()) / covered
    looked = sum(s.count for s in used.values())
    if any(s.count == 1 < s.whole for s in used.values()):
        return Estimate(share, None, looked, covered, left_out)
    variance = Fraction()
    for s in used.values():
        if s.count < s.whole:
            p = Fraction(s.hits, s.count)
            variance += Fraction(s.whole, covered) ** 2 * (1 - Fraction(s.count, s.whole)) * p * (1 - p) / (s.count - 1)
    return Estimate(share, z_of(confidence) * sqrt(variance), looked, covered, left_out)


@dataclass(frozen=True, slots=True)
class Place:
    """One unit in a list by share.

    Attributes:
        share: exact; None where nothing was counted.
        rank: 1 for the best, equal for equal shares; None where too few were counted to be compared.
        between: the Wilson interval.
    """

    unit: str
    hits: int
    count: int
    share: Fraction | None
    rank: int | None
    between: Interval | None


def ranking(units: Mapping[str, tuple[int, int]], least: int, confidence: Fraction) -> tuple[Place, ...]:
    """Return units by share, best first; those counted fewer than ``least`` times follow without rank.

    Units only: people are never ranked (domain.md §13).

    Args:
        units: unit → (hits, count).
        least: the count from which a unit has a rank; at least 1.
    """
    found = {
        unit: Place(unit, hits, count, Fraction(hits, count) if count else None, None, wilson(hits, count, confidence))
        for unit, (hits, count) in sorted(units.items())
    }
    shares = {p.unit: p.share for p in found.values() if p.share is not None and p.count >= max(1, least)}
    best_first = sorted(shares, key=lambda unit: (-shares[unit], unit))
    ranked = [replace(found[unit], rank=1 + sum(s > shares[unit] for s in shares.values())) for unit in best_first]
    return (*ranked, *(place for unit, place in found.items() if unit not in shares))


class Change(StrEnum):
    """What a comparison of two periods says."""

    UP = "up"
    DOWN = "down"
    UNKNOWN = "unknown"  # the difference may be chance, or too few were counted


@dataclass(frozen=True, slots=True)
class Compared:
    """Two periods compared.

    Attributes:
        change: the second against the first.
        difference: second less first, exact; None where one has no count.
        between: the interval of the difference.
    """

    change: Change
    difference: Fraction | None
    between: Interval | None


def compare(first: tuple[int, int], second: tuple[int, int], confidence: Fraction, least: int = 1) -> Compared:
    """Say whether a share has changed, or that it cannot be told (Newcombe 1998, method 10).

    Args:
        first: (hits, count) of the earlier period.
        second: (hits, count) of the later one, drawn independently.
        least: below this count in either nothing is said.
    """
    a, b = wilson(*first, confidence), wilson(*second, confidence)
    if a is None or b is None:
        return Compared(Change.UNKNOWN, None, None)
    p, q = Fraction(*first), Fraction(*second)
    d = float(q - p)
    low = d - sqrt((float(q) - b.low) ** 2 + (a.high - float(p)) ** 2)
    high = d + sqrt((b.high - float(q)) ** 2 + (float(p) - a.low) ** 2)
    change = Change.UNKNOWN
    if min(first[1], second[1]) >= least:
        change = Change.UP if low > 0 else Change.DOWN if high < 0 else Change.UNKNOWN
    return Compared(change, q - p, Interval(low, high))
