"""Progress of a whole from its parts: a weighted tree, in fractions, so that no rounding builds up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Branch:
    """A thing with a weight: done to ``done`` (0 to 1) itself, or as its parts are where it has any."""

    key: str
    weight: int = 1
    done: Fraction = Fraction(0)
    parts: tuple[Branch, ...] = ()


@dataclass(frozen=True, slots=True)
class Grown:
    """A branch with its progress worked out: ``share`` is how much of its parent it stands for (0 to 1)."""

    key: str
    weight: int
    progress: Fraction
    share: Fraction
    parts: tuple[Grown, ...] = ()


def mean(parts: Iterable[tuple[int, Fraction]]) -> Fraction:
    """Return the weighted mean of ``(weight, progress)``; where no weight is above 0 each counts alike, none is 0."""
    known = list(parts)
    total = sum(w for w, _p in known)
    if total <= 0:
        return sum((p for _w, p in known), Fraction(0)) / len(known) if known else Fraction(0)
    return sum((w * p for w, p in known), Fraction(0)) / total


def grow(branch: Branch) -> Grown:
    """Return ``branch`` with its progress and that of all its parts."""
    return _grown(branch, Fraction(1))


def _grown(branch: Branch, share: Fraction) -> Grown:
    shares = shares_of([p.weight for p in branch.parts])
    parts = tuple(_grown(p, s) for p, s in zip(branch.parts, shares, strict=True))
    progress = mean((p.weight, p.progress) for p in parts) if parts else min(max(branch.done, Fraction(0)), Fraction(1))
    return Grown(branch.key, branch.weight, progress, share, parts)


def shares_of(weights: Sequence[int]) -> list[Fraction]:
    """Return what part of the whole each weight is; alike where none is above 0."""
    total = sum(weights)
    return [Fraction(w, total) if total > 0 else Fraction(1, len(weights)) for w in weights]


def percent(progress: Fraction) -> int:
    """Return progress in whole percent, rounded down: 100 means all of it."""
    return int(progress * 100)
