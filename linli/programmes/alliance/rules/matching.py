"""Which resource suits which need, and why: each reason can be read; nothing is weighed in secret."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from linli.programmes.alliance.rules.standing import overlap


class Ground(StrEnum):
    """What was compared."""

    CATEGORY = "category"
    QUANTITY = "quantity"
    TIME = "time"
    PLACE = "place"


class Fit(StrEnum):
    """How it came out. ``UNKNOWN``: one of the two says nothing of it."""

    FULL = "full"
    PART = "part"
    UNKNOWN = "unknown"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Side:
    """A need or a resource, as far as matching looks at it.

    Attributes:
        remaining: what is still needed, or there; None where it is not counted.
        area_path: materialised path of its area; empty where it says none.
        owner: the member whose it is; nobody is matched with themselves.
    """

    id: int
    category: str = ""
    unit_word: str = ""
    remaining: Decimal | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    area_path: str = ""
    owner: int | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """One comparison and how it came out."""

    ground: Ground
    fit: Fit


@dataclass(frozen=True, slots=True)
class Match:
    """A resource that may serve a need.

    Attributes:
        amount: how much of it could go to the need; None where one of the two is not counted.
        reasons: every ground, in the order of :class:`Ground`.
    """

    need: int
    resource: int
    reasons: tuple[Reason, ...]
    amount: Decimal | None

    @property
    def good(self) -> int:
        """How many grounds speak for it in full."""
        return sum(r.fit is Fit.FULL for r in self.reasons)


def _category(need: Side, resource: Side) -> Fit:
    if not need.category or not resource.category:
        return Fit.UNKNOWN
    return Fit.FULL if need.category == resource.category else Fit.NONE


def _quantity(need: Side, resource: Side) -> Fit:
    if need.remaining is None or resource.remaining is None or need.unit_word != resource.unit_word:
        return Fit.UNKNOWN
    if resource.remaining <= 0 or need.remaining <= 0:
        return Fit.NONE
    return Fit.FULL if resource.remaining >= need.remaining else Fit.PART


def _time(need: Side, resource: Side) -> Fit:
    if need.starts_on is None and need.ends_on is None:
        return Fit.UNKNOWN
    if resource.starts_on is None and resource.ends_on is None:
        return Fit.FULL
    first, last = need.starts_on or date.min, need.ends_on
    begin, end = resource.starts_on or date.min, resource.ends_on
    if not overlap((first, last), (begin, end)):
        return Fit.NONE
    return Fit.FULL if begin <= first and (end is None or (last is not None and last <= end)) else Fit.PART


def _place(need: Side, resource: Side) -> Fit:
    if not need.area_path or not resource.area_path:
        return Fit.UNKNOWN
    if need.area_path.startswith(resource.area_path) or resource.area_path.startswith(need.area_path):
        return Fit.FULL
    return Fit.PART


def match(need: Side, resource: Side) -> Match | None:
    """Return why ``resource`` suits ``need``; None where it cannot.

    It cannot where both are the same member's, nothing is left, the categories differ or the times never meet.
    Another place is said, not held against it: goods and people travel.
    """
    if need.owner is not None and need.owner == resource.owner:
        return None
    reasons = (
        Reason(Ground.CATEGORY, _category(need, resource)),
        Reason(Ground.QUANTITY, _quantity(need, resource)),
        Reason(Ground.TIME, _time(need, resource)),
        Reason(Ground.PLACE, _place(need, resource)),
    )
    gone = any(side.remaining is not None and side.remaining <= 0 for side in (need, resource))
    if gone or any(r.fit is Fit.NONE for r in reasons):
        return None
    if need.remaining is None or resource.remaining is None or need.unit_word != resource.unit_word:
        return Match(need.id, resource.id, reasons, None)
    return Match(need.id, resource.id, reasons, min(need.remaining, resource.remaining))


def matches(need: Side, resources: Iterable[Side]) -> list[Match]:
    """Return the resources that suit ``need``: those first for which most grounds speak, then as they came."""
    found = [m for r in resources if (m := match(need, r)) is not None]
    return sorted(found, key=lambda m: -m.good)
