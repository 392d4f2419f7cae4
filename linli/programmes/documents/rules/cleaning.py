"""Cleaning: a raw text made readable, with every clean character's place in the raw one.

Simplified by OpenCC, letters and digits half width and marks full width beside Han, pinyin in brackets taken out,
hard-wrapped lines joined. What stays doubtful is flagged, never guessed: a span that a wrong decoding broke becomes
one □.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from linli.foundation.core.text import to_simplified
from linli.programmes.documents.rules.words import one_of, words
from linli.programmes.documents.rules.wrapping import joins
from linli.programmes.documents.types import Cleaned, Flag, Span

HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
HOLE = "□"
_TONED = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿ"
_SYLLABLE = rf"[a-zü]{{0,3}}[{_TONED}][a-zü]{{0,4}}"
_PINYIN = re.compile(rf"(?<=[{HAN}])[(（] ?{_SYLLABLE} ?[)）]")
# A question mark or ^ where a character was, its pinyin's tail, and what the fault swallowed up to the next such tail.
_TAIL = rf"[?？\ufffd]?{_SYLLABLE}[)）](?:\^[(（]{_SYLLABLE}[)）])?"
_BROKEN = re.compile(
    rf"[?？\ufffd]{_SYLLABLE}[)）](?:\^[(（]{_SYLLABLE}[)）])?(?:[{HAN}]{{0,4}}{_TAIL})*"
    rf"|\ufffd+|(?<=[{HAN}])\?{{2,20}}(?=[{HAN}])|{one_of('cleaning', 'mojibake')}"
)
_DROPPED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff0-\ufffb\ufffe\uffff"
    "\ud800-\udfff]|\r(?=\n)"
)
_BLANKS = dict.fromkeys(
    map(ord, "\t\u00a0\u3000\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"), " "
)
_BLANKS |= {ord("\r"): "\n", ord("\u2028"): "\n", ord("\u2029"): "\n", ord("\x85"): "\n"}
_WIDE = {i: chr(i - 0xFEE0) for a, b in ((0xFF10, 0xFF19), (0xFF21, 0xFF3A), (0xFF41, 0xFF5A)) for i in range(a, b + 1)}
_MARKS = str.maketrans(",;:?!()", "，；：？！（）")
_BESIDE = rf"[{HAN}“”‘’《》〈〉【】「」、。，；：？！（）…—]"
_NARROW = re.compile(rf"(?<={_BESIDE})[,;:?!()]+|[,;:?!()]+(?={_BESIDE})|(?<={_BESIDE} )[(]")
_GAP = re.compile(
    rf"(?<=[{HAN}，。；：、！？“”])[ ]+(?=\d)|(?<=\d)[ ]+(?=[{HAN}])|(?<=[，。；：、！？])[ ]+(?=[{HAN}])"
)
_EDGE = re.compile(r"[ ]+(?=\n|$)|(?<=\n)[ ]+|\A[ ]+")
_DOUBLED = re.compile(rf"([{HAN}]{{2}})(?=\1)|([{HAN}])\2(?!\2)")
_RIGHT = dict(pair.split("=") for pair in words("cleaning", "misprints"))
_MISPRINT = re.compile("|".join(_RIGHT))
_ZHU = re.compile("|".join(words("cleaning", "zhu")))


class Draft:
    """A text while it is cleaned: characters, where each stood, and what was flagged."""

    def __init__(self, raw: str) -> None:
        self.text = raw
        self.origin = list(range(len(raw)))
        self.flags: list[Flag] = []

    def span(self, start: int, end: int) -> Span:
        """Return the raw stretch of characters ``start`` to ``end``."""
        return Span(self.origin[start], self.origin[end - 1] + 1)

    def replace(self, pattern: re.Pattern[str], by: Callable[[re.Match[str]], str] | str, *, code: str = "") -> None:
        """Replace what ``pattern`` finds by a text that is not longer, and flag it under ``code``."""
        parts, origin, at = [], [], 0
        for match in pattern.finditer(self.text):
            new = by if isinstance(by, str) else by(match)
            if code:
                self.flags.append(Flag(code, self.span(*match.span()), match[0].strip("()（） ")))
            parts += [self.text[at : match.start()], new]
            origin += [*self.origin[at : match.start()], *self.origin[match.start() : match.start() + len(new)]]
            at = match.end()
        if at:
            self.text = "".join([*parts, self.text[at:]])
            self.origin = [*origin, *self.origin[at:]]

    def translate(self, new: str, *, code: str) -> None:
        """Take ``new``, a text of the same length, and flag each run of characters that changed."""
        start = None
        for i, (old, now) in enumerate(zip(self.text + "\n", new + "\n", strict=True)):
            if old != now and start is None:
                start = i
            elif old == now and start is not None:
                self.flags.append(Flag(code, self.span(start, i), self.text[start:i]))
                start = None
        self.text = new


def _simplified(text: str) -> str:
    new = to_simplified(text)
    if len(new) != len(text):
        new = "".join(n if len(n := to_simplified(c)) == 1 else c for c in text)
    if "著" not in new:
        return new
    kept = {i for m in _ZHU.finditer(new) for i in range(m.start(), m.end())}
    return "".join("着" if c == "著" and i not in kept else c for i, c in enumerate(new))


def _simplify(draft: Draft) -> None:
    lines = draft.text.split("\n")
    draft.translate("\n".join(map(_simplified, lines)), code="traditional")


def _doubled(draft: Draft) -> Iterable[Flag]:
    good = words("cleaning", "doubled")
    for match in _DOUBLED.finditer(draft.text):
        pair = match[0] if match[2] else match[0] * 2
        if pair not in good:
            yield Flag("doubled", draft.span(match.start(), match.start() + len(pair)), pair)


def _misprints(draft: Draft) -> Iterable[Flag]:
    for match in _MISPRINT.finditer(draft.text):
        yield Flag("misprint", draft.span(*match.span()), _RIGHT[match[0]])


def clean(raw: str) -> Cleaned:
    """Return ``raw`` readable: one paragraph a line, no empty lines, and where each character stood."""
    draft = Draft(raw)
    draft.replace(_DROPPED, "")
    draft.text = draft.text.translate(_BLANKS)
    draft.replace(_BROKEN, HOLE, code="broken")
    draft.replace(_PINYIN, "", code="pinyin")
    _simplify(draft)
    draft.translate(draft.text.translate(_WIDE), code="half_width")
    draft.translate(_NARROW.sub(lambda m: m[0].translate(_MARKS), draft.text), code="half_width")
    indented = [line.startswith("  ") for line in draft.text.split("\n")]
    draft.replace(_EDGE, "")
    draft.replace(_GAP, "")
    _unwrap(draft, indented)
    draft.flags += [*_doubled(draft), *_misprints(draft)]
    return Cleaned(draft.text, tuple(draft.origin), tuple(sorted(draft.flags, key=lambda f: (f.span, f.code))))


def _unwrap(draft: Draft, indented: Sequence[bool]) -> None:
    """Join hard-wrapped lines and drop empty ones."""
    lines = draft.text.split("\n")
    glued = joins(lines, indented)
    parts: list[str] = []
    origin: list[int] = []
    at, first = 0, -1
    for i, line in enumerate(lines):
        stretch = draft.origin[at : at + len(line)]
        end = at + len(line)
        if line:
            joined = i > 0 and glued[i - 1]
            if parts and not joined:
                parts.append("\n")
                origin.append(origin[-1] + 1)
            elif joined and parts[-1][-1:].isascii() and line[:1].isascii() and parts[-1][-1:].isalpha():
                parts.append(" ")
                origin.append(origin[-1] + 1)
            parts.append(line)
            origin += stretch
            if i < len(glued) and glued[i] and first < 0:
                first = stretch[-1]
            if first >= 0 and not (i < len(glued) and glued[i]):
                draft.flags.append(Flag("hard_wrap", Span(first, stretch[0] + 1)))
                first = -1
        at = end + 1
    draft.text, draft.origin = "".join(parts), origin
