"""The arithmetic of an indicator library: project > content > standard (项目 > 内容 > 标准), marks, veto, gaps.

得分率 = Σ marks ÷ Σ full marks over the observations that apply (domain.md §4); 不适用 leaves the denominator. All
marks are integers or fractions. What comes of it is a self-check (自测，非官方测评), and pages say so.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

Number = int | Fraction


@dataclass(frozen=True, slots=True)
class Standard:
    """One standard of a library.

    Attributes:
        key: names it, unique in its library's version.
        project: the project (项目) to which it belongs.
        content: the content (内容) within the project.
        full: full marks, above 0.
        weight: by how much a mark counts in the whole, not negative.
        veto: failing it makes the whole content count nothing (一票否决).
        unit: the unit responsible.
        point_type: where it is looked at (main street, market, toilet, …).
    """

    key: str
    project: str
    content: str
    full: Number = 1
    weight: Number = 1
    veto: bool = False
    unit: str = ""
    point_type: str = ""

    def __post_init__(self) -> None:
        """Refuse marks that cannot be lost (ValueError)."""
        if self.full <= 0 or self.weight < 0:
            raise ValueError(f"standard {self.key}: full marks are above 0 and a weight is not negative")


@dataclass(frozen=True, slots=True)
class Observation:
    """One standard looked at once.

    Attributes:
        standard: the standard's key.
        point: where it was looked at.
        marks: from 0 to full; None: not applicable here.
    """

    standard: str
    point: str
    marks: Number | None


@dataclass(frozen=True, slots=True)
class Score:
    """Marks with what they are marks of.

    Attributes:
        marks: Σ marks × weight, after vetoes.
        full: Σ full marks × weight over what applies: the denominator.
        observed: observations that apply.
        perfect: of these, with full marks.
        not_applicable: observations that left the denominator.
        vetoes: standards failed that carry a veto.
    """

    marks: Fraction
    full: Fraction
    observed: int
    perfect: int
    not_applicable: int
    vetoes: tuple[str, ...] = ()

    @property
    def rate(self) -> Fraction | None:
        """得分率; None where nothing applies: blank, neither 0 nor 100 %."""
        return self.marks / self.full if self.full else None

    @property
    def full_mark_rate(self) -> Fraction | None:
        """满分率: observations with full marks by observations that apply; None where nothing applies."""
        return Fraction(self.perfect, self.observed) if self.observed else None


@dataclass(frozen=True, slots=True)
class Branch:
    """The score of one part of the tree; ``parts`` are its contents, empty for a content."""

    name: str
    score: Score
    parts: tuple[Branch, ...] = ()


Library = Mapping[str, Standard]
Seen = tuple[Standard, Observation]


def library(standards: Iterable[Standard]) -> Library:
    """Return standards by key.

    Raises:
        ValueError: two have the same key.
    """
    found: dict[str, Standard] = {}
    for standard in standards:
        if standard.key in found:
            raise ValueError(f"standard {standard.key} is there twice")
        found[standard.key] = standard
    return found


def _seen(standards: Library, observations: Iterable[Observation]) -> list[Seen]:
    found = []
    for seen in observations:
        standard = standards.get(seen.standard)
        if standard is None:
            raise ValueError(f"standard {seen.standard} is not in this version of the library")
        if seen.marks is not None and not 0 <= seen.marks <= standard.full:
            raise ValueError(f"marks for {seen.standard} lie between 0 and {standard.full}")
        found.append((standard, seen))
    return found


def _vetoed(seen: Iterable[Seen]) -> dict[tuple[str, str], set[str]]:
    """Return (project, content) → standards with a veto that did not get full marks somewhere."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for standard, o in seen:
        if standard.veto and o.marks is not None and o.marks < standard.full:
            found[standard.project, standard.content].add(standard.key)
    return found


def _score(seen: Iterable[Seen], vetoed: Mapping[tuple[str, str], set[str]]) -> Score:
    marks = full = Fraction()
    observed = perfect = away = 0
    vetoes: set[str] = set()
    for standard, o in seen:
        if o.marks is None:
            away += 1
            continue
        observed += 1
        perfect += o.marks == standard.full
        full += Fraction(standard.full) * Fraction(standard.weight)
        against = vetoed.get((standard.project, standard.content))
        if against:
            vetoes |= against
        else:
            marks += Fraction(o.marks) * Fraction(standard.weight)
    return Score(marks, full, observed, perfect, away, tuple(sorted(vetoes)))


def score(standards: Library, observations: Iterable[Observation]) -> Score:
    """Return the score of everything observed.

    A veto that failed anywhere makes its whole content count nothing; its full marks stay in the denominator.

    Raises:
        ValueError: an observation names no standard of the library, or more marks than there are.
    """
    seen = _seen(standards, observations)
    return _score(seen, _vetoed(seen))


