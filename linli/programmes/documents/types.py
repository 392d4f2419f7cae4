"""Values that cross the door of the room: a text, its parts, and what it says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open stretch of the raw text, in characters."""

    start: int
    end: int


class Kind(StrEnum):
    """What a stretch of a text is."""

    ARTICLE = "article"
    MEETING = "meeting"
    REQUIREMENT = "requirement"
    UNIT = "unit"
    POST = "post"
    PLACE = "place"
    NUMBER = "number"
    PROJECT = "project"
    CLAIM = "claim"
    AGREEMENT = "agreement"
    DATE = "date"
    DEADLINE = "deadline"


class Verdict(StrEnum):
    """What sort of text a whole is; only news and policies are worth a reading."""

    NEWS = "news"
    POLICY = "policy"
    ADVERT = "advert"
    NOT_CHINESE = "not_chinese"
    EMPTY = "empty"
    UNCLEAR = "unclear"


class BlockKind(StrEnum):
    """What part of a page a block is."""

    HEADLINE = "headline"
    KICKER = "kicker"
    SECTION = "section"
    PARAGRAPH = "paragraph"
    BY_LINE = "by_line"
    CAPTION = "caption"
    NOTICE = "notice"
    CONTINUATION = "continuation"


@dataclass(frozen=True, slots=True)
class Flag:
    """Something that cleaning changed or doubts.

    ``code`` is one of hard_wrap, pinyin, traditional, broken, doubled, misprint, half_width, by_line, continuation,
    advert, foreign; ``note`` holds what stands there now (a pinyin's letters, a doubled character), or the word that a
    misprint probably means.
    """

    code: str
    span: Span
    note: str = ""


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A text made readable: simplified, full width, unwrapped, one paragraph a line.

    ``origin[i]`` is the raw offset of clean character ``i``; it rises strictly, so a clean stretch always has one
    raw stretch.
    """

    text: str
    origin: tuple[int, ...]
    flags: tuple[Flag, ...] = ()

    def raw_span(self, start: int, end: int) -> Span:
        """Return the raw stretch of clean characters ``start`` to ``end`` (half-open, not empty)."""
        return Span(self.origin[start], self.origin[end - 1] + 1)


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, headline or other part, in the order of the raw page.

    ``at`` is where its text begins in the cleaned text.
    """

    span: Span
    kind: str
    text: str
    at: int = 0


@dataclass(frozen=True, slots=True)
class Article:
    """Blocks that belong together, in the order proposed for reading (indices into ``Reading.blocks``).

    ``by_line`` may have reporter, editor and pictures (names as printed: personal, shown to who works with the
    document only). ``source_unit`` is the office that signs, ``continued_from`` the page number before, or "".
    ``confidence`` is 0–100: below 70 a person should look at the order.
    """

    title: str
    blocks: tuple[int, ...]
    source_unit: str = ""
    by_line: Mapping[str, str] = field(default_factory=dict)
    continued_from: str = ""
    confidence: int = 0


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that a text says.

    ``text`` is clean; ``span`` is its raw stretch. A phrase that runs over a break between blocks which do not
    follow one another on the page has more than one piece; ``span`` is then the first. ``attributes`` hold plain
    JSON values; which keys a kind has is in the reference page "Reading". Requirements, meetings, claims and
    projects point at others by their index in ``Reading.found`` (``parent``, ``meeting``, ``project``).
    """

    kind: Kind
    span: Span
    text: str
    confidence: int
    rule: str
    attributes: Mapping[str, object] = field(default_factory=dict)
    article: int | None = None
    pieces: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What Linli knows: name or alias → the thing's uuid; a found name that stands here is linked (``uuid``)."""

    units: Mapping[str, str] = field(default_factory=dict)
    posts: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reading:
    """A text read: cleaned, laid out, and what it says."""

    cleaned: Cleaned
    blocks: tuple[Block, ...]
    articles: tuple[Article, ...]
    found: tuple[Found, ...]
    verdict: str


# A person's order of the page: one tuple of block indices for each article, in reading order.
Order = Sequence[Sequence[int]]
