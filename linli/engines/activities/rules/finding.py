"""By which words a topic is found: what was written stays, a known slip is found by the right word too."""

from __future__ import annotations

# 难点赌点 stands in a source text for 难点堵点: 堵 (blocked) and 赌 (gamble) look and sound alike.
SLIPS = {"赌点": "堵点", "堵点难点": "难点堵点"}


def normal(text: str) -> str:
    """Return ``text`` with known slips righted, in lower case, without blanks: for finding only, never for showing."""
    found = "".join(text.split()).lower()
    for wrong, right in SLIPS.items():
        found = found.replace(wrong, right)
    return found


def words(*texts: str) -> str:
    """Return what a topic is found by: its texts, righted, parted by a bar."""
    return "|".join(normal(t) for t in texts if t)
