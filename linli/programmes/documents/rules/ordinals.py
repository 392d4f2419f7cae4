"""The marks of a list in official Chinese: 一、 （一） 一是 一要 第一， 1. 加法： and how they nest."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_CN = "[一二三四五六七八九十]{1,3}"
_MARKS = (
    ("cn、", re.compile(rf"({_CN})、(?!{_CN}、)")),
    ("（cn）", re.compile(rf"（({_CN})）")),
    ("cn是", re.compile(rf"({_CN})(?:是)(?=[^，。]{{2}})")),
    ("cn要", re.compile(rf"({_CN})要(?=[^，。]{{2}})")),
    ("第cn", re.compile(rf"第({_CN})(?=，|、)[，、]?")),
    ("1.", re.compile(r"(\d{1,2})[.．、](?=\D)")),
    ("（1）", re.compile(r"[（(](\d{1,2})[）)]")),
    ("①", re.compile("([①②③④⑤⑥⑦⑧⑨])")),
    ("首先", re.compile("(首先|其次|再次|最后)，(?=要)")),
    ("法", re.compile(r"([加减乘除]法)：")),
)
SPLIT = re.compile(rf"(?<=[，：])(?={_CN}(?:是|要)[^，。]{{2}}|第{_CN}，|（{_CN}）|首先，要)")
_DIGITS = "一二三四五六七八九十"


@dataclass(frozen=True, slots=True)
class Mark:
    """The mark at the beginning of an item: its style, as printed, and its number (0 where it has none)."""

    style: str
    text: str
    number: int


def mark_at(text: str) -> Mark | None:
    """Return the mark with which a sentence begins."""
    for style, pattern in _MARKS:
        match = pattern.match(text)
        if match:
            printed = match[0].rstrip("，：.．" if style not in ("cn、", "1.") else "")
            return Mark(style, printed if style != "首先" else match[1], _number(match[1]))
    return None


def _number(figure: str) -> int:
    if figure.isdigit() and figure.isascii():
        return int(figure)
    if len(figure) == 1 and figure in _DIGITS:
        return _DIGITS.index(figure) + 1
    if figure.startswith("十") and len(figure) == 2:
        return 11 + _DIGITS.index(figure[1])
    return 0


@dataclass(slots=True)
class Levels:
    """How deep in a list the text is: the styles of the marks that are open."""

    styles: list[str] = field(default_factory=list)

    def enter(self, mark: Mark) -> int:
        """Return the level of an item with ``mark``, 1 for the outermost."""
        if mark.style in self.styles:
            del self.styles[self.styles.index(mark.style) + 1 :]
        else:
            self.styles.append(mark.style)
        return len(self.styles)

    def below(self) -> int:
        """Return the level of a sentence without mark."""
        return len(self.styles) + 1
