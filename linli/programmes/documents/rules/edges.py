"""Where a name begins: names of units, posts and places end in known words and begin after known ones."""

from __future__ import annotations

import re

from linli.programmes.documents.rules.cleaning import HAN
from linli.programmes.documents.rules.words import one_of

_LONGEST = 24
_CHARS = "".join(one_of("edges", "chars").split("|"))
_LAST_EDGE = re.compile(
    rf"(?:{one_of('edges', 'words')}|(?<!党)组织(?!部)|第[一二三四五六七八九十0-9]+[次届期]|[{_CHARS}])"
)
_NAME = re.compile(rf"[{HAN}A-Za-z0-9]+\Z")


def left_edge(text: str, start: int) -> int:
    """Return where the name begins whose known ending stands at ``start``.

    Goes left over Han characters and digits to a mark, and then right over what cannot begin a name.
    """
    window = text[max(0, start - _LONGEST) : start]
    match = _NAME.search(window)
    if match is None:
        return start
    begin, run = start - len(match[0]), match[0]
    edge = 0
    for word in _LAST_EDGE.finditer(run):
        edge = word.end()
    return begin + edge
