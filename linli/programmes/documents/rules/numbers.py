"""Numbers: figure, approximation, measure word, and what is counted (40余家驻区单位)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from linli.programmes.documents.rules.drafts import Draft
from linli.programmes.documents.rules.sentences import quoted
from linli.programmes.documents.rules.words import one_of, words
from linli.programmes.documents.types import Kind

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_TENS = {"十": 10, "百": 100, "千": 1000}
_MYRIADS = {"万": 10**4, "亿": 10**8}
_CHINESE = "一二两三四五六七八九十百千万亿零"
_NUMBER = re.compile(
    rf"(?<![第\d.{_CHINESE}])(?P<before>{one_of('numbers', 'before')})?"
    rf"(?P<figure>\d{{1,12}}(?:\.\d{{1,4}})?[百千万亿]{{0,2}}|[{_CHINESE}]{{1,9}})"
    rf"(?P<after>{one_of('numbers', 'after')})?(?P<unit>{one_of('numbers', 'measures')})"
    r"(?P<limit>以内|以上|以下|左右)?"
)
_NAMES = re.compile(one_of("numbers", "names"))
_NO_MEASURE = re.compile(one_of("numbers", "words_after"))
_COUNTED = re.compile(rf"[^，。；、：（）！？“”\d\n]{{0,12}}?((?:{one_of('numbers', 'nouns')})+)")
_OF = re.compile(rf"(?:的|来自[^，。]{{0,8}}的)?((?:{one_of('numbers', 'nouns')})+)")
_CLOCK = re.compile(r"(?:清晨|早晨|早上|上午|中午|下午|傍晚|晚上|晚|凌晨|日)$")
# A slogan or name in quotation marks, not a speech.
_SHORT_QUOTE = 16
_CONGRESS = range(12, 40)


def value_of(figure: str) -> float:
    """Return the value of a figure in Arabic or Chinese digits (1.2万 → 12000, 二十九 → 29)."""
    match = re.match(r"\d+(?:\.\d+)?", figure)
    if match:
        value = float(match[0])
        for c in figure[match.end() :]:
            value *= _TENS.get(c, 0) or _MYRIADS[c]
        return value
    total, section, digit = 0, 0, 0
    for c in figure:
        if c in _DIGITS:
            digit = _DIGITS[c]
        elif c in _TENS:
            section += (digit or 1) * _TENS[c]
            digit = 0
        else:
            total = (total + section + digit or 1) * _MYRIADS[c]
            section, digit = 0, 0
    return float(total + section + digit)


def find_numbers(text: str) -> Iterator[Draft]:
    """Yield the numbers with a unit."""
    slogans = [(a, b) for a, b in quoted(text) if b - a <= _SHORT_QUOTE]
    inside = {i for a, b in slogans for i in range(a, b)}
    named = {i for m in _NAMES.finditer(text) for i in range(m.start(), m.end())}
    for match in _NUMBER.finditer(text):
        if match.start("figure") in inside or match.start("figure") in named or not _counts(text, match):
            continue
        value = value_of(match["figure"])
        approx = match["before"] or match["after"] or match["limit"] or ""
        yield Draft(
            Kind.NUMBER,
            match.start(),
            match.end(),
            95 if match["figure"][0].isdigit() else 85,
            f"number.{'arabic' if match['figure'][0].isdigit() else 'chinese'}",
            {
                "value": int(value) if value == int(value) else value,
                "approx": approx,
                "unit": match["unit"],
                "of": _of(text, match.end()),
            },
        )


def _counts(text: str, match: re.Match[str]) -> bool:
    """Return whether a figure with what looks like a measure word counts something."""
    figure, unit, after = match["figure"], match["unit"], match["after"]
    arabic = figure[0].isdigit()
    if unit == "点" and _CLOCK.search(text[max(0, match.start() - 4) : match.start()]):
        return False
    if any(text.startswith(w, match.start("unit")) for w in words("numbers", "words_after") if w.startswith(unit)):
        return bool(re.match(r"家庭|项目|部门|单位|片区|组织|成员", text[match.start("unit") :])) and arabic
    if arabic:
        return not (unit == "年" and len(figure) == 4 and not after)
    if figure == "一":
        return unit in words("numbers", "times") and not after
    bare = not match["before"] and not after
    if unit == "年" and figure in ("百", "千", "万") and bare:
        return False
    return not (unit == "大" and value_of(figure) in _CONGRESS) and not (figure in ("百", "千", "万") and bare)


def _of(text: str, at: int) -> str:
    match = _OF.match(text, at) or _COUNTED.match(text, at)
    return match[1] if match else ""
