"""The golden set as data: phrases quoted by a reader, found in the raw text without the rules' own cleaning."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from opencc import OpenCC

HERE = Path(__file__).parent / "golden"
SOURCES = ("000", "001", "002", "003", "004")
HELD_OUT = (
    "held_out_1",
    "held_out_2",
    "held_out_3",
    "held_out_4",
    "held_out_5",
    "held_out_6",
    "held_out_7",
    "held_out_8",
)
_PINYIN = re.compile(r"(?<=[\u4e00-\u9fff])\([a-zü]*[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńň][a-zü]*\)")
_WIDE = {i: i - 0xFEE0 for i in range(0xFF10, 0xFF5B)}


@cache
def _simple(character: str) -> str:
    new = OpenCC("t2s").convert(character)
    return new if len(new) == 1 else character


def bare(text: str) -> list[tuple[str, int]]:
    """Return the letters, figures and characters of a text with their places: no marks, blanks or pinyin."""
    dropped = {i for m in _PINYIN.finditer(text) for i in range(m.start(), m.end())}
    return [
        (_simple(c.translate(_WIDE)), i)
        for i, c in enumerate(text)
        if i not in dropped and (c.isalnum() or c in "%×") and c != "_"
    ]


class Page:
    """A raw text in which quoted phrases are looked up."""

    def __init__(self, raw: str) -> None:
        pairs = bare(raw)
        self.text = "".join(c for c, _ in pairs)
        self.places = [i for _, i in pairs]
        self.known = frozenset(self.places)

    def _find(self, phrase: str, start: int) -> tuple[int, int]:
        wanted = "".join(c for c, _ in bare(phrase))
        at = self.text.find(wanted, start)
        if at < 0:
            raise LookupError(f"the golden set quotes what the text does not have: {phrase}")
        return at, at + len(wanted)

    def _one(self, phrase: str, start: int) -> tuple[int, int]:
        head, dots, tail = phrase.partition("⋯")
        a, b = self._find(head, start)
        return (a, self._find(tail, b)[1]) if dots else (a, b)

    def locate(self, quote: str, start: int = 0) -> tuple[frozenset[int], int]:
        """Return the raw places of a quoted phrase, and where it ends in the bare text."""
        phrase, _, context = quote.partition("‖")
        if context:
            a, _ = self._find(phrase + context, start)
            b = a + len(bare(phrase))
            return frozenset(self.places[a:b]), b
        places: set[int] = set()
        for piece in phrase.split("┊"):
            a, start = self._one(piece, start)
            places |= set(self.places[a:start])
        return frozenset(places), start


@dataclass(frozen=True)
class Wanted:
    """One requirement of the golden set."""

    places: frozenset[int]
    quote: str
    level: int
    ordinal: str
    voice: str
    by_unit: str
    parent: int | None


@dataclass(frozen=True)
class Golden:
    """A text and what a reader found in it."""

    name: str
    raw: str
    page: Page
    data: dict[str, Any]

    def requirements(self) -> list[Wanted]:
        """Return the requirements in order; the parent is the last above with a smaller level."""
        found: list[Wanted] = []
        cursor = 0
        for voice in self.data.get("voice", []):
            first = len(found)
            for level, ordinal, quote, *by in voice["items"]:
                places, cursor = self.page.locate(quote, cursor)
                above = [i for i in range(first, len(found)) if found[i].level < level and found[i].ordinal]
                parent = above[-1] if level > 1 and above else None
                found.append(Wanted(places, quote, level, ordinal, voice["role"], by[0] if by else "", parent))
        return found


def load(name: str) -> Golden:
    """Return one text of the set."""
    raw = (HERE / f"{name}.txt").read_text(encoding="utf8")
    data = tomllib.loads((HERE / f"{name}.toml").read_text(encoding="utf8"))
    return Golden(name, raw, Page(raw), data)
