"""What the pages of the owners' committees share: tones, shares in words, the neighbourhoods."""

from __future__ import annotations

from fractions import Fraction

from linli.programmes.owners.types import Grade
from linli.programmes.owners.workflow import State

NAV = "programmes"
PURPOSE = "owners"
GRADES = {Grade.EXCELLENT: "done", Grade.GOOD: "doing", Grade.PASSED: "check", Grade.FAILED: "late", "": "idle"}
STATES = {State.SCORED: "new", State.ASKED: "check", State.PUBLIC: "done"}


def place_of(path: str, areas: dict[str, str]) -> str:
    """Return the name of the 居民区 in which something lies."""
    return next((name for area, name in areas.items() if path.startswith(area)), "")


def percent(share: Fraction | None) -> str:
    """Return a share in words, a dash where there is nothing to count."""
    return "—" if share is None else f"{float(share) * 100:.0f}%"
