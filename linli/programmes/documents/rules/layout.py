"""Layout: which blocks make an article, under which headline, in which order.

Pages come with their columns one after another, headlines at the page's end, and paragraphs cut by a column: an
order is proposed here with a confidence, and a person confirms it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from linli.programmes.documents.rules.blocks import is_lead, is_open
from linli.programmes.documents.rules.words import one_of
from linli.programmes.documents.types import Article, Block, BlockKind

_HEADS = (BlockKind.HEADLINE, BlockKind.KICKER, BlockKind.SECTION)
_EVENT = re.compile(one_of("page", "event"))
_HELD = re.compile("召开|举行|举办|开展")
_PAGE = re.compile(r"上接第?[ ]*([0-9一二三四五六七八九十A-Z]{1,3})")
_WHO = {
    "reporter": ("记者", "通讯员", "文字", "作者", "撰稿"),
    "editor": ("编辑", "责编", "责任编辑"),
    "pictures": ("图片", "摄影", "供图"),
}
_ROLES = {word: role for role, several in _WHO.items() for word in several}
_CREDIT = re.compile(rf"({'|'.join(sorted(_ROLES, key=len, reverse=True))})[ ]*[/／:：|丨 ][ ]*([^/／|丨）)]+)")
_GIVEN = re.compile(r"[ ]?(?:供稿|报道|供图|摄)$")
_DAY = re.compile(r"[0-9〇一二三四五六七八九十]{2,4}年[0-9一二三四五六七八九十]{1,3}月[0-9一二三四五六七八九十]{1,3}日")
# A headline leaves the text right below it for one that has none only where that says much more of its words.
_CLEARLY, _MUCH, _LITTLE = 0.25, 0.55, 0.3
# A headline stands on the page of its text: not farther than so many articles.
_PAGE_FULL = 8
_SURE, _DETACHED, _TURNED, _UNTITLED, _OPEN = 95, 20, 25, 30, 10


@dataclass
class _Body:
    blocks: list[int] = field(default_factory=list)
    heads: list[int] = field(default_factory=list)
    signed: list[int] = field(default_factory=list)
    continued: list[int] = field(default_factory=list)
    moved: int = 0
    turned: bool = False
    after_sign: bool = True


def bigrams(text: str) -> set[str]:
    """Return the pairs of neighbouring characters, without marks and blanks."""
    plain = re.sub(r"[\W_]", "", text)
    return {plain[i : i + 2] for i in range(len(plain) - 1)}


def share(headline: str, body: set[str]) -> float:
    """Return which part of a headline's pairs of characters the text has."""
    pairs = bigrams(headline)
    return len(pairs & body) / len(pairs) if pairs else 0.0


def propose(blocks: Sequence[Block]) -> tuple[tuple[Block, ...], tuple[Article, ...]]:
    """Return the blocks, each headline told from slogan and section, and the articles proposed for a page."""
    bodies, loose = _bodies(blocks)
    _assign(blocks, bodies, loose)
    bodies = _merged(bodies)
    for body in bodies:
        _turn(blocks, body)
    articles = tuple(_article(blocks, body) for body in bodies if body.blocks)
    told = list(blocks)
    for body in bodies:
        for i in body.blocks:
            if blocks[i].kind == BlockKind.HEADLINE:
                told[i] = replace(blocks[i], kind=BlockKind.SECTION)
        for i in body.heads:
            if blocks[i].kind == BlockKind.HEADLINE and len(body.heads) > 1 and _is_kicker(blocks[i].text):
                told[i] = replace(blocks[i], kind=BlockKind.KICKER)
    return tuple(told), articles


def _bodies(blocks: Sequence[Block]) -> tuple[list[_Body], list[int]]:
    """Part the page into bodies of text; headlines go to the body below them, the last ones stay loose."""
    bodies = [_Body()]
    heads: list[int] = []
    for i, block in enumerate(blocks):
        body = bodies[-1]
        if block.kind == BlockKind.BY_LINE:
            body.signed.append(i)
        elif block.kind == BlockKind.HEADLINE or (block.kind == BlockKind.SECTION and not _inner(block)):
            heads.append(i)
        elif block.kind == BlockKind.CONTINUATION and "下转" in block.text:
            body.signed.append(i)
        elif block.kind == BlockKind.CONTINUATION:
            bodies.append(_Body(heads=heads, continued=[i]))
            heads = []
        elif block.kind != BlockKind.NOTICE:
            heads = _take(blocks, bodies, heads, i)
    return bodies, heads


def _inner(block: Block) -> bool:
    return bool(
        re.match(r"[一二三四五六七八九十]{1,3}、|（[一二三四五六七八九十]|第[一二三四五六七八九十]|\d", block.text)
    )


def _take(blocks: Sequence[Block], bodies: list[_Body], heads: list[int], i: int) -> list[int]:
    """Give a paragraph to the running body or to a new one; return the headlines still waiting."""
    body, block = bodies[-1], blocks[i]
    if heads and not body.blocks and not body.heads and not body.signed:
        body.heads = heads
    elif heads and _new_article(blocks, body, heads, block):
        bodies.append(_Body(heads=heads, after_sign=bool(body.signed)))
    elif heads:
        body.blocks += heads
    elif body.signed:
        bodies.append(_Body(after_sign=True))
    elif body.blocks and is_lead(block.text) and _HELD.search(block.text[:60]) and block.kind == BlockKind.PARAGRAPH:
        bodies.append(_Body(after_sign=False))
    bodies[-1].blocks.append(i)
    return []


