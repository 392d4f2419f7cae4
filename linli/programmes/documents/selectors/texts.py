"""The text of a document as it is kept: raw, clean, and which raw character each clean one came from."""

from __future__ import annotations

import bisect
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from linli.foundation.core.crypto import decrypt_text, encrypt_text
from linli.programmes.documents.models import Article, Document
from linli.programmes.documents.types import Cleaned, Span

PURPOSE = "documents.text"
BY_LINE = "documents.by_line"


@dataclass(frozen=True, slots=True)
class Text:
    """A kept text. ``runs`` are (clean offset, raw offset, length), rising."""

    raw: str
    clean: str = ""
    runs: tuple[tuple[int, int, int], ...] = ()
    flags: tuple[tuple[str, int, int, str], ...] = ()

    def clean_at(self, raw: int) -> int:
        """Return the clean offset of the first clean character that came from ``raw`` or from behind it."""
        place = bisect.bisect_right(self.runs, raw, key=lambda r: r[1]) - 1
        if place < 0:
            return self.runs[0][0] if self.runs else 0
        at, begin, length = self.runs[place]
        if raw < begin + length:
            return at + raw - begin
        return at + length

    def words(self, start: int, end: int) -> str:
        """Return the clean words of a raw span."""
        return self.clean[self.clean_at(start) : self.clean_at(end)]

    def raw_at(self, clean: int) -> int:
        """Return the raw offset of a clean character; behind the last, the raw end of the last."""
        place = max(0, bisect.bisect_right(self.runs, clean, key=lambda r: r[0]) - 1)
        if not self.runs:
            return clean
        at, begin, length = self.runs[place]
        return begin + min(clean - at, length)

    def raw_span(self, start: int, end: int) -> Span:
        """Return the raw span of clean characters ``start`` to ``end`` (half-open, not empty)."""
        return Span(self.raw_at(start), self.raw_at(end - 1) + 1)


def runs_of(origin: Sequence[int]) -> list[tuple[int, int, int]]:
    """Return ``origin`` (clean → raw offset, rising) as runs of neighbours."""
    found: list[tuple[int, int, int]] = []
    for clean, raw in enumerate(origin):
        if found and raw == found[-1][1] + found[-1][2]:
            at, begin, length = found[-1]
            found[-1] = (at, begin, length + 1)
        else:
            found.append((clean, raw, 1))
    return found


def seal(raw: str, cleaned: Cleaned | None = None) -> bytes:
    """Return a text as it is kept."""
    data: dict[str, Any] = {"raw": raw}
    if cleaned is not None:
        data |= {
            "clean": cleaned.text,
            "runs": runs_of(cleaned.origin),
            "flags": [[f.code, f.span.start, f.span.end, f.note] for f in cleaned.flags],
        }
    return encrypt_text(json.dumps(data, ensure_ascii=False), PURPOSE)


def text_of(document: Document) -> Text:
    """Return the text of a document."""
    data = json.loads(decrypt_text(document.text_sealed, PURPOSE) or '{"raw": ""}')
    return Text(
        data["raw"],
        data.get("clean", ""),
        tuple((a, b, c) for a, b, c in data.get("runs", ())),
        tuple((a, b, c, d) for a, b, c, d in data.get("flags", ())),
    )


def by_line_of(article: Article) -> dict[str, str]:
    """Return reporter, editor and pictures of an article, as printed."""
    found: dict[str, str] = json.loads(decrypt_text(article.by_line_sealed, BY_LINE) or "{}")
    return found


def seal_by_line(by_line: dict[str, str]) -> bytes:
    """Return a by-line as it is kept."""
    return encrypt_text(json.dumps(by_line, ensure_ascii=False), BY_LINE) if by_line else b""
