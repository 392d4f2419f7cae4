"""Names with quotes inside them: kept as typed, found with any quotes or none."""

from __future__ import annotations

import re
import unicodedata

from linli.foundation.core.text import quoted, to_halfwidth, to_simplified

__all__ = ["fold", "quoted"]

# Every mark that people put around or inside a name: “ ” ‘ ’ 「 」 『 』 《 》 〈 〉 " ' ` and their wide forms.
_QUOTES = "\u201c\u201d\u2018\u2019\u201e\u201f\u201a\u201b「」『』《》〈〉﹁﹂﹃﹄\"'`´＂＇｀"
_DROPPED = re.compile(rf"[{re.escape(_QUOTES)}\s·•・]+")


def fold(text: str) -> str:
    """Return ``text`` as it is searched: half width, simplified, lower case, without quotes, dots and blanks.

    >>> fold("天佑‘６＋６＋６’美丽家园建设") == fold('天佑"6+6+6"美丽家园建设')
    True
    """
    return to_simplified(_DROPPED.sub("", unicodedata.normalize("NFKC", to_halfwidth(text)))).lower()
