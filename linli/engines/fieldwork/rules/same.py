"""When two entries of a ledger are taken for one, in which order they stand, and by which words they are found."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from linli.foundation.core.text import to_halfwidth, to_simplified
from linli.foundation.places.rules import normal_key

LONGEST = 200
_DROPPED = re.compile(r"[\s·•.,，。、;；:：'\"“”‘’()（）\[\]【】<>《》_\-—–/\\!！?？*#]+")
# What is written with a lane, a door or a room is a place: 四八八弄 is 488弄.
_PLACE = re.compile(r"[0-9零〇一二三四五六七八九十百两](?:支?弄|号|室|幢|栋|层)")
_DIGITS = re.compile(r"\d+")


@lru_cache(maxsize=50_000)
def _simplified(character: str) -> str:
    """Return one character made simplified: alone, so that a part of a text is folded as the whole is."""
    return to_simplified(character)


def _plain(text: str) -> str:
    return "".join(map(_simplified, to_halfwidth(unicodedata.normalize("NFKC", text))))


def folded(text: str) -> str:
    """Return ``text`` without what people write now so, now so: width, case, traditional forms, blanks, marks."""
    for _again in range(4):  # what stood beside a dropped sign may join with its neighbour
        before, text = text, _DROPPED.sub("", _plain(text).casefold())
        if text == before:
            break
    return text


def part_key(text: str) -> str:
    """Return one field's part of the key; an address in the one way in which places are compared."""
    plain = _plain(text)
    if not _PLACE.search(plain):
        return folded(plain)
    return "|".join(folded(part) for part in normal_key(plain).split("|"))


def same_key(values: Iterable[str]) -> str:
    """Return the key under which two entries are taken for one; empty where every value is.

    Args:
        values: of the fields by which entries of the kind are the same, in their order.
    """
    parts = [part_key(value) for value in values]
    return "¦".join(parts)[:LONGEST] if any(parts) else ""


def sort_key(text: str) -> str:
    """Return a key that sorts numbers by their size: 9号 before 12号."""
    plain = to_halfwidth(unicodedata.normalize("NFKC", text)).casefold()
    plain = "".join(plain.split())
    return _DIGITS.sub(lambda found: found.group().lstrip("0").rjust(6, "0"), plain)[:LONGEST]


def search_words(*texts: str) -> str:
    """Return what an entry is found by: its texts, folded, parted by a bar."""
    return "|".join(dict.fromkeys(f for f in map(folded, texts) if f))
