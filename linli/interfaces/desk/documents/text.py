"""A document's text as a page shows it: articles, blocks, and in them the stretches that something was found in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from linli.programmes.documents.selectors import Text
from linli.programmes.documents.types import BlockKind, Kind

LONG = 40_000  # clean characters; of longer texts only what lies around the findings shown


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a block: its words, the findings that cover it (short ids), the kind of the innermost."""

    words: str
    ids: str = ""
    kind: str = ""
    first: str = ""


@dataclass(slots=True)
class Passage:
    """An article with its blocks as the page shows them."""

    article: Any
    blocks: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Mark:
    start: int
    end: int
    id: str
    kind: str


def _marks(text: Text, findings: Iterable[Any]) -> list[_Mark]:
    found = []
    for finding in findings:
        if finding.kind == Kind.ARTICLE:
            continue
        for start, end in finding.pieces or [(finding.start, finding.end)]:
            mark = _Mark(text.clean_at(start), text.clean_at(end), str(finding.uuid), finding.kind)
            if mark.start < mark.end:
                found.append(mark)
    return found


def _pieces(words: str, at: int, marks: Sequence[_Mark], begun: set[str]) -> list[Piece]:
    inside = [m for m in marks if m.start < at + len(words) and m.end > at]
    cuts = {0, len(words)}
    for m in inside:
        cuts |= {max(0, m.start - at), min(len(words), m.end - at)}
    edges, pieces = sorted(cuts), []
    for start, end in pairwise(edges):
        over = [m for m in inside if m.start - at <= start and m.end - at >= end]
        inner = min(over, key=lambda m: m.end - m.start, default=None)
        fresh = next((m.id for m in over if m.id not in begun), "")
        begun |= {fresh} - {""}
        ids = " ".join(m.id for m in over)
        pieces.append(Piece(words[start:end], ids, inner.kind if inner else "", fresh))
    return pieces


def passages(text: Text, blocks: Sequence[Any], findings: Sequence[Any]) -> list[Passage]:
    """Return the text in the order that a person confirmed, with what was found marked in it."""
    shown: list[Passage] = []
    marks, begun = _marks(text, findings), set[str]()
    within = _window(text, marks)
    for block in blocks:
        if not within[0] <= block.at <= within[1]:
            continue
        if not shown or shown[-1].article != block.article:
            shown.append(Passage(block.article))
        words = text.clean[block.at : block.at + block.size]
        pieces = _pieces(words, block.at, marks, begun)
        shown[-1].blocks.append({"block": block, "pieces": pieces, "head": block.kind == BlockKind.HEADLINE})
    return shown


def _window(text: Text, marks: Sequence[_Mark]) -> tuple[int, int]:
    if len(text.clean) <= LONG or not marks:
        return 0, min(len(text.clean), LONG)
    return min(m.start for m in marks) - 2_000, max(m.end for m in marks) + 2_000
