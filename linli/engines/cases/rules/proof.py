"""What proves that a case was handled, checked and answered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

# 满意 1, 基本满意 0.8, 一般 0.6, 不满意 0 (domain.md §1, as a Shanghai town computed it).
RATINGS = ("satisfied", "mostly", "fair", "unsatisfied")
UNHAPPY = frozenset({"unsatisfied"})


@dataclass(frozen=True, slots=True)
class EvidenceRule:
    """How many pictures of each purpose a category asks for before a result may be handed in, and why.

    Each rule states its reason (国办函〔2026〕12号: no trace is asked for without one): ``why_before``,
    ``why_after`` and ``why_paper`` for one purpose, ``why`` for all that have none of their own.
    """

    before: int = 0
    after: int = 1
    paper: int = 0
    why: str = ""
    why_before: str = ""
    why_after: str = ""
    why_paper: str = ""

    def reason(self, purpose: str) -> str:
        """Return why pictures of ``purpose`` (before, after, paper) are asked for."""
        return {"before": self.why_before, "after": self.why_after, "paper": self.why_paper}.get(purpose) or self.why

    def reasons(self) -> str:
        """Return the reasons of all that is asked for, each once."""
        asked = (p for p, n in (("before", self.before), ("after", self.after), ("paper", self.paper)) if n)
        return " ".join(dict.fromkeys(w for p in asked if (w := self.reason(p))))


def missing_evidence(rule: EvidenceRule, purposes: Iterable[str]) -> dict[str, int]:
    """Return purpose → how many pictures are still missing; a report's own pictures count as ``before``."""
    have = Counter(purposes)
    have["before"] += have["report"]
    wanted = {"before": rule.before, "after": rule.after, "paper": rule.paper}
    return {purpose: n - have[purpose] for purpose, n in wanted.items() if n > have[purpose]}


def may_check(
    *,
    checker_units: frozenset[int],
    handling_unit: int | None,
    helper_units: frozenset[int],
    subject_unit: int | None,
    checker_user: int | None,
    handler_users: frozenset[int],
) -> str:
    """Return why somebody may not check a result, empty if they may.

    Another person of another unit: not one of the handling or helping units, not the unit
    complained about, not somebody who handled it.
    """
    if checker_user is not None and checker_user in handler_users:
        return "same_person"
    if handling_unit in checker_units or helper_units & checker_units:
        return "same_unit"
    if subject_unit is not None and subject_unit in checker_units:
        return "subject_unit"
    return ""


def feedback_done(
    *, reachable_reporters: int, told_reporters: int, attempts: int, attempts_needed: int, public_reply: bool
) -> bool:
    """Return whether the people who raised a case have been answered.

    Each reachable reporter told, or ``attempts_needed`` recorded attempts; where nobody left a
    contact, the public reply is the feedback.
    """
    if reachable_reporters == 0:
        return public_reply
    return told_reporters >= reachable_reporters or (attempts >= attempts_needed and public_reply)


def rating_open(closed_at: datetime | None, now: datetime, window: timedelta) -> bool:
    """Return whether a closed case may still be rated: ``window`` after closing, ends included."""
    return closed_at is not None and closed_at <= now <= closed_at + window


def needs_review(rating: str) -> bool:
    """Return whether a rating must be looked at by a person."""
    return rating in UNHAPPY


def is_relapse(previous_closed: datetime | None, now: datetime, days: int) -> bool:
    """Return whether the same problem at the same place has come back (返潮) within ``days`` of closing."""
    return previous_closed is not None and timedelta(0) <= now - previous_closed <= timedelta(days=days)


def overall_rating(ratings: Iterable[str]) -> str:
    """Return the rating that a case with several reporters shows: the worst one given, empty if none."""
    given = [r for r in ratings if r in RATINGS]
    return max(given, key=RATINGS.index) if given else ""


_BANDS = (100, 300, 1_000, 3_000)


def coarse_distance(metres: float) -> int:
    """Return a distance as a reviewer sees it: the band's upper end in metres, 0 for farther than all of them."""
    return next((band for band in _BANDS if metres <= band), 0)
