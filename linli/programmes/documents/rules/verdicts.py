"""What sort of text a whole is."""

from __future__ import annotations

import re

from linli.programmes.documents.rules.cleaning import HAN
from linli.programmes.documents.rules.words import one_of
from linli.programmes.documents.types import Verdict

_HAN = re.compile(f"[{HAN}]")
_LETTER = re.compile(r"[^\W\d_]")
_ADVERT = re.compile(one_of("page", "advert"))
_POLICY = re.compile(
    r"(?:实施意见|实施方案|工作方案|实施办法|管理办法|实施细则|的通知|的意见|行动计划|工作要点|纪要|议事规则)$"
)
_FEW = 12


def verdict_of(text: str, first_lines: list[str]) -> str:
    """Return the sort of a cleaned text.

    Args:
        text: the cleaned text.
        first_lines: its first lines, one of which is a policy's title.
    """
    han, letters = len(_HAN.findall(text)), len(_LETTER.findall(text))
    if not letters:
        return Verdict.EMPTY
    if han * 5 < letters:
        return Verdict.NOT_CHINESE
    if len(_ADVERT.findall(text)) * 40 > han and text.count("。") * 60 < han:
        return Verdict.ADVERT
    if any(_POLICY.search(line) for line in first_lines):
        return Verdict.POLICY
    return Verdict.NEWS if han >= _FEW and re.search("[。！？；]", text) else Verdict.UNCLEAR