def tree(standards: Library, observations: Iterable[Observation]) -> tuple[Branch, ...]:
    """Return projects with their contents in the library's order, unobserved ones with an empty score."""
    seen = _seen(standards, observations)
    vetoed = _vetoed(seen)
    shape: dict[str, dict[str, list[Seen]]] = {}
    for s in standards.values():
        shape.setdefault(s.project, {}).setdefault(s.content, [])
    for standard, o in seen:
        shape[standard.project][standard.content].append((standard, o))
    return tuple(
        Branch(
            project,
            _score((pair for pairs in contents.values() for pair in pairs), vetoed),
            tuple(Branch(content, _score(pairs, vetoed)) for content, pairs in contents.items()),
        )
        for project, contents in shape.items()
    )


def _grouped(
    standards: Library, observations: Iterable[Observation], name: Callable[[Standard, Observation], str]
) -> dict[str, Score]:
    seen = _seen(standards, observations)
    vetoed = _vetoed(seen)
    groups: dict[str, list[Seen]] = defaultdict(list)
    for pair in seen:
        groups[name(*pair)].append(pair)
    return {key: _score(groups[key], vetoed) for key in sorted(groups)}


def by_unit(standards: Library, observations: Iterable[Observation]) -> dict[str, Score]:
    """Return scores by the unit responsible."""
    return _grouped(standards, observations, lambda s, _: s.unit)


def by_type(standards: Library, observations: Iterable[Observation]) -> dict[str, Score]:
    """Return scores by type of point."""
    return _grouped(standards, observations, lambda s, _: s.point_type)


def by_item(standards: Library, observations: Iterable[Observation]) -> dict[str, Score]:
    """Return scores by standard."""
    return _grouped(standards, observations, lambda s, _: s.key)


def by_point(standards: Library, observations: Iterable[Observation]) -> dict[str, Score]:
    """Return scores by the point looked at."""
    return _grouped(standards, observations, lambda _, o: o.point)


@dataclass(frozen=True, slots=True)
class Gap:
    """Where marks are lost.

    Attributes:
        standard: the standard's key.
        unit: the unit responsible.
        lost: Σ (full − marks) × weight; a veto's own marks only, not those of its content.
        points: where, in order.
        veto: failing it costs the whole content, so it stands first.
    """

    standard: str
    unit: str
    lost: Fraction
    points: tuple[str, ...]
    veto: bool


def gaps(standards: Library, observations: Iterable[Observation]) -> tuple[Gap, ...]:
    """Return what loses marks: failed vetoes first, then by marks lost × weight, the most first."""
    lost: dict[str, Fraction] = defaultdict(Fraction)
    points: dict[str, set[str]] = defaultdict(set)
    for standard, o in _seen(standards, observations):
        if o.marks is not None and o.marks < standard.full:
            lost[standard.key] += (Fraction(standard.full) - Fraction(o.marks)) * Fraction(standard.weight)
            points[standard.key].add(o.point)
    found = [Gap(k, standards[k].unit, n, tuple(sorted(points[k])), standards[k].veto) for k, n in lost.items()]
    return tuple(sorted(found, key=lambda g: (not g.veto, -g.lost, g.standard)))


class Sign(StrEnum):
    """How an entry of the lists changes a score (加/减/乘)."""

    ADD = "add"
    TAKE = "take"
    TIMES = "times"


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the lists.

    Attributes:
        sign: added, taken off or multiplied by.
        value: how much, not negative.
        reason: what for.
    """

    sign: Sign
    value: Fraction
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Adjusted:
    """A score with the lists applied, step by step.

    Attributes:
        base: before.
        added: what was added, within the limit.
        taken: what was taken off.
        factor: the product of the multipliers.
        result: (base + added − taken) × factor, between 0 and the ceiling.
    """

    base: Fraction
    added: Fraction
    taken: Fraction
    factor: Fraction
    result: Fraction


def adjust(
    base: Fraction, entries: Iterable[Entry], *, most_added: Fraction | None = None, ceiling: Fraction | None = None
) -> Adjusted:
    """Apply the lists to a score: first all that is added and taken, then all multipliers; order does not matter.

    Args:
        base: marks before, not negative.
        most_added: no more than this is added in all; None: no limit.
        ceiling: no result above this; None: no limit.

    Raises:
        ValueError: a value is negative.
    """
    listed = list(entries)
    if base < 0 or any(e.value < 0 for e in listed):
        raise ValueError("marks and entries are not negative")
    added = sum((e.value for e in listed if e.sign is Sign.ADD), Fraction())
    added = added if most_added is None else min(added, most_added)
    taken = sum((e.value for e in listed if e.sign is Sign.TAKE), Fraction())
    factor = Fraction(1)
    for e in listed:
        factor *= e.value if e.sign is Sign.TIMES else 1
    result = max(Fraction(), (base + added - taken) * factor)
    return Adjusted(base, added, taken, factor, result if ceiling is None else min(result, ceiling))
