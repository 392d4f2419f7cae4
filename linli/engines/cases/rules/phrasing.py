"""Sentences with places to fill in: what may stand in them, and how a case fills them; pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

PARAMS = ("number", "title", "category", "unit", "due")
BLANK = "____"
LONGEST = 300
_NAMED = re.compile(r"\{([^{}]*)\}")
_SHORT_BLANK = re.compile(r"(?<!_)_{2,3}(?!_)|_{5,}")


def faults(text: str) -> list[tuple[str, str]]:
    """Return (code, what) of what is wrong with a sentence: empty, long, lines, braces, unknown, blank."""
    found: list[tuple[str, str]] = []
    if not text.strip():
        return [("empty", "")]
    if len(text) > LONGEST:
        found.append(("long", ""))
    if "\n" in text.strip():
        found.append(("lines", ""))
    names = _NAMED.findall(text)
    if re.search(r"[{}]", _NAMED.sub("", text)):
        found.append(("braces", ""))
    found += [("unknown", name) for name in names if name not in PARAMS]
    if _SHORT_BLANK.search(text):
        found.append(("blank", ""))
    return found


def filled(text: str, values: Mapping[str, str]) -> str:
    """Return ``text`` with its named places filled; one without a value becomes a blank to write in."""
    return _NAMED.sub(lambda m: values.get(m.group(1), "") or BLANK, text)
