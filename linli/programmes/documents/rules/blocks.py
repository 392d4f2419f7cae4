"""Blocks: what each paragraph of a cleaned page is (headline, text, by-line, caption, notice)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from linli.programmes.documents.rules.cleaning import HAN
from linli.programmes.documents.rules.words import one_of, words
from linli.programmes.documents.rules.wrapping import ends, width
from linli.programmes.documents.types import Block, BlockKind, Cleaned, Flag

_HEADLINE_WIDTH = 42
_HAN_CHAR = re.compile(f"[{HAN}]")
_SIGNED = re.compile(
    rf"[ ]*（((?:[{HAN}、和暨0-9“” ]{{0,24}}?)(?:{one_of('page', 'office')}))(?:[ ]?(?:供稿|报道|供图|摄))?）[ ]*$"
)
_CREDIT = re.compile(rf"^[（(]?[ ]*(?:{one_of('page', 'by_line')})[ ]*[/／:：|丨][ ]*[^，。；]{{1,60}}$|^文[ ]*/[ ]*图")
_CREDIT_BRACKETS = re.compile(rf"^[（(](?:{one_of('page', 'by_line')})[ ][^，。；）)]{{1,40}}[）)]$")
_CONTINUED = re.compile(
    r"^[（(]?(?:上接|下转|紧接|接)第?[ ]*[0-9一二三四五六七八九十A-Z]{1,3}[ ]*版[^）)]{0,12}[）)]?$"
)
_NOTICE = re.compile(one_of("page", "notice"))
_LINK = re.compile(r"→[ ]*$|https?://|www\.")
_CAPTION = re.compile(rf"^(?:{one_of('page', 'caption')})|(?:摄影|供图|[/／ ]摄|摄于.{{1,12}}|文/图)[）)]?$")
_DATED = re.compile(r"^\d{1,2}月\d{1,2}日")
_ORDINAL = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}、|（[一二三四五六七八九十]{1,3}）|第[一二三四五六七八九十]{1,3}[章节部分条]{1,2}|\d{1,2}[、.．])"
)
_SLASHED = re.compile(rf"^(?:[{HAN}A-Za-z] ?[/／·|] ?){{3,}}[{HAN}A-Za-z]$")
_SPEECH = re.compile(r"[：:]$")
_NUMBERED = re.compile(r"^\d{1,2}[.、]")
# A sentence ends inside the line and another begins, which the next block ends.
_CUT = re.compile(r"[。；].*[^。；！？”）]$")
# Begins as a sentence does, not as a headline.
_BEGUN = re.compile(
    rf"(?:{one_of('page', 'lead')})[，]"
    r"|(?:会上|会议|座谈会|随后|最后|其中|同时|此外|下一阶段|在[^，]{2,12}上)，|要[^，]{2,16}，"
)
# The first words belong to a sentence that began elsewhere.
_HEADLESS = re.compile(rf"^[{HAN}]{{0,3}}[，。；、：）”]|^(?:的|了|等|们|着|过)")
_LEAD = re.compile(rf"(?:{one_of('page', 'lead')})|(?:\d{{4}}年)?\d{{1,2}}月\d{{1,2}}日|\d{{4}}年")
_VERB = re.compile(one_of("page", "event"))
_WRAPPED = 4
_DAY = re.compile(r"[0-9〇一二三四五六七八九十]{2,4}年[0-9一二三四五六七八九十]{1,3}月[0-9一二三四五六七八九十]{1,3}日")


def pieces(cleaned: Cleaned, raw: str) -> list[Block]:
    """Return the blocks of a cleaned page, in raw order."""
    found: list[Block] = []
    at = 0
    for line in cleaned.text.split("\n"):
        if line:
            found += _split(cleaned, line, at)
        at += len(line) + 1
    wrapped = sum(flag.code == "hard_wrap" for flag in cleaned.flags) >= _WRAPPED
    settled: list[Block] = []
    for i, block in enumerate(found):
        after = found[i + 1] if i + 1 < len(found) else None
        under = wrapped and i > 0 and raw.count("\n", found[i - 1].span.end, block.span.start) == 1
        settled.append(replace(block, kind=_settled(block, settled[-1] if settled else None, after, under=under)))
    return _signed(settled)


def flags_of(blocks: Sequence[Block]) -> list[Flag]:
    """Return the flags of what is no text of an article: by-lines, continuations, adverts and foreign lines."""
    codes = {BlockKind.BY_LINE: "by_line", BlockKind.CONTINUATION: "continuation", BlockKind.NOTICE: "advert"}
    return [
        Flag("foreign" if not _HAN_CHAR.search(b.text) and b.text.isascii() else codes[BlockKind(b.kind)], b.span)
        for b in blocks
        if b.kind in codes
    ]


def _signed(blocks: list[Block]) -> list[Block]:
    """Take the office and the day at a policy's end for its signature, not for headlines."""
    if len(blocks) > 2 and _DAY.fullmatch(blocks[-1].text):
        blocks[-1] = replace(blocks[-1], kind=BlockKind.BY_LINE)
        if blocks[-2].kind == BlockKind.HEADLINE and not _VERB.search(blocks[-2].text):
            blocks[-2] = replace(blocks[-2], kind=BlockKind.BY_LINE)
    return blocks