def _new_article(blocks: Sequence[Block], body: _Body, heads: Sequence[int], after: Block) -> bool:
    return (
        bool(body.signed)
        or any(blocks[h].kind == BlockKind.SECTION or _EVENT.search(blocks[h].text) for h in heads)
        or is_lead(after.text)
    )


def _assign(blocks: Sequence[Block], bodies: Sequence[_Body], loose: Sequence[int]) -> None:
    """Move headlines from the text below them to a text without one that says their words; place the loose ones."""
    words = [bigrams("".join(blocks[b].text for b in body.blocks)) for body in bodies]
    bare = [i for i, body in enumerate(bodies) if body.blocks and not body.heads]
    for i, body in enumerate(bodies):
        for head in list(body.heads):
            text = blocks[head].text
            near = [b for b in bare if abs(b - i) <= _PAGE_FULL]
            best = max(near, key=lambda b: share(text, words[b]), default=None)
            if best is None or blocks[head].kind == BlockKind.SECTION:
                continue
            if share(text, words[best]) >= max(_MUCH, share(text, words[i]) + _CLEARLY):
                body.heads.remove(head)
                _give(bodies[best], head)
    _place(blocks, bodies, words, loose)


def _place(blocks: Sequence[Block], bodies: Sequence[_Body], words: Sequence[set[str]], loose: Sequence[int]) -> None:
    """Give the headlines at the page's end to the texts without one that say their words."""
    last = -1
    bare = [i for i, body in enumerate(bodies) if body.blocks and len(body.heads) == body.moved]
    open_to = (bare or [i for i, body in enumerate(bodies) if body.blocks])[-_PAGE_FULL:]
    waiting: list[int] = []
    for head in loose if open_to else []:
        text = blocks[head].text
        best = max(open_to, key=lambda b: share(text, words[b]) + (0.1 if b == last else 0.0))
        if share(text, words[best]) < _LITTLE:
            # A slogan says nothing of its text: it goes with the headline below it.
            waiting.append(head)
            continue
        last = best
        for one in [*waiting, head]:
            _give(bodies[last], one)
        waiting = []
    for head in waiting:
        _give(bodies[last if last >= 0 else open_to[0]], head)


def _give(body: _Body, head: int) -> None:
    body.heads.append(head)
    body.moved += 1


def _merged(bodies: Sequence[_Body]) -> list[_Body]:
    """Give a text without headline back to the one above, unless a signature parts them."""
    found: list[_Body] = []
    for body in bodies:
        if found and body.blocks and not body.heads and not body.after_sign and not body.continued:
            found[-1].blocks += body.blocks
            found[-1].signed += body.signed
        elif body.blocks or body.heads or body.signed:
            found.append(body)
    return found


def _turn(blocks: Sequence[Block], body: _Body) -> None:
    """Bring a text into order whose columns stand the wrong way round.

    Its last paragraph breaks off and its first one begins in the middle: the last column was the first. It begins
    with the paragraph that tells of the event, or else with the one that breaks off.
    """
    text = [b for b in body.blocks if blocks[b].kind == BlockKind.PARAGRAPH]
    if len(text) < 2 or not is_open(blocks[text[-1]]) or body.signed:
        return
    if is_lead(blocks[text[0]].text):
        return
    start = text[-1]
    before = text[-2]
    if not is_open(blocks[before]) and _HELD.search(blocks[before].text) and not is_open(blocks[text[0]]):
        start = before
    at = body.blocks.index(start)
    body.blocks = [*body.blocks[at:], *body.blocks[:at]]
    body.turned = True


def _is_kicker(text: str) -> bool:
    parts = text.split(" ")
    return len(parts) > 1 and len({len(p) for p in parts}) == 1 and not _EVENT.search(text)


def title_of(blocks: Sequence[Block], heads: Sequence[int]) -> str:
    """Return an article's title: its headlines, without the slogans above or below them where there are others."""
    lines = [blocks[h].text for h in heads if blocks[h].kind != BlockKind.SECTION]
    plain = [line for line in lines if not _is_kicker(line)]
    return " ".join(plain or lines)


def by_line_of(texts: Sequence[str]) -> tuple[str, Mapping[str, str]]:
    """Return the office that signs and who wrote, edited and took the pictures (names as printed)."""
    office = ""
    names: dict[str, str] = {}
    for text in texts:
        credits = _CREDIT.findall(text.strip("（）() "))
        for role, name in credits:
            names.setdefault(_ROLES[role], name.strip())
        if not credits and not _DAY.fullmatch(text):
            office = office or _GIVEN.sub("", text.strip("（）() "))
    return office, names


def page_before(blocks: Sequence[Block], order: Sequence[int]) -> str:
    """Return the number of the page from which an article goes on, or ""."""
    notes = [blocks[i].text for i in order if blocks[i].kind == BlockKind.CONTINUATION]
    found = [match[1] for text in notes if (match := _PAGE.search(text))]
    return found[0] if found else ""


def _article(blocks: Sequence[Block], body: _Body) -> Article:
    heads = sorted(body.heads)
    office, names = by_line_of([blocks[b].text for b in body.signed if blocks[b].kind == BlockKind.BY_LINE])
    unended = bool(body.blocks) and is_open(blocks[body.blocks[-1]])
    confidence = (
        _SURE
        - _DETACHED * bool(body.moved)
        - _TURNED * body.turned
        - _UNTITLED * (not heads)
        - _OPEN * (unended + bool(body.continued))
    )
    order = (*heads, *body.continued, *body.blocks, *body.signed)
    return Article(
        title_of(blocks, heads), order, office, names, page_before(blocks, body.continued), max(0, confidence)
    )
