"""Reading a text by rules: what stands on the page, in which order, and what it says."""

from __future__ import annotations

from dataclasses import replace

from linli.programmes.documents.rules.blocks import flags_of, pieces
from linli.programmes.documents.rules.cleaning import clean
from linli.programmes.documents.rules.dates import year_of
from linli.programmes.documents.rules.layout import by_line_of, page_before, propose, title_of
from linli.programmes.documents.rules.saying import find_all
from linli.programmes.documents.rules.verdicts import verdict_of
from linli.programmes.documents.types import Article, Block, BlockKind, Cleaned, Found, Lexicon, Order, Reading, Verdict

_HEADS = (BlockKind.HEADLINE, BlockKind.KICKER)
_UNREAD = (Verdict.EMPTY, Verdict.NOT_CHINESE, Verdict.ADVERT)
_FIRST_LINES = 8


def read(raw: str, *, lexicon: Lexicon | None = None) -> Reading:
    """Return what ``raw`` says, proposed by rules; never raises, whatever the text.

    Args:
        raw: the text as it came, line breaks and page furniture included.
        lexicon: what Linli knows: a name that stands in it is found surely and linked.

    Returns:
        The cleaned text, the blocks of the page, the articles proposed with their order, and all that was found,
        every stretch given in offsets of ``raw``. An advert, an empty text or one in another language has no
        findings; ``verdict`` says which.
    """
    cleaned = clean(raw)
    blocks, articles = propose(pieces(cleaned, raw))
    flags = sorted([*cleaned.flags, *flags_of(blocks)], key=lambda f: (f.span, f.code))
    cleaned = replace(cleaned, flags=tuple(flags))
    verdict = verdict_of(cleaned.text, cleaned.text.split("\n", _FIRST_LINES)[:_FIRST_LINES])
    found = _found(cleaned, blocks, articles, verdict, lexicon)
    return Reading(cleaned, blocks, articles, found, verdict)


def read_articles(reading: Reading, order: Order, *, lexicon: Lexicon | None = None) -> Reading:
    """Return ``reading`` again with its blocks in a person's ``order``.

    Args:
        reading: as ``read`` gave it.
        order: one sequence of block indices for each article; a block left out belongs to no article.
        lexicon: what Linli knows.

    Raises:
        ValueError: a block that does not exist, or one that stands twice.
    """
    flat = [i for one in order for i in one]
    if len(set(flat)) != len(flat) or any(not 0 <= i < len(reading.blocks) for i in flat):
        raise ValueError("a block stands twice or does not exist")
    articles = tuple(_settled(reading, tuple(one)) for one in order if one)
    found = _found(reading.cleaned, reading.blocks, articles, reading.verdict, lexicon)
    return Reading(reading.cleaned, reading.blocks, articles, found, reading.verdict)


def _found(
    cleaned: Cleaned, blocks: tuple[Block, ...], articles: tuple[Article, ...], verdict: str, lexicon: Lexicon | None
) -> tuple[Found, ...]:
    if verdict in _UNREAD:
        return ()
    year = year_of(cleaned.text)
    return find_all(cleaned, blocks, articles, lexicon=lexicon or Lexicon(), year=year, verdict=verdict)


def _settled(reading: Reading, order: tuple[int, ...]) -> Article:
    """Return an article as a person ordered it; what they decided is sure."""
    blocks = reading.blocks
    heads = [i for i in order if blocks[i].kind in _HEADS]
    office, names = by_line_of([blocks[i].text for i in order if blocks[i].kind == BlockKind.BY_LINE])
    return Article(title_of(blocks, heads), order, office, names, page_before(blocks, order), 100)
