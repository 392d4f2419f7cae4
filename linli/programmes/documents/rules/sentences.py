"""Sentences and quotations of a text."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator

_PAIRS = {"“": "”", "‘": "’", "《": "》", "「": "」", "『": "』", "（": "）"}
_STOPS = "。；！？\n"


def quoted(text: str, marks: str = "“‘《「『") -> list[tuple[int, int]]:
    """Return the outermost quotations, marks included; one that is never closed ends with its paragraph unread."""
    found: list[tuple[int, int]] = []
    stack: list[tuple[str, int]] = []
    awaited: Counter[str] = Counter()
    for i, c in enumerate(text):
        if c == "\n":
            stack.clear()
            awaited.clear()
        elif c in marks:
            stack.append((_PAIRS[c], i))
            awaited[_PAIRS[c]] += 1
        elif awaited[c]:
            while stack[-1][0] != c:
                awaited[stack.pop()[0]] -= 1
            start = stack.pop()[1]
            awaited[c] -= 1
            if not stack:
                found.append((start, i + 1))
    return found


def sentences(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the sentences between two places, parted at 。；！？ outside quotations and brackets, marks included."""
    inside = {i for a, b in quoted(text[start:end], "“‘《「『（") for i in range(start + a, start + b - 1)}
    at = start
    for i in range(start, end):
        if text[i] in _STOPS and i not in inside:
            if text[at : i + 1].strip():
                yield at, i + 1
            at = i + 1
    if text[at:end].strip():
        yield at, end


def clauses(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return the clauses of a sentence, parted at ， outside quotations, marks included."""
    inside = {i for a, b in quoted(text[start:end], "“‘《「『（") for i in range(start + a, start + b - 1)}
    cuts = [i + 1 for i in range(start, end) if text[i] == "，" and i not in inside]
    edges = [start, *cuts, end]
    return [(a, b) for a, b in itertools.pairwise(edges) if b > a]


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the place without the blanks at its ends."""
    part = text[start:end]
    return start + len(part) - len(part.lstrip()), end - (len(part) - len(part.rstrip()))


SPACES = re.compile(r"\s+")
