"""Reading the parts of a policy as a person cuts them by hand."""

from __future__ import annotations

from dataclasses import dataclass

from linli.programmes.documents.models import Document, Part
from linli.programmes.documents.rules import outline
from linli.programmes.documents.selectors.documents import parts_of
from linli.programmes.documents.selectors.plans import tasked_parts
from linli.programmes.documents.selectors.texts import text_of

_SENTENCE = set("。；！？")


@dataclass(slots=True)
class OutlineRow:
    """A part as it is cut by hand; ``frozen`` where tasks came of it."""

    part: Part
    frozen: bool


def outline_of(document: Document) -> list[OutlineRow]:
    """Return the parts in their order, and which of them can no longer be changed."""
    parts = parts_of(document)
    held = tasked_parts(parts)
    return [OutlineRow(p, p.pk in held) for p in parts]


def outline_open(document: Document) -> bool:
    """Return whether the parts may be changed: not those of a version that another follows."""
    return not Document.objects.filter(previous=document).exists()


def left_out(document: Document) -> list[str]:
    """Return the sentences that stand in no part, headlines aside: what a split would not hand on."""
    text = text_of(document)
    parts = [outline.Stretch(text.clean_at(p.start), text.clean_at(p.end)) for p in parts_of(document)]
    found = [text.clean[gap.start : gap.end].splitlines() for gap in outline.uncovered(text.clean, parts)]
    return [line.strip() for lines in found for line in lines if _SENTENCE & set(line)] if parts else []


@dataclass(frozen=True, slots=True)
class Place:
    """Where a part may begin or end, or be cut: the clean offset, and the words that stand there."""

    at: int
    words: str


@dataclass(frozen=True, slots=True)
class Borders:
    """Where the borders of one part may lie; ``start`` and ``end`` are those it has, ``following`` the next part."""

    start: int
    end: int
    starts: tuple[Place, ...]
    ends: tuple[Place, ...]
    cuts: tuple[Place, ...]
    following: Part | None


def borders_of(part: Part) -> Borders:
    """Return where the borders of a part may lie: at the sentences of it and of its neighbours in the text."""
    text = text_of(part.document)
    rows = sorted(parts_of(part.document), key=lambda p: p.start)
    at = next(n for n, p in enumerate(rows) if p.pk == part.pk)
    before, after = (rows[at - 1] if at else None), (rows[at + 1] if at + 1 < len(rows) else None)
    start, end = text.clean_at(part.start), text.clean_at(part.end)
    own = outline.breaks(text.clean, start, end)
    above = outline.breaks(text.clean, text.clean_at(before.start), start)[1:] if before else []
    preamble = [] if before else outline.breaks(text.clean, 0, start)
    last = text.clean_at(after.end) if after else end
    below = outline.breaks(text.clean, end, last)
    starts = [*above, *preamble, *(own if before else own[:1])]
    # A part ends where the next sentence begins: the offset is that of the next, the words are the last of the part.
    stops = [*own[1:], *below] if after else [end]
    words = text.clean
    return Borders(
        start,
        below[0] if below else end,
        tuple(Place(p, _line(words[p : p + 60])) for p in starts),
        tuple(Place(p, _tail(words[max(0, p - 60) : p])) for p in stops),
        tuple(Place(p, _line(words[p : p + 80])) for p in own[1:]),
        after,
    )


def _line(words: str) -> str:
    return words.strip().splitlines()[0] if words.strip() else ""


def _tail(words: str) -> str:
    return words.rstrip().splitlines()[-1][-36:] if words.strip() else ""
