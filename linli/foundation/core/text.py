"""Chinese text: width, traditional to simplified, bigram tokens for search, personal data found in it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

# Han, including the extensions beyond the BMP (𠮷) and the compatibility block.
_HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_RUNS = re.compile(rf"[{_HAN}]+|[^\W_{_HAN}]+", re.UNICODE)
_CONTROL = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\ufffe\uffff]"
)


class _Converter(Protocol):
    def convert(self, text: str) -> str: ...


@lru_cache(maxsize=1)
def _opencc() -> _Converter:
    from opencc import OpenCC  # noqa: PLC0415  loads dictionaries: only where conversion is needed

    converter: _Converter = OpenCC("t2s")
    return converter


def to_simplified(text: str) -> str:
    """Return ``text`` with traditional characters made simplified (OpenCC t2s)."""
    return _opencc().convert(text)


def to_halfwidth(text: str) -> str:
    """Return ``text`` with full-width letters, digits and the wide space made half-width; 。，： stay."""
    return "".join(
        chr(ord(c) - 0xFEE0)
        if "\uff10" <= c <= "\uff19" or "\uff21" <= c <= "\uff3a" or "\uff41" <= c <= "\uff5a"
        else " "
        if c == "\u3000"
        else c
        for c in text
    )


def clean(text: str) -> str:
    """Return typed text as it is kept: NFC, control and bidirectional-override characters dropped, ends trimmed.

    Line breaks become ``\\n``. Lone surrogates are dropped, since no database can hold them.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = "".join(c for c in text if not 0xD800 <= ord(c) <= 0xDFFF)
    return unicodedata.normalize("NFC", _CONTROL.sub("", text)).strip()


def tokens(text: str) -> list[str]:
    """Return the search tokens of ``text``.

    Runs of Han characters become overlapping bigrams (a lone one stands as itself); Latin
    letters and digits are lower-cased words. Full width and traditional forms are folded.
    """
    folded = to_simplified(to_halfwidth(unicodedata.normalize("NFKC", text))).lower()
    found: list[str] = []
    for run in _RUNS.findall(folded):
        if re.match(rf"[{_HAN}]", run) is None or len(run) == 1:
            found.append(run)
        else:
            found.extend(run[i : i + 2] for i in range(len(run) - 1))
    return found


@dataclass(frozen=True, slots=True)
class PersonalSpan:
    """Personal data found in free text: from ``start`` to ``end``, of ``kind`` phone, id, email, plate or bank."""

    start: int
    end: int
    kind: str


_PERSONAL = [
    (
        "id",
        re.compile(
            r"(?<![0-9A-Za-z])[1-9]\d{5}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])\d{3}[\dXx](?![0-9A-Za-z])"
        ),
    ),
    ("bank", re.compile(r"(?<!\d)[3-6]\d{3}(?:[ -]?\d{4}){3}(?:[ -]?\d{1,3})?(?!\d)")),
    ("phone", re.compile(r"(?<!\d)(?:\+?86[- ]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)")),
    ("phone", re.compile(r"(?<!\d)0\d{2,3}[- ]\d{7,8}(?!\d)")),
    ("email", re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+")),
]


def find_personal(text: str) -> list[PersonalSpan]:
    """Return telephone, identity, bank and e-mail numbers in ``text``, in order, without overlaps."""
    folded = to_halfwidth(text)
    taken: list[PersonalSpan] = []
    for kind, pattern in _PERSONAL:
        for match in pattern.finditer(folded):
            start, end = match.span()
            if all(end <= t.start or start >= t.end for t in taken):
                taken.append(PersonalSpan(start, end, kind))
    return sorted(taken, key=lambda s: s.start)


def mask_personal(text: str) -> str:
    """Return ``text`` with the personal numbers in it covered by ``＊``, their length kept short."""
    parts: list[str] = []
    at = 0
    for span in find_personal(text):
        parts.append(text[at : span.start])
        parts.append("＊＊＊＊")
        at = span.end
    parts.append(text[at:])
    return "".join(parts)


def mask_phone(phone: str) -> str:
    """Return a telephone number with its middle covered: ``138****5678``."""
    digits = phone.strip()
    return f"{digits[:3]}****{digits[-4:]}" if len(digits) >= 8 else "****"


def mask_name(name: str) -> str:
    """Return a person's name with all but the family name covered: ``王＊``."""
    name = name.strip()
    return f"{name[:1]}{'＊' * max(1, len(name) - 1)}" if name else ""
