"""The community page: which part of which article stands on which page, and what continues where.

A page is a grid of columns and lines. The lead runs over all columns; the others stand two beside each other
where both are short. What does not fit is continued on the next page (下转, 上接), cut only between
paragraphs, and only where enough of it stands on either side; a headline is never parted from its text.
Lines are reckoned from the number of characters, full-width, a little too many rather than too few.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from unicodedata import east_asian_width

from linli.programmes.publishing.rules.markup import Block, BlockKind


@dataclass(frozen=True, slots=True)
class Grid:
    """A page: how many columns, lines and characters a line; the first page loses ``masthead`` lines.

    Attributes:
        picture: lines that a picture with its caption takes in one column.
        head: lines that a headline with kicker and by-line takes, over the whole width of its article.
        least: fewest lines of a column that an article needs on a page to begin or end there.
    """

    columns: int = 4
    lines: int = 67
    characters: int = 17
    masthead: int = 7
    picture: int = 10
    head: int = 5
    least: int = 4


@dataclass(frozen=True, slots=True)
class Story:
    """An article as the layout sees it."""

    key: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of an article on a page: over how many columns, its blocks, where it comes from and goes on."""

    key: str
    blocks: tuple[Block, ...]
    columns: int
    lines: int
    from_page: int = 0
    to_page: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """Parts that stand beside each other, and how many lines high they are."""

    parts: tuple[Part, ...]
    lines: int


@dataclass
class Sheet:
    """One page: its rows from top to bottom."""

    number: int
    room: int
    rows: list[Row] = field(default_factory=list)


def width(text: str) -> float:
    """Return how wide ``text`` is in full-width characters."""
    return sum(1.0 if east_asian_width(c) in "WFA" else 0.55 for c in text)


@lru_cache(maxsize=4096)
def lines_of(block: Block, grid: Grid) -> int:
    """Return how many lines of one column ``block`` takes."""
    if block.kind is BlockKind.PICTURE:
        return grid.picture
    indent = 1 if block.kind is BlockKind.SUBHEAD else 2
    return sum(math.ceil((width(text) + indent) / (grid.characters - 0.5)) for text in block.texts) + (
        1 if block.kind is BlockKind.SUBHEAD else 0
    )


def height(blocks: Sequence[Block], columns: int, grid: Grid, *, head: bool = True) -> int:
    """Return how many lines high ``blocks`` are when they are spread over ``columns``, with their headline."""
    total = sum(lines_of(b, grid) for b in blocks)
    # Columns balance badly round blocks that may not be broken: one more line, and a picture's where there is one.
    slack = grid.picture // 2 if any(b.kind is BlockKind.PICTURE for b in blocks) else 1
    return math.ceil(total / columns) + slack + (grid.head if head else grid.head // 2)


def _cut(blocks: Sequence[Block], columns: int, room: int, grid: Grid, *, head: bool) -> int:
    """Return how many of ``blocks`` fit into ``room``: none where either side would be too little."""
    for count in range(len(blocks) - 1, 0, -1):
        if blocks[count - 1].kind is BlockKind.SUBHEAD:  # a subhead stays with what it heads
            continue
        here, there = blocks[:count], blocks[count:]
        if height(here, columns, grid, head=head) <= room:
            enough = grid.least * columns
            both = (sum(lines_of(b, grid) for b in part) >= enough for part in (here, there))
            return count if all(both) else 0
    return 0


def _wide(story: Story, grid: Grid) -> bool:
    """Return whether an article is too long to stand beside another."""
    return sum(lines_of(b, grid) for b in story.blocks) > grid.lines * grid.columns // 4


def _rows(stories: Sequence[Story], grid: Grid) -> list[tuple[tuple[Story, ...], int]]:
    """Return the stories in rows with the columns of each: the lead over all, short ones two and two."""
    found: list[tuple[tuple[Story, ...], int]] = []
    rest = list(stories)
    while rest:
        story = rest.pop(0)
        if found and rest and not _wide(story, grid) and not _wide(rest[0], grid):
            found.append(((story, rest.pop(0)), grid.columns // 2))
        else:
            found.append(((story,), grid.columns))
    return found


class _Press:
    """Fills pages from the first on."""

    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        self.sheets = [Sheet(1, grid.lines - grid.masthead)]

    def turn(self) -> Sheet:
        self.sheets.append(Sheet(len(self.sheets) + 1, self.grid.lines - 2))
        return self.sheets[-1]

    def put(self, sheet: Sheet, parts: Sequence[Part]) -> None:
        high = max(p.lines for p in parts)
        sheet.rows.append(Row(tuple(parts), high))
        sheet.room -= high + 1

    def pair(self, stories: Sequence[Story], columns: int) -> None:
        parts = [Part(s.key, s.blocks, columns, height(s.blocks, columns, self.grid)) for s in stories]
        sheet = self.sheets[-1]
        if max(p.lines for p in parts) > sheet.room and sheet.rows:
            sheet = self.turn()
        self.put(sheet, parts)

    def single(self, story: Story) -> None:
        blocks, came_from = list(story.blocks), 0
        columns = self.grid.columns
        while True:
            sheet = self.sheets[-1]
            high = height(blocks, columns, self.grid, head=not came_from)
            if high <= sheet.room:
                self.put(sheet, [Part(story.key, tuple(blocks), columns, high, came_from)])
                return
            count = _cut(blocks, columns, sheet.room, self.grid, head=not came_from)
            if not count and not sheet.rows:  # a whole page is too small: cut where it can be
                count = self._force(blocks, sheet.room, came_from=came_from)
            if count:
                high = height(blocks[:count], columns, self.grid, head=not came_from)
                part = Part(story.key, tuple(blocks[:count]), columns, high, came_from, sheet.number + 1)
                self.put(sheet, [part])
                blocks, came_from = blocks[count:], sheet.number
            if not blocks:
                return
            self.turn()

    def _force(self, blocks: Sequence[Block], room: int, *, came_from: int) -> int:
        for count in range(len(blocks), 0, -1):
            if height(blocks[:count], self.grid.columns, self.grid, head=not came_from) <= room:
                return count
        return 1


def lay_out(stories: Sequence[Story], grid: Grid = Grid()) -> list[Sheet]:
    """Return the pages that ``stories`` fill, in their order; no block is lost and none stands twice."""
    press = _Press(grid)
    for row, columns in _rows(stories, grid):
        if len(row) == 1:
            press.single(row[0])
        else:
            press.pair(row, columns)
    last = press.sheets[-1]
    for i, row_ in enumerate(last.rows):
        # A part that was forced to the very end goes nowhere.
        parts = tuple(p if p.to_page <= len(press.sheets) else replace(p, to_page=0) for p in row_.parts)
        last.rows[i] = replace(row_, parts=parts)
    return press.sheets
