"""The small markup of articles: paragraphs, subheads, lists, quotes, pictures, strong words; nothing else.

What is typed is only ever read into blocks of plain text, and templates escape plain text: there is no
way to write HTML, so there is nothing to sanitise.

    ## 小标题        a line that begins with ##
    - 一项          a list; 1. 一项 an ordered one
    > 引文
    [图1]           the first picture of the article, alone on its line
    **要紧的话**    strong words inside a line
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum


class BlockKind(StrEnum):
    """What sort of block it is."""

    PARAGRAPH = "p"
    SUBHEAD = "h"
    BULLETS = "ul"
    NUMBERED = "ol"
    QUOTE = "quote"
    PICTURE = "pic"


@dataclass(frozen=True, slots=True)
class Run:
    """Characters of one kind."""

    text: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """One block: its lines of runs (several for lists), or the number of a picture."""

    kind: BlockKind
    lines: tuple[tuple[Run, ...], ...] = ()
    picture: int = 0

    @property
    def texts(self) -> list[str]:
        """The lines as plain text."""
        return ["".join(run.text for run in line) for line in self.lines]

    @property
    def first(self) -> tuple[Run, ...]:
        """The first line."""
        return self.lines[0] if self.lines else ()


_PICTURE = re.compile(r"^[\[【]图\s*(\d{1,2})[\]】]$")
_MARKS: tuple[tuple[BlockKind, re.Pattern[str]], ...] = (
    (BlockKind.SUBHEAD, re.compile(r"^#{1,3}[ \u3000]*(.+)$")),
    (BlockKind.BULLETS, re.compile(r"^[-*·•][ \u3000]+(.+)$")),
    (BlockKind.NUMBERED, re.compile(r"^\d{1,2}[.．、)）][ \u3000]+(.+)$")),
    (BlockKind.QUOTE, re.compile(r"^>[ \u3000]*(.+)$")),
)
_LISTS = frozenset({BlockKind.BULLETS, BlockKind.NUMBERED, BlockKind.QUOTE})
_STRONG = re.compile(r"\*\*([^*]+)\*\*")


def runs(line: str) -> tuple[Run, ...]:
    """Return a line as runs, strong words apart."""
    found: list[Run] = []
    at = 0
    for match in _STRONG.finditer(line):
        if match.start() > at:
            found.append(Run(line[at : match.start()]))
        found.append(Run(match[1], strong=True))
        at = match.end()
    if at < len(line) or not found:
        found.append(Run(line[at:]))
    return tuple(found)


def _read(line: str) -> Block:
    picture = _PICTURE.match(line)
    if picture:
        return Block(BlockKind.PICTURE, picture=int(picture[1]))
    for kind, pattern in _MARKS:
        if match := pattern.match(line):
            return Block(kind, (runs(match[1].strip()),))
    return Block(BlockKind.PARAGRAPH, (runs(line),))


def parse(text: str) -> tuple[Block, ...]:
    """Return the blocks of ``text``: every line is one, neighbouring items of a list are one list."""
    found: list[Block] = []
    apart = True
    for raw in text.split("\n"):
        line = raw.strip(" \t\u3000")
        if not line:
            apart = True
            continue
        block = _read(line)
        if not apart and found and block.kind in _LISTS and found[-1].kind is block.kind:
            block = Block(block.kind, (*found.pop().lines, *block.lines))
        found.append(block)
        apart = False
    return tuple(found)


def write(blocks: Iterable[Block]) -> str:
    """Return ``blocks`` as they are typed: :func:`parse` gives them back."""
    marks = {BlockKind.SUBHEAD: "## ", BlockKind.BULLETS: "- ", BlockKind.NUMBERED: "1. ", BlockKind.QUOTE: "> "}
    parts = []
    for block in blocks:
        if block.kind is BlockKind.PICTURE:
            parts.append(f"[图{block.picture}]")
            continue
        mark = marks.get(block.kind, "")
        lines = ["".join(f"**{r.text}**" if r.strong else r.text for r in line) for line in block.lines]
        parts.append("\n".join(mark + line for line in lines))
    return "\n\n".join(parts)


def plain(blocks: Sequence[Block]) -> Iterator[str]:
    """Yield the text of each block, a line each; pictures are left out."""
    for block in blocks:
        yield from block.texts


def pictures_in(blocks: Iterable[Block]) -> list[int]:
    """Return the numbers of the pictures that stand in the text, in order, each once."""
    return list(dict.fromkeys(b.picture for b in blocks if b.kind is BlockKind.PICTURE))


def summary(text: str, longest: int = 80) -> str:
    """Return the beginning of the first paragraph."""
    first = next((b.texts[0] for b in parse(text) if b.kind is BlockKind.PARAGRAPH), "")
    return first if len(first) <= longest else f"{first[: longest - 1]}…"
