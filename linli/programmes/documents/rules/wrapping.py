"""Hard-wrapped lines: which line goes on in the next one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

_ENDS = "。！？!?；"
_AFTER_END = "”’』」）)"
_NARROWEST, _WIDEST = 10, 60
# Lines that somebody wrapped by hand are at least so long, and none much shorter than the longest.
_LOOSE, _MUCH_THE_SAME = 30, 0.7
_ITEM = re.compile(
    r"[一二三四五六七八九十]{1,3}[、是要]|第[一二三四五六七八九十]|[（(][一二三四五六七八九十\d]|\d{1,2}[.、．]|本报讯|又讯"
)
# So many indented lines mean paragraphs, not an accident.
_INDENTED = 2
# A paragraph's first line is shorter by two characters whose blanks are lost.
_INDENT = 2


def width(line: str) -> float:
    """Return a line's width in Han characters; Latin letters and digits count half."""
    return sum(0.5 if c.isascii() else 1 for c in line)


def ends(line: str) -> bool:
    """Return whether a sentence ends with the line."""
    return line.rstrip().rstrip(_AFTER_END)[-1:] in tuple(_ENDS) if line else False


def _usual(widths: Sequence[float]) -> float:
    """Return the width to which these lines were set, or 0 where they were not wrapped."""
    wide = [round(w) for w in widths if _NARROWEST <= w <= _WIDEST]
    if len(wide) < 3:
        return 0
    best, _ = max(Counter(wide).items(), key=lambda pair: (pair[1], pair[0]))
    near = [w for w in wide if abs(w - best) <= 1]
    # A few longer lines among many of one width are not wrapped text.
    return best if len(near) >= 3 and 2 * len(near) >= len(widths) else 0


def _chunks(lines: Sequence[str]) -> list[tuple[int, int]]:
    found, start = [], 0
    for i, line in enumerate([*lines, ""]):
        if not line:
            if i > start:
                found.append((start, i))
            start = i + 1
    return found


def _join_loosely(lines: Sequence[str], widths: Sequence[float], glued: list[bool], start: int, end: int) -> None:
    """Join the lines of a paragraph wrapped by hand: long ones of much the same length, none of them an item."""
    widest = max(widths[start:end])
    if not _LOOSE <= widest <= _WIDEST or min(widths[start : end - 1]) < widest * _MUCH_THE_SAME:
        return
    for i in range(start, end - 1):
        glued[i] = not _ITEM.match(lines[i + 1])


def joins(lines: Sequence[str], indented: Sequence[bool] = ()) -> list[bool]:
    """Return for each line whether the next one carries it on.

    A column is set to one width: a line of that width goes on, a shorter one that ends a sentence is a paragraph's
    last, a shorter one that does not is a headline. Lines parted by an empty one are never joined here: the layout
    knows columns. Where paragraphs are indented, an indented line begins one.

    Args:
        lines: the lines, without blanks at their ends.
        indented: which of them stood behind two blanks or more.
    """
    widths = [width(line) for line in lines]
    glued = [False] * len(lines)
    set_to = 0.0
    chunks = _chunks(lines)
    for start, end in chunks:
        usual = _usual(widths[start:end]) if end - start >= 4 else 0
        same_column = abs(max(widths[start:end]) - set_to) <= 1.6
        near = max(usual, set_to) if same_column else usual
        set_to = near or set_to
        if not near and end - start > 1 and len(chunks) > 2:
            _join_loosely(lines, widths, glued, start, end)
        for i in range(start, end - 1):
            if near and near - _INDENT - 3 <= widths[i] <= near + 2.6:
                glued[i] = not (ends(lines[i]) and widths[i] <= near - 0.9)
    if _INDENTED <= sum(indented) <= sum(map(bool, lines)) // 2:
        for i in range(len(lines) - 1):
            glued[i] = glued[i] and not indented[i + 1]
    return glued
