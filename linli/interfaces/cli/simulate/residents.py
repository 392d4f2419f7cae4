"""How residents take it: what they find too long, and how they rate what they got."""

from __future__ import annotations

from math import log2

# What an outcome is worth before anybody has waited.
WORTH = {"solved": 0.85, "explained": 0.5, "unsolved": 0.15}
_MOOD = 0.5
_STEPS = ((0.62, "satisfied"), (0.42, "mostly"), (0.24, "fair"))
_COST = 0.16


def content(*, waited_hours: float, patience_hours: float, outcome: str) -> float:
    """Return how content somebody is, 0 to 1: by the outcome, less for each doubling of what they find right."""
    worth = WORTH.get(outcome, WORTH["explained"])
    over = max(waited_hours, 0.01) / max(patience_hours, 0.01)
    return min(1.0, max(0.0, worth - _COST * max(0.0, log2(over) + 0.5)))


def rating(*, waited_hours: float, patience_hours: float, outcome: str, mood: float) -> str:
    """Return the rating that somebody gives who is in ``mood`` (0 to 1)."""
    feels = content(waited_hours=waited_hours, patience_hours=patience_hours, outcome=outcome) + _MOOD * (mood - 0.5)
    return next((name for least, name in _STEPS if feels >= least), "unsatisfied")
