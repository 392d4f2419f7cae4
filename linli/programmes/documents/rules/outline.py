"""The parts of a policy as a person cuts them: borders, levels, and that no word of the text drops out. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

DEEPEST = 4  # 一、（一）1.（1）: the levels of GB/T 9704
_END = re.compile(r"[。！？；;]+[”’」』）)]*|\n+")
_BLANK = re.compile(r"\S")


@dataclass(frozen=True, slots=True, order=True)
class Stretch:
    """A stretch of the clean text, half-open, that neither begins nor ends with a blank."""

    start: int
    end: int


def trimmed(text: str, start: int, end: int) -> Stretch | None:
    """Return ``start`` to ``end`` without the blanks at both ends, None where nothing else stands there."""
    words = text[start:end]
    if not words.strip():
        return None
    return Stretch(start + len(words) - len(words.lstrip()), end - len(words) + len(words.rstrip()))


def breaks(text: str, start: int, end: int) -> list[int]:
    """Return where sentences and lines begin between ``start`` and ``end``, the first word's place first."""
    found = trimmed(text, start, end)
    if found is None:
        return []
    places = [found.start]
    for stop in _END.finditer(text, found.start, found.end):
        word = _BLANK.search(text, stop.end(), found.end)
        if word and word.start() != places[-1]:
            places.append(word.start())
    return places


def split(text: str, part: Stretch, at: int) -> tuple[Stretch, Stretch]:
    """Return the two stretches that a part becomes when it is cut before ``at``.

    Raises:
        ValueError: one of them would be empty.
    """
    left = trimmed(text, part.start, at) if part.start < at < part.end else None
    right = trimmed(text, at, part.end) if left else None
    if left is None or right is None:
        raise ValueError("a part would be empty")
    return left, right


def with_borders(text: str, parts: Sequence[Stretch], n: int, start: int, end: int) -> list[Stretch]:
    """Return the parts after part ``n`` was made to reach from ``start`` to ``end``.

    ``parts`` stand in the order of the text. What part ``n`` gives up falls to its neighbour in the text, what it takes
    is taken from there, so that nothing drops out and nothing stands in two parts.

    Raises:
        ValueError: a part would be empty, or words would fall to no part.
    """
    part, found = parts[n], list(parts)
    before = parts[n - 1] if n else None
    after = parts[n + 1] if n + 1 < len(parts) else None
    low, high = (before.start if before else 0), (after.end if after else len(text))
    own = trimmed(text, max(low, start), min(high, end)) if start < end else None
    if own is None:
        raise ValueError("a part would be empty")
    found[n] = own
    if before is not None:
        found[n - 1] = _left(trimmed(text, before.start, own.start))
    elif own.start > part.start:
        raise ValueError("words would fall to no part")
    if after is not None:
        found[n + 1] = _left(trimmed(text, own.end, after.end))
    elif own.end < part.end:
        raise ValueError("words would fall to no part")
    return found


def _left(found: Stretch | None) -> Stretch:
    if found is None:
        raise ValueError("a part would be empty")
    return found


def uncovered(text: str, parts: Sequence[Stretch]) -> list[Stretch]:
    """Return the stretches with words that stand in no part: what a cut has dropped."""
    ends = [0, *(p.end for p in sorted(parts))]
    starts = [*(p.start for p in sorted(parts)), len(text)]
    gaps = (trimmed(text, a, b) for a, b in zip(ends, starts, strict=True) if a < b)
    return [g for g in gaps if g is not None]


def doubled(parts: Sequence[Stretch]) -> bool:
    """Return whether a word stands in two parts."""
    return any(a.end > b.start for a, b in pairwise(sorted(parts)))


def wrong_levels(levels: Sequence[int]) -> list[int]:
    """Return the places of levels that are out of range, or deeper by more than one than the part before."""
    above = [0, *levels]
    return [n for n, level in enumerate(levels) if not 1 <= level <= min(DEEPEST, above[n] + 1)]


@dataclass(frozen=True, slots=True)
class Said:
    """What a unit says of a part: what it does by when, or why the part does not apply to it."""

    text: str = ""
    due_on: date | None = None
    not_applicable: str = ""


def joined(first: Said, second: Said, *, idle: tuple[str, str]) -> Said:
    """Return what a unit says of two parts that become one: no word of it is lost, and the earlier day holds.

    Args:
        idle: of each, the words that stand before a reason why it does not apply beside what is done.
    """
    reasons = [s.not_applicable for s in (first, second) if s.not_applicable]
    if not first.text and not second.text:
        return Said(not_applicable="；".join(dict.fromkeys(reasons)))
    told = [s.text or words + s.not_applicable for s, words in zip((first, second), idle, strict=True)]
    days = [s.due_on for s in (first, second) if s.due_on is not None]
    return Said("；".join(dict.fromkeys(told)), min(days, default=None))
