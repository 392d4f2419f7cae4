"""Composing: an article's blocks as one running text, in which the rules look for what it says."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from linli.programmes.documents.rules.blocks import is_open
from linli.programmes.documents.types import Block, BlockKind, Cleaned, Span

_TEXT = (BlockKind.PARAGRAPH, BlockKind.SECTION)
_LEFT_OUT = (BlockKind.NOTICE, BlockKind.BY_LINE, BlockKind.CONTINUATION)
_DAY = re.compile(r"[0-9〇一二三四五六七八九十]{2,4}年[0-9一二三四五六七八九十]{1,3}月[0-9一二三四五六七八九十]{1,3}日")
_NOWHERE = -1


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph, or several blocks that a column break parted, in a composed text."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True, slots=True)
class Composed:
    """An article's text; ``raw[i]`` is the raw offset of character ``i``, or -1 for a line break."""

    text: str
    raw: tuple[int, ...]
    lines: tuple[Line, ...]

    def spans(self, start: int, end: int, known: Cleaned) -> tuple[Span, ...]:
        """Return the raw stretches of characters ``start`` to ``end``: more than one where blocks were moved.

        Two characters that follow one another in the cleaned page belong to one stretch, whatever was taken out
        between them.
        """
        found: list[Span] = []
        for i in range(start, end):
            at = self.raw[i]
            if at == _NOWHERE:
                continue
            if found and _goes_on(known, found[-1].end, at):
                found[-1] = Span(found[-1].start, at + 1)
            else:
                found.append(Span(at, at + 1))
        return tuple(found)


def _goes_on(known: Cleaned, end: int, at: int) -> bool:
    """Return whether the cleaned page has nothing but blanks between two raw offsets."""
    if at <= end:
        return at == end
    between = range(bisect_left(known.origin, end), bisect_left(known.origin, at))
    return all(known.text[i].isspace() for i in between)


def compose(cleaned: Cleaned, blocks: Sequence[Block], order: Iterable[int]) -> Composed:
    """Return the running text of some blocks in reading order; a paragraph that breaks off goes on in the next one.

    Captions and headlines are kept as lines of their own, at the end, so that they part no sentence.
    """
    order = [i for i in order if blocks[i].kind not in _LEFT_OUT or _DAY.fullmatch(blocks[i].text)]
    running = [i for i in order if blocks[i].kind in _TEXT]
    aside = [i for i in order if blocks[i].kind not in _TEXT]
    text: list[str] = []
    raw: list[int] = []
    lines: list[Line] = []
    open_before = False
    for i in [*running, *aside]:
        block = blocks[i]
        glued = open_before and block.kind == BlockKind.PARAGRAPH
        if text and not glued:
            text.append("\n")
            raw.append(_NOWHERE)
        start = lines[-1].start if glued else len(raw)
        text.append(block.text)
        raw += cleaned.origin[block.at : block.at + len(block.text)]
        line = Line(start, len(raw), block.kind)
        lines[-1:] = [line] if glued else [*lines[-1:], line]
        open_before = is_open(block)
    return Composed("".join(text), tuple(raw), tuple(lines))
