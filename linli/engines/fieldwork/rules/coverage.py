"""Who was reached of whom: coverage with its denominator named, relapse (反弹), and the chain from finding to score.

走访覆盖率 = distinct targets visited in the period ÷ targets of the ledger (domain.md §3); a door at which nobody
opened is an attempt, never coverage.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction


class Present(StrEnum):
    """Which targets the denominator counts."""

    ANY = "any"  # in the ledger at any time of the period
    WHOLE = "whole"  # in the ledger from its first day to its last


class Of(StrEnum):
    """What a denominator consists of; pages name it beside every share."""

    TARGETS = "targets"  # targets of the ledger
    ENTITIES = "entities"  # those to whom targets belong: households, firms, committees
    VISITS = "visits"  # visits planned


@dataclass(frozen=True, slots=True)
class Period:
    """Days from first to last, both included."""

    first: date
    last: date

    def __post_init__(self) -> None:
        """Refuse an end before the beginning (ValueError)."""
        if self.last < self.first:
            raise ValueError("a period does not end before it begins")


@dataclass(frozen=True, slots=True)
class Target:
    """One row of a ledger.

    Attributes:
        key: names it.
        since: first day in the ledger.
        until: last day in it; None: still there.
        area: where it lies.
        tags: what it counts under besides.
        entity: to whom it belongs; empty: to itself.
    """

    key: str
    since: date
    until: date | None = None
    area: str = ""
    tags: frozenset[str] = frozenset()
    entity: str = ""


@dataclass(frozen=True, slots=True)
class Visited:
    """One visit made.

    Attributes:
        target: the target's key.
        day: when.
        met: somebody was there, or the place was seen; False for an attempt.
    """

    target: str
    day: date
    met: bool = True


@dataclass(frozen=True, slots=True)
class Coverage:
    """A share with both its numbers.

    Attributes:
        of: what the denominator consists of.
        whole: the denominator.
        reached: of these, met at least once.
        attempted: of these, tried and never met.
        visits: visits at which somebody was met, repeats counted.
        elsewhere: targets visited that the denominator does not hold (gone, added later, of another area).
    """

    of: Of
    whole: int
    reached: int
    attempted: int
    visits: int
    elsewhere: int = 0

    @property
    def share(self) -> Fraction | None:
        """Reached by whole; None where there is nothing to reach: blank, neither 0 nor 100 %."""
        return Fraction(self.reached, self.whole) if self.whole else None


def counted(target: Target, period: Period, present: Present) -> bool:
    """Return whether a target belongs to the denominator of a period."""
    until = target.until or date.max
    if present is Present.WHOLE:
        return target.since <= period.first and period.last <= until
    return target.since <= period.last and period.first <= until and target.since <= until


def coverage(
    targets: Iterable[Target], visits: Iterable[Visited], period: Period, present: Present = Present.ANY
) -> Coverage:
    """Return how many targets of the ledger were reached in a period.

    Args:
        targets: the ledger with what has gone, one row a key.
        visits: visits and attempts of any time.
        present: which targets count.
    """
    keys = {t.key for t in targets if counted(t, period, present)}
    return _covered(Of.TARGETS, keys, {key: key for key in keys}, visits, period)


def entity_coverage(
    targets: Iterable[Target], visits: Iterable[Visited], period: Period, present: Present = Present.ANY
) -> Coverage:
    """Return how many entities were reached: one is, when any of its targets was."""
    entity = {t.key: t.entity or t.key for t in targets if counted(t, period, present)}
    return _covered(Of.ENTITIES, set(entity.values()), entity, visits, period)


def _covered(
    of: Of, whole: Collection[str], owner: Mapping[str, str], visits: Iterable[Visited], period: Period
) -> Coverage:
    met: set[str] = set()
    tried: set[str] = set()
    elsewhere: set[str] = set()
    count = 0
    for visit in visits:
        if not period.first <= visit.day <= period.last:
            continue
        if visit.target not in owner:
            elsewhere.add(visit.target)
        elif visit.met:
            count += 1
            met.add(owner[visit.target])
        else:
            tried.add(owner[visit.target])
    return Coverage(of, len(whole), len(met), len(tried - met), count, len(elsewhere))


def by_area(
    targets: Sequence[Target], visits: Sequence[Visited], period: Period, present: Present = Present.ANY
) -> dict[str, Coverage]:
    """Return coverage by area, areas in order; a target lies in one area, so the wholes add up."""
    areas = {t.area for t in targets}
    return _split({area: [t for t in targets if t.area == area] for area in areas}, visits, period, present)


def by_tag(
    targets: Sequence[Target], visits: Sequence[Visited], period: Period, present: Present = Present.ANY
) -> dict[str, Coverage]:
    """Return coverage by tag; a target with two tags counts in both, so the wholes do not add up."""
    tags = {tag for t in targets for tag in t.tags}
    return _split({tag: [t for t in targets if tag in t.tags] for tag in tags}, visits, period, present)


def by_period(
    targets: Sequence[Target],
    visits: Sequence[Visited],
    periods: Sequence[Period],
    present: Present = Present.ANY,
) -> tuple[Coverage, ...]:
    """Return coverage of each period, in the order given."""
    return tuple(coverage(targets, visits, period, present) for period in periods)


def _split(
    groups: Mapping[str, Sequence[Target]], visits: Sequence[Visited], period: Period, present: Present
) -> dict[str, Coverage]:
    mine: dict[str, list[Visited]] = defaultdict(list)
    for visit in visits:
        mine[visit.target].append(visit)
    return {
        name: coverage(groups[name], [v for t in groups[name] for v in mine[t.key]], period, present)
        for name in sorted(groups)
    }


def progress(planned: int, done: int) -> Coverage:
    """Return how many planned visits are done; what was done beyond the plan counts as elsewhere.

    Raises:
        ValueError: a number is negative.
    """
    if planned < 0 or done < 0:
        raise ValueError("visits are not negative")
    return Coverage(Of.VISITS, planned, min(planned, done), 0, done, max(0, done - planned))


class Result(StrEnum):
    """What a check of one item found."""

    PASS = "pass"  # noqa: S105  a result, not a secret
    FAIL = "fail"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True, slots=True)
class Checked:
    """One item of one target, checked once."""

    target: str
    item: str
    day: date
    result: Result


@dataclass(frozen=True, slots=True)
class Relapse:
    """An item that failed again after it had passed (反弹).

    Attributes:
        failed: the first failure of all.
        passed: the last pass before it failed again.
        again: the failure after that pass.
    """

    target: str
    item: str
    failed: date
    passed: date
    again: date


def relapses(checks: Iterable[Checked], window: int) -> tuple[Relapse, ...]:
    """Return each time that the same item of the same target failed, passed, and failed again within a window.

    A failure that never passed between is the same failure still, no relapse. Of two checks on one day the failure
    counts as the later: nothing is counted as cured on the word of the same day. Not applicable says nothing.

    Args:
        checks: in any order.
        window: days from the pass within which a new failure is a relapse.

    Raises:
        ValueError: the window is negative.
    """
    if window < 0:
        raise ValueError("a window is not negative")
    failed: dict[tuple[str, str], date] = {}
    passed: dict[tuple[str, str], date] = {}
    found = []
    for check in sorted(checks, key=lambda c: (c.target, c.item, c.day, c.result is Result.FAIL)):
        key = check.target, check.item
        if check.result is Result.PASS and key in failed:
            passed[key] = check.day
        elif check.result is Result.FAIL:
            cured = passed.pop(key, None)
            if cured is not None and (check.day - cured).days <= window:
                found.append(Relapse(*key, failed[key], cured, check.day))
            failed.setdefault(key, check.day)
    return tuple(found)


class Link(StrEnum):
    """A state of the chain from what was found to what it counts."""

    FOUND = "found"
    ON_THE_SPOT = "on_the_spot"  # put right at once, with pictures before and after; no case
    CASE = "case"
    RECTIFYING = "rectifying"
    RECTIFIED = "rectified"  # whoever had to says that it is done
    RECHECKED = "rechecked"  # another look found it well
    RETURNED = "returned"  # another look found it as bad: back to work
    SCORED = "scored"  # the chain is closed
    DROPPED = "dropped"  # found in error, with a reason


# What may follow what. There is no way to SCORED but through a second look or a repair on the spot.
FOLLOWS: Mapping[Link, frozenset[Link]] = {
    Link.FOUND: frozenset({Link.ON_THE_SPOT, Link.CASE, Link.DROPPED}),
    Link.ON_THE_SPOT: frozenset({Link.SCORED}),
    Link.CASE: frozenset({Link.RECTIFYING, Link.DROPPED}),
    Link.RECTIFYING: frozenset({Link.RECTIFIED, Link.DROPPED}),
    Link.RECTIFIED: frozenset({Link.RECHECKED, Link.RETURNED}),
    Link.RETURNED: frozenset({Link.RECTIFYING}),
    Link.RECHECKED: frozenset({Link.SCORED}),
    Link.SCORED: frozenset(),
    Link.DROPPED: frozenset(),
}
