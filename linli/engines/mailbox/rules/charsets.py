"""Bytes of a mail as text: what the mail says of them is often wrong, and never a reason to fail."""

from __future__ import annotations

import base64
import binascii
import codecs
import quopri
import re

# What Chinese mailers call by an older name holds characters of the newer one.
_WIDER = {
    "gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "cp936": "gb18030", "gb_2312-80": "gb18030",
    "chinesesimplified": "gb18030", "ks_c_5601-1987": "cp949", "big5": "big5hkscs", "utf8": "utf-8",
    "iso-8859-1": "cp1252", "latin1": "cp1252",
}  # fmt: skip
# These decode anything, or nothing beyond ASCII: what they say of other bytes means little.
_EMPTY = frozenset({"", "us-ascii", "ascii", "cp1252", "unknown-8bit", "8bit", "binary", "default_charset"})
_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]{0,2000})\?=")
_HAN = re.compile("[\u4e00-\u9fff]")


def _try(raw: bytes, charset: str) -> str | None:
    try:
        return raw.decode(charset)
    except (UnicodeDecodeError, LookupError, ValueError):
        return None


def _chinese(raw: bytes) -> str | None:
    """Return the text in GB 18030, where that makes Chinese of it."""
    text = _try(raw, "gb18030")
    if text is None:
        return None
    foreign = [c for c in text if ord(c) > 127]
    return text if sum(1 for c in foreign if _HAN.match(c)) * 2 >= len(foreign) else None


def decoded(raw: bytes, charset: str = "") -> str:
    """Return ``raw`` as text: in ``charset`` where that fits, else in what it most likely is."""
    named = charset.strip().strip("\"'").lower()
    named = _WIDER.get(named, named)
    if named not in _EMPTY and (text := _try(raw, named)) is not None:
        return text
    for guess in (_try(raw, "utf-8"), _chinese(raw), _try(raw, "big5hkscs") if named == "big5hkscs" else None):
        if guess is not None:
            return guess
    return raw.decode(named if named not in _EMPTY and _is_known(named) else "cp1252", "replace")


def _is_known(charset: str) -> bool:
    try:
        return codecs.lookup(charset)._is_text_encoding
    except (LookupError, ValueError):
        return False


def _word_bytes(kind: str, text: str) -> bytes:
    if kind in "bB":
        # Padding is often missing where a mailer cut a word in two.
        kept = re.sub(r"[^A-Za-z0-9+/]", "", text)
        kept = kept[: len(kept) - 1] if len(kept) % 4 == 1 else kept
        try:
            return base64.b64decode(kept + "=" * (-len(kept) % 4))
        except (binascii.Error, ValueError):
            return b""
    return quopri.decodestring(text.replace("_", " ").encode("ascii", "replace"))


def header_text(raw: str, charset: str = "") -> str:
    """Return a header's value in words: encoded words put together before they are decoded.

    Args:
        charset: what the message says of its text, for bytes of which the header says nothing.
    """
    unfolded = re.sub(r"\r?\n[ \t]*", " ", raw)
    parts: list[tuple[str, bytes]] = []
    at = 0
    for found in _WORD.finditer(unfolded):
        between = unfolded[at : found.start()]
        if between.strip() or (between and not parts) or (between and parts[-1][0] == ""):
            parts.append(("", between.encode("utf-8", "surrogateescape")))
        named = found[1].partition("*")[0].lower()
        piece = _word_bytes(found[2], found[3])
        if parts and parts[-1][0] == named:
            parts[-1] = (named, parts[-1][1] + piece)
        else:
            parts.append((named, piece))
        at = found.end()
    parts.append(("", unfolded[at:].encode("utf-8", "surrogateescape")))
    text = "".join(decoded(piece, named or charset) for named, piece in parts if piece)
    return re.sub(r"[\x00-\x1f\x7f]+", " ", text).strip()