def _split(cleaned: Cleaned, line: str, at: int) -> list[Block]:
    """Part the signature of an office from the paragraph that it closes."""
    signed = _SIGNED.search(line[-40:])
    cut = len(line) - len(line[-40:]) + signed.start() if signed else len(line)
    texts = [(line[:cut], at, ""), (line[cut:], at + cut, BlockKind.BY_LINE)] if signed else [(line, at, "")]
    found = []
    for text, start, kind in texts:
        start += len(text) - len(text.lstrip())
        text = text.strip()
        if text:
            found.append(Block(cleaned.raw_span(start, start + len(text)), kind or _kind(text), text, start))
    return found


def _kind(text: str) -> str:
    """Return what a line is by itself."""
    if _CONTINUED.match(text):
        return BlockKind.CONTINUATION
    if _CREDIT.match(text) or _CREDIT_BRACKETS.match(text):
        return BlockKind.BY_LINE
    if _is_notice(text):
        return BlockKind.NOTICE
    if text in words("page", "section"):
        return BlockKind.SECTION
    if _CAPTION.search(text) and width(text) <= 60:
        return BlockKind.CAPTION
    if _is_headline(text):
        return BlockKind.HEADLINE
    return BlockKind.PARAGRAPH


def _is_notice(text: str) -> bool:
    han = len(_HAN_CHAR.findall(text))
    return (
        text in words("page", "furniture")
        or bool(_NOTICE.search(text[:40]))
        or bool(_SLASHED.match(text))
        or bool(_LINK.search(text))
        or (han * 2 < len(text.replace(" ", "")) and not ends(text) and width(text) <= _HEADLINE_WIDTH)
        or (bool(re.search(r"(?:晨报|晚报|日报|周报|社区报)$", text)) and width(text) <= 12)
    )


def _is_headline(text: str) -> bool:
    return width(text) <= _HEADLINE_WIDTH and not ends(text) and not re.search(r"[，、：；]$", text)


def is_open(block: Block) -> bool:
    """Return whether a paragraph breaks off, to go on in another block."""
    return block.kind == BlockKind.PARAGRAPH and not ends(block.text) and not _SPEECH.search(block.text)


def is_lead(text: str) -> bool:
    """Return whether a paragraph begins as an article does (近期，…; 5月18日下午，…; 本报讯 …)."""
    return bool(_LEAD.match(text))


def _settled(block: Block, before: Block | None, after: Block | None, *, under: bool) -> str:
    """Return what a block is between its neighbours: the short end or beginning of a cut paragraph is no headline.

    ``under``: it stands right below a paragraph of a wrapped column, where no headline can stand.
    """
    kind = block.kind
    if kind != BlockKind.HEADLINE:
        return kind
    if _NUMBERED.match(block.text) and before and before.kind in (BlockKind.BY_LINE, BlockKind.NOTICE):
        return BlockKind.NOTICE
    if _DATED.match(block.text) and before and (is_open(before) or _CUT.search(before.text)):
        return BlockKind.CAPTION
    if _is_cut(block, before, after, under=under):
        return BlockKind.PARAGRAPH
    return BlockKind.SECTION if _ORDINAL.match(block.text) else kind


def _is_cut(block: Block, before: Block | None, after: Block | None, *, under: bool) -> bool:
    text = block.text
    below_text = under and before is not None and before.kind == BlockKind.PARAGRAPH
    goes_on = before is not None and is_open(before) and after is not None and after.kind == BlockKind.PARAGRAPH
    to_be_ended = after is not None and bool(_HEADLESS.match(after.text)) and "，" in text
    return (
        below_text
        or (goes_on and "，" in text)
        or to_be_ended
        or bool(_CUT.search(text))
        or bool(_BEGUN.match(text))
        or ("、" in text and " " not in text and not _ORDINAL.match(text) and not _VERB.search(text))
    )
